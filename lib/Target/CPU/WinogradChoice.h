// SPDX-License-Identifier: Apache-2.0
//
/// \file Which convolutions are computed by Winograd's transform.
#ifndef LIB_TARGET_CPU_WINOGRADCHOICE_H
#define LIB_TARGET_CPU_WINOGRADCHOICE_H

#include "dialects/MS/IR/MSOps.h"
#include "lib/Target/CPU/CPUInfo.h"

namespace msc::target {

/// The tile with which \p op takes the least time by the estimate, where it can
/// be cut into such: 2, 4, or 0 where taps are multiplied one by one.
int64_t chooseConvTile(ms::ConvOp op, const CPUInfo &cpu);

} // namespace msc::target

#endif // LIB_TARGET_CPU_WINOGRADCHOICE_H

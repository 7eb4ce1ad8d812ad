// SPDX-License-Identifier: Apache-2.0
//
/// \file All passes of msc, for msc-opt.
#ifndef MSC_DRIVER_PASSES_H
#define MSC_DRIVER_PASSES_H

#include "msc/Driver/Compile.h"

namespace msc {

/// Registers every pass under its command-line flag.
void registerPasses();

} // namespace msc

#endif // MSC_DRIVER_PASSES_H

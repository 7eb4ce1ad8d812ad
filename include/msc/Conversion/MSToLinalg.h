// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of ms ops to linalg on tensors.
#ifndef MSC_CONVERSION_MSTOLINALG_H
#define MSC_CONVERSION_MSTOLINALG_H

#include "mlir/Pass/Pass.h"

namespace msc {

/// On an ms.assert: the i32 that it reports, see mscrt_kernel_args.
inline constexpr llvm::StringLiteral errorCodeAttr = "msc.error_code";
/// What a failing ms.assert calls with its code. The target gives it a meaning.
inline constexpr llvm::StringLiteral reportErrorFunction = "msc_report_error";

/// ms -> linalg, tensor, arith, math, scf, inside functions whose types it
/// makes signless. Fails, naming the op, where an op has no conversion.
/// Functions of the device library are declared as `msc_<name>_<type>`.
std::unique_ptr<mlir::Pass> createConvertMSToLinalgPass();

} // namespace msc

#endif // MSC_CONVERSION_MSTOLINALG_H

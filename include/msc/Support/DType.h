// SPDX-License-Identifier: Apache-2.0
//
/// \file Element types: the runtime's numbering and MLIR's types.
#ifndef MSC_SUPPORT_DTYPE_H
#define MSC_SUPPORT_DTYPE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mscrt/abi.h"

namespace msc {

/// The ms element type of \p dtype; null for those that have none.
mlir::Type elementType(mlir::MLIRContext *ctx, mscrt_dtype dtype);

/// The dtype of an ms element type; MSCRT_INVALID for others.
mscrt_dtype dtypeOf(mlir::Type type);

} // namespace msc

#endif // MSC_SUPPORT_DTYPE_H

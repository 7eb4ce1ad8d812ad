// SPDX-License-Identifier: Apache-2.0
//
/// \file Vectors in buffers of one dimension.
#ifndef LIB_TARGET_CPU_SCHEDULES_VECTORS_H
#define LIB_TARGET_CPU_SCHEDULES_VECTORS_H

#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace msc::target {

/// The first \p count of \p width lanes.
mlir::Value leadingLanes(mlir::OpBuilder &b, mlir::Location loc, int64_t width,
                         int64_t count);

/// The \p count elements of \p buffer from \p position on; lanes behind them
/// are zero.
mlir::Value loadVector(mlir::OpBuilder &b, mlir::Location loc,
                       mlir::VectorType type, mlir::Value buffer,
                       mlir::Value position, int64_t count);

/// Stores the first \p count lanes of \p vector.
void storeVector(mlir::OpBuilder &b, mlir::Location loc, mlir::Value vector,
                 mlir::Value buffer, mlir::Value position, int64_t count);

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_VECTORS_H

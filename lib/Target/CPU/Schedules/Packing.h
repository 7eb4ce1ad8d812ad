// SPDX-License-Identifier: Apache-2.0
//
/// \file Matrices copied to another order, in vectors.
#ifndef LIB_TARGET_CPU_SCHEDULES_PACKING_H
#define LIB_TARGET_CPU_SCHEDULES_PACKING_H

#include "mlir/IR/Builders.h"

namespace msc::target {

/// A matrix in a buffer of one dimension: rows of elements side by side, from
/// element `base` on, `pitch` apart.
struct Matrix {
  mlir::Value buffer, base;
  int64_t pitch;
};

/// to[row] = from[row]
void emitCopied(mlir::OpBuilder &b, mlir::Location loc, Matrix from, Matrix to,
                int64_t rows, int64_t columns, int64_t width);

/// to[column][row] = from[row][column], by squares of \p width vectors of
/// \p width elements.
void emitTransposed(mlir::OpBuilder &b, mlir::Location loc, Matrix from,
                    Matrix to, int64_t rows, int64_t columns, int64_t width);

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_PACKING_H

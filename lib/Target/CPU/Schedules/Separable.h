// SPDX-License-Identifier: Apache-2.0
//
/// \file Transforms of tiles by two constant matrices.
#ifndef LIB_TARGET_CPU_SCHEDULES_SEPARABLE_H
#define LIB_TARGET_CPU_SCHEDULES_SEPARABLE_H

#include "lib/Target/CPU/Schedules/LoopNest.h"

namespace msc::target {

/// A constant matrix, row by row.
struct ConstantMatrix {
  int64_t rows, columns;
  llvm::SmallVector<double> values;
  double at(int64_t row, int64_t column) const {
    return values[row * columns + column];
  }
  int64_t nonZero() const {
    return int64_t(values.size()) - llvm::count(values, 0.0);
  }
};

/// `result[r, s...] = sum over i and j of left[r, i] * data[i, j...] *
/// right[s, j]`: Winograd's transforms. One matrix after the other takes
/// far fewer operations than the sum as it stands.
struct Separable {
  unsigned data;                  ///< which input of the sum
  unsigned rows, inside;          ///< the loops over r and s
  unsigned rowTerms, insideTerms; ///< the loops over i and j
  ConstantMatrix left, right;
  /// Arithmetic operations for one tile, at most.
  int64_t operations() const;
};

/// \p op, whose inputs \p nest moves, as such; nothing where it is another sum.
std::optional<Separable> readSeparable(mlir::linalg::GenericOp op,
                                       const LoopNest &nest);

/// matrix * values, of any type that arith computes with. Products with 0 and 1
/// and what rows or columns share are left out.
llvm::SmallVector<mlir::Value> emitProduct(mlir::OpBuilder &b,
                                           mlir::Location loc,
                                           const ConstantMatrix &matrix,
                                           llvm::ArrayRef<mlir::Value> values);

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_SEPARABLE_H

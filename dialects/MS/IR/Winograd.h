// SPDX-License-Identifier: Apache-2.0
//
/// \file Winograd's minimal filtering F(m x m, 3 x 3).
///
/// An m x m tile of the result of a 3 x 3 convolution is
///
///     A^T [(G g G^T) * (B^T d B)] A
///
/// of the filter g and the (m + 2) x (m + 2) elements d of the input, with an
/// elementwise product: (m + 2)^2 multiplications in the place of 9 m^2.
/// (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.)
#ifndef DIALECTS_MS_IR_WINOGRAD_H
#define DIALECTS_MS_IR_WINOGRAD_H

#include "llvm/ADT/SmallVector.h"

namespace msc::ms {

/// A matrix of doubles, row by row.
struct WinogradMatrix {
  int64_t rows, columns;
  llvm::SmallVector<double> values;
  WinogradMatrix(int64_t rows, int64_t columns)
      : rows(rows), columns(columns), values(rows * columns, 0) {}
  double &at(int64_t row, int64_t column) {
    return values[row * columns + column];
  }
  double at(int64_t row, int64_t column) const {
    return values[row * columns + column];
  }
};

/// The matrices for results of \p tile x \p tile elements, which is 2 or 4.
struct Winograd {
  explicit Winograd(int64_t tile);
  WinogradMatrix input;  ///< B^T, (tile + 2) x (tile + 2)
  WinogradMatrix filter; ///< G, (tile + 2) x 3
  WinogradMatrix output; ///< A^T, tile x (tile + 2)
};

} // namespace msc::ms

#endif // DIALECTS_MS_IR_WINOGRAD_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Winograd's minimal filtering F(m x m, 3 x 3).
#include "dialects/MS/IR/Winograd.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

namespace msc::ms {

/// Where the polynomials of filter and tile are multiplied, besides infinity.
/// With the usual 0, 1, -1, 2 and -2 the rounding errors of tiles of 4 are
/// twice as large.
static llvm::ArrayRef<double> points(int64_t tile) {
  static const double two[] = {0, 1, -1},
                      four[] = {0, 0.625, -0.625, 1.5, -1.5};
  return tile == 2 ? llvm::ArrayRef(two) : llvm::ArrayRef(four);
}

/// The coefficients of the product of x - p over all \p roots but that number
/// \p without, lowest first.
static llvm::SmallVector<double> product(llvm::ArrayRef<double> roots,
                                         size_t without) {
  llvm::SmallVector<double> result{1};
  for (size_t i = 0; i < roots.size(); ++i) {
    if (i == without)
      continue;
    result.push_back(0);
    for (size_t k = result.size(); k-- > 0;)
      result[k] = (k > 0 ? result[k - 1] : 0) - roots[i] * result[k];
  }
  return result;
}

/// Toom-Cook's product of polynomials, transposed: G and A evaluate at the
/// points, B interpolates. The denominators of the interpolation are in G.
Winograd::Winograd(int64_t tile)
    : input(tile + 2, tile + 2), filter(tile + 2, 3), output(tile, tile + 2) {
  llvm::ArrayRef<double> at = points(tile);
  int64_t last = tile + 1; // the row of infinity
  for (int64_t j = 0; j <= last; ++j) {
    llvm::SmallVector<double> row = product(at, j);
    for (auto [i, coefficient] : llvm::enumerate(row))
      input.at(j, i) = coefficient;
  }
  for (int64_t j = 0; j < last; ++j) {
    double denominator = 1, power = 1;
    for (int64_t l = 0; l < last; ++l)
      denominator *= l == j ? 1 : at[j] - at[l];
    for (int64_t k = 0; k < 3; ++k, power *= at[j])
      filter.at(j, k) = power / denominator;
    power = 1;
    for (int64_t i = 0; i < tile; ++i, power *= at[j])
      output.at(i, j) = power;
  }
  filter.at(last, 2) = output.at(tile - 1, last) = 1;
}

} // namespace msc::ms

// SPDX-License-Identifier: Apache-2.0
//
/// \file How far the results of compiled code may be from the reference.
#ifndef LIB_DRIVER_TOLERANCE_H
#define LIB_DRIVER_TOLERANCE_H

#include "mlir/IR/Block.h"
#include "msc/Reference/Reference.h"

namespace msc {

/// The reference values of one block and how far a correct computation may be
/// from each. The scale of rounding errors is measured, not guessed: the block
/// is evaluated again with each operand and each intermediate value off by one
/// unit in the last place, up or down at random. With `moved` what that changes
/// in an element, in units of the last place of the narrowest float type of the
/// block (at least its mean over the tensor), the tolerance of a float is
///
///   (6 eps(narrowest) + sqrt(n) eps(accumulator)) * (moved + |expected|)
///
/// where n is the number of elements of the largest operand that is not
/// computed on elementwise: sums add that many rounding errors at most. An
/// integer may differ by as much as it moved, so normally not at all.
class Expectation {
public:
  /// \p expected are the values that \p block yields for \p operands.
  Expectation(mlir::Block &block, llvm::ArrayRef<reference::Tensor> operands,
              std::vector<reference::Tensor> expected);

  const std::vector<reference::Tensor> &values() const { return expected; }
  /// Whether \p actual is close enough to element \p i of result \p result.
  bool accepts(size_t result, int64_t i, const reference::Tensor &actual) const;

private:
  std::vector<reference::Tensor> expected;
  /// Largest change in each element of each result.
  std::vector<std::vector<double>> moved;
  std::vector<double> meanMoved; ///< over each result
  double narrow = 0, relative = 0;
};

/// |actual - expected| of element \p i; infinite when one of them is no number
/// and the other differs, 0 for two NaNs.
double difference(const reference::Tensor &actual,
                  const reference::Tensor &expected, int64_t i);

/// Where two tensors differ.
struct Mismatch {
  int64_t count = 0;  ///< elements that differ
  int64_t at = -1;    ///< the one that differs most
  double largest = 0; ///< by how much

  /// Counts element \p i, which differs by \p distance.
  void note(int64_t i, double distance);
};

/// "2 of 30 elements of result 0: at [1, 4] it is 1.5, expected 1.25 ...".
std::string describe(const Mismatch &mismatch, size_t result,
                     const reference::Tensor &actual,
                     const reference::Tensor &expected);

/// Unit in the last place of 1.0 in \p type, 0 for integers.
double epsilon(mlir::Type type);

} // namespace msc

#endif // LIB_DRIVER_TOLERANCE_H

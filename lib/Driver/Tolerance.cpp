// SPDX-License-Identifier: Apache-2.0
//
/// \file Tolerances from repeated reference evaluations with rounding noise.
#include "lib/Driver/Tolerance.h"

#include "dialects/MS/IR/MSOps.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Format.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mlir;
using msc::reference::Tensor;

namespace msc {

double epsilon(Type type) {
  auto number = dyn_cast<FloatType>(type);
  if (!number)
    return 0;
  // The mantissa's width counts the implicit bit.
  return std::ldexp(1.0, 1 - int(number.getFPMantissaWidth()));
}

static double smallestNormal(Type type) {
  auto number = dyn_cast<FloatType>(type);
  return number
             ? llvm::APFloat::getSmallestNormalized(number.getFloatSemantics())
                   .convertToDouble()
             : 0;
}

/// Moves every float of \p tensor by one unit in the last place.
static void addNoise(Tensor &tensor, std::mt19937_64 &random) {
  double eps = epsilon(tensor.element());
  if (eps == 0)
    return;
  uint64_t bits = 0;
  for (int64_t i = 0; i < tensor.size(); ++i, bits >>= 1) {
    if (i % 64 == 0)
      bits = random();
    double value = tensor.getFloat(i);
    tensor.setFloat(i, value * (bits & 1 ? 1 + eps : 1 - eps));
  }
}

namespace {
/// What the tolerance takes from the ops of a block.
struct BlockTraits {
  explicit BlockTraits(Block &block) {
    note(block.getArgumentTypes());
    for (Operation &op : block) {
      note(op.getResultTypes());
      if (op.hasTrait<ms::Elementwise>() ||
          op.hasTrait<OpTrait::IsTerminator>())
        continue;
      for (Type type : op.getOperandTypes())
        summed = std::max(summed, cast<ShapedType>(type).getNumElements());
    }
  }
  void note(TypeRange types) {
    for (Type type : types) {
      Type element = cast<ShapedType>(type).getElementType();
      isDouble |= element.isF64();
      if (epsilon(element) > narrow)
        narrow = epsilon(element);
    }
  }
  double narrow = 0;
  bool isDouble = false;
  int64_t summed = 0;
};
} // namespace

double difference(const Tensor &actual, const Tensor &expected, int64_t i) {
  if (!actual.isFloat()) {
    int64_t a = actual.getInt(i), e = expected.getInt(i);
    return std::abs(double(a) - double(e)) + (a != e && double(a) == double(e));
  }
  double a = actual.getFloat(i), e = expected.getFloat(i);
  if (a == e || (std::isnan(a) && std::isnan(e)))
    return 0;
  double distance = std::abs(a - e);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity()
                              : distance;
}

Expectation::Expectation(Block &block, ArrayRef<Tensor> operands,
                         std::vector<Tensor> values)
    : expected(std::move(values)) {
  BlockTraits traits(block);
  narrow = traits.narrow;
  double accumulator =
      epsilon(traits.isDouble && traits.narrow < 1e-10
                  ? FloatType::getF64(block.getParentOp()->getContext())
                  : FloatType::getF32(block.getParentOp()->getContext()));
  relative = 6 * narrow + std::sqrt(double(traits.summed)) * accumulator;
  int64_t largest = 0;
  for (const Tensor &tensor : expected) {
    moved.emplace_back(tensor.size(), 0.0);
    largest = std::max(largest, tensor.size());
  }
  // Few elements tell little about the scale: they are asked more often.
  int probes = narrow == 0 ? 0 : largest < 64 ? 4 : 1;
  std::mt19937_64 random(1);
  reference::Environment noisy;
  noisy.observe = [&](Operation *, MutableArrayRef<Tensor> results) {
    for (Tensor &result : results)
      addNoise(result, random);
  };
  ScopedDiagnosticHandler quiet(block.getParentOp()->getContext(),
                                [](Diagnostic &) { return success(); });
  for (int probe = 0; probe < probes; ++probe) {
    std::vector<Tensor> inputs(operands), results;
    for (Tensor &input : inputs)
      addNoise(input, random);
    if (failed(reference::evaluate(block, inputs, noisy, results)))
      continue; // noise can make data invalid
    for (auto [result, value, most] : llvm::zip_equal(results, expected, moved))
      for (int64_t i = 0; i < value.size(); ++i)
        most[i] = std::max(most[i], difference(result, value, i));
  }
  for (const std::vector<double> &changes : moved) {
    double sum = 0;
    for (double change : changes)
      sum += std::isfinite(change) ? change : 0;
    meanMoved.push_back(changes.empty() ? 0 : sum / double(changes.size()));
  }
}

bool Expectation::accepts(size_t result, int64_t i,
                          const Tensor &actual) const {
  const Tensor &values = expected[result];
  double distance = difference(actual, values, i), change = moved[result][i];
  if (distance == 0 || distance <= change)
    return true;
  if (!values.isFloat() || narrow == 0)
    return false;
  double scale = std::max(change, meanMoved[result]) / narrow +
                 std::abs(values.getFloat(i));
  return distance <= relative * scale + smallestNormal(values.element());
}

void Mismatch::note(int64_t i, double distance) {
  ++count;
  if (at >= 0 && !(distance > largest))
    return;
  at = i;
  largest = distance;
}

static std::string number(const Tensor &tensor, int64_t i) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (tensor.isFloat())
    os << llvm::format("%.9g", tensor.getFloat(i));
  else
    os << tensor.getInt(i);
  return text;
}

std::string describe(const Mismatch &mismatch, size_t result,
                     const Tensor &actual, const Tensor &expected) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << mismatch.count << " of " << expected.size() << " elements of result "
     << result << "; the largest difference is "
     << llvm::format("%.3g", mismatch.largest) << ", at [";
  int64_t rest = mismatch.at;
  llvm::SmallVector<int64_t> strides = reference::strides(expected.shape());
  llvm::interleaveComma(strides, os, [&](int64_t stride) {
    os << rest / stride;
    rest %= stride;
  });
  os << "]: it is " << number(actual, mismatch.at) << ", expected "
     << number(expected, mismatch.at);
  return text;
}

} // namespace msc

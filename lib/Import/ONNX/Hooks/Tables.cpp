// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX operators that give a table of numbers: windows and mel weights.
/// Their inputs must be known while compiling, since they are the shape.
#include "lib/Import/ONNX/Hooks.h"

#include "msc/Reference/Reference.h"
#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

/// Larger tables are not what a model means.
static constexpr int64_t maxTableElements = 1 << 24;

/// The one number that input \p i is, in [low, high], or an error and \p low.
static int64_t sizeInput(Node &node, size_t i, int64_t low, int64_t high) {
  SmallVector<int64_t> values = node.constI64s(i);
  if (values.size() == 1 && values[0] >= low && values[0] <= high)
    return values[0];
  if (!node.failed())
    node.error() << "input " << i << " must be one number in [" << low << ", "
                 << high << "], got [" << values << "]";
  return low;
}

static double numberInput(Node &node, size_t i) {
  SmallVector<double> values = node.constF64s(i);
  if (values.size() == 1)
    return values[0];
  if (!node.failed())
    node.error() << "input " << i << " must be one number, got "
                 << values.size();
  return 0;
}

static Type outputElement(Node &node) {
  return node.elementType(node.i64("output_datatype", 1));
}

static Value table(Node &node, ArrayRef<int64_t> shape,
                   ArrayRef<double> values) {
  Type element = outputElement(node);
  if (node.failed())
    return node.e.poison();
  reference::Tensor tensor(RankedTensorType::get(shape, element));
  tensor.setFloats(values);
  return node.e.constant(reference::toAttr(tensor));
}

/// sum over k of weights[k] * cos(2 pi k i / n) for each i of the window.
static LogicalResult cosineWindow(Node &node, ArrayRef<double> weights) {
  int64_t size = sizeInput(node, 0, 0, maxTableElements);
  int64_t period = node.flag("periodic", true) ? size : size - 1;
  std::vector<double> values(size);
  for (int64_t i = 0; i < size; ++i)
    for (auto [k, weight] : llvm::enumerate(weights))
      values[i] += weight * std::cos(2 * M_PI * double(k) * double(i) /
                                     double(std::max<int64_t>(period, 1)));
  return node.result(table(node, {size}, values));
}

LogicalResult importBlackmanWindow(Node &node) {
  return cosineWindow(node, {0.42, -0.5, 0.08});
}

LogicalResult importHammingWindow(Node &node) {
  return cosineWindow(node, {25.0 / 46, -21.0 / 46});
}

LogicalResult importHannWindow(Node &node) {
  return cosineWindow(node, {0.5, -0.5});
}

/// The bin of the spectrum at each corner of the triangles.
static std::vector<int64_t> melCorners(int64_t count, int64_t dftLength,
                                       double sampleRate, double low,
                                       double high) {
  auto toMel = [](double f) { return 2595 * std::log10(1 + f / 700); };
  auto toHertz = [](double m) { return 700 * (std::pow(10, m / 2595) - 1); };
  double from = toMel(low), step = (toMel(high) - from) / double(count);
  std::vector<int64_t> corners;
  for (int64_t i = 0; i < count; ++i) {
    double hertz = toHertz(from + double(i) * step);
    corners.push_back(
        int64_t(std::floor(double(dftLength + 1) * hertz / sampleRate)));
  }
  return corners;
}

LogicalResult importMelWeightMatrix(Node &node) {
  int64_t bins = sizeInput(node, 0, 0, 1 << 16);
  int64_t dftLength = sizeInput(node, 1, 1, 1 << 24);
  int64_t sampleRate = sizeInput(node, 2, 1, INT32_MAX);
  double low = numberInput(node, 3), high = numberInput(node, 4);
  int64_t rows = dftLength / 2 + 1;
  if (node.failed())
    return failure();
  if (!(low >= 0 && high >= low && high <= sampleRate))
    return node.error() << "the edges " << low << " and " << high
                        << " Hz are not in order in [0, " << sampleRate << "]";
  if (bins && rows > maxTableElements / bins)
    return node.error() << "a table of " << rows << "x" << bins
                        << " elements is too large";
  std::vector<int64_t> corners =
      melCorners(bins + 2, dftLength, double(sampleRate), low, high);
  std::vector<double> values(rows * bins);
  auto set = [&](int64_t row, int64_t column, double value) {
    if (row >= 0 && row < rows)
      values[row * bins + column] = value;
  };
  for (int64_t i = 0; i < bins; ++i) {
    int64_t left = corners[i], peak = corners[i + 1], right = corners[i + 2];
    if (left == peak)
      set(peak, i, 1);
    for (int64_t j = left; j <= peak && left < peak; ++j)
      set(j, i, double(j - left) / double(peak - left));
    for (int64_t j = peak; j < right; ++j)
      set(j, i, double(right - j) / double(right - peak));
  }
  return node.result(table(node, {rows, bins}, values));
}

} // namespace msc::import::onnx

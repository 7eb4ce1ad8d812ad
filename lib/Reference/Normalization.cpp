// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the normalization ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace msc::reference {

template <typename OpT>
static LogicalResult evaluateSoftmax(OpT op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  int64_t axis = op.getAxis(), extent = input.dim(axis);
  int64_t step = ShapedType::getNumElements(input.shape().drop_front(axis + 1));
  SmallVector<int64_t> lines(input.shape());
  lines[axis] = std::min<int64_t>(extent, 1);
  SmallVector<int64_t> inStrides = strides(input.shape());
  forEachIndex(lines, [&](ArrayRef<int64_t> index) {
    int64_t first = std::inner_product(index.begin(), index.end(),
                                       inStrides.begin(), int64_t(0));
    double max = -INFINITY, sum = 0;
    for (int64_t i = 0; i < extent; ++i)
      max = std::fmax(max, input.getFloat(first + i * step));
    for (int64_t i = 0; i < extent; ++i)
      sum += std::exp(input.getFloat(first + i * step) - max);
    for (int64_t i = 0; i < extent; ++i) {
      double x = input.getFloat(first + i * step) - max;
      out[0].setFloat(first + i * step, isa<ms::LogSoftmaxOp>(op)
                                            ? x - std::log(sum)
                                            : std::exp(x) / sum);
    }
  });
  return success();
}

/// Mean of \p count elements from \p first on, and of their squares' distance.
static std::pair<double, double> meanAndVariance(const Tensor &input,
                                                 int64_t first, int64_t count) {
  double sum = 0, squares = 0;
  for (int64_t i = first; i < first + count; ++i)
    sum += input.getFloat(i);
  double mean = sum / double(count);
  for (int64_t i = first; i < first + count; ++i)
    squares += (input.getFloat(i) - mean) * (input.getFloat(i) - mean);
  return {mean, squares / double(count)};
}

/// \p x scaled and shifted by the affine operands' elements that \p at tells.
static double applyAffine(double x, Inputs in,
                          llvm::function_ref<int64_t(const Tensor &)> at) {
  if (in.size() > 1)
    x *= in[1]->getFloat(at(*in[1]));
  if (in.size() > 2)
    x += in[2]->getFloat(at(*in[2]));
  return x;
}

/// Normalizes rows of the dimensions from `axis` on: \p layer subtracts the
/// mean.
template <typename OpT>
static LogicalResult evaluateRows(OpT op, Inputs in, Outputs out) {
  constexpr bool isLayer = std::is_same_v<OpT, ms::LayerNormOp>;
  const Tensor &input = *in[0];
  int64_t count =
      ShapedType::getNumElements(input.shape().drop_front(op.getAxis()));
  double epsilon = op.getEpsilon().convertToDouble();
  int64_t i = 0;
  double mean = 0, scale = 0;
  forEachIndex(input.shape(), [&](ArrayRef<int64_t> index) {
    if (i % count == 0) {
      auto [m, variance] = meanAndVariance(input, i, count);
      mean = isLayer ? m : 0;
      scale = 1 / std::sqrt((isLayer ? variance : variance + m * m) + epsilon);
      out.back().setFloat(i / count, scale);
      if (isLayer)
        out[1].setFloat(i / count, mean);
    }
    double x = (input.getFloat(i) - mean) * scale;
    out[0].setFloat(i++, applyAffine(x, in, [&](const Tensor &t) {
                      return broadcastOffset(t.shape(), index);
                    }));
  });
  return success();
}

static LogicalResult evaluateGroupNorm(ms::GroupNormOp op, Inputs in,
                                       Outputs out) {
  const Tensor &input = *in[0];
  int64_t channels = input.dim(1), groups = op.getGroups();
  int64_t plane = ShapedType::getNumElements(input.shape().drop_front(2));
  int64_t count = channels / groups * plane;
  for (int64_t row = 0; row < input.dim(0) * groups; ++row) {
    auto [mean, variance] = meanAndVariance(input, row * count, count);
    double scale = 1 / std::sqrt(variance + op.getEpsilon().convertToDouble());
    out[1].setFloat(row, mean);
    out[2].setFloat(row, scale);
    for (int64_t i = row * count; i < (row + 1) * count; ++i)
      out[0].setFloat(
          i, applyAffine((input.getFloat(i) - mean) * scale, in,
                         [&](const Tensor &) { return i / plane % channels; }));
  }
  return success();
}

static LogicalResult evaluateBatchNorm(ms::BatchNormOp op, Inputs in,
                                       Outputs out) {
  const Tensor &input = *in[0];
  int64_t plane = ShapedType::getNumElements(input.shape().drop_front(2));
  for (int64_t i = 0; i < input.size(); ++i) {
    int64_t c = i / plane % input.dim(1);
    double inv =
        1 / std::sqrt(in[4]->getFloat(c) + op.getEpsilon().convertToDouble());
    double x = (input.getFloat(i) - in[3]->getFloat(c)) * inv;
    out[0].setFloat(i, x * in[1]->getFloat(c) + in[2]->getFloat(c));
  }
  return success();
}

static LogicalResult evaluateLRN(ms::LRNOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  int64_t plane = ShapedType::getNumElements(input.shape().drop_front(2));
  int64_t low = op.getLow(), high = op.getHigh();
  for (int64_t i = 0; i < input.size(); ++i) {
    int64_t c = i / plane % input.dim(1);
    double sum = 0;
    for (int64_t j = std::max<int64_t>(c - low, 0);
         j <= std::min(c + high, input.dim(1) - 1); ++j) {
      double x = input.getFloat(i + (j - c) * plane);
      sum += x * x;
    }
    double base =
        op.getBias().convertToDouble() + op.getAlpha().convertToDouble() * sum;
    out[0].setFloat(i, input.getFloat(i) *
                           std::pow(base, -op.getBeta().convertToDouble()));
  }
  return success();
}

void registerNormalization(Registry &registry) {
  registry.add<ms::SoftmaxOp>(evaluateSoftmax<ms::SoftmaxOp>);
  registry.add<ms::LogSoftmaxOp>(evaluateSoftmax<ms::LogSoftmaxOp>);
  registry.add<ms::LayerNormOp>(evaluateRows<ms::LayerNormOp>);
  registry.add<ms::RMSNormOp>(evaluateRows<ms::RMSNormOp>);
  registry.add<ms::GroupNormOp>(evaluateGroupNorm);
  registry.add<ms::BatchNormOp>(evaluateBatchNorm);
  registry.add<ms::LRNOp>(evaluateLRN);
}

} // namespace msc::reference

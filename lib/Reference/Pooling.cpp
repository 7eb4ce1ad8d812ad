// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the pooling ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>

using namespace mlir;

namespace msc::reference {

/// Calls \p tap with the spatial position (maybe outside the input) of each
/// element of the window at \p y.
template <typename OpT>
static void forEachTap(OpT op, ArrayRef<int64_t> y,
                       llvm::function_ref<void(ArrayRef<int64_t>)> tap) {
  SmallVector<int64_t> x(op.getKernel().size());
  forEachIndex(op.getKernel(), [&](ArrayRef<int64_t> t) {
    for (size_t d = 0; d < x.size(); ++d)
      x[d] = y[2 + d] * op.getStrides()[d] - op.getPads()[d] +
             t[d] * op.getDilations()[d];
    tap(x);
  });
}

/// The row-major position of \p x in \p extents, or -1 outside of them.
static int64_t position(ArrayRef<int64_t> extents, ArrayRef<int64_t> x) {
  int64_t offset = 0;
  for (auto [extent, i] : llvm::zip_equal(extents, x)) {
    if (i < 0 || i >= extent)
      return -1;
    offset = offset * extent + i;
  }
  return offset;
}

namespace {
/// The first maximum of the positions it is shown.
struct Maximum {
  const Tensor &input;
  int64_t plane; ///< where the window's plane starts
  int64_t best = -1;

  void show(int64_t i) {
    if (i >= 0 && (best < 0 || isLarger(plane + i, plane + best)))
      best = i;
  }
  bool isLarger(int64_t a, int64_t b) const {
    if (input.isFloat())
      return input.getFloat(a) > input.getFloat(b) ||
             (std::isnan(input.getFloat(a)) && !std::isnan(input.getFloat(b)));
    if (input.element().isUnsignedInteger())
      return uint64_t(input.getInt(a)) > uint64_t(input.getInt(b));
    return input.getInt(a) > input.getInt(b);
  }
  void store(Outputs out, int64_t o) const {
    if (best >= 0)
      out[0].copyElement(o, input, plane + best);
    else if (input.isFloat())
      out[0].setFloat(o, -INFINITY);
    else if (!input.element().isUnsignedInteger())
      out[0].setInt(o, int64_t(1)
                           << (input.element().getIntOrFloatBitWidth() - 1));
    if (out.size() > 1)
      out[1].setInt(o, std::max<int64_t>(best, 0));
  }
};
} // namespace

template <typename OpT>
static LogicalResult evaluateMaxPool(OpT op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  ArrayRef<int64_t> spatial = input.shape().drop_front(2);
  int64_t plane = ShapedType::getNumElements(spatial), o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> y) {
    Maximum maximum{input, (y[0] * input.dim(1) + y[1]) * plane};
    forEachTap(op, y, [&](ArrayRef<int64_t> x) {
      maximum.show(position(spatial, x));
    });
    maximum.store(out, o++);
  });
  return success();
}

static LogicalResult evaluateAvgPool(ms::AvgPoolOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  ArrayRef<int64_t> spatial = input.shape().drop_front(2);
  SmallVector<int64_t> none(op.getPads().size(), 0);
  ArrayRef<int64_t> counted = op.getCountedPads().value_or(none);
  int64_t plane = ShapedType::getNumElements(spatial), o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> y) {
    double sum = 0;
    int64_t count = 0;
    forEachTap(op, y, [&](ArrayRef<int64_t> x) {
      int64_t i = position(spatial, x);
      if (i >= 0)
        sum += input.getFloat((y[0] * input.dim(1) + y[1]) * plane + i);
      bool counts = true;
      for (auto [d, extent] : llvm::enumerate(spatial))
        counts &=
            x[d] >= -counted[d] && x[d] < extent + counted[spatial.size() + d];
      count += counts;
    });
    out[0].setFloat(o++, count ? sum / double(count) : 0);
  });
  return success();
}

/// Calls \p fn with each position in the adaptive window at \p y.
static void forEachAdaptive(ArrayRef<int64_t> spatial, ArrayRef<int64_t> size,
                            ArrayRef<int64_t> y,
                            llvm::function_ref<void(int64_t)> fn) {
  SmallVector<int64_t> start, extents, x(size.size());
  for (size_t d = 0; d < size.size(); ++d) {
    start.push_back(y[2 + d] * spatial[d] / size[d]);
    extents.push_back(((y[2 + d] + 1) * spatial[d] + size[d] - 1) / size[d] -
                      start[d]);
  }
  forEachIndex(extents, [&](ArrayRef<int64_t> t) {
    for (size_t d = 0; d < size.size(); ++d)
      x[d] = start[d] + t[d];
    fn(position(spatial, x));
  });
}

static LogicalResult evaluateAdaptiveAvg(ms::AdaptiveAvgPoolOp op, Inputs in,
                                         Outputs out) {
  const Tensor &input = *in[0];
  ArrayRef<int64_t> spatial = input.shape().drop_front(2);
  int64_t plane = ShapedType::getNumElements(spatial), o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> y) {
    double sum = 0;
    int64_t count = 0;
    forEachAdaptive(spatial, op.getOutputSize(), y, [&](int64_t i) {
      sum += input.getFloat((y[0] * input.dim(1) + y[1]) * plane + i);
      ++count;
    });
    out[0].setFloat(o++, count ? sum / double(count) : 0);
  });
  return success();
}

static LogicalResult evaluateAdaptiveMax(ms::AdaptiveMaxPoolOp op, Inputs in,
                                         Outputs out) {
  const Tensor &input = *in[0];
  ArrayRef<int64_t> spatial = input.shape().drop_front(2);
  int64_t plane = ShapedType::getNumElements(spatial), o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> y) {
    Maximum maximum{input, (y[0] * input.dim(1) + y[1]) * plane};
    forEachAdaptive(spatial, op.getOutputSize(), y,
                    [&](int64_t i) { maximum.show(i); });
    maximum.store(out, o++);
  });
  return success();
}

void registerPooling(Registry &registry) {
  registry.add<ms::MaxPoolOp>(evaluateMaxPool<ms::MaxPoolOp>);
  registry.add<ms::MaxPoolWithIndicesOp>(
      evaluateMaxPool<ms::MaxPoolWithIndicesOp>);
  registry.add<ms::AvgPoolOp>(evaluateAvgPool);
  registry.add<ms::AdaptiveAvgPoolOp>(evaluateAdaptiveAvg);
  registry.add<ms::AdaptiveMaxPoolOp>(evaluateAdaptiveMax);
}

} // namespace msc::reference

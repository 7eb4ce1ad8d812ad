// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the indexing ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace msc::reference {

static int64_t fromEnd(int64_t index, int64_t extent) {
  return index < 0 ? index + extent : index;
}

static int64_t clamped(int64_t index, int64_t extent) {
  return std::clamp<int64_t>(fromEnd(index, extent), 0, extent - 1);
}

/// Reading from a dimension without elements is possible only for an empty
/// result.
static LogicalResult checkSource(Operation *op, const Tensor &input,
                                 const Tensor &result) {
  if (input.size() == 0 && result.size() != 0)
    return op->emitOpError("takes elements of an empty tensor");
  return success();
}

static SmallVector<int64_t> joined(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(a);
  llvm::append_range(result, b);
  return result;
}

static LogicalResult evaluateGather(ms::GatherOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0], &indices = *in[1];
  int64_t axis = op.getAxis(), batch = op.getBatchDims(), i = 0;
  int64_t after = axis + indices.rank() - batch; // first dimension of s
  if (failed(checkSource(op, input, out[0])))
    return failure();
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> at =
        joined(index.take_front(batch), index.slice(axis, after - axis));
    SmallVector<int64_t> source(index.take_front(axis));
    source.push_back(clamped(indices.getInt(offsetOf(indices.shape(), at)),
                             input.dim(axis)));
    llvm::append_range(source, index.drop_front(after));
    out[0].copyElement(i++, input, offsetOf(input.shape(), source));
  });
  return success();
}

static LogicalResult evaluateGatherElements(ms::GatherElementsOp op, Inputs in,
                                            Outputs out) {
  const Tensor &input = *in[0], &indices = *in[1];
  int64_t axis = op.getAxis(), i = 0;
  if (failed(checkSource(op, input, out[0])))
    return failure();
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> source(index);
    source[axis] = clamped(indices.getInt(i), input.dim(axis));
    out[0].copyElement(i++, input, offsetOf(input.shape(), source));
  });
  return success();
}

static LogicalResult evaluateGatherNd(ms::GatherNdOp op, Inputs in,
                                      Outputs out) {
  const Tensor &input = *in[0], &indices = *in[1];
  int64_t batch = op.getBatchDims(), k = indices.shape().back(), i = 0;
  int64_t prefix = indices.rank() - 1;
  if (failed(checkSource(op, input, out[0])))
    return failure();
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> source(index.take_front(batch));
    int64_t tuple =
        offsetOf(indices.shape().drop_back(), index.take_front(prefix)) * k;
    for (int64_t j = 0; j < k; ++j)
      source.push_back(
          clamped(indices.getInt(tuple + j), input.dim(batch + j)));
    llvm::append_range(source, index.drop_front(prefix));
    out[0].copyElement(i++, input, offsetOf(input.shape(), source));
  });
  return success();
}

static double combineFloat(StringRef reduction, double x, double y) {
  if (reduction == "add")
    return x + y;
  if (reduction == "sub")
    return x - y;
  if (reduction == "mul")
    return x * y;
  if (reduction == "div")
    return x / y;
  if (std::isnan(x) || std::isnan(y))
    return std::isnan(x) ? x : y;
  return reduction == "max" ? std::fmax(x, y) : std::fmin(x, y);
}

/// Integer division is that of ms.div: towards zero, x / 0 is 0.
static int64_t combineInt(StringRef reduction, int64_t x, int64_t y,
                          bool isUnsigned) {
  uint64_t a = x, b = y;
  if (reduction == "add")
    return a + b;
  if (reduction == "sub")
    return a - b;
  if (reduction == "mul")
    return a * b;
  if (reduction == "div")
    return y == 0       ? 0
           : isUnsigned ? int64_t(a / b)
           : y == -1    ? int64_t(-a)
                        : x / y;
  bool isLess = isUnsigned ? a < b : x < y;
  return isLess == (reduction == "max") ? y : x;
}

static void combine(StringRef reduction, Tensor &out, int64_t i,
                    const Tensor &updates, int64_t j) {
  if (reduction == "none")
    out.copyElement(i, updates, j);
  else if (out.isFloat())
    out.setFloat(i,
                 combineFloat(reduction, out.getFloat(i), updates.getFloat(j)));
  else
    out.setInt(i, combineInt(reduction, out.getInt(i), updates.getInt(j),
                             out.element().isUnsignedInteger()));
}

static LogicalResult evaluateScatterElements(ms::ScatterElementsOp op,
                                             Inputs in, Outputs out) {
  const Tensor &indices = *in[1], &updates = *in[2];
  int64_t axis = op.getAxis(), i = 0;
  out[0].data = in[0]->data;
  forEachIndex(indices.shape(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> target(index);
    target[axis] = fromEnd(indices.getInt(i), out[0].dim(axis));
    if (target[axis] >= 0 && target[axis] < out[0].dim(axis))
      combine(op.getReduction(), out[0], offsetOf(out[0].shape(), target),
              updates, i);
    ++i;
  });
  return success();
}

static LogicalResult evaluateScatterNd(ms::ScatterNdOp op, Inputs in,
                                       Outputs out) {
  const Tensor &indices = *in[1], &updates = *in[2];
  int64_t k = indices.shape().back(), prefix = indices.rank() - 1, i = 0;
  out[0].data = in[0]->data;
  forEachIndex(updates.shape(), [&](ArrayRef<int64_t> index) {
    int64_t tuple =
        offsetOf(indices.shape().drop_back(), index.take_front(prefix)) * k;
    SmallVector<int64_t> target;
    bool isInside = true;
    for (int64_t j = 0; j < k; ++j) {
      target.push_back(fromEnd(indices.getInt(tuple + j), out[0].dim(j)));
      isInside &= target[j] >= 0 && target[j] < out[0].dim(j);
    }
    llvm::append_range(target, index.drop_front(prefix));
    if (isInside)
      combine(op.getReduction(), out[0], offsetOf(out[0].shape(), target),
              updates, i);
    ++i;
  });
  return success();
}

/// Where a block of shape \p sizes starts, moved inside \p shape.
static SmallVector<int64_t> blockStart(const Tensor &starts,
                                       ArrayRef<int64_t> sizes,
                                       ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result;
  for (auto [d, extent] : llvm::enumerate(shape))
    result.push_back(std::clamp<int64_t>(fromEnd(starts.getInt(d), extent), 0,
                                         extent - sizes[d]));
  return result;
}

static void registerBlocks(Registry &r) {
  r.add<ms::DynamicSliceOp>([](ms::DynamicSliceOp op, Inputs in, Outputs out) {
    SmallVector<int64_t> start =
        blockStart(*in[1], op.getSizes(), in[0]->shape());
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source;
      for (auto [s, d] : llvm::zip_equal(start, index))
        source.push_back(s + d);
      out[0].copyElement(i++, *in[0], offsetOf(in[0]->shape(), source));
    });
    return success();
  });
  r.add<ms::DynamicUpdateSliceOp>(
      [](ms::DynamicUpdateSliceOp, Inputs in, Outputs out) {
        SmallVector<int64_t> start =
            blockStart(*in[2], in[1]->shape(), in[0]->shape());
        out[0].data = in[0]->data;
        int64_t i = 0;
        forEachIndex(in[1]->shape(), [&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> target;
          for (auto [s, d] : llvm::zip_equal(start, index))
            target.push_back(s + d);
          out[0].copyElement(offsetOf(out[0].shape(), target), *in[1], i++);
        });
        return success();
      });
}

/// Whether element \p i of \p t comes before element \p j in ascending order.
static bool isBefore(const Tensor &t, int64_t i, int64_t j) {
  if (!t.isFloat())
    return t.element().isUnsignedInteger()
               ? uint64_t(t.getInt(i)) < uint64_t(t.getInt(j))
               : t.getInt(i) < t.getInt(j);
  double x = t.getFloat(i), y = t.getFloat(j);
  return std::isnan(y) ? !std::isnan(x) : x < y;
}

/// The first elements of each sorted line along \p axis: as many as the results
/// hold.
static void sortLines(const Tensor &input, int64_t axis, bool descending,
                      Outputs out) {
  int64_t extent = input.dim(axis), kept = out[0].dim(axis);
  int64_t step = ShapedType::getNumElements(input.shape().drop_front(axis + 1));
  SmallVector<int64_t> lines(input.shape());
  lines[axis] = std::min<int64_t>(extent, 1);
  forEachIndex(lines, [&](ArrayRef<int64_t> index) {
    int64_t from = offsetOf(input.shape(), index);
    int64_t to = kept ? offsetOf(out[0].shape(), index) : 0;
    std::vector<int64_t> order(extent);
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](int64_t i, int64_t j) {
      int64_t x = from + i * step, y = from + j * step;
      if (isBefore(input, descending ? y : x, descending ? x : y))
        return true;
      return !isBefore(input, descending ? x : y, descending ? y : x) && i < j;
    });
    for (int64_t i = 0; i < kept; ++i) {
      out[0].copyElement(to + i * step, input, from + order[i] * step);
      out[1].setInt(to + i * step, order[i]);
    }
  });
}

void registerIndexing(Registry &r) {
  r.add<ms::SortOp>([](ms::SortOp op, Inputs in, Outputs out) {
    sortLines(*in[0], op.getAxis(), op.getDescending(), out);
    return success();
  });
  r.add<ms::TopKOp>([](ms::TopKOp op, Inputs in, Outputs out) {
    sortLines(*in[0], op.getAxis(), !op.getSmallest(), out);
    return success();
  });
  r.add<ms::GatherOp>(evaluateGather);
  r.add<ms::GatherElementsOp>(evaluateGatherElements);
  r.add<ms::GatherNdOp>(evaluateGatherNd);
  r.add<ms::ScatterElementsOp>(evaluateScatterElements);
  r.add<ms::ScatterNdOp>(evaluateScatterNd);
  registerBlocks(r);
  r.add<ms::OneHotOp>([](ms::OneHotOp op, Inputs in, Outputs out) {
    int64_t axis = op.getAxis(), i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> at(index);
      at.erase(at.begin() + axis);
      bool isOn = in[0]->getInt(offsetOf(in[0]->shape(), at)) == index[axis];
      out[0].copyElement(i++, *in[isOn ? 1 : 2], 0);
    });
    return success();
  });
  r.add<ms::SearchSortedOp>([](ms::SearchSortedOp op, Inputs in, Outputs out) {
    const Tensor &sequence = *in[0], &values = *in[1];
    bool isUnsigned = values.element().isUnsignedInteger();
    int64_t n = sequence.shape().back(),
            perRow = values.rank() ? values.shape().back() : 1;
    for (int64_t i = 0; i < values.size(); ++i) {
      int64_t row = sequence.rank() == 1 ? 0 : i / perRow * n, count = 0;
      for (int64_t j = row; j < row + n; ++j) {
        auto isLess = [&](const Tensor &a, int64_t k, const Tensor &b,
                          int64_t l) {
          if (a.isFloat())
            return a.getFloat(k) < b.getFloat(l);
          return isUnsigned ? uint64_t(a.getInt(k)) < uint64_t(b.getInt(l))
                            : a.getInt(k) < b.getInt(l);
        };
        count += op.getRight() ? !isLess(values, i, sequence, j)
                               : isLess(sequence, j, values, i);
      }
      out[0].setInt(i, count);
    }
    return success();
  });
}

} // namespace msc::reference

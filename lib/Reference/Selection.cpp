// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the selection ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <array>
#include <cmath>

using namespace mlir;

namespace msc::reference {

/// Elements before, along and behind \p axis.
static std::array<int64_t, 3> aroundAxis(ArrayRef<int64_t> shape,
                                         int64_t axis) {
  return {ShapedType::getNumElements(shape.take_front(axis)), shape[axis],
          ShapedType::getNumElements(shape.drop_front(axis + 1))};
}

/// Copies slice \p from of \p axis to slice \p to of a result that has
/// \p extent of them.
static void copySlice(Tensor &result, int64_t to, int64_t extent,
                      const Tensor &input, int64_t from, int64_t axis) {
  auto [outer, n, inner] = aroundAxis(input.shape(), axis);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t k = 0; k < inner; ++k)
      result.copyElement((o * extent + to) * inner + k, input,
                         (o * n + from) * inner + k);
}

static LogicalResult evaluateNonZero(ms::NonZeroOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  std::vector<SmallVector<int64_t>> found;
  int64_t i = 0;
  forEachIndex(input.shape(), [&](ArrayRef<int64_t> index) {
    bool isSet =
        input.isFloat() ? input.getFloat(i) != 0 : input.getInt(i) != 0;
    if (isSet)
      found.emplace_back(index);
    ++i;
  });
  int64_t count = found.size(), rank = input.rank();
  for (int64_t k = 0; k < count; ++k)
    for (int64_t d = 0; d < rank; ++d)
      out[0].setInt(op.getByDimension() ? d * count + k : k * rank + d,
                    found[k][d]);
  out[1].setInt(0, count);
  return success();
}

static LogicalResult evaluateCompress(ms::CompressOp op, Inputs in,
                                      Outputs out) {
  SmallVector<int64_t> chosen;
  for (int64_t i = 0; i < in[1]->size(); ++i)
    if (in[1]->getInt(i))
      chosen.push_back(i);
  for (auto [to, from] : llvm::enumerate(chosen))
    copySlice(out[0], to, chosen.size(), *in[0], from, op.getAxis());
  out[1].setInt(0, chosen.size());
  return success();
}

/// -1, 0 or 1; NaN is the largest, and equal to itself.
static int compareElements(const Tensor &t, int64_t a, int64_t b) {
  if (!t.isFloat()) {
    int64_t x = t.getInt(a), y = t.getInt(b);
    if (t.element().isUnsignedInteger())
      return uint64_t(x) < uint64_t(y) ? -1 : uint64_t(x) > uint64_t(y);
    return x < y ? -1 : x > y;
  }
  double x = t.getFloat(a), y = t.getFloat(b);
  if (std::isnan(x) || std::isnan(y))
    return int(std::isnan(x)) - int(std::isnan(y));
  return x < y ? -1 : x > y;
}

static int compareSlices(const Tensor &t, int64_t axis, int64_t a, int64_t b) {
  auto [outer, n, inner] = aroundAxis(t.shape(), axis);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t k = 0; k < inner; ++k)
      if (int order = compareElements(t, (o * n + a) * inner + k,
                                      (o * n + b) * inner + k))
        return order;
  return 0;
}

static LogicalResult evaluateUnique(ms::UniqueOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0];
  int64_t axis = op.getAxis(), n = input.dim(axis);
  struct Group {
    int64_t first, count;
  };
  std::vector<Group> groups;
  std::vector<int64_t> member(n);
  for (int64_t i = 0; i < n; ++i) {
    auto same = llvm::find_if(groups, [&](const Group &group) {
      return compareSlices(input, axis, group.first, i) == 0;
    });
    member[i] = same == groups.end() ? i : same->first;
    if (same == groups.end())
      groups.push_back({i, 1});
    else
      ++same->count;
  }
  if (op.getSorted())
    llvm::sort(groups, [&](const Group &a, const Group &b) {
      return compareSlices(input, axis, a.first, b.first) < 0;
    });
  for (auto [k, group] : llvm::enumerate(groups)) {
    copySlice(out[0], k, groups.size(), input, group.first, axis);
    out[1].setInt(k, group.first);
    out[3].setInt(k, group.count);
    for (int64_t i = 0; i < n; ++i)
      if (member[i] == group.first)
        out[2].setInt(i, k);
  }
  out[4].setInt(0, groups.size());
  return success();
}

namespace {
struct Box {
  double low[2], high[2];
  double area() const { return (high[0] - low[0]) * (high[1] - low[1]); }
};
} // namespace

static Box boxAt(const Tensor &boxes, int64_t row, bool isCenter) {
  Box box;
  for (int d = 0; d < 2; ++d) {
    double a = boxes.getFloat(row * 4 + d), b = boxes.getFloat(row * 4 + 2 + d);
    box.low[d] = isCenter ? a - b / 2 : std::min(a, b);
    box.high[d] = isCenter ? a + b / 2 : std::max(a, b);
  }
  return box;
}

static bool overlap(const Box &a, const Box &b, double threshold) {
  double common = 1;
  for (int d = 0; d < 2; ++d)
    common *= std::max(0.0, std::min(a.high[d], b.high[d]) -
                                std::max(a.low[d], b.low[d]));
  double both = a.area() + b.area() - common;
  return common > 0 && both > 0 && common / both > threshold;
}

static LogicalResult evaluateNonMaxSuppression(ms::NonMaxSuppressionOp op,
                                               Inputs in, Outputs out) {
  const Tensor &boxes = *in[0], &scores = *in[1];
  int64_t n = boxes.dim(1), classes = scores.dim(1), found = 0;
  int64_t most = std::min<int64_t>(in[2]->getInt(0), op.getLimit());
  for (int64_t line = 0; line < scores.dim(0) * classes; ++line) {
    int64_t batch = line / classes;
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < n; ++i)
      if (scores.getFloat(line * n + i) > in[4]->getFloat(0))
        order.push_back(i);
    llvm::sort(order, [&](int64_t a, int64_t b) {
      double x = scores.getFloat(line * n + a),
             y = scores.getFloat(line * n + b);
      return x == y ? a < b : x > y;
    });
    SmallVector<Box> kept;
    for (int64_t i : order) {
      Box box = boxAt(boxes, batch * n + i, op.getCenterPointBox());
      if (int64_t(kept.size()) >= most || llvm::any_of(kept, [&](const Box &k) {
            return overlap(k, box, in[3]->getFloat(0));
          }))
        continue;
      kept.push_back(box);
      for (int64_t v : {batch, line % classes, i})
        out[0].setInt(found++, v);
    }
  }
  out[1].setInt(0, found / 3);
  return success();
}

void registerSelection(Registry &r) {
  r.add<ms::NonZeroOp>(evaluateNonZero);
  r.add<ms::CompressOp>(evaluateCompress);
  r.add<ms::UniqueOp>(evaluateUnique);
  r.add<ms::NonMaxSuppressionOp>(evaluateNonMaxSuppression);
}

} // namespace msc::reference

// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives of geometry: boxes (x0, y0, x1, y1) with sizes
/// that count pixels (x1 - x0 + 1), distances and grids.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

namespace {
/// Columns of boxes [..., 4], each [...].
struct Box {
  Box(Emitter &e, Value boxes) {
    int64_t axis = Emitter::rank(boxes) - 1;
    for (int64_t k = 0; k < 4; ++k)
      side[k] = squeezeDim(e, slice(e, boxes, axis, k, 1), axis);
  }
  Value size(Emitter &e, int dim) {
    return e.add(e.sub(side[dim + 2], side[dim]), 1.0);
  }
  Value center(Emitter &e, int dim) {
    return e.mul(e.add(side[dim], side[dim + 2]), 0.5);
  }
  Value side[4];
};
} // namespace

/// False, with an error, unless \p boxes is [..., 4].
static bool expectBoxes(Node &node, Value boxes) {
  if (!node.expectRank(boxes, 1, 64))
    return false;
  if (Emitter::shape(boxes).back() == 4)
    return true;
  node.error() << "expects boxes of 4 numbers, got " << boxes.getType();
  return false;
}

static Value stackColumns(Emitter &e, ArrayRef<Value> columns) {
  SmallVector<Value> parts;
  for (Value column : columns)
    parts.push_back(expandDim(e, column, Emitter::rank(column)));
  return concat(e, parts, Emitter::rank(parts.front()) - 1);
}

/// Intersection over union (or, for "iof", over the truth) of anchors [N, 4]
/// and truths [M, 4]: [M, N].
LogicalResult importIOU(Node &node) {
  Emitter &e = node.e;
  Value anchors = node.in(0);
  Value truths = node.in(1, Emitter::element(anchors));
  std::string mode = node.str("mode", StringRef("iou"));
  if (!node.expectRank(anchors, 2, 2) || !node.expectRank(truths, 2, 2) ||
      !expectBoxes(node, anchors) || !expectBoxes(node, truths))
    return failure();
  Box a(e, expandDim(e, anchors, 0)), t(e, expandDim(e, truths, 1));
  Value common, areas[2];
  for (int dim = 0; dim < 2; ++dim) {
    Value low = maximum(e, a.side[dim], t.side[dim]);
    Value high = minimum(e, a.side[dim + 2], t.side[dim + 2]);
    Value width = e.add(e.sub(high, low), 1.0);
    width = maximum(e, width, number(e, 0, width));
    common = dim ? e.mul(common, width) : width;
    areas[0] = dim ? e.mul(areas[0], a.size(e, dim)) : a.size(e, dim);
    areas[1] = dim ? e.mul(areas[1], t.size(e, dim)) : t.size(e, dim);
  }
  Value whole =
      mode == "iof" ? areas[1] : e.sub(e.add(areas[0], areas[1]), common);
  return node.result(e.div(common, whole));
}

/// The attribute \p name of four numbers; \p fallback each.
static SmallVector<double> four(Node &node, StringRef name, double fallback) {
  SmallVector<double> values =
      node.f64s(name, SmallVector<double>(4, fallback));
  if (!node.failed() && values.size() != 4)
    node.error() << "'" << name << "' has " << values.size()
                 << " numbers, expected 4";
  values.resize(4, fallback);
  return values;
}

/// ((centre - anchor centre) / anchor size, log(size / anchor size)), then
/// (delta - mean) / std.
LogicalResult importBoundingBoxEncode(Node &node) {
  Emitter &e = node.e;
  Value anchors = node.in(0);
  Value truths = node.in(1, Emitter::element(anchors));
  SmallVector<double> means = four(node, "means", 0),
                      stds = four(node, "stds", 1);
  if (!expectBoxes(node, anchors) || !expectBoxes(node, truths))
    return failure();
  Box a(e, anchors), t(e, truths);
  Value deltas[4];
  for (int dim = 0; dim < 2; ++dim) {
    deltas[dim] =
        e.div(e.sub(t.center(e, dim), a.center(e, dim)), a.size(e, dim));
    deltas[dim + 2] =
        e.emit<ms::LogOp>({e.div(t.size(e, dim), a.size(e, dim))});
  }
  for (int k = 0; k < 4; ++k)
    deltas[k] = e.div(e.sub(deltas[k], means[k]), stds[k]);
  return node.result(stackColumns(e, deltas));
}

/// The inverse of encoding, with the change of size limited to
/// `wh_ratio_clip` and corners to the picture of `max_shape`.
LogicalResult importBoundingBoxDecode(Node &node) {
  Emitter &e = node.e;
  Value anchors = node.in(0);
  Value encoded = node.in(1, Emitter::element(anchors));
  SmallVector<double> means = four(node, "means", 0),
                      stds = four(node, "stds", 1);
  SmallVector<int64_t> picture = node.i64s("max_shape");
  double limit = std::fabs(std::log(node.f64("wh_ratio_clip", 0.016)));
  if (!node.failed() && picture.size() < 2)
    node.error() << "'max_shape' has " << picture.size()
                 << " numbers, expected height and width";
  if (node.failed() || !expectBoxes(node, anchors) ||
      !expectBoxes(node, encoded))
    return failure();
  Box a(e, anchors), d(e, encoded);
  Value corners[4];
  for (int dim = 0; dim < 2; ++dim) {
    auto delta = [&](int k) {
      return e.add(e.mul(d.side[k], stds[k]), means[k]);
    };
    Value growth = clip(e, delta(dim + 2), -limit, limit);
    Value half = e.mul(e.mul(a.size(e, dim), e.emit<ms::ExpOp>({growth})), 0.5);
    Value center = e.add(a.center(e, dim), e.mul(delta(dim), a.size(e, dim)));
    double last = double(picture[1 - dim]) - 1; // (height, width)
    corners[dim] = clip(e, e.add(e.sub(center, half), 0.5), 0, last);
    corners[dim + 2] = clip(e, e.add(e.add(center, half), -0.5), 0, last);
  }
  return node.result(stackColumns(e, corners));
}

/// Which boxes lie in the picture (height, width, ratio), scaled by ratio.
LogicalResult importCheckValid(Node &node) {
  Emitter &e = node.e;
  Value boxes = node.in(0), metas = node.in(1, Emitter::element(boxes));
  if (!expectBoxes(node, boxes) || !node.expectRank(metas, 1, 1))
    return failure();
  auto meta = [&](int64_t k) {
    return reshape(e, slice(e, metas, 0, k, 1), {});
  };
  Box box(e, boxes);
  Value valid;
  for (int dim = 0; dim < 2; ++dim) {
    Value last = e.add(e.mul(meta(1 - dim), meta(2)), -1.0);
    Value inside = e.emit<ms::LogicalAndOp>(
        {e.emit<ms::GreaterEqualOp>({box.side[dim], number(e, 0, boxes)}),
         e.emit<ms::LessEqualOp>({box.side[dim + 2], last})});
    valid = dim ? e.emit<ms::LogicalAndOp>({valid, inside}) : inside;
  }
  return node.result(valid);
}

/// The p-norms of the differences of rows: [..., P, M], [..., R, M] ->
/// [..., P, R].
LogicalResult importCdist(Node &node) {
  Emitter &e = node.e;
  Value a = node.in(0), b = node.in(1, Emitter::element(a));
  double p = node.f64("p", 2);
  if (!node.expectRank(a, 2, 64) || !node.expectRank(b, 2, 64))
    return failure();
  int64_t rank = Emitter::rank(a);
  Value gap = absolute(e, e.sub(expandDim(e, a, rank - 1),
                                expandDim(e, b, Emitter::rank(b) - 2)));
  int64_t last = Emitter::rank(gap) - 1;
  if (std::isinf(p))
    return node.result(reduce(e, "max", gap, {last}));
  if (p == 0)
    return node.result(reduce(
        e, "sum", e.cast(greater(e, gap, 0), Emitter::element(a)), {last}));
  Value sum = reduce(e, "sum", power(e, gap, number(e, p, gap)), {last});
  return node.result(power(e, sum, number(e, 1 / p, sum)));
}

/// The cross product along a dimension of three; by default the first one.
LogicalResult importCross(Node &node) {
  Emitter &e = node.e;
  SmallVector<Value> v = node.promote({0, 1});
  if (node.failed() || !node.expectRank(v[0], 1, 64))
    return failure();
  constexpr int64_t unset = -65530;
  int64_t axis = node.i64("dim", unset);
  ArrayRef<int64_t> shape = Emitter::shape(v[0]);
  if (axis == unset)
    axis = llvm::find(shape, 3) - shape.begin();
  else
    axis = node.axis(axis, shape.size());
  if (node.failed() || axis == int64_t(shape.size()) || shape[axis] != 3)
    return node.failed()
               ? failure()
               : LogicalResult(node.error() << "expects a dimension of 3, got "
                                            << v[0].getType());
  auto turned = [&](Value x, int64_t by) {
    return concat(e, {slice(e, x, axis, by, 3 - by), slice(e, x, axis, 0, by)},
                  axis);
  };
  return node.result(e.sub(e.mul(turned(v[0], 1), turned(v[1], 2)),
                           e.mul(turned(v[0], 2), turned(v[1], 1))));
}

/// Positions in [-1, 1] of \p count pixels: of their centres, or with
/// \p corners from end to end.
static Value positions(Emitter &e, int64_t count, bool corners, Type element) {
  Value index = iota(e, count, element);
  if (corners)
    return e.add(e.mul(index, 2.0 / double(std::max<int64_t>(count - 1, 1))),
                 -1.0);
  return e.add(e.mul(index, 2.0 / double(count)), 1.0 / double(count) - 1);
}

/// theta [N, d, d + 1] times (x, y, ..., 1): [N, spatial..., d].
LogicalResult importAffineGrid(Node &node) {
  Emitter &e = node.e;
  Value theta = node.in(0);
  SmallVector<int64_t> size = node.i64s("output_size");
  bool corners = node.flag("align_corners", false);
  if (!node.expectRank(theta, 3, 3))
    return failure();
  int64_t d = Emitter::shape(theta)[1];
  bool fits = int64_t(size.size()) == d + 2 &&
              Emitter::shape(theta)[2] == d + 1 &&
              Emitter::shape(theta)[0] == size[0];
  if (!fits)
    return node.error() << "has " << size.size() << " sizes for "
                        << theta.getType();
  Type element = Emitter::element(theta);
  ArrayRef<int64_t> spatial = ArrayRef(size).drop_front(2);
  SmallVector<Value> columns; // the innermost dimension first
  for (int64_t k = d - 1; k >= 0; --k) {
    SmallVector<int64_t> shape(d, 1);
    shape[k] = spatial[k];
    Value line = reshape(e, positions(e, spatial[k], corners, element), shape);
    columns.push_back(broadcastTo(e, line, spatial));
  }
  columns.push_back(full(e, 1, spatial, element));
  Value points = stackColumns(e, columns);
  points = reshape(
      e, points, {1, Emitter::type(points).getNumElements() / (d + 1), d + 1});
  SmallVector<int64_t> result{size[0]};
  llvm::append_range(result, spatial);
  result.push_back(d);
  return node.result(reshape(e, matmul(e, points, theta, false, true), result));
}

} // namespace msc::import::mindir

// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX shape operators that are not one row. Meaning and defaults:
/// https://onnx.ai/onnx/operators/.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

LogicalResult importIdentity(Node &node) {
  if (node.inputs.empty())
    return node.error() << "input 0 is missing";
  return node.result(node.inputs[0]);
}

LogicalResult importConstant(Node &node) {
  Emitter &e = node.e;
  if (auto elements =
          dyn_cast_if_present<DenseElementsAttr>(node.attr("value")))
    return node.result(e.constant(elements));
  if (node.hasAttr("value_int"))
    return node.result(
        reshape(e, e.ints({node.i64("value_int")}, e.i64()), {}));
  if (node.hasAttr("value_float"))
    return node.result(e.scalar(node.f64("value_float"), e.f32()));
  if (node.hasAttr("value_ints"))
    return node.result(e.ints(node.i64s("value_ints"), e.i64()));
  if (node.hasAttr("value_floats")) {
    SmallVector<float> values;
    for (double v : node.f64s("value_floats"))
      values.push_back(v);
    auto type = RankedTensorType::get({int64_t(values.size())}, e.f32());
    return node.result(
        e.constant(DenseElementsAttr::get(type, ArrayRef<float>(values))));
  }
  return node.error() << "has no value that is a tensor or a number";
}

LogicalResult importConstantOfShape(Node &node) {
  Emitter &e = node.e;
  SmallVector<int64_t> shape = node.constI64s(0);
  product(e, shape);
  auto value = dyn_cast_if_present<DenseElementsAttr>(node.attr("value"));
  if (value && value.getNumElements() != 1)
    return node.error() << "'value' has " << value.getNumElements()
                        << " elements, expected one";
  if (node.failed())
    return failure();
  Value scalar =
      value ? reshape(e, e.constant(value), {}) : e.scalar(0, e.f32());
  return node.result(broadcastTo(e, scalar, shape));
}

LogicalResult importDepthToSpace(Node &node) {
  bool columnRowDepth = node.str("mode", "DCR") == "CRD";
  Value x = node.in(0);
  int64_t block = node.i64("blocksize");
  if (!node.expectRank(x, 4, 4))
    return failure();
  return node.result(depthToSpace(node.e, x, block, columnRowDepth));
}

LogicalResult importSpaceToDepth(Node &node) {
  Value x = node.in(0);
  int64_t block = node.i64("blocksize");
  if (!node.expectRank(x, 4, 4))
    return failure();
  return node.result(spaceToDepth(node.e, x, block));
}

LogicalResult importExpand(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> shape = node.constI64s(1);
  product(node.e, shape);
  if (node.failed())
    return failure();
  FailureOr<SmallVector<int64_t>> joined =
      ms::broadcastShapes(node.e.loc, Emitter::shape(x), shape);
  if (failed(joined))
    return failure();
  return node.result(broadcastTo(node.e, x, *joined));
}

LogicalResult importEyeLike(Node &node) {
  Emitter &e = node.e;
  Value like = node.in(0);
  int64_t diagonal = node.i64("k", 0);
  Type element = node.dtype("dtype", Emitter::element(like));
  if (!node.expectRank(like, 2, 2))
    return failure();
  return node.result(eye(e, Emitter::shape(like)[0], Emitter::shape(like)[1],
                         diagonal, element));
}

LogicalResult importFlatten(Node &node) {
  Value x = node.in(0);
  int64_t axis = node.i64("axis", 1), rank = Emitter::rank(x);
  if (axis < -rank || axis > rank)
    return node.error() << "axis " << axis << " is out of range [" << -rank
                        << ", " << rank << "]";
  ArrayRef<int64_t> shape = Emitter::shape(x);
  axis = axis < 0 ? axis + rank : axis;
  return node.result(reshape(node.e, x,
                             {product(node.e, shape.take_front(axis)),
                              product(node.e, shape.drop_front(axis))}));
}

/// Pads \p x by \p pads, the amounts before and then after each of \p axes.
static LogicalResult importPads(Node &node, ArrayRef<int64_t> pads,
                                ArrayRef<int64_t> axes, Value value) {
  Value x = node.in(0);
  std::string mode = node.str("mode", "constant");
  if (node.failed())
    return failure();
  if (pads.size() != 2 * axes.size())
    return node.error() << "pads has " << pads.size() << " entries for "
                        << axes.size() << " axes";
  SmallVector<int64_t> low(Emitter::rank(x), 0), high(Emitter::rank(x), 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t d = node.axis(axis, Emitter::rank(x));
    if (node.failed())
      return failure();
    low[d] = pads[i];
    high[d] = pads[axes.size() + i];
  }
  return node.result(
      pad(node.e, x, low, high, mode, mode == "constant" ? value : Value()));
}

LogicalResult importPadOpset2(Node &node) {
  Value x = node.in(0);
  Value value = node.e.scalar(node.f64("value", 0), Emitter::element(x));
  SmallVector<int64_t> axes =
      llvm::to_vector(llvm::seq<int64_t>(0, Emitter::rank(x)));
  return importPads(node, node.i64s("pads"), axes, value);
}

LogicalResult importPad(Node &node) {
  Value x = node.in(0);
  Value value = node.has(2) ? node.in(2) : Value();
  SmallVector<int64_t> axes =
      llvm::to_vector(llvm::seq<int64_t>(0, Emitter::rank(x)));
  if (node.has(3))
    axes = node.constI64s(3);
  return importPads(node, node.constI64s(1), axes, value);
}

LogicalResult importRange(Node &node) {
  Emitter &e = node.e;
  Value start = node.in(0), delta = node.in(2);
  SmallVector<double> from = node.constF64s(0), to = node.constF64s(1),
                      step = node.constF64s(2);
  if (node.failed())
    return failure();
  if (from.size() != 1 || to.size() != 1 || step.size() != 1 || step[0] == 0)
    return node.error() << "expects one start, limit and non-zero delta";
  double count = std::ceil((to[0] - from[0]) / step[0]);
  if (!(count < 0x1p40))
    return node.error() << "has " << count << " elements";
  Type element = Emitter::element(start);
  Value index = iota(e, count > 0 ? int64_t(count) : 0, element);
  return node.result(
      e.add(reshape(e, start, {}), e.mul(index, reshape(e, delta, {}))));
}

LogicalResult importReshape(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> shape = node.constI64s(1);
  bool allowZero = node.flag("allowzero", false);
  if (node.failed())
    return failure();
  for (auto [d, extent] : llvm::enumerate(shape))
    if (extent == 0 && !allowZero) {
      if (int64_t(d) >= Emitter::rank(x))
        return node.error() << "copies dimension " << d
                            << " of an input of rank " << Emitter::rank(x);
      extent = Emitter::shape(x)[d];
    }
  return node.result(reshapeInferred(node.e, x, shape));
}

LogicalResult importReverseSequence(Node &node) {
  Value x = node.in(0), lengths = node.in(1);
  int64_t rank = Emitter::rank(x);
  int64_t time = node.axis(node.i64("time_axis", 0), rank);
  int64_t batch = node.axis(node.i64("batch_axis", 1), rank);
  if (!node.expectRank(lengths, 1, 1))
    return failure();
  if (time == batch)
    return node.error() << "time_axis and batch_axis are both " << time;
  return node.result(reverseSequence(node.e, x, lengths, time, batch));
}

LogicalResult importShape(Node &node) {
  Value x = node.in(0);
  int64_t rank = Emitter::rank(x);
  auto clamp = [&](int64_t i) {
    return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank);
  };
  int64_t start = clamp(node.i64("start", 0)),
          end = clamp(node.i64("end", rank));
  node.mindsSizes();
  return node.result(shapeOf(node.e, x, start, std::max(start, end)));
}

LogicalResult importSize(Node &node) {
  return node.result(
      node.e.scalar(Emitter::type(node.in(0)).getNumElements(), node.e.i64()));
}

/// Takes numpy's x[starts:ends:steps] along \p axes.
static LogicalResult importSlices(Node &node, ArrayRef<int64_t> starts,
                                  ArrayRef<int64_t> ends,
                                  std::optional<SmallVector<int64_t>> axes,
                                  std::optional<SmallVector<int64_t>> steps) {
  Value x = node.in(0);
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, starts.size()));
  if (!steps)
    steps = SmallVector<int64_t>(starts.size(), 1);
  if (node.failed())
    return failure();
  if (ends.size() != starts.size() || axes->size() != starts.size() ||
      steps->size() != starts.size())
    return node.error() << "has " << starts.size() << " starts, " << ends.size()
                        << " ends, " << axes->size() << " axes and "
                        << steps->size() << " steps";
  SmallVector<SliceRange> ranges = wholeRanges(x);
  for (size_t i = 0; i < starts.size(); ++i) {
    int64_t axis = node.axis((*axes)[i], Emitter::rank(x));
    if (node.failed())
      return failure();
    if ((*steps)[i] == 0)
      return node.error() << "step of axis " << axis << " is 0";
    ranges[axis] =
        sliceRange(Emitter::shape(x)[axis], starts[i], ends[i], (*steps)[i]);
  }
  return node.result(sliceAll(node.e, x, ranges));
}

LogicalResult importSliceOpset1(Node &node) {
  std::optional<SmallVector<int64_t>> axes;
  if (node.hasAttr("axes"))
    axes = node.i64s("axes");
  return importSlices(node, node.i64s("starts"), node.i64s("ends"), axes, {});
}

LogicalResult importSlice(Node &node) {
  std::optional<SmallVector<int64_t>> axes, steps;
  if (node.has(3))
    axes = node.constI64s(3);
  if (node.has(4))
    steps = node.constI64s(4);
  return importSlices(node, node.constI64s(1), node.constI64s(2), axes, steps);
}

LogicalResult importSplit(Node &node) {
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", 0), Emitter::rank(x));
  SmallVector<int64_t> sizes = node.i64s("split", SmallVector<int64_t>());
  if (node.failed())
    return failure();
  if (sizes.empty()) {
    // Equal parts; the last may be smaller.
    int64_t count = node.op.getNumResults(), extent = Emitter::shape(x)[axis];
    if (node.hasAttr("num_outputs") && node.i64("num_outputs") != count)
      return node.error() << "has " << count << " outputs, but num_outputs is "
                          << node.i64("num_outputs");
    int64_t part = llvm::divideCeil(extent, count);
    for (int64_t i = 0; i < count; ++i)
      sizes.push_back(std::clamp<int64_t>(extent - i * part, 0, part));
  }
  if (sizes.size() != node.op.getNumResults())
    return node.error() << "has " << node.op.getNumResults() << " outputs, but "
                        << sizes.size() << " parts";
  SmallVector<Value> parts = split(node.e, x, axis, sizes);
  return node.results(std::vector<Val>(parts.begin(), parts.end()));
}

LogicalResult importSqueeze(Node &node) {
  Value x = node.in(0);
  std::optional<SmallVector<int64_t>> axes;
  if (node.hasAttr("axes"))
    axes = node.i64s("axes");
  if (node.failed())
    return failure();
  return node.result(squeeze(node, x, axes));
}

LogicalResult importTile(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> repeats = node.constI64s(1);
  return node.failed() ? failure() : node.result(tile(node.e, x, repeats));
}

LogicalResult importTranspose(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> reversed =
      llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, Emitter::rank(x))));
  SmallVector<int64_t> permutation = node.i64s("perm", reversed);
  // Coordinates by dimension, the other way round: a row for each element.
  auto nonZero = x.getDefiningOp<ms::NonZeroOp>();
  if (nonZero && nonZero.getByDimension() &&
      ArrayRef<int64_t>(permutation) == ArrayRef<int64_t>{1, 0}) {
    auto rows = node.e.emitAll<ms::NonZeroOp>({nonZero.getInput()});
    return node.result(node.e.sized(rows[0], 0, rows[1]));
  }
  return node.result(transpose(node.e, x, permutation));
}

LogicalResult importTrilu(Node &node) {
  Value x = node.in(0);
  bool upper = node.flag("upper", true);
  int64_t diagonal = 0;
  if (node.has(1)) {
    SmallVector<int64_t> k = node.constI64s(1);
    if (k.size() != 1 && !node.failed())
      return node.error() << "k has " << k.size() << " elements, expected one";
    diagonal = node.failed() ? 0 : k[0];
  }
  if (!node.expectRank(x, 2, 64))
    return failure();
  return node.result(trianglePart(node.e, x, diagonal, !upper));
}

LogicalResult importUnsqueeze(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axes");
  return node.failed() ? failure() : node.result(unsqueeze(node, x, axes));
}

LogicalResult importCenterCropPad(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> sizes = node.constI64s(1);
  SmallVector<int64_t> axes = node.i64s(
      "axes", llvm::to_vector(llvm::seq<int64_t>(0, Emitter::rank(x))));
  if (node.failed())
    return failure();
  if (sizes.size() != axes.size())
    return node.error() << "has " << sizes.size() << " sizes for "
                        << axes.size() << " axes";
  SmallVector<int64_t> low(Emitter::rank(x), 0), high(Emitter::rank(x), 0);
  for (auto [axis, size] : llvm::zip_equal(axes, sizes)) {
    int64_t d = node.axis(axis, Emitter::rank(x));
    if (node.failed() || size < 0)
      return node.failed() ? failure()
                           : LogicalResult(node.error() << "size " << size
                                                        << " is negative");
    // Half of the difference, rounded towards zero, comes first.
    int64_t total = size - Emitter::shape(x)[d];
    low[d] = total / 2;
    high[d] = total - low[d];
  }
  return node.result(pad(node.e, x, low, high));
}

LogicalResult importCol2Im(Node &node) {
  Value x = node.in(0);
  ColumnWindow window;
  window.image = node.constI64s(1);
  window.kernel = node.constI64s(2);
  size_t dims = window.image.size();
  window.dilations = node.i64s("dilations", SmallVector<int64_t>(dims, 1));
  window.strides = node.i64s("strides", SmallVector<int64_t>(dims, 1));
  window.pads = node.i64s("pads", SmallVector<int64_t>(2 * dims, 0));
  if (!node.expectRank(x, 3, 3))
    return failure();
  return node.result(columnsToImage(node.e, x, window));
}

} // namespace msc::import::onnx

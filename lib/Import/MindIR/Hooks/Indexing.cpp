// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that read and write at positions that tensors
/// hold.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

#include <limits>

using namespace mlir;

namespace msc::import::mindir {

LogicalResult importGather(Node &node) {
  Value x = node.in(0), indices = asIndices(node.e, node.in(1));
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), 0);
  int64_t batch = node.i64("batch_dims", 0);
  if (node.failed())
    return failure();
  return node.result(
      gather(node.e, x, indices, axis,
             batch < 0 ? batch + Emitter::rank(indices) : batch));
}

LogicalResult importEmbedding(Node &node) {
  if (node.has(3))
    return node.error() << "max_norm is not supported";
  return node.result(
      gather(node.e, node.in(1), asIndices(node.e, node.in(0)), 0));
}

/// Rows indices - offset of the table; zeros for those that do not exist.
LogicalResult importEmbeddingLookup(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = asIndices(e, node.in(1));
  int64_t offset = node.i64("offset", 0);
  if (!node.expectRank(x, 1, 64))
    return failure();
  indices = e.sub(indices, offset);
  Type type = Emitter::element(indices);
  Value exists = e.emit<ms::LogicalAndOp>(
      {e.emit<ms::GreaterEqualOp>({indices, e.scalar(0, type)}),
       e.emit<ms::LessOp>({indices, e.scalar(Emitter::shape(x)[0], type)})});
  SmallVector<int64_t> shape(Emitter::shape(exists));
  shape.append(Emitter::rank(x) - 1, 1);
  Value rows = gather(e, x, indices, 0);
  return node.result(e.select(reshape(e, exists, shape), rows,
                              e.scalar(0, Emitter::element(x))));
}

/// x[i0, i1, ...] with broadcasting index tensors for the leading dimensions.
LogicalResult importIndex(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<Value> indices = tensorsOf(node, 1);
  if (indices.empty() || int64_t(indices.size()) > Emitter::rank(x))
    return node.error() << "has " << indices.size() << " index tensors for "
                        << x.getType();
  SmallVector<int64_t> shape;
  for (Value index : indices) {
    if (Emitter::element(index).isInteger(1))
      return node.error() << "a bool index has a result of unknown size";
    FailureOr<SmallVector<int64_t>> joined =
        ms::broadcastShapes(e.loc, shape, Emitter::shape(index));
    if (failed(joined))
      return failure();
    shape = *joined;
  }
  for (Value &index : indices) {
    index = broadcastTo(e, e.cast(index, e.i64()), shape);
    index = expandDim(e, index, shape.size());
  }
  return node.result(
      e.emit<ms::GatherNdOp>({x, concat(e, indices, shape.size())}));
}

LogicalResult importTake(Node &node) {
  Value x = node.in(0);
  x = reshape(node.e, x, {Emitter::type(x).getNumElements()});
  return node.result(gather(node.e, x, asIndices(node.e, node.in(1)), 0));
}

// Writing.

LogicalResult importScatterNd(Node &node) {
  Emitter &e = node.e;
  Value indices = asIndices(e, node.in(0)), updates = node.in(1);
  SmallVector<int64_t> shape = node.i64s("shape");
  if (node.failed())
    return failure();
  Value zeros = full(e, 0, shape, Emitter::element(updates));
  // Bools add up to "any".
  bool isBool = Emitter::element(updates).isInteger(1);
  return node.result(e.emit<ms::ScatterNdOp>(
      {zeros, indices, updates}, {{"reduction", isBool ? "none" : "add"}}));
}

/// The reduction of a word or, where enums are numbers, its code.
static std::string reductionOf(Node &node) {
  static constexpr const char *words[] = {"none", "add", "mul", "none"};
  Attribute value = node.attr("reduction");
  if (!value || isa<StringAttr>(value))
    return node.str("reduction", "none");
  int64_t code = node.i64("reduction");
  if (code >= 0 && code < 4)
    return words[code];
  node.error() << "reduction code " << code << " is out of range [0, 4)";
  return "none";
}

static LogicalResult scatterElements(Node &node, size_t indexInput,
                                     std::string reduction) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = asIndices(e, node.in(indexInput));
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), 0);
  Value updates = node.in(indexInput == 1 ? 2 : 3, Emitter::element(x));
  if (node.failed())
    return failure();
  if (Emitter::rank(updates) == 0)
    updates = broadcastTo(e, updates, Emitter::shape(indices));
  // Updates beyond the indices are not used.
  if (Emitter::rank(updates) == Emitter::rank(indices))
    for (auto [d, extent] : llvm::enumerate(Emitter::shape(indices)))
      if (Emitter::shape(updates)[d] > extent)
        updates = slice(e, updates, d, 0, extent);
  return node.result(e.emit<ms::ScatterElementsOp>(
      {x, indices, updates},
      {{"axis", axis}, {"reduction", StringRef(reduction)}}));
}

LogicalResult importTensorScatterElements(Node &node) {
  return scatterElements(node, 1, reductionOf(node));
}
LogicalResult importScatter(Node &node) {
  return scatterElements(node, 2, reductionOf(node));
}
LogicalResult importScatterAdd(Node &node) {
  return scatterElements(node, 2, "add");
}

/// x with rows \p updates ([k, rest...]) combined at positions \p index of
/// dimension \p axis.
static Value scatterRows(Emitter &e, Value x, Value index, Value updates,
                         int64_t axis, StringRef reduction) {
  Value front = moveDim(e, x, axis, 0);
  Value tuples = reshape(e, asIndices(e, index),
                         {Emitter::type(index).getNumElements(), 1});
  Value result = e.emit<ms::ScatterNdOp>({front, tuples, updates},
                                         {{"reduction", reduction}});
  return moveDim(e, result, 0, axis);
}

LogicalResult importIndexAdd(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), index = node.in(2), source = node.in(3);
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x));
  if (node.failed() ||
      !node.expectRank(source, Emitter::rank(x), Emitter::rank(x)))
    return failure();
  if (node.has(4))
    source =
        e.mul(source, reshape(e, node.in(4, Emitter::element(source)), {}));
  return node.result(
      scatterRows(e, x, index, moveDim(e, source, axis, 0), axis, "add"));
}

LogicalResult importIndexFill(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), index = node.in(2),
        value = node.in(3, Emitter::element(x));
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x));
  if (node.failed())
    return failure();
  SmallVector<int64_t> shape(Emitter::shape(x));
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin(), Emitter::type(index).getNumElements());
  Value updates = broadcastTo(e, reshape(e, value, {}), shape);
  return node.result(scatterRows(e, x, index, updates, axis, "none"));
}

/// Combines the slices of x that have one segment number; \p start is the value
/// of empty segments. Negative numbers are left out.
static LogicalResult unsortedSegment(Node &node, StringRef reduction,
                                     double (*start)(Type element)) {
  Emitter &e = node.e;
  Value x = node.in(0), ids = asIndices(e, node.in(1));
  int64_t count = node.i64("num_segments");
  if (!node.expectRank(x, Emitter::rank(ids), 64))
    return failure();
  SmallVector<int64_t> shape{count}, rows{Emitter::type(ids).getNumElements()};
  ArrayRef<int64_t> rest = Emitter::shape(x).drop_front(Emitter::rank(ids));
  llvm::append_range(shape, rest);
  llvm::append_range(rows, rest);
  Type type = Emitter::element(ids);
  Value isNegative = e.emit<ms::LessOp>({ids, e.scalar(0, type)});
  ids = e.select(isNegative, e.scalar(count, type), ids);
  Value zeros = full(e, start(Emitter::element(x)), shape, Emitter::element(x));
  return node.result(
      scatterRows(e, zeros, ids, reshape(e, x, rows), 0, reduction));
}

/// The number that every other of the type is at least (\p sign 1) or at most.
template <int sign> static double extreme(Type element) {
  if (auto type = dyn_cast<FloatType>(element)) {
    APFloat largest = APFloat::getLargest(type.getFloatSemantics(), sign > 0);
    bool lossy;
    largest.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &lossy);
    return largest.convertToDouble();
  }
  unsigned bits = element.getIntOrFloatBitWidth();
  if (element.isUnsignedInteger())
    return sign > 0 ? 0 : std::ldexp(1, bits) - 1;
  return sign > 0 ? -std::ldexp(1, bits - 1) : std::ldexp(1, bits - 1) - 1;
}

LogicalResult importUnsortedSegmentSum(Node &node) {
  return unsortedSegment(node, "add", [](Type) { return 0.0; });
}
LogicalResult importUnsortedSegmentProd(Node &node) {
  return unsortedSegment(node, "mul", [](Type) { return 1.0; });
}
LogicalResult importUnsortedSegmentMax(Node &node) {
  return unsortedSegment(node, "max", extreme<1>);
}
LogicalResult importUnsortedSegmentMin(Node &node) {
  return unsortedSegment(node, "min", extreme<-1>);
}

// Choosing.

LogicalResult importMaskedFill(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), mask = node.in(1, e.boolean());
  return node.result(e.select(mask, node.in(2, Emitter::element(x)), x));
}

/// The elements of the source take the places of the mask, in order.
LogicalResult importMaskedScatter(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), mask = node.in(1, e.boolean());
  Value source = node.in(2, Emitter::element(x));
  FailureOr<SmallVector<int64_t>> shape =
      ms::broadcastShapes(e.loc, Emitter::shape(x), Emitter::shape(mask));
  if (node.failed() || failed(shape))
    return failure();
  x = broadcastTo(e, x, *shape);
  mask = broadcastTo(e, mask, *shape);
  int64_t count = product(e, *shape);
  Value marks = e.cast(reshape(e, mask, {count}), e.i64());
  Value order = e.sub(e.emit<ms::CumSumOp>(marks, {{"axis", 0}}), 1);
  // What comes before the first mark is not used.
  order = e.emit<ms::MaximumOp>({order, e.scalar(0, e.i64())});
  source = reshape(e, source, {Emitter::type(source).getNumElements()});
  return node.result(
      e.select(mask, reshape(e, gather(e, source, order, 0), *shape), x));
}

LogicalResult importSelect(Node &node) {
  Emitter &e = node.e;
  Value condition = node.in(0, e.boolean());
  bool hasTensor = node.has(1) && node.inputs[1].isTensor();
  Value x = node.in(hasTensor ? 1 : 2);
  Value y = node.in(hasTensor ? 2 : 1, Emitter::element(x));
  return node.result(hasTensor ? e.select(condition, x, y)
                               : e.select(condition, y, x));
}

LogicalResult importOneHot(Node &node) {
  Emitter &e = node.e;
  Value indices = node.in(0), on = node.in(2),
        off = node.in(3, Emitter::element(on));
  int64_t depth = node.i64("depth");
  int64_t axis = axisArgument(node, "axis", Emitter::rank(indices) + 1, -1);
  if (node.failed())
    return failure();
  if (depth < 0)
    return node.error() << "the number of classes must be stated, got "
                        << depth;
  return node.result(e.emit<ms::OneHotOp>({indices, on, off},
                                          {{"depth", depth}, {"axis", axis}}));
}

LogicalResult importSearchSorted(Node &node) {
  Emitter &e = node.e;
  Value sequence = node.in(0), values = node.in(1, Emitter::element(sequence));
  Type element = node.dtype("dtype", e.i64());
  bool right = node.flag("right", false);
  if (!node.expectRank(sequence, 1, 64))
    return failure();
  if (node.has(2))
    sequence =
        e.emit<ms::GatherElementsOp>({sequence, asIndices(e, node.in(2))},
                                     {{"axis", Emitter::rank(sequence) - 1}});
  return node.result(
      e.emitTyped<ms::SearchSortedOp>(Emitter::type(values).clone(element),
                                      {sequence, values}, {{"right", right}}));
}

} // namespace msc::import::mindir

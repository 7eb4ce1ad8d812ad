// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that order elements. Semantics: mindspore.ops;
/// the first results are values, the second ones positions along the axis.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

namespace {
struct Sorted {
  Value values, indices; // i64
};
} // namespace

static Sorted sorted(Emitter &e, Value x, int64_t axis, bool descending) {
  SmallVector<Value> results =
      e.emitAll<ms::SortOp>({x}, {{"axis", axis}, {"descending", descending}});
  return results.size() == 2 ? Sorted{results[0], results[1]} : Sorted{x, x};
}

static Sorted topK(Emitter &e, Value x, int64_t axis, int64_t k,
                   bool smallest) {
  SmallVector<Value> results = e.emitAll<ms::TopKOp>(
      {x}, {{"axis", axis}, {"k", k}, {"smallest", smallest}});
  return results.size() == 2 ? Sorted{results[0], results[1]} : Sorted{x, x};
}

/// A vector in place of a number: what the primitives do with rank 0.
static Value atLeastVector(Node &node, Value x) {
  return Emitter::rank(x) ? x : reshape(node.e, x, {1});
}

/// The argument `k`, in [1, extent].
static int64_t countArgument(Node &node, Value x, int64_t axis) {
  int64_t k = node.i64("k"), extent = Emitter::shape(x)[axis];
  if (!node.failed() && (k < 1 || k > extent))
    node.error() << "k is " << k << ", expected 1 to " << extent;
  return node.failed() ? 1 : k;
}

/// TopK (last axis, i32 positions) and TopkExt (i64).
LogicalResult importTopK(Node &node) {
  Emitter &e = node.e;
  bool isExt = node.op.getOp() == "mindir.TopkExt";
  Value x = atLeastVector(node, node.in(0));
  int64_t axis = axisArgument(node, "dim", Emitter::rank(x), -1);
  int64_t k = countArgument(node, x, axis);
  bool largest = node.flag("largest", true);
  if (node.failed())
    return failure();
  Sorted best = topK(e, x, axis, k, !largest);
  if (!isExt)
    best.indices = e.cast(best.indices, e.i32());
  return node.result(Val::tuple({best.values, best.indices}));
}

/// Sort (i32 positions), SortExt (i64) and ArgSort (positions alone).
LogicalResult importSort(Node &node) {
  Emitter &e = node.e;
  StringRef name = node.op.getOp();
  Value x = node.in(0);
  bool isNumber = Emitter::rank(x) == 0;
  x = atLeastVector(node, x);
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), -1);
  bool descending = node.flag("descending", false);
  if (node.failed())
    return failure();
  Sorted all = sorted(e, x, axis, descending);
  if (isNumber)
    all = {reshape(e, all.values, {}), reshape(e, all.indices, {})};
  if (name == "mindir.ArgSort")
    return node.result(all.indices);
  if (name == "mindir.Sort")
    all.indices = e.cast(all.indices, e.i32());
  return node.result(Val::tuple({all.values, all.indices}));
}

/// The \p place-th smallest elements along \p axis.
static LogicalResult takePlace(Node &node, Value x, int64_t axis,
                               int64_t place) {
  Emitter &e = node.e;
  bool keep = node.flag("keep_dims", false);
  if (node.failed())
    return failure();
  Sorted all = sorted(e, x, axis, false);
  for (Value *v : {&all.values, &all.indices}) {
    *v = slice(e, *v, axis, place, 1);
    *v = keep ? *v : squeezeDim(e, *v, axis);
  }
  return node.result(Val::tuple({all.values, all.indices}));
}

LogicalResult importKthvalue(Node &node) {
  Value x = atLeastVector(node, node.in(0));
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), -1);
  int64_t k = countArgument(node, x, axis);
  return node.failed() ? failure() : takePlace(node, x, axis, k - 1);
}

/// The lower one of two middle elements.
LogicalResult importMedian(Node &node) {
  Value x = atLeastVector(node, node.in(0));
  if (node.flag("ignore_nan", false))
    return node.error() << "ignoring NaN is not supported";
  if (node.flag("global_median", false)) {
    x = reshape(node.e, x, {Emitter::type(x).getNumElements()});
    return takePlace(node, x, 0, (Emitter::shape(x)[0] - 1) / 2);
  }
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), -1);
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[axis];
  if (extent < 1)
    return node.error() << "has no median along an axis of no elements";
  return takePlace(node, x, axis, (extent - 1) / 2);
}

/// Whether fewer than k elements of each row are larger than the target.
LogicalResult importInTopK(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), target = asIndices(e, node.in(1));
  int64_t k = node.i64("k");
  if (!node.expectRank(x, 2, 2) || !node.expectRank(target, 1, 1))
    return failure();
  Value score =
      e.emit<ms::GatherElementsOp>({x, expandDim(e, target, 1)}, {{"axis", 1}});
  Value larger = e.cast(e.emit<ms::GreaterOp>({x, score}), e.i64());
  return node.result(e.emit<ms::LessOp>(
      {reduce(e, "sum", larger, {1}), e.scalar(double(k), e.i64())}));
}

/// The k largest probabilities of each row, their experts, and the position
/// row + expert place * rows (i32).
LogicalResult importMoeGatingTopK(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (node.has(1))
    return node.error() << "rows that have finished are not supported";
  if (!node.expectRank(x, 2, 3))
    return failure();
  int64_t axis = Emitter::rank(x) - 1;
  int64_t k = countArgument(node, x, axis);
  if (node.failed())
    return failure();
  Sorted best = topK(e, softmax(e, x, axis), axis, k, /*smallest=*/false);
  SmallVector<int64_t> shape(Emitter::shape(best.values));
  int64_t rows = Emitter::type(best.values).getNumElements() / k;
  Value places =
      transpose(e, reshape(e, iota(e, rows * k, e.i32()), {k, rows}), {1, 0});
  return node.result(Val::tuple(
      {best.values, e.cast(best.indices, e.i32()), reshape(e, places, shape)}));
}

} // namespace msc::import::mindir

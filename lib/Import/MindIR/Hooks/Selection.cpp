// SPDX-License-Identifier: Apache-2.0
//
/// \file Primitives whose result sizes depend on data.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

LogicalResult importMaskedSelect(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), mask = node.in(1);
  if (node.failed())
    return failure();
  auto shape =
      ms::broadcastShapes(e.loc, Emitter::shape(x), Emitter::shape(mask));
  if (failed(shape))
    return failure();
  int64_t n = ShapedType::getNumElements(*shape);
  auto flat = [&](Value v) {
    return reshape(e, broadcastTo(e, v, *shape), {n});
  };
  auto results =
      e.emitAll<ms::CompressOp>({flat(x), flat(mask)}, {{"axis", 0}});
  return node.result(e.sized(results[0], 0, results.back()));
}

LogicalResult importNonZero(Node &node) {
  auto results = node.e.emitAll<ms::NonZeroOp>({node.in(0)});
  return node.result(node.e.sized(results[0], 0, results.back()));
}

/// Column \p i of \p matrix, as a vector.
static Value column(Emitter &e, Value matrix, int64_t i) {
  return reshape(e, slice(e, matrix, 1, i, 1), {Emitter::shape(matrix)[0]});
}

// One vector of places per dimension.
LogicalResult importNonZeroExt(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  auto results = e.emitAll<ms::NonZeroOp>({x});
  if (node.failed())
    return failure();
  Value places = e.sized(results[0], 0, results.back());
  std::vector<Val> columns;
  for (int64_t i = 0; i < Emitter::rank(x); ++i)
    columns.push_back(column(e, places, i));
  return node.result(Val::tuple(columns));
}

LogicalResult importUnique(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  auto results = e.emitAll<ms::UniqueOp>({x}, {{"axis", 0}});
  if (node.failed())
    return failure();
  // The places are of the input's type, where that holds indices.
  Type element = Emitter::element(x) == e.i64() ? e.i64() : e.i32();
  return node.result(Val::tuple(
      {e.sized(results[0], 0, results.back()), e.cast(results[2], element)}));
}

// Of the flattened input. The places and counts are there asked for or not.
LogicalResult importUnique2(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (node.failed())
    return failure();
  Value flat = reshape(e, x, {Emitter::type(x).getNumElements()});
  auto results = e.emitAll<ms::UniqueOp>(
      {flat}, {{"axis", 0}, {"sorted", node.flag("sorted", true)}});
  if (node.failed())
    return failure();
  Value count = results.back();
  return node.result(Val::tuple({e.sized(results[0], 0, count),
                                 reshape(e, results[2], Emitter::shape(x)),
                                 e.sized(results[3], 0, count)}));
}

LogicalResult importNonMaxSuppressionV3(Node &node) {
  Emitter &e = node.e;
  Value boxes = e.cast(node.in(0), e.f32()),
        scores = e.cast(node.in(1), e.f32());
  if (!node.expectRank(boxes, 2, 2) || !node.expectRank(scores, 1, 1))
    return failure();
  int64_t n = Emitter::shape(boxes)[0];
  auto scalar = [&](size_t i, Type element) {
    return reshape(e, node.in(i, element), {});
  };
  auto results = e.emitAll<ms::NonMaxSuppressionOp>(
      {reshape(e, boxes, {1, n, 4}), reshape(e, scores, {1, 1, n}),
       scalar(2, e.i64()), scalar(3, e.f32()), scalar(4, e.f32())},
      {{"limit", n}});
  if (node.failed())
    return failure();
  Value selected = e.sized(results[0], 0, results.back());
  return node.result(e.cast(column(e, selected, 2), e.i32()));
}

} // namespace msc::import::mindir

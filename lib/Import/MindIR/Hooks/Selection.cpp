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
  Value rows =
      reshape(e, slice(e, selected, 1, 2, 1), {Emitter::shape(selected)[0]});
  return node.result(e.cast(rows, e.i32()));
}

} // namespace msc::import::mindir

// SPDX-License-Identifier: Apache-2.0
//
/// \file Operators whose result sizes depend on data.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

#include <limits>

using namespace mlir;

namespace msc::import::onnx {

/// The axis of attribute `axis`; without it \p x is flattened, and it is 0.
static int64_t axisOrFlatten(Node &node, Value &x) {
  if (node.hasAttr("axis"))
    return node.axis(node.i64("axis"), Emitter::rank(x));
  x = reshape(node.e, x, {Emitter::type(x).getNumElements()});
  return 0;
}

LogicalResult importCompress(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), mask = node.in(1);
  int64_t axis = axisOrFlatten(node, x);
  if (node.failed())
    return failure();
  auto results = e.emitAll<ms::CompressOp>({x, mask}, {{"axis", axis}});
  return node.result(e.sized(results[0], axis, results.back()));
}

LogicalResult importNonZero(Node &node) {
  auto results =
      node.e.emitAll<ms::NonZeroOp>({node.in(0)}, {{"by_dimension", true}});
  return node.result(node.e.sized(results[0], 1, results.back()));
}

LogicalResult importUnique(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t axis = axisOrFlatten(node, x);
  auto results = e.emitAll<ms::UniqueOp>(
      {x}, {{"axis", axis}, {"sorted", node.flag("sorted", true)}});
  if (node.failed())
    return failure();
  Value count = results[4];
  return node.results({e.sized(results[0], axis, count),
                       e.sized(results[1], 0, count), results[2],
                       e.sized(results[3], 0, count)});
}

/// The only element of optional input \p i, as a tensor of rank 0.
static Value scalarInput(Node &node, size_t i, double fallback, Type element) {
  if (!node.has(i))
    return node.e.scalar(fallback, element);
  Value v = node.e.cast(node.in(i), element);
  if (!node.failed() && Emitter::type(v).getNumElements() != 1)
    node.error() << "input " << i << " is " << v.getType()
                 << ", expected one element";
  return node.failed() ? v : reshape(node.e, v, {});
}

LogicalResult importNonMaxSuppression(Node &node) {
  Emitter &e = node.e;
  Value boxes = node.in(0), scores = node.in(1);
  Value most = scalarInput(node, 2, 0, e.i64()),
        overlap = scalarInput(node, 3, 0, e.f32()),
        score = scalarInput(node, 4, -std::numeric_limits<double>::infinity(),
                            e.f32());
  int64_t center = node.i64("center_point_box", 0);
  if (!node.expectRank(boxes, 3, 3))
    return failure();
  // The result is smaller where the limit is known.
  int64_t limit = Emitter::shape(boxes)[1];
  if (DenseElementsAttr known = node.importer.shapeConstant(most))
    limit = std::clamp<int64_t>(known.getSplatValue<APInt>().getSExtValue(), 0,
                                limit);
  auto results = e.emitAll<ms::NonMaxSuppressionOp>(
      {boxes, scores, most, overlap, score},
      {{"limit", limit}, {"center_point_box", center != 0}});
  return node.result(e.sized(results[0], 0, results.back()));
}

} // namespace msc::import::onnx

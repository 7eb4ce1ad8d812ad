// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX indexing operators that are not one row. Meaning and defaults:
/// https://onnx.ai/onnx/operators/.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// "NAME: ", or nothing for a node without a name.
static std::string sourceName(Location loc) {
  std::string text;
  loc->walk([&](Location part) {
    auto name = dyn_cast<NameLoc>(part);
    if (!name)
      return WalkResult::advance();
    text = name.getName().str() + ": ";
    return WalkResult::interrupt();
  });
  return text;
}

/// "It is an error if any of the index values are out of bounds": indices are
/// in [-extent, extent). Where their number depends on data, what lies behind
/// them may be anything, and nothing is checked.
static void checkIndices(Node &node, Value indices, int64_t extent) {
  Emitter &e = node.e;
  if (e.sizeOf(indices))
    return;
  Type element = Emitter::element(indices);
  Value isHigh =
      e.emit<ms::LessOp>({indices, e.scalar(double(extent), element)});
  Value isLow =
      e.emit<ms::GreaterEqualOp>({indices, e.scalar(-double(extent), element)});
  Value inside = e.emit<ms::LogicalAndOp>({isLow, isHigh});
  if (node.failed())
    return;
  DenseElementsAttr known = Emitter::literal(inside);
  if (!known) {
    e.builder.create<ms::AssertOp>(e.loc, inside,
                                   (sourceName(e.loc) +
                                    "an index is out of range [" +
                                    Twine(-extent) + ", " + Twine(extent) + ")")
                                       .str());
    return;
  }
  if (!llvm::all_of(known.getValues<bool>(), [](bool fits) { return fits; }))
    node.error() << "an index is out of range [" << -extent << ", " << extent
                 << ")";
}

template <typename OpT> static LogicalResult importGatherAlong(Node &node) {
  Value x = node.in(0), indices = node.in(1);
  int64_t axis = node.axis(node.i64("axis", 0), Emitter::rank(x));
  if (node.failed())
    return failure();
  checkIndices(node, indices, Emitter::shape(x)[axis]);
  return node.result(node.e.emit<OpT>({x, indices}, {{"axis", axis}}));
}

LogicalResult importGather(Node &node) {
  return importGatherAlong<ms::GatherOp>(node);
}

LogicalResult importGatherElements(Node &node) {
  return importGatherAlong<ms::GatherElementsOp>(node);
}

LogicalResult importOneHot(Node &node) {
  Emitter &e = node.e;
  Value indices = e.cast(node.in(0), e.i64()), values = node.in(2);
  SmallVector<double> depths = node.constF64s(1); // of any number type
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(indices) + 1);
  if (!node.expectRank(values, 1, 1))
    return failure();
  if (depths.size() != 1 || !(depths[0] >= 0 && depths[0] <= INT32_MAX) ||
      Emitter::shape(values)[0] != 2)
    return node.error() << "expects one depth and two values";
  auto depth = int64_t(depths[0]);
  Value isNegative = e.emit<ms::LessOp>({indices, e.scalar(0, e.i64())});
  indices = e.select(isNegative, e.add(indices, double(depth)), indices);
  Value off = slice(e, values, 0, 0, 1), on = slice(e, values, 0, 1, 1);
  return node.result(e.emit<ms::OneHotOp>({indices, on, off},
                                          {{"depth", depth}, {"axis", axis}}));
}

/// present[b, ..., indices[b] + s, ...] = update[b, ..., s, ...]
LogicalResult importTensorScatter(Node &node) {
  Emitter &e = node.e;
  Value cache = node.in(0), update = node.in(1);
  int64_t rank = Emitter::rank(cache);
  int64_t axis = node.axis(node.i64("axis", -2), rank);
  std::string mode = node.str("mode", "linear");
  if (node.failed())
    return failure();
  if (axis == 0 || Emitter::rank(update) != rank)
    return node.error() << "cannot write " << update.getType() << " into "
                        << cache.getType() << " along axis " << axis;
  Value position =
      iotaDim(e, Emitter::shape(update)[axis], e.i64(), axis, rank);
  if (node.has(2)) {
    SmallVector<int64_t> shape(rank, 1);
    shape[0] = Emitter::shape(cache)[0];
    position = e.add(position, reshape(e, e.cast(node.in(2), e.i64()), shape));
  }
  if (mode == "circular")
    position = e.emit<ms::ModOp>(
        {position, e.scalar(Emitter::shape(cache)[axis], e.i64())});
  else if (mode != "linear")
    return node.error() << "mode '" << mode << "' is not linear or circular";
  Value indices = broadcastTo(e, position, Emitter::shape(update));
  return node.result(e.emit<ms::ScatterElementsOp>({cache, indices, update},
                                                   {{"axis", axis}}));
}

LogicalResult importTopK(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  SmallVector<int64_t> k = node.i64s("k");
  if (!node.failed() && k.size() != 1)
    node.error() << "k has " << k.size() << " elements, expected 1";
  if (node.failed())
    return failure();
  SmallVector<Value> top = e.emitAll<ms::TopKOp>(
      x,
      {{"axis", axis}, {"k", k[0]}, {"smallest", !node.flag("largest", true)}});
  return node.results({top[0], top[1]});
}

LogicalResult importArrayFeatureExtractor(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = asIndices(e, node.in(1));
  if (!node.expectRank(x, 1, 64))
    return failure();
  indices = reshape(e, indices, {Emitter::type(indices).getNumElements()});
  if (Emitter::rank(x) == 1)
    x = expandDim(e, x, 0);
  return node.result(gather(e, x, indices, Emitter::rank(x) - 1));
}

} // namespace msc::import::onnx

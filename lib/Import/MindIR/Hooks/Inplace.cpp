// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that change their first argument. A parameter
/// becomes state; of any other value the result is a new one, which later nodes
/// use (the format's monads order them).
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Gives the first argument the value \p next.
static LogicalResult change(Node &node, Value next) {
  if (node.failed())
    return failure();
  if (next.getType() != node.in(0).getType())
    return node.error() << "changes " << node.in(0).getType() << " to "
                        << next.getType();
  if (!node.inputs[0].parameter.empty())
    node.importer.assign(node.inputs[0].parameter, next);
  return node.result(next);
}

/// "ScatterNdAdd" -> "add"; Update replaces.
static StringRef reductionOf(Node &node) {
  static constexpr std::pair<StringRef, StringRef> words[] = {
      {"Add", "add"}, {"Sub", "sub"}, {"Mul", "mul"},
      {"Div", "div"}, {"Max", "max"}, {"Min", "min"}};
  for (auto [suffix, word] : words)
    if (node.op.getOp().ends_with(suffix))
      return word;
  return "none";
}

LogicalResult importScatterNdInplace(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = asIndices(e, node.in(1));
  Value updates = node.in(2, Emitter::element(x));
  return change(node,
                e.emit<ms::ScatterNdOp>({x, indices, updates},
                                        {{"reduction", reductionOf(node)}}));
}

/// x[indices[i...], ...] = updates[i..., ...]
LogicalResult importScatterInplace(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = asIndices(e, node.in(1));
  Value updates = node.in(2, Emitter::element(x));
  indices = expandDim(e, indices, Emitter::rank(indices));
  return change(node,
                e.emit<ms::ScatterNdOp>({x, indices, updates},
                                        {{"reduction", reductionOf(node)}}));
}

/// The second argument in the first one's type, times `alpha`.
static Value operand(Node &node) {
  Value other = node.in(1, Emitter::element(node.in(0)));
  if (node.numInputs() < 3 || !node.has(2) || node.inputs[2].kind == Val::Monad)
    return other;
  return node.e.mul(other,
                    reshape(node.e, node.in(2, Emitter::element(other)), {}));
}

LogicalResult importInplaceAdd(Node &node) {
  return change(node, node.e.add(node.in(0), operand(node)));
}
LogicalResult importInplaceSub(Node &node) {
  return change(node, node.e.sub(node.in(0), operand(node)));
}
LogicalResult importInplaceMul(Node &node) {
  return change(node, node.e.mul(node.in(0), operand(node)));
}
LogicalResult importInplaceDiv(Node &node) {
  return change(node, node.e.div(node.in(0), operand(node)));
}

LogicalResult importInplaceFill(Node &node) {
  Value x = node.in(0), value = node.in(1, Emitter::element(x));
  return change(
      node, broadcastTo(node.e, reshape(node.e, value, {}), Emitter::shape(x)));
}

LogicalResult importInplaceCopy(Node &node) {
  Value x = node.in(0), value = node.in(1, Emitter::element(x));
  return change(node, broadcastTo(node.e, value, Emitter::shape(x)));
}

LogicalResult importInplaceZero(Node &node) {
  Value x = node.in(0);
  return change(node, full(node.e, 0, Emitter::shape(x), Emitter::element(x)));
}

} // namespace msc::import::mindir

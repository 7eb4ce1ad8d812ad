// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that change their first argument, in the order
/// of the nodes (the format's monads say it). A parameter becomes state; any
/// other value has a new one from there on.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Whether the result of \p op is the memory of its first argument.
static bool isFirstArgument(Operation *op) {
  auto node = dyn_cast_if_present<graph::NodeOp>(op);
  StringRef name = node ? node.getOp() : "";
  return name.starts_with("mindir.Inplace") || name == "mindir.Depend" ||
         (name.starts_with("mindir.Scatter") && name != "mindir.ScatterNd");
}

/// The values of the model that are the memory of \p value: what earlier and
/// later changes of it give, and what they change.
static llvm::SetVector<Value> namesOf(Value value) {
  while (isFirstArgument(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  llvm::SetVector<Value> names;
  names.insert(value);
  for (size_t i = 0; i < names.size(); ++i)
    for (OpOperand &use : names[i].getUses())
      if (use.getOperandNumber() == 0 && isFirstArgument(use.getOwner()))
        names.insert(use.getOwner()->getResult(0));
  return names;
}

/// Gives the first argument, by whatever name later nodes call it, the value
/// \p next.
static LogicalResult change(Node &node, Value next) {
  if (node.failed())
    return failure();
  if (next.getType() != node.in(0).getType())
    return node.error() << "changes " << node.in(0).getType() << " to "
                        << next.getType();
  if (!node.inputs[0].parameter.empty())
    node.importer.assign(node.inputs[0].parameter, next);
  else
    for (Value name : namesOf(node.op.getInputs()[0]))
      node.importer.update(name, next);
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

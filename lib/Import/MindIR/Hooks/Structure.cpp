// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR primitives that build and take apart sequences or pass their
/// input on: they compute nothing.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

LogicalResult importFirst(Node &node) {
  if (node.numInputs() == 0)
    return node.error() << "input 0 is missing";
  return node.result(node.inputs[0]);
}

LogicalResult importLoad(Node &node) {
  if (node.numInputs() == 0)
    return node.error() << "input 0 is missing";
  // Reads what was assigned last, if anything was.
  auto weight = node.op.getInputs()[0].getDefiningOp<graph::ParameterOp>();
  auto type = weight ? dyn_cast<RankedTensorType>(weight.getType())
                     : RankedTensorType();
  if (!type)
    return node.result(node.inputs[0]);
  return node.result(node.importer.parameter(weight.getName(), type));
}

LogicalResult importEffect(Node &node) { return node.result(Val::monad()); }

LogicalResult importMakeTuple(Node &node) {
  return node.result(Val::tuple(node.inputs));
}

/// The elements of sequence input \p i, or an error and none.
static ArrayRef<Val> sequence(Node &node, size_t i) {
  if (i < node.numInputs() && node.inputs[i].isTuple())
    return node.inputs[i].elements;
  node.error() << "input " << i << " is not a sequence of known length";
  return {};
}

LogicalResult importGetItem(Node &node) {
  ArrayRef<Val> elements = sequence(node, 0);
  int64_t index = node.i64("index");
  if (node.failed())
    return failure();
  int64_t size = elements.size();
  if (index < -size || index >= size)
    return node.error() << "index " << index << " is out of range [" << -size
                        << ", " << size << ")";
  return node.result(elements[index < 0 ? index + size : index]);
}

LogicalResult importSequenceAdd(Node &node) {
  std::vector<Val> all(sequence(node, 0));
  llvm::append_range(all, sequence(node, 1));
  return node.result(Val::tuple(std::move(all)));
}

/// Longer sequences are no model's.
static constexpr int64_t maxSequence = 1 << 16;

LogicalResult importSequenceMul(Node &node) {
  ArrayRef<Val> elements = sequence(node, 0);
  int64_t count = std::max<int64_t>(node.i64("count"), 0);
  if (node.failed())
    return failure();
  if (!elements.empty() && count > maxSequence / int64_t(elements.size()))
    return node.error() << "a sequence of " << elements.size() << " times "
                        << count << " elements is too long";
  std::vector<Val> all;
  for (int64_t k = 0; k < count; ++k)
    llvm::append_range(all, elements);
  return node.result(Val::tuple(std::move(all)));
}

LogicalResult importSequenceSlice(Node &node) {
  ArrayRef<Val> elements = sequence(node, 0);
  int64_t size = elements.size(), step = node.i64("step", 1);
  if (step == 0 && !node.failed())
    node.error() << "step must not be 0";
  if (node.failed())
    return failure();
  step = std::clamp(step, -size - 1, size + 1);
  // As Python: bounds count from the end where negative and are clamped.
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  auto bound = [&](StringRef name, int64_t fallback) {
    if (!node.hasAttr(name))
      return fallback;
    int64_t at = node.i64(name);
    return std::clamp(at < 0 ? at + size : at, low, high);
  };
  int64_t start = bound("start", step > 0 ? 0 : size - 1);
  int64_t stop = bound("stop", step > 0 ? size : -1);
  std::vector<Val> part;
  for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
    part.push_back(elements[i]);
  return node.result(Val::tuple(std::move(part)));
}

LogicalResult importSequenceLength(Node &node) {
  return node.result(
      Val::literal(node.e.builder.getI64IntegerAttr(sequence(node, 0).size())));
}

LogicalResult importDropout(Node &node) {
  double keep = node.f64("keep_prob", 0.5);
  if (node.failed())
    return failure();
  if (keep != 1)
    return node.error() << "drops random elements (keep_prob " << keep
                        << "): export the network with set_train(False)";
  Value x = node.in(0);
  Value mask = full(node.e, 1, Emitter::shape(x), node.e.boolean());
  return node.result(Val::tuple({x, mask}));
}

} // namespace msc::import::mindir

// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX sequences and optionals, as tuples of known length and as values
/// that are there or not: both are known while compiling and leave no trace.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// The elements of input \p i, or null with an error.
static const std::vector<Val> *sequence(Node &node, size_t i) {
  if (node.has(i) && node.inputs[i].isTuple())
    return &node.inputs[i].elements;
  node.error() << "input " << i << " is not a sequence of known length";
  return nullptr;
}

/// The position that input \p i states in [-size, size), from the front;
/// \p fallback where it is absent.
static int64_t position(Node &node, size_t i, int64_t size, int64_t fallback) {
  if (!node.has(i))
    return fallback;
  SmallVector<int64_t> values = node.constI64s(i);
  if (values.size() == 1 && values[0] >= -size && values[0] < size)
    return values[0] < 0 ? values[0] + size : values[0];
  if (!node.failed())
    node.error() << "position [" << values << "] is out of range [" << -size
                 << ", " << size << ")";
  return fallback;
}

static Value number(Emitter &e, int64_t value) {
  return e.constant(DenseElementsAttr::get(RankedTensorType::get({}, e.i64()),
                                           ArrayRef<int64_t>(value)));
}

LogicalResult importSequenceConstruct(Node &node) {
  return node.result(Val::tuple(node.inputs));
}

LogicalResult importSequenceEmpty(Node &node) {
  return node.result(Val::tuple({}));
}

LogicalResult importSequenceAt(Node &node) {
  const std::vector<Val> *values = sequence(node, 0);
  if (!values)
    return failure();
  int64_t at = position(node, 1, int64_t(values->size()), 0);
  return node.failed() ? failure() : node.result((*values)[at]);
}

LogicalResult importSequenceInsert(Node &node) {
  const std::vector<Val> *values = sequence(node, 0);
  if (!values || !node.has(1))
    return values ? node.error() << "has nothing to insert"
                  : LogicalResult(failure());
  auto size = int64_t(values->size());
  std::vector<Val> result = *values;
  // Behind the last one is a position too.
  int64_t at = size;
  if (node.has(2)) {
    SmallVector<int64_t> stated = node.constI64s(2);
    if (stated.size() == 1 && stated[0] == size)
      stated.clear();
    at = stated.empty() ? size : position(node, 2, size, size);
  }
  if (node.failed())
    return failure();
  result.insert(result.begin() + at, node.inputs[1]);
  return node.result(Val::tuple(std::move(result)));
}

LogicalResult importSequenceErase(Node &node) {
  const std::vector<Val> *values = sequence(node, 0);
  if (!values)
    return failure();
  auto size = int64_t(values->size());
  int64_t at = position(node, 1, size, size - 1);
  if (!node.failed() && size == 0)
    node.error() << "erases from an empty sequence";
  if (node.failed())
    return failure();
  std::vector<Val> result = *values;
  result.erase(result.begin() + at);
  return node.result(Val::tuple(std::move(result)));
}

LogicalResult importSequenceLength(Node &node) {
  const std::vector<Val> *values = sequence(node, 0);
  return values ? node.result(number(node.e, int64_t(values->size())))
                : failure();
}

LogicalResult importSplitToSequence(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", 0), Emitter::rank(x));
  bool keep = node.has(1) || node.flag("keepdims", true);
  SmallVector<int64_t> sizes{1};
  if (node.has(1))
    sizes = node.constI64s(1);
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[axis];
  bool isOne = !node.has(1) || Emitter::rank(node.in(1)) == 0;
  if (isOne) { // parts of one size; the last one may be smaller
    if (sizes.size() != 1 || sizes[0] < 1)
      return node.error() << "cannot split into parts of [" << sizes << "]";
    int64_t size = sizes[0];
    sizes.assign(extent / size, size);
    if (extent % size)
      sizes.push_back(extent % size);
  }
  std::vector<Val> parts;
  for (Value part : split(e, x, axis, sizes))
    parts.push_back(keep || node.failed() ? part : squeezeDim(e, part, axis));
  return node.result(Val::tuple(std::move(parts)));
}

LogicalResult importConcatFromSequence(Node &node) {
  Emitter &e = node.e;
  const std::vector<Val> *values = sequence(node, 0);
  bool isNew = node.flag("new_axis", false);
  int64_t axis = node.i64("axis");
  if (!values || node.failed())
    return failure();
  if (values->empty())
    return node.error() << "has nothing to concatenate";
  SmallVector<Value> parts;
  for (const Val &val : *values) {
    Value v = node.importer.asTensor(val);
    int64_t at = v ? node.axis(axis, Emitter::rank(v) + isNew) : 0;
    if (node.failed())
      return failure();
    parts.push_back(isNew ? expandDim(e, v, at) : v);
  }
  return node.result(
      concat(e, parts, node.axis(axis, Emitter::rank(parts[0]))));
}

/// Runs the body for each element of the first sequence and those beside it;
/// other inputs are the same in each run.
LogicalResult importSequenceMap(Node &node) {
  const std::vector<Val> *values = sequence(node, 0);
  if (!values)
    return failure();
  if (node.op.getSubgraphs().size() != 1)
    return node.error() << "lacks the sub-graph 'body'";
  Region &body = node.op.getSubgraphs().front();
  std::vector<std::vector<Val>> parts(
      body.front().getTerminator()->getNumOperands());
  for (size_t i = 0; i < values->size(); ++i) {
    std::vector<Val> args, results;
    for (const Val &input : node.inputs) {
      if (input.isTuple() && i >= input.elements.size())
        return node.error() << "has sequences of " << values->size() << " and "
                            << input.elements.size() << " elements";
      args.push_back(input.isTuple() ? input.elements[i] : input);
    }
    if (failed(node.importer.runRegion(body, args, results)))
      return failure();
    for (size_t k = 0; k < parts.size() && k < results.size(); ++k)
      parts[k].push_back(results[k]);
  }
  std::vector<Val> results;
  for (std::vector<Val> &part : parts)
    results.push_back(Val::tuple(std::move(part)));
  return node.results(std::move(results));
}

LogicalResult importOptional(Node &node) {
  return node.result(node.has(0) ? node.inputs[0] : Val());
}

LogicalResult importOptionalHasElement(Node &node) {
  return node.result(node.e.constant(DenseElementsAttr::get(
      RankedTensorType::get({}, node.e.boolean()), node.has(0))));
}

LogicalResult importOptionalGetElement(Node &node) {
  if (!node.has(0))
    return node.error() << "takes the element of an empty optional";
  return node.result(node.inputs[0]);
}

} // namespace msc::import::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's matrix products. Semantics: mindspore.ops.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// The two operands in one element type.
static std::pair<Value, Value> operandPair(Node &node, size_t i, size_t j) {
  SmallVector<Value> operands = node.promote({i, j});
  return {operands[0], operands[1]};
}

LogicalResult importMatMul(Node &node) {
  auto [a, b] = operandPair(node, 0, 1);
  return node.result(matmul(node.e, a, b, node.flag("transpose_a", false),
                            node.flag("transpose_b", false)));
}

/// x * weight^T + bias
LogicalResult importDense(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1, Emitter::element(x));
  bool isVector = Emitter::rank(weight) == 1;
  Value y = matmul(e, x, weight, false, !isVector);
  if (node.has(2) && node.inputs[2].isTensor())
    y = e.add(y, node.in(2, Emitter::element(x)));
  return node.result(y);
}

LogicalResult importOuter(Node &node) {
  Emitter &e = node.e;
  auto [a, b] = operandPair(node, 0, 1);
  if (!node.expectRank(a, 1, 1) || !node.expectRank(b, 1, 1))
    return failure();
  return node.result(e.mul(expandDim(e, a, 1), b));
}

/// beta * input + alpha * product, where the numbers may be absent.
static Value blend(Node &node, Value product) {
  Emitter &e = node.e;
  Type element = Emitter::element(product);
  auto scaled = [&](Value v, StringRef name) {
    double factor = node.f64(name, 1);
    return factor == 1 ? v : e.mul(v, factor);
  };
  Value input = scaled(node.in(0, element), "beta");
  return e.add(input, scaled(product, "alpha"));
}

LogicalResult importAddmm(Node &node) {
  return node.result(blend(node, matmul(node.e, node.in(1), node.in(2))));
}

/// As importAddmm, with the sum over the batch.
LogicalResult importAddbmm(Node &node) {
  Value product = matmul(node.e, node.in(1), node.in(2));
  return node.result(blend(node, reduce(node.e, "sum", product, 0)));
}

LogicalResult importAddr(Node &node) {
  Emitter &e = node.e;
  Value a = node.in(1), b = node.in(2);
  if (!node.expectRank(a, 1, 1) || !node.expectRank(b, 1, 1))
    return failure();
  return node.result(blend(node, e.mul(expandDim(e, a, 1), b)));
}

LogicalResult importEinsum(Node &node) {
  std::string equation = node.str("equation");
  SmallVector<Value> operands;
  for (const Val &input : node.inputs)
    if (input.isTuple())
      for (const Val &element : input.elements)
        operands.push_back(node.importer.asTensor(element));
    else if (input.isTensor())
      operands.push_back(input.tensor);
  return node.failed() ? failure()
                       : node.result(einsum(node.e, equation, operands));
}

/// Adds along axis 1, or the last one in the layout with channels there.
LogicalResult importBiasAdd(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), bias = node.in(1, Emitter::element(x));
  if (!node.expectRank(x, 2, 64) || !node.expectRank(bias, 1, 1))
    return failure();
  return node.result(isChannelsLast(node) ? e.add(x, bias)
                                          : addBias(e, x, bias));
}

} // namespace msc::import::mindir

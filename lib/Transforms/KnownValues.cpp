// SPDX-License-Identifier: Apache-2.0
//
/// \file Values that rewrites may read while compiling.
#include "lib/Transforms/KnownValues.h"

#include <cmath>

using namespace mlir;

namespace msc {

/// Ops between a constant and its use that are evaluated.
static constexpr unsigned maxDepth = 12;
static constexpr int64_t maxElements = 16;

std::optional<reference::Tensor> KnownValues::read(Value value,
                                                   unsigned depth) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  Operation *op = value.getDefiningOp();
  if (!op || !type || !type.hasStaticShape() || depth > maxDepth ||
      type.getNumElements() > maxElements)
    return std::nullopt;
  if (auto constant = dyn_cast<ms::ConstantOp>(op)) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!dense)
      return std::nullopt;
    return reference::fromAttr(dense);
  }
  if (auto parameter = dyn_cast<ms::ParameterOp>(op)) {
    Parameter *stored = store ? store->find(parameter.getName()) : nullptr;
    if (!stored)
      return std::nullopt;
    used.insert(stored);
    return reference::Tensor(type, stored->data);
  }
  if (!reference::canEvaluate(op) || op->getNumOperands() == 0)
    return std::nullopt;
  std::vector<reference::Tensor> operands, results;
  for (Value operand : op->getOperands()) {
    std::optional<reference::Tensor> known = read(operand, depth + 1);
    if (!known)
      return std::nullopt;
    operands.push_back(std::move(*known));
  }
  std::vector<const reference::Tensor *> inputs;
  for (const reference::Tensor &operand : operands)
    inputs.push_back(&operand);
  ScopedDiagnosticHandler quiet(op->getContext(),
                                [](Diagnostic &) { return success(); });
  if (failed(reference::evaluate(op, inputs, results)))
    return std::nullopt;
  return results[cast<OpResult>(value).getResultNumber()];
}

std::optional<double> KnownValues::number(Value value) {
  std::optional<reference::Tensor> known = read(value, 0);
  if (!known || known->size() != 1 || !known->isFloat())
    return std::nullopt;
  return known->getFloat(0);
}

bool KnownValues::isNumber(Value value, double expected) {
  std::optional<double> known = number(value);
  return known && isAbout(*known, expected);
}

std::optional<int64_t> KnownValues::integer(Value value) {
  std::optional<reference::Tensor> known = read(value, 0);
  if (!known || known->size() != 1 || known->isFloat())
    return std::nullopt;
  return known->getInt(0);
}

bool KnownValues::isTrue(Value value) {
  std::optional<reference::Tensor> known = read(value, 0);
  return known && llvm::all_of(known->ints(), [](int64_t v) { return v != 0; });
}

void KnownValues::freeze() {
  for (Parameter *parameter : used)
    parameter->frozen = true;
}

bool isAbout(double actual, double expected) {
  return std::abs(actual - expected) <= 1e-6 * std::abs(expected);
}

} // namespace msc

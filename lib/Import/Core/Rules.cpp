// SPDX-License-Identifier: Apache-2.0
//
/// \file Look-up of rule rows and the generic mapping they describe.
#include "msc/Import/Codecs.h"
#include "msc/Import/Importer.h"

#include "mlir/AsmParser/AsmParser.h"
#include <map>
#include <mutex>

using namespace mlir;

namespace msc::import {

/// Rows by source operator and version.
static std::map<std::string, std::map<int64_t, const ImportRule *>, std::less<>> &table() {
  static std::map<std::string, std::map<int64_t, const ImportRule *>, std::less<>> rows;
  return rows;
}

void addRules(ArrayRef<ImportRule> rules) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  for (const ImportRule &rule : rules)
    table()[rule.source][rule.since] = &rule;
}

const ImportRule *findRule(StringRef op, int64_t version) {
  auto it = table().find(std::string_view(op));
  if (it == table().end())
    return nullptr;
  auto row = it->second.upper_bound(version);
  return row == it->second.begin() ? nullptr : std::prev(row)->second;
}

/// The element type that operands of different types meet in: as numpy, but a
/// Python number takes the type of the tensors and an int array does not widen
/// a float one.
static Type commonElement(Emitter &e, ArrayRef<Value> tensors) {
  auto priority = [](Type t) {
    if (isa<FloatType>(t))
      return 200 + int(t.getIntOrFloatBitWidth());
    return t.isInteger(1) ? 0 : int(t.getIntOrFloatBitWidth()) + !t.isUnsignedInteger();
  };
  Type best = Emitter::element(tensors.front());
  for (Value v : tensors) {
    Type t = Emitter::element(v);
    if ((t.isF16() && best.isBF16()) || (t.isBF16() && best.isF16()))
      return e.f32();
    if (priority(t) > priority(best))
      best = t;
  }
  return best;
}

/// Brings the operands of an elementwise op to one element type.
static SmallVector<Value> elementwiseOperands(Node &node, ArrayRef<size_t> indices) {
  SmallVector<Value> tensors;
  bool floatLiteral = false;
  for (size_t i : indices) {
    if (node.inputs[i].isTensor())
      tensors.push_back(node.inputs[i].tensor);
    else
      floatLiteral |= isa_and_present<FloatAttr>(node.inputs[i].attr);
  }
  Type element;
  if (!tensors.empty()) {
    element = commonElement(node.e, tensors);
    if (floatLiteral && !isa<FloatType>(element))
      element = node.e.f32();
  }
  SmallVector<Value> operands;
  for (size_t i : indices)
    operands.push_back(element ? node.in(i, element) : node.in(i));
  if (!element && !operands.empty()) {
    element = commonElement(node.e, operands);
    for (Value &v : operands)
      v = node.e.cast(v, element);
  }
  return operands;
}

LogicalResult importGeneric(Node &node) {
  const ImportRule &rule = *node.rule;
  NamedAttrList attrs;
  llvm::StringSet<> used;
  for (const AttrRule &attr : rule.attrs) {
    used.insert(attr.from);
    Attribute value = node.attr(attr.from);
    StringRef fallback = attr.fallback;
    if (!value && fallback == "?")
      continue;
    if (!value && !fallback.empty())
      value = parseAttribute(fallback, node.op.getContext());
    if (!value)
      return node.failed() ? failure() : LogicalResult(node.error() << "lacks required attribute '" << attr.from << "'");
    Attribute encoded = attr.codec(node, value);
    if (node.failed())
      return failure();
    if (encoded)
      attrs.append(attr.to, encoded);
  }
  SmallVector<size_t> indices;
  for (size_t i = 0; i < node.numInputs(); ++i) {
    bool isAttr = i < rule.args.size() && used.contains(rule.args[i]);
    if (node.has(i) && !isAttr && node.inputs[i].kind != Val::Monad)
      indices.push_back(i);
  }
  OperationName name(rule.target, node.op.getContext());
  SmallVector<Value> operands;
  if (name.hasTrait<ms::Elementwise>() && name.getStringRef() != "ms.select") {
    operands = elementwiseOperands(node, indices);
  } else {
    for (size_t i : indices)
      if (node.inputs[i].isTuple()) {
        for (const Val &element : node.inputs[i].elements)
          operands.push_back(node.importer.asTensor(element));
      } else {
        operands.push_back(node.in(i));
      }
  }
  if (node.failed())
    return failure();
  SmallVector<Type> types;
  if (name.hasTrait<OpTrait::SameOperandsAndResultType>() && !operands.empty())
    types.push_back(operands.front().getType());
  SmallVector<Value> values = node.e.createNamed(rule.target, operands, attrs, types);
  return node.results(std::vector<Val>(values.begin(), values.end()));
}

} // namespace msc::import

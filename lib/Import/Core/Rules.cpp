// SPDX-License-Identifier: Apache-2.0
//
/// \file Look-up of rule rows and the generic mapping they describe.
#include "msc/Import/Codecs.h"
#include "msc/Import/Importer.h"

#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <mutex>

using namespace mlir;

namespace msc::import {

/// Rows by source operator and version.
static std::map<std::string, std::map<int64_t, const ImportRule *>,
                std::less<>> &
table() {
  static std::map<std::string, std::map<int64_t, const ImportRule *>,
                  std::less<>>
      rows;
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

/// Element types by format.
static llvm::StringMap<ElementTypes> &elementTypeTable() {
  static llvm::StringMap<ElementTypes> types;
  return types;
}

void addElementTypes(StringRef format, ElementTypes types) {
  elementTypeTable()[format] = types;
}

Type Node::elementType(int64_t id) {
  ElementTypes types = elementTypeTable().lookup(op.getOp().split('.').first);
  if (Type type = types ? types(op.getContext(), id) : Type())
    return type;
  error() << "element type " << id << " is not supported";
  return e.f32();
}

Type commonElementType(Type a, Type b) {
  if (a == b || !a.isIntOrFloat() || !b.isIntOrFloat())
    return a; // what ms does not have is refused by its ops
  unsigned aBits = a.getIntOrFloatBitWidth(), bBits = b.getIntOrFloatBitWidth();
  bool aFloat = isa<FloatType>(a), bFloat = isa<FloatType>(b);
  if (aFloat != bFloat)
    return aFloat ? a : b;
  if (aFloat && aBits == bBits) // f16 and bf16
    return Float32Type::get(a.getContext());
  bool aUnsigned = a.isUnsignedInteger(), bUnsigned = b.isUnsignedInteger();
  if (aBits == 1 || bBits == 1 || aUnsigned == bUnsigned)
    return aBits < bBits ? b : a;
  // A signed type that holds the unsigned one, if there is one.
  unsigned bits =
      std::max(aUnsigned ? 2 * aBits : aBits, bUnsigned ? 2 * bBits : bBits);
  return IntegerType::get(a.getContext(), std::min(bits, 64u));
}

SmallVector<Value> Node::promote(ArrayRef<size_t> indices) {
  Type element;
  bool floatLiteral = false, intLiteral = false;
  for (size_t i : indices) {
    if (!has(i))
      continue; // in() reports it
    if (inputs[i].isTensor()) {
      Type type = Emitter::element(inputs[i].tensor);
      element = element ? commonElementType(element, type) : type;
    } else {
      floatLiteral |= isa_and_present<FloatAttr>(inputs[i].attr);
      intLiteral |= isa_and_present<IntegerAttr>(inputs[i].attr) &&
                    !isa<BoolAttr>(inputs[i].attr);
    }
  }
  if (element && floatLiteral && !isa<FloatType>(element))
    element = e.f32();
  if (element && intLiteral && element.isInteger(1))
    element = e.i64();
  SmallVector<Value> operands;
  for (size_t i : indices)
    operands.push_back(element ? in(i, element) : in(i));
  if (element || operands.empty())
    return operands;
  element = Emitter::element(operands.front());
  for (Value v : operands)
    element = commonElementType(element, Emitter::element(v));
  for (Value &v : operands)
    v = e.cast(v, element);
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
      return node.failed()
                 ? failure()
                 : LogicalResult(node.error() << "lacks required attribute '"
                                              << attr.from << "'");
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
    operands = node.promote(indices);
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
  SmallVector<Value> values =
      node.e.createNamed(rule.target, operands, attrs, types);
  return node.results(std::vector<Val>(values.begin(), values.end()));
}

} // namespace msc::import

// SPDX-License-Identifier: Apache-2.0
//
/// \file Access to a source node's inputs and attributes.
#include "msc/Import/Importer.h"

#include "msc/Reference/Reference.h"
#include "msc/Support/DType.h"

using namespace mlir;

namespace msc::import {

Node::Node(Importer &importer, graph::NodeOp op, const ImportRule *rule,
           std::vector<Val> inputs)
    : importer(importer), op(op), rule(rule), inputs(std::move(inputs)),
      e(importer.e) {}

Value Node::in(size_t i) { return in(i, Type()); }

Value Node::in(size_t i, Type element) {
  if (!has(i)) {
    error() << "input " << i << " is missing";
    return e.poison();
  }
  Value v = importer.asTensor(inputs[i], element);
  return v ? noteSize(v) : e.poison();
}

Value Node::noteSize(Value v) {
  if (e.sizeOf(v))
    sizedInput = v;
  return v;
}

SmallVector<Value> Node::rest(size_t first) {
  SmallVector<Value> values;
  std::function<void(const Val &)> add = [&](const Val &val) {
    if (val.isTuple())
      for (const Val &element : val.elements)
        add(element);
    else if (!val.isNone() && val.kind != Val::Monad) {
      Value tensor = importer.asTensor(val);
      values.push_back(tensor ? noteSize(tensor) : e.poison());
    }
  };
  for (size_t i = first; i < inputs.size(); ++i)
    add(inputs[i]);
  return values;
}

Attribute Node::attr(StringRef name) {
  if (Attribute value = op.getAttrs().get(name))
    return isa<UnitAttr>(value) ? Attribute() : value;
  if (!rule)
    return {};
  for (auto [i, arg] : llvm::enumerate(rule->args))
    if (name == arg && has(i)) {
      Attribute value = importer.constantOf(inputs[i]);
      if (!value)
        error() << "'" << name << "' (input " << i
                << ") must be known while compiling";
      return value;
    }
  return {};
}

std::optional<SmallVector<int64_t>> Node::toI64s(Attribute attr) {
  SmallVector<int64_t> result;
  if (auto dense = dyn_cast<DenseI64ArrayAttr>(attr))
    return SmallVector<int64_t>(dense.asArrayRef());
  if (auto number = dyn_cast<IntegerAttr>(attr))
    return SmallVector<int64_t>{number.getType().isInteger(1)
                                    ? int64_t(!number.getValue().isZero())
                                    : number.getValue().getSExtValue()};
  if (auto elements = dyn_cast<DenseElementsAttr>(attr)) {
    Type element = elements.getElementType();
    if (!isa<IntegerType>(element) || dtypeOf(element) == MSCRT_INVALID)
      return {};
    for (int64_t value : reference::fromAttr(elements).ints())
      result.push_back(value);
    return result;
  }
  auto array = dyn_cast<ArrayAttr>(attr);
  if (!array)
    return {};
  for (Attribute element : array) {
    std::optional<SmallVector<int64_t>> part = toI64s(element);
    if (!part)
      return {};
    result.append(*part);
  }
  return result;
}

std::optional<SmallVector<double>> Node::toF64s(Attribute attr) {
  SmallVector<double> result;
  if (auto number = dyn_cast<FloatAttr>(attr))
    return SmallVector<double>{number.getValueAsDouble()};
  if (auto dense = dyn_cast<DenseF32ArrayAttr>(attr)) {
    result.append(dense.asArrayRef().begin(), dense.asArrayRef().end());
    return result;
  }
  if (auto elements = dyn_cast<DenseElementsAttr>(attr)) {
    if (dtypeOf(elements.getElementType()) == MSCRT_INVALID)
      return {};
    for (double value : reference::fromAttr(elements).floats())
      result.push_back(value);
    return result;
  }
  if (auto array = dyn_cast<ArrayAttr>(attr)) {
    for (Attribute element : array) {
      std::optional<SmallVector<double>> part = toF64s(element);
      if (!part)
        return {};
      result.append(*part);
    }
    return result;
  }
  if (std::optional<SmallVector<int64_t>> ints = toI64s(attr)) {
    result.append(ints->begin(), ints->end());
    return result;
  }
  return {};
}

SmallVector<int64_t> Node::i64s(StringRef name,
                                std::optional<SmallVector<int64_t>> fallback) {
  Attribute value = attr(name);
  if (!value) {
    if (!fallback && !failed())
      error() << "lacks required attribute '" << name << "'";
    return fallback.value_or(SmallVector<int64_t>());
  }
  if (std::optional<SmallVector<int64_t>> ints = toI64s(value))
    return *ints;
  error() << "attribute '" << name << "' is not a list of integers: " << value;
  return {};
}

int64_t Node::i64(StringRef name, std::optional<int64_t> fallback) {
  std::optional<SmallVector<int64_t>> list;
  if (fallback)
    list = SmallVector<int64_t>{*fallback};
  SmallVector<int64_t> values = i64s(name, list);
  if (values.size() == 1)
    return values[0];
  if (!failed())
    error() << "attribute '" << name << "' has " << values.size()
            << " values, expected one";
  return fallback.value_or(0);
}

SmallVector<double> Node::f64s(StringRef name,
                               std::optional<SmallVector<double>> fallback) {
  Attribute value = attr(name);
  if (!value) {
    if (!fallback && !failed())
      error() << "lacks required attribute '" << name << "'";
    return fallback.value_or(SmallVector<double>());
  }
  if (std::optional<SmallVector<double>> numbers = toF64s(value))
    return *numbers;
  error() << "attribute '" << name << "' is not a list of numbers: " << value;
  return {};
}

double Node::f64(StringRef name, std::optional<double> fallback) {
  std::optional<SmallVector<double>> list;
  if (fallback)
    list = SmallVector<double>{*fallback};
  SmallVector<double> values = f64s(name, list);
  if (values.size() == 1)
    return values[0];
  if (!failed())
    error() << "attribute '" << name << "' has " << values.size()
            << " values, expected one";
  return fallback.value_or(0);
}

bool Node::flag(StringRef name, std::optional<bool> fallback) {
  return i64(name,
             fallback ? std::optional<int64_t>(*fallback) : std::nullopt) != 0;
}

std::string Node::str(StringRef name, std::optional<StringRef> fallback) {
  Attribute value = attr(name);
  if (auto text = dyn_cast_if_present<StringAttr>(value))
    return text.str();
  if (value)
    error() << "attribute '" << name << "' is not a string: " << value;
  else if (!fallback && !failed())
    error() << "lacks required attribute '" << name << "'";
  return fallback.value_or("").str();
}

Type Node::dtype(StringRef name, Type fallback) {
  Attribute value = attr(name);
  if (auto type = dyn_cast_if_present<TypeAttr>(value))
    return getElementTypeOrSelf(type.getValue());
  if (auto number = dyn_cast_if_present<IntegerAttr>(value))
    return elementType(number.getInt());
  if (value)
    error() << "attribute '" << name << "' is not an element type: " << value;
  else if (!fallback && !failed())
    error() << "lacks required attribute '" << name << "'";
  return fallback ? fallback : e.f32();
}

SmallVector<int64_t> Node::constI64s(size_t i) {
  Attribute value = has(i) ? importer.constantOf(inputs[i]) : Attribute();
  std::optional<SmallVector<int64_t>> ints =
      value ? toI64s(value) : std::nullopt;
  if (!ints)
    error() << "input " << i << " must be integers known while compiling";
  return ints.value_or(SmallVector<int64_t>());
}

SmallVector<double> Node::constF64s(size_t i) {
  Attribute value = has(i) ? importer.constantOf(inputs[i]) : Attribute();
  std::optional<SmallVector<double>> numbers =
      value ? toF64s(value) : std::nullopt;
  if (!numbers)
    error() << "input " << i << " must be numbers known while compiling";
  return numbers.value_or(SmallVector<double>());
}

int64_t Node::axis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  error() << "axis " << axis << " is out of range [" << -rank << ", " << rank
          << ")";
  return 0;
}

bool Node::expectRank(Value v, int64_t low, int64_t high) {
  int64_t rank = Emitter::rank(v);
  if (!failed() && (rank < low || rank > high))
    error() << "expects rank " << low
            << (low == high ? "" : " to " + std::to_string(high)) << ", got "
            << v.getType();
  return !failed();
}

static bool hasSize(Emitter &e, const Val &val) {
  if (val.isTuple())
    return llvm::any_of(val.elements,
                        [&](const Val &v) { return hasSize(e, v); });
  return val.isTensor() && e.sizeOf(val.tensor);
}

LogicalResult Node::results(std::vector<Val> v) {
  outputs = std::move(v);
  if (sizedInput && !sizesMinded && !e.failed &&
      llvm::none_of(outputs, [&](const Val &val) { return hasSize(e, val); }))
    error() << "a tensor whose size depends on data ("
            << Emitter::type(sizedInput) << " at most) is not supported here";
  return failure(e.failed);
}

} // namespace msc::import

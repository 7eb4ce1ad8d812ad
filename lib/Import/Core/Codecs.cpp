// SPDX-License-Identifier: Apache-2.0
//
/// \file Pure re-encodings of attributes, shared by the formats.
#include "msc/Import/Codecs.h"

#include "msc/Import/Importer.h"

using namespace mlir;

namespace msc::import {

static std::optional<int64_t> oneInteger(Node &node, Attribute value) {
  std::optional<SmallVector<int64_t>> values = Node::toI64s(value);
  if (values && values->size() == 1)
    return values->front();
  node.error() << "expects one integer, got " << value;
  return {};
}

Attribute toI64(Node &node, Attribute value) {
  std::optional<int64_t> v = oneInteger(node, value);
  return v ? Attribute(node.e.builder.getI64IntegerAttr(*v)) : Attribute();
}

Attribute toF64(Node &node, Attribute value) {
  std::optional<SmallVector<double>> values = Node::toF64s(value);
  if (values && values->size() == 1)
    return node.e.builder.getF64FloatAttr(values->front());
  node.error() << "expects one number, got " << value;
  return {};
}

Attribute toI64Array(Node &node, Attribute value) {
  if (std::optional<SmallVector<int64_t>> values = Node::toI64s(value))
    return node.e.builder.getDenseI64ArrayAttr(*values);
  node.error() << "expects a list of integers, got " << value;
  return {};
}

Attribute toF64Array(Node &node, Attribute value) {
  if (std::optional<SmallVector<double>> values = Node::toF64s(value))
    return node.e.builder.getDenseF64ArrayAttr(*values);
  node.error() << "expects a list of numbers, got " << value;
  return {};
}

Attribute toStr(Node &node, Attribute value) {
  if (isa<StringAttr>(value))
    return value;
  node.error() << "expects a string, got " << value;
  return {};
}

Attribute toUnit(Node &node, Attribute value) {
  std::optional<int64_t> v = oneInteger(node, value);
  return v && *v ? Attribute(node.e.builder.getUnitAttr()) : Attribute();
}

Attribute tanhIfNamed(Node &node, Attribute value) {
  auto text = dyn_cast<StringAttr>(value);
  if (!text)
    return toUnit(node, value);
  if (text == "tanh")
    return node.e.builder.getUnitAttr();
  if (text != "none")
    node.error() << "the approximation is 'none' or 'tanh', got " << value;
  return {};
}

Attribute axisOfRank(Node &node, Attribute value) {
  std::optional<int64_t> v = oneInteger(node, value);
  if (!v)
    return {};
  return node.e.builder.getI64IntegerAttr(
      node.axis(*v, Emitter::rank(node.in(0))));
}

Attribute axesOfRank(Node &node, Attribute value) {
  std::optional<SmallVector<int64_t>> values = Node::toI64s(value);
  if (!values) {
    node.error() << "expects a list of axes, got " << value;
    return {};
  }
  for (int64_t &axis : *values)
    axis = node.axis(axis, Emitter::rank(node.in(0)));
  return node.e.builder.getDenseI64ArrayAttr(*values);
}

} // namespace msc::import

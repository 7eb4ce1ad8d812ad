// SPDX-License-Identifier: Apache-2.0
//
/// \file The kinds of AttributeProto.
#include "lib/Import/ONNX/ONNXAttributes.h"

#include "lib/Import/ONNX/ONNXTensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using llvm::StringRef;

namespace msc::onnx {

/// The kind of \p attribute. Files older than IR version 2 do not state it: it
/// is the field that is set.
static int getKind(const AttributeProto &attribute) {
  if (attribute.type() != AttributeProto::UNDEFINED)
    return attribute.type();
  if (attribute.has_f())
    return AttributeProto::FLOAT;
  if (attribute.has_i())
    return AttributeProto::INT;
  if (attribute.has_s())
    return AttributeProto::STRING;
  if (attribute.has_t())
    return AttributeProto::TENSOR;
  if (attribute.has_g())
    return AttributeProto::GRAPH;
  if (attribute.floats_size())
    return AttributeProto::FLOATS;
  if (attribute.ints_size())
    return AttributeProto::INTS;
  if (attribute.strings_size())
    return AttributeProto::STRINGS;
  if (attribute.has_tp())
    return AttributeProto::TYPE_PROTO;
  return AttributeProto::UNDEFINED;
}

static StringRef getKindName(int kind) {
  switch (kind) {
  case AttributeProto::TENSORS:
    return "a list of tensors";
  case AttributeProto::GRAPHS:
    return "a list of graphs";
  case AttributeProto::SPARSE_TENSOR:
  case AttributeProto::SPARSE_TENSORS:
    return "a sparse tensor";
  case AttributeProto::TYPE_PROTOS:
    return "a list of types";
  case AttributeProto::GRAPH:
    return "a graph";
  case AttributeProto::UNDEFINED:
    return "without a value";
  }
  return "of an unknown kind";
}

/// Any attribute but a graph; null after an error.
static Attribute convertValue(Reader &reader, AttributeProto &attribute,
                              Location loc) {
  Builder &builder = reader.builder;
  int kind = getKind(attribute);
  switch (kind) {
  case AttributeProto::INT:
    return builder.getI64IntegerAttr(attribute.i());
  case AttributeProto::FLOAT:
    return builder.getF32FloatAttr(attribute.f());
  case AttributeProto::STRING:
    return builder.getStringAttr(attribute.s());
  case AttributeProto::INTS:
    return builder.getDenseI64ArrayAttr(
        {attribute.ints().data(), size_t(attribute.ints_size())});
  case AttributeProto::FLOATS:
    return builder.getDenseF32ArrayAttr(
        {attribute.floats().data(), size_t(attribute.floats_size())});
  case AttributeProto::STRINGS: {
    llvm::SmallVector<StringRef> strings(attribute.strings().begin(),
                                         attribute.strings().end());
    return builder.getStrArrayAttr(strings);
  }
  case AttributeProto::TENSOR:
    return readElements(reader, *attribute.mutable_t(), loc);
  case AttributeProto::TYPE_PROTO:
    return TypeAttr::get(convertType(reader, attribute.tp(), loc).type);
  }
  reader.error(loc) << "attribute " << quoted(attribute.name()) << " is "
                    << getKindName(kind) << ", which is not supported";
  return Attribute();
}

static Attribute convertReference(Reader &reader,
                                  const AttributeProto &attribute,
                                  bool inFunction, Location loc) {
  Builder &builder = reader.builder;
  if (inFunction)
    return builder.getDictionaryAttr(builder.getNamedAttr(
        "graph.ref", builder.getStringAttr(attribute.ref_attr_name())));
  reader.error(loc) << "attribute " << quoted(attribute.name())
                    << " refers to an attribute "
                    << quoted(attribute.ref_attr_name())
                    << " of a function, but is not inside one";
  return Attribute();
}

NodeAttributes convertAttributes(Reader &reader, AttributeList &attributes,
                                 bool inFunction, Location loc) {
  NodeAttributes result;
  Builder &builder = reader.builder;
  llvm::StringSet<> names;
  names.insert("graph.regions");
  llvm::SmallVector<NamedAttribute> entries;
  llvm::SmallVector<StringRef> regions;
  for (AttributeProto &attribute : attributes) {
    StringRef name = attribute.name();
    if (name.empty() || !names.insert(name).second) {
      reader.error(loc) << (name.empty() ? "an attribute has no name"
                                         : "attribute " + quoted(name) +
                                               " is stated twice");
      continue;
    }
    if (!attribute.ref_attr_name().empty()) {
      if (Attribute value =
              convertReference(reader, attribute, inFunction, loc))
        entries.push_back(builder.getNamedAttr(name, value));
    } else if (getKind(attribute) == AttributeProto::GRAPH) {
      regions.push_back(name);
      result.graphs.push_back(attribute.mutable_g());
    } else if (Attribute value = convertValue(reader, attribute, loc)) {
      entries.push_back(builder.getNamedAttr(name, value));
    }
  }
  if (!regions.empty())
    entries.push_back(builder.getNamedAttr("graph.regions",
                                           builder.getStrArrayAttr(regions)));
  result.dictionary = builder.getDictionaryAttr(entries);
  return result;
}

} // namespace msc::onnx

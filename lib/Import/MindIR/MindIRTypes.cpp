// SPDX-License-Identifier: Apache-2.0
//
/// \file How the types of inputs, outputs and node results are described.
#include "lib/Import/MindIR/MindIRAttributes.h"

#include "dialects/Graph/IR/GraphOps.h"
#include "lib/Import/MindIR/MindIROldForm.h"
#include "mlir/IR/Diagnostics.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/StringSwitch.h"
#include <functional>

using namespace mlir;
using mind_ir::AttributeProto;
using mind_ir::TensorProto;

namespace msc::import::mindir {

/// The kind of values whose description has no further content.
static StringRef plainKind(int32_t type) {
  switch (type) {
  case AttributeProto::UMONAD:
  case AttributeProto::IOMONAD:
    return "monad";
  case AttributeProto::NONE:
  case AttributeProto::TYPE_NULL:
    return "none";
  case AttributeProto::STRING:
    return "string";
  case AttributeProto::PRIMITIVECLOSURE:
  case AttributeProto::FUNCGRAPHCLOSURE:
  case AttributeProto::PARTIALCLOSURE:
  case AttributeProto::UNIONFUNCCLOSURE:
    return "function";
  }
  return "";
}

/// Kinds of values no inference network should need.
static StringRef refusedKind(int32_t type) {
  switch (type) {
  case AttributeProto::CSR_TENSOR:
    return "a CSR tensor";
  case AttributeProto::COO_TENSOR:
    return "a COO tensor";
  case AttributeProto::ROW_TENSOR:
    return "a row tensor";
  case AttributeProto::MAP_TENSOR:
    return "a hash table";
  }
  return "";
}

bool isTypeDescription(const AttributeProto &attribute) {
  StringRef oldForm = attribute.ref_attr_name();
  if (!oldForm.empty())
    return oldForm.starts_with("shape:");
  if (attribute.name() != "shape")
    return false;
  // BroadcastTo and others have an attribute of the same name: numbers.
  switch (attribute.type()) {
  case AttributeProto::TUPLE:
  case AttributeProto::LIST:
  case AttributeProto::DICT:
    return llvm::none_of(attribute.values(), [](const AttributeProto &value) {
      return value.ints_size() > 0 || value.has_i();
    });
  case AttributeProto::INT64:
    return false;
  case AttributeProto::TENSORS:
    return llvm::none_of(attribute.tensors(), hasValue);
  }
  return true;
}

ValueType AttributeDecoder::ofKind(StringRef kind, Attribute detail) const {
  return {graph::AnyType::get(context), kind, detail};
}

/// A number of the type \p dataType, or an unknown value.
ValueType AttributeDecoder::scalarOf(int32_t dataType) const {
  Type type = elementType(dataType, context);
  return type ? ofKind("scalar", TypeAttr::get(type)) : ofKind("any");
}

/// The entry of \p type in the detail of the sequence it is part of.
static Attribute asElement(const ValueType &type, MLIRContext *context) {
  if (type.kind == "tensor")
    return TypeAttr::get(type.type);
  return type.detail ? type.detail : StringAttr::get(context, type.kind);
}

/// Before 2.0 results that are numbers of any kind are described as tensors of
/// uint64 with the dims [1].
static bool isScalarInDisguise(const TensorProto &tensor) {
  return tensor.data_type() == TensorProto::DT_UINT64 &&
         tensor.dims_size() == 1 && tensor.dims(0) == 1;
}

FailureOr<ValueType> AttributeDecoder::describeTensor(const TensorProto &tensor,
                                                      Location loc) {
  if (tensor.data_type() == TensorProto::DT_UNDEFINED)
    return ofKind("any");
  FailureOr<TensorType> type = tensorType(tensor, loc);
  if (failed(type))
    return failure();
  return ValueType{*type, "tensor", {}};
}

FailureOr<ValueType>
AttributeDecoder::describeSequence(const AttributeProto &attribute,
                                   StringRef kind, Location loc) {
  SmallVector<Attribute> elements;
  auto add = [&](const AttributeProto &value) -> LogicalResult {
    FailureOr<ValueType> element = describe(value, loc);
    if (failed(element))
      return failure();
    elements.push_back(asElement(*element, context));
    return success();
  };
  const auto &info = attribute.seq_info();
  if (info.is_dyn_len() || info.is_dyn_len_rc1()) {
    kind = "sequence";
    if (info.has_tuple_elem_item() && failed(add(info.tuple_elem_item())))
      return failure();
    if (info.has_tuple_elem_item_rc1() &&
        failed(add(info.tuple_elem_item_rc1())))
      return failure();
  }
  for (const AttributeProto &value : attribute.values()) {
    // A dictionary nests each value under its key.
    bool entry = kind == "dict" && value.values_size() == 1;
    if (failed(add(entry ? value.values(0) : value)))
      return failure();
  }
  return ofKind(kind, ArrayAttr::get(context, elements));
}

FailureOr<ValueType> AttributeDecoder::describe(const AttributeProto &attribute,
                                                Location loc) {
  if (!attribute.ref_attr_name().empty())
    return describeOldForm(attribute, loc);
  if (StringRef kind = refusedKind(attribute.type()); !kind.empty())
    return emitError(loc) << "the value is " << kind
                          << ", which is not supported";
  switch (attribute.type()) {
  case AttributeProto::TENSORS:
    if (attribute.tensors_size() == 1 &&
        !isScalarInDisguise(attribute.tensors(0)))
      return describeTensor(attribute.tensors(0), loc);
    return ofKind("any");
  case AttributeProto::SCALAR:
    if (attribute.tensors_size() == 1)
      return scalarOf(attribute.tensors(0).data_type());
    return ofKind("scalar");
  case AttributeProto::TUPLE:
    return describeSequence(attribute, "tuple", loc);
  case AttributeProto::LIST:
    return describeSequence(attribute, "list", loc);
  case AttributeProto::DICT:
    return describeSequence(attribute, "dict", loc);
  }
  StringRef kind = plainKind(attribute.type());
  return ofKind(kind.empty() ? "any" : kind);
}

FailureOr<ValueType>
AttributeDecoder::describeOldForm(const AttributeProto &attribute,
                                  Location loc) {
  StringRef text = attribute.ref_attr_name();
  OldForm form;
  if (text == "none" || text.starts_with("Monad:"))
    return ofKind(text == "none" ? "none" : "monad");
  if (!text.consume_front("shape:") || failed(parseOldForm(text, form)))
    return emitError(loc)
           << "the type has the unknown form "
           << quoted(StringRef(attribute.ref_attr_name()).take_front(80));
  int next = 0;
  bool failedTensor = false;
  // Recursion is bounded: parseOldForm limits the depth.
  std::function<ValueType(const OldForm &)> build = [&](const OldForm &part) {
    if (part.kind != OldForm::Kind::Leaf) {
      SmallVector<Attribute> elements;
      for (const OldForm &element : part.elements)
        elements.push_back(asElement(build(element), context));
      return ofKind(part.kind == OldForm::Kind::List ? "list" : "tuple",
                    ArrayAttr::get(context, elements));
    }
    if (part.name.ends_with("MonadType"))
      return ofKind("monad");
    if (!part.name.starts_with("shape") || next >= attribute.tensors_size())
      return ofKind("any");
    const TensorProto &tensor = attribute.tensors(next++);
    if (isScalarInDisguise(tensor))
      return ofKind("any");
    FailureOr<ValueType> type = describeTensor(tensor, loc);
    failedTensor |= failed(type);
    return failed(type) ? ofKind("any") : *type;
  };
  ValueType type = build(form);
  return failedTensor ? FailureOr<ValueType>() : FailureOr<ValueType>(type);
}

FailureOr<ValueType>
AttributeDecoder::decodeType(const mind_ir::ValueInfoProto &info,
                             Location loc) {
  if (info.tensor_size() == 1)
    return describeTensor(info.tensor(0), loc);
  if (info.has_attr_info())
    return describe(info.attr_info(), loc);
  if (info.tensor_size() == 0) {
    StringRef denotation = info.denotation();
    if (denotation.ends_with("MonadType"))
      return ofKind("monad");
    return scalarOf(llvm::StringSwitch<int32_t>(denotation)
                        .Case("Int", TensorProto::DT_INT64)
                        .Case("Float", TensorProto::DT_FLOAT)
                        .Case("Bool", TensorProto::DT_BOOL)
                        .Default(TensorProto::DT_UNDEFINED));
  }
  SmallVector<Attribute> elements;
  for (const TensorProto &tensor : info.tensor()) {
    FailureOr<ValueType> element = describeTensor(tensor, loc);
    if (failed(element))
      return failure();
    elements.push_back(asElement(*element, context));
  }
  return ofKind("tuple", ArrayAttr::get(context, elements));
}

FailureOr<ValueType>
AttributeDecoder::decodeType(const mind_ir::NodeProto &node, Location loc) {
  for (const AttributeProto &attribute : node.attribute())
    if (isTypeDescription(attribute))
      return describe(attribute, loc);
  return ofKind("any");
}

} // namespace msc::import::mindir

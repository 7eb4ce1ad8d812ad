// SPDX-License-Identifier: Apache-2.0
//
/// \file How attribute values are decoded.
#include "lib/Import/MindIR/MindIRAttributes.h"

#include "lib/Import/MindIR/MindIROldForm.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using mind_ir::AttributeProto;
using mind_ir::TensorProto;

namespace msc::import::mindir {

/// Attributes that only MindSpore's own backends and printers read, and copies
/// of other attributes under a second name.
static bool isNoise(StringRef name, const NamedAttrList &all) {
  StringRef original = llvm::StringSwitch<StringRef>(name)
                           .Case("groups", "group")
                           .Cases("transpose_x1", "adj_x1", "transpose_a")
                           .Cases("transpose_x2", "adj_x2", "transpose_b")
                           .Default("");
  if (!original.empty())
    return bool(all.get(original));
  return llvm::StringSwitch<bool>(name)
      .Cases("input_names", "output_names", "is_load", "cust_aicpu", true)
      .Cases("side_effect_mem", "side_effect_io", "side_effect_hidden", true)
      .Cases("side_effect_propagate", "side_effect_backoff", true)
      .Cases("io_format", "offset_a", "offset_x", true)
      .Cases("IsFeatureMapInputList", "primitive_function", true)
      .Cases("inputNums", "N", "primitive_target", "fusion", true)
      .Cases("no_eliminate", "output_is_dynamic_shape", "visited", true)
      .Cases("group_name", "group_ranks", "group_rank_ids", true)
      .Default(false);
}

/// Keeps hostile files from spending hours on sorting names.
static bool tooMany(int attributes, Location loc) {
  bool result = attributes > 4096;
  if (result)
    emitError(loc) << attributes << " attributes are more than any node has";
  return result;
}

FailureOr<DictionaryAttr> AttributeDecoder::decodeAll(const Node &node,
                                                      Location loc) {
  if (tooMany(node.proto->attribute_size(), loc) ||
      (node.primitive && tooMany(node.primitive->attribute_size(), loc)))
    return failure();
  NamedAttrList attributes;
  bool failed = false;
  auto add = [&](const AttributeProto &proto) {
    if (proto.name().empty())
      return;
    FailureOr<Attribute> value = decode(proto, loc);
    if (mlir::failed(value))
      failed = true;
    else
      attributes.set(proto.name(), *value);
  };
  if (node.primitive) {
    llvm::for_each(node.primitive->attribute(), add);
    if (node.primitive->prim_type() == 2)
      attributes.set("graph.args_as_inputs", UnitAttr::get(context));
  }
  for (const AttributeProto &proto : node.proto->attribute())
    if (!isTypeDescription(proto))
      add(proto);
  if (failed)
    return failure();
  NamedAttrList kept;
  for (NamedAttribute attribute : attributes)
    if (!isNoise(attribute.getName(), attributes))
      kept.append(attribute);
  return kept.getDictionary(context);
}

/// The i-th scalar of \p attribute, read from the singular field, the array of
/// its type, or any other array that has an entry left.
namespace {
class ScalarReader {
public:
  explicit ScalarReader(const AttributeProto &attribute)
      : attribute(attribute) {}

  /// The next scalar; null when there is none.
  Attribute next(MLIRContext *context);

private:
  Attribute fromInts(Builder &b);
  Attribute fromFloats(Builder &b);
  Attribute fromDoubles(Builder &b);
  Attribute fromStrings(Builder &b);

  const AttributeProto &attribute;
  int ints = 0, floats = 0, doubles = 0, strings = 0;
};
} // namespace

Attribute ScalarReader::fromInts(Builder &b) {
  int64_t value = 0;
  if (ints < attribute.ints_size())
    value = attribute.ints(ints);
  else if (ints == 0 && attribute.has_i())
    value = attribute.i();
  else
    return {};
  ++ints;
  if (attribute.type() == AttributeProto::BOOL)
    return b.getBoolAttr(value != 0);
  return b.getI64IntegerAttr(value);
}

Attribute ScalarReader::fromFloats(Builder &b) {
  float value = 0;
  if (floats < attribute.floats_size())
    value = attribute.floats(floats);
  else if (floats == 0 && attribute.has_f())
    value = attribute.f();
  else
    return {};
  ++floats;
  return b.getF32FloatAttr(value);
}

Attribute ScalarReader::fromDoubles(Builder &b) {
  double value = 0;
  if (doubles < attribute.doubles_size())
    value = attribute.doubles(doubles);
  else if (doubles == 0 && attribute.has_d())
    value = attribute.d();
  else
    return {};
  ++doubles;
  return b.getF64FloatAttr(value);
}

Attribute ScalarReader::fromStrings(Builder &b) {
  if (strings < attribute.strings_size())
    return b.getStringAttr(attribute.strings(strings++));
  if (strings == 0 && attribute.has_s()) {
    ++strings;
    return b.getStringAttr(attribute.s());
  }
  return {};
}

Attribute ScalarReader::next(MLIRContext *context) {
  Builder b(context);
  Attribute value;
  switch (attribute.type()) {
  case AttributeProto::FLOAT:
  case AttributeProto::FLOAT16:
  case AttributeProto::BFLOAT16:
    value = fromFloats(b);
    break;
  case AttributeProto::DOUBLE:
    value = fromDoubles(b);
    break;
  case AttributeProto::STRING:
    value = fromStrings(b);
    break;
  default:
    break;
  }
  if (!value)
    value = fromInts(b);
  if (!value)
    value = fromFloats(b);
  if (!value)
    value = fromDoubles(b);
  return value ? value : fromStrings(b);
}

FailureOr<Attribute> AttributeDecoder::decode(const AttributeProto &attribute,
                                              Location loc) {
  if (!attribute.ref_attr_name().empty())
    return decodeOldForm(attribute, loc);
  auto symbol = [&](StringRef prefix) -> Attribute {
    return SymbolRefAttr::get(context, (prefix + attribute.s()).str());
  };
  switch (attribute.type()) {
  case AttributeProto::TENSOR:
  case AttributeProto::TENSORS:
    return decodeTensors(attribute, loc);
  case AttributeProto::TUPLE:
  case AttributeProto::LIST:
    return decodeSequence(attribute, loc);
  case AttributeProto::DICT:
    return decodeDict(attribute, loc);
  case AttributeProto::UMONAD:
  case AttributeProto::IOMONAD:
    return symbol("monad");
  case AttributeProto::NONE:
  case AttributeProto::TYPE_NULL:
    return Attribute(UnitAttr::get(context));
  case AttributeProto::CLASS_TYPE:
    return symbol("ClassType::");
  case AttributeProto::NAME_SPACE:
    return symbol("NameSpace::");
  case AttributeProto::SYMBOL:
    return symbol("Symbol::");
  case AttributeProto::FUNCTOR:
    return decodeFunctor(attribute, loc);
  case AttributeProto::COMPLEX64:
  case AttributeProto::COMPLEX128:
  case AttributeProto::SCALAR_GRAPH_HOLDER:
    break;
  default:
    if (Attribute value = ScalarReader(attribute).next(context))
      return value;
    // An empty string is written as no field at all by some releases.
    if (attribute.type() == AttributeProto::STRING)
      return Attribute(StringAttr::get(context));
  }
  return emitError(loc) << "the value of attribute " << quoted(attribute.name())
                        << " (type " << attribute.type()
                        << ") is not supported";
}

FailureOr<Attribute>
AttributeDecoder::decodeSequence(const AttributeProto &attribute,
                                 Location loc) {
  SmallVector<Attribute> elements;
  for (const AttributeProto &value : attribute.values()) {
    FailureOr<Attribute> element = decode(value, loc);
    if (failed(element))
      return failure();
    elements.push_back(*element);
  }
  // Some writers put plain numbers beside the type instead of nesting them.
  ScalarReader scalars(attribute);
  if (elements.empty())
    while (Attribute element = scalars.next(context))
      elements.push_back(element);
  return Attribute(ArrayAttr::get(context, elements));
}

/// Each entry's name is a key, its only nested value the value.
FailureOr<Attribute>
AttributeDecoder::decodeDict(const AttributeProto &attribute, Location loc) {
  if (tooMany(attribute.values_size(), loc))
    return failure();
  NamedAttrList entries;
  for (const AttributeProto &entry : attribute.values()) {
    if (entry.name().empty())
      return emitError(loc) << "attribute " << quoted(attribute.name())
                            << " has an entry without a key";
    FailureOr<Attribute> value =
        decode(entry.values_size() == 1 ? entry.values(0) : entry, loc);
    if (failed(value))
      return failure();
    entries.set(entry.name(), *value);
  }
  return Attribute(entries.getDictionary(context));
}

FailureOr<Attribute>
AttributeDecoder::decodeFunctor(const AttributeProto &attribute, Location loc) {
  const mind_ir::FunctorProto &functor = attribute.functor();
  Builder b(context);
  SmallVector<Attribute> values;
  for (const AttributeProto &value : functor.values()) {
    FailureOr<Attribute> decoded = decode(value, loc);
    if (failed(decoded))
      return failure();
    values.push_back(*decoded);
  }
  return Attribute(b.getDictionaryAttr(
      {b.getNamedAttr("functor", b.getStringAttr(functor.name())),
       b.getNamedAttr("values", b.getArrayAttr(values))}));
}

/// A tensor without data is a dtype, one named "tensor0" a tensor type.
FailureOr<Attribute> AttributeDecoder::decodeTensor(const TensorProto &tensor,
                                                    Location loc) {
  if (hasValue(tensor)) {
    FailureOr<DenseElementsAttr> elements = tensors.readElements(tensor, loc);
    return failed(elements) ? FailureOr<Attribute>()
                            : FailureOr<Attribute>(*elements);
  }
  Type type = elementType(tensor.data_type(), context);
  if (!type)
    return emitError(loc) << "data type " << tensor.data_type()
                          << " is not supported";
  if (StringRef(tensor.name()).starts_with("tensor"))
    type = UnrankedTensorType::get(type);
  return Attribute(TypeAttr::get(type));
}

FailureOr<Attribute>
AttributeDecoder::decodeTensors(const AttributeProto &attribute, Location loc) {
  if (attribute.tensors_size() == 0 && attribute.has_t())
    return decodeTensor(attribute.t(), loc);
  if (attribute.tensors_size() == 1)
    return decodeTensor(attribute.tensors(0), loc);
  SmallVector<Attribute> elements;
  for (const TensorProto &tensor : attribute.tensors()) {
    FailureOr<Attribute> element = decodeTensor(tensor, loc);
    if (failed(element))
      return failure();
    elements.push_back(*element);
  }
  if (elements.empty())
    return emitError(loc) << "attribute " << quoted(attribute.name())
                          << " has no tensor";
  return Attribute(ArrayAttr::get(context, elements));
}

/// Builds the value of \p form, drawing leaves from \p next.
static Attribute buildOldForm(const OldForm &form, MLIRContext *context,
                              function_ref<Attribute()> next) {
  if (form.kind == OldForm::Kind::Leaf)
    return next();
  SmallVector<Attribute> elements;
  for (const OldForm &element : form.elements) {
    Attribute value = buildOldForm(element, context, next);
    if (!value)
      return {};
    elements.push_back(value);
  }
  return ArrayAttr::get(context, elements);
}

FailureOr<Attribute>
AttributeDecoder::decodeOldForm(const AttributeProto &attribute, Location loc) {
  StringRef text = attribute.ref_attr_name();
  if (text == "none")
    return Attribute(UnitAttr::get(context));
  auto [kind, grammar] = text.split(':');
  if (kind == "Monad")
    return Attribute(SymbolRefAttr::get(context, "monad"));
  OldForm form;
  bool scalars = kind == "scalar";
  if ((!scalars && kind != "tensor" && kind != "type") ||
      failed(parseOldForm(grammar, form)))
    return emitError(loc) << "attribute " << quoted(attribute.name())
                          << " has the unknown form "
                          << quoted(text.take_front(80));
  ScalarReader scalarReader(attribute);
  int tensorsRead = 0;
  bool failedTensor = false;
  Attribute value = buildOldForm(form, context, [&]() -> Attribute {
    if (scalars)
      return scalarReader.next(context);
    if (tensorsRead >= attribute.tensors_size())
      return {};
    FailureOr<Attribute> tensor =
        decodeTensor(attribute.tensors(tensorsRead++), loc);
    failedTensor |= failed(tensor);
    return failed(tensor) ? Attribute() : *tensor;
  });
  if (value)
    return value;
  if (failedTensor)
    return failure();
  return emitError(loc) << "attribute " << quoted(attribute.name())
                        << " holds fewer values than its form "
                        << quoted(text.take_front(80)) << " names";
}

} // namespace msc::import::mindir

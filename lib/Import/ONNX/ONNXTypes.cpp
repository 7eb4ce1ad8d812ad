// SPDX-License-Identifier: Apache-2.0
//
/// \file The table of ONNX element types, and value types.
#include "lib/Import/ONNX/ONNXTypes.h"

#include "dialects/Graph/IR/GraphOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using llvm::StringRef;
using llvm::Twine;

namespace msc::onnx {

namespace {
/// One row per TensorProto.DataType, in the order of its numbers.
struct ElementTypeRow {
  const char *name;
  unsigned bits;
  mscrt_dtype parameter;
};
constexpr ElementTypeRow elementTypes[] = {{"undefined", 0, MSCRT_INVALID},
                                           {"float", 32, MSCRT_F32},
                                           {"uint8", 8, MSCRT_U8},
                                           {"int8", 8, MSCRT_I8},
                                           {"uint16", 16, MSCRT_U16},
                                           {"int16", 16, MSCRT_I16},
                                           {"int32", 32, MSCRT_I32},
                                           {"int64", 64, MSCRT_I64},
                                           {"string", 0, MSCRT_INVALID},
                                           {"bool", 8, MSCRT_BOOL},
                                           {"float16", 16, MSCRT_F16},
                                           {"double", 64, MSCRT_F64},
                                           {"uint32", 32, MSCRT_U32},
                                           {"uint64", 64, MSCRT_U64},
                                           {"complex64", 64, MSCRT_INVALID},
                                           {"complex128", 128, MSCRT_INVALID},
                                           {"bfloat16", 16, MSCRT_BF16},
                                           {"float8e4m3fn", 8, MSCRT_INVALID},
                                           {"float8e4m3fnuz", 8, MSCRT_INVALID},
                                           {"float8e5m2", 8, MSCRT_INVALID},
                                           {"float8e5m2fnuz", 8, MSCRT_INVALID},
                                           {"uint4", 4, MSCRT_U8},
                                           {"int4", 4, MSCRT_U8},
                                           {"float4e2m1", 4, MSCRT_INVALID},
                                           {"float8e8m0", 8, MSCRT_INVALID},
                                           {"uint2", 2, MSCRT_INVALID},
                                           {"int2", 2, MSCRT_INVALID},
                                           {"float6e2m3", 6, MSCRT_INVALID},
                                           {"float6e3m2", 6, MSCRT_INVALID}};
} // namespace

static const ElementTypeRow *findRow(int dataType) {
  if (dataType < 0 || dataType >= int(std::size(elementTypes)))
    return nullptr;
  return &elementTypes[dataType];
}

std::string getElementTypeName(int dataType) {
  const ElementTypeRow *row = findRow(dataType);
  return row ? row->name : ("#" + Twine(dataType)).str();
}

unsigned getStoredBits(int dataType) {
  const ElementTypeRow *row = findRow(dataType);
  return row ? row->bits : 0;
}

mscrt_dtype getParameterType(int dataType) {
  const ElementTypeRow *row = findRow(dataType);
  return row ? row->parameter : MSCRT_INVALID;
}

Type getElementType(MLIRContext *context, int dataType) {
  auto integer = [&](unsigned width,
                     IntegerType::SignednessSemantics signedness) {
    return IntegerType::get(context, width, signedness);
  };
  switch (dataType) {
  case TensorProto::FLOAT:
    return Float32Type::get(context);
  case TensorProto::DOUBLE:
    return Float64Type::get(context);
  case TensorProto::FLOAT16:
    return Float16Type::get(context);
  case TensorProto::BFLOAT16:
    return BFloat16Type::get(context);
  case TensorProto::FLOAT8E4M3FN:
    return Float8E4M3FNType::get(context);
  case TensorProto::FLOAT8E4M3FNUZ:
    return Float8E4M3FNUZType::get(context);
  case TensorProto::FLOAT8E5M2:
    return Float8E5M2Type::get(context);
  case TensorProto::FLOAT8E5M2FNUZ:
    return Float8E5M2FNUZType::get(context);
  case TensorProto::BOOL:
    return integer(1, IntegerType::Signless);
  case TensorProto::INT4:
  case TensorProto::INT8:
  case TensorProto::INT16:
  case TensorProto::INT32:
  case TensorProto::INT64:
    return integer(getStoredBits(dataType), IntegerType::Signless);
  case TensorProto::UINT4:
  case TensorProto::UINT8:
  case TensorProto::UINT16:
  case TensorProto::UINT32:
  case TensorProto::UINT64:
    return integer(getStoredBits(dataType), IntegerType::Unsigned);
  }
  return Type();
}

std::optional<uint64_t> countElements(llvm::ArrayRef<int64_t> dims,
                                      std::string &problem) {
  if (dims.size() > size_t(maxRank)) {
    problem = (Twine(dims.size()) + " dimensions, at most " + Twine(maxRank) +
               " are supported")
                  .str();
    return std::nullopt;
  }
  // The largest element has 16 bytes; sizes in bytes must fit 63 bits too.
  uint64_t count = 1;
  bool empty = false;
  for (int64_t extent : dims) {
    if (extent < 0) {
      problem = ("negative extent " + Twine(extent)).str();
      return std::nullopt;
    }
    empty |= extent == 0;
    if (extent == 0)
      continue;
    if (count > uint64_t(INT64_MAX) / 16 / uint64_t(extent)) {
      problem = "a size that overflows 63 bits";
      return std::nullopt;
    }
    count *= extent;
  }
  return empty ? 0 : count;
}

/// A tensor with a shape: extents that are not stated (or negative, as some
/// exporters write) are dynamic.
static ValueType convertShape(Reader &reader, const TensorShapeProto &shape,
                              Type element, Location loc) {
  ValueType result;
  llvm::SmallVector<int64_t> extents, known;
  for (const TensorShapeProto::Dimension &dim : shape.dim()) {
    bool isStatic = dim.has_dim_value() && dim.dim_value() >= 0;
    extents.push_back(isStatic ? dim.dim_value() : ShapedType::kDynamic);
    known.push_back(isStatic ? dim.dim_value() : 1);
    result.dims.push_back(dim.has_dim_param() ? dim.dim_param() : "");
  }
  std::string problem;
  if (countElements(known, problem)) {
    result.type = RankedTensorType::get(extents, element);
    return result;
  }
  reader.error(loc) << "its type has " << problem;
  result.dims.clear();
  result.type = graph::AnyType::get(reader.getContext());
  return result;
}

static ValueType makeUntyped(Reader &reader, std::string kind) {
  ValueType result;
  result.type = graph::AnyType::get(reader.getContext());
  result.kind = std::move(kind);
  return result;
}

ValueType convertType(Reader &reader, const TypeProto &proto, Location loc) {
  switch (proto.value_case()) {
  case TypeProto::kTensorType:
    break;
  case TypeProto::kSequenceType:
    return makeUntyped(reader, "sequence");
  case TypeProto::kMapType:
    return makeUntyped(reader, "map");
  case TypeProto::kOptionalType:
    return makeUntyped(reader, "optional");
  case TypeProto::kSparseTensorType:
    return makeUntyped(reader, "sparse_tensor");
  case TypeProto::kOpaqueType:
    return makeUntyped(reader, "opaque");
  case TypeProto::VALUE_NOT_SET:
    return makeUntyped(reader, "tensor");
  }
  const TypeProto::Tensor &tensor = proto.tensor_type();
  if (tensor.elem_type() == TensorProto::UNDEFINED)
    return makeUntyped(reader, "tensor");
  Type element = getElementType(reader.getContext(), tensor.elem_type());
  if (!element)
    return makeUntyped(reader, getElementTypeName(tensor.elem_type()));
  if (tensor.has_shape())
    return convertShape(reader, tensor.shape(), element, loc);
  ValueType result = makeUntyped(reader, "tensor");
  result.unrankedElement = element;
  return result;
}

} // namespace msc::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file The encodings of TensorProto: raw bytes, typed fields, external files.
#include "lib/Import/ONNX/ONNXTensor.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using llvm::ArrayRef;
using llvm::StringRef;

namespace msc::onnx {

namespace {
/// The elements of a tensor as ONNX's raw_data holds them: little-endian, int4
/// in pairs, low nibble first.
struct TensorData {
  ArrayRef<char> bytes;
  std::shared_ptr<void> owner;
  std::shared_ptr<const MappedFile> file; ///< where they are a part of one
};

/// Reads the data of one tensor.
class TensorDecoder {
public:
  TensorDecoder(Reader &reader, TensorProto &tensor, Location loc)
      : reader(reader), tensor(tensor), loc(loc) {}

  /// The tensor's data, checked against its shape. Takes it out of the message.
  FailureOr<TensorData> decode();

private:
  InFlightDiagnostic error() { return reader.error(loc); }
  FailureOr<TensorData> readExternal();
  FailureOr<TensorData> readTyped();
  FailureOr<TensorData> readNarrow();
  template <typename T>
  FailureOr<TensorData> take(google::protobuf::RepeatedField<T> &field,
                             const char *name);
  bool checkCount(uint64_t actual, uint64_t expected, const char *what);

  Reader &reader;
  TensorProto &tensor;
  Location loc;
  uint64_t elements = 0;
  uint64_t byteCount = 0;
};
} // namespace

static ArrayRef<int64_t> getDims(const TensorProto &tensor) {
  return {tensor.dims().data(), size_t(tensor.dims_size())};
}

/// \p owned as the data of a tensor.
template <typename Container>
static TensorData own(std::shared_ptr<Container> owned) {
  using T = std::remove_pointer_t<decltype(owned->data())>;
  return TensorData{
      ArrayRef<char>(reinterpret_cast<const char *>(owned->data()),
                     size_t(owned->size()) * sizeof(T)),
      owned, nullptr};
}

bool TensorDecoder::checkCount(uint64_t actual, uint64_t expected,
                               const char *what) {
  if (actual == expected)
    return true;
  InFlightDiagnostic diagnostic = error();
  diagnostic << "tensor of shape [";
  llvm::interleaveComma(getDims(tensor), diagnostic);
  diagnostic << "] and type " << getElementTypeName(tensor.data_type())
             << " needs " << expected << ' ' << what << ", the file has "
             << actual;
  return false;
}

FailureOr<TensorData> TensorDecoder::decode() {
  std::string problem;
  std::optional<uint64_t> count = countElements(getDims(tensor), problem);
  if (!count) {
    error() << "tensor has " << problem;
    return failure();
  }
  if (tensor.has_segment()) {
    error() << "tensors stored in segments are not supported";
    return failure();
  }
  elements = *count;
  byteCount = (elements * getStoredBits(tensor.data_type()) + 7) / 8;
  if (tensor.data_location() == TensorProto::EXTERNAL)
    return readExternal();
  if (auto cut = reader.cutData.find(&tensor); cut != reader.cutData.end()) {
    if (!checkCount(cut->second.size(), byteCount, "bytes"))
      return failure();
    return TensorData{cut->second, reader.file->owner, reader.file};
  }
  if (!tensor.has_raw_data())
    return readTyped();
  if (!checkCount(tensor.raw_data().size(), byteCount, "bytes"))
    return failure();
  return own(std::shared_ptr<std::string>(tensor.release_raw_data()));
}

FailureOr<TensorData> TensorDecoder::readExternal() {
  StringRef location;
  uint64_t offset = 0, length = byteCount;
  for (const StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    if (key == "location")
      location = value;
    if ((key == "offset" && value.getAsInteger(10, offset)) ||
        (key == "length" && value.getAsInteger(10, length))) {
      error() << "external data: " << key << ' ' << quoted(value)
              << " is not a number of bytes";
      return failure();
    }
  }
  if (location.empty()) {
    error() << "external data has no location";
    return failure();
  }
  llvm::Expected<MappedFile> file = reader.mapExternal(location);
  if (!file) {
    error() << llvm::toString(file.takeError());
    return failure();
  }
  if (!checkCount(length, byteCount, "bytes"))
    return failure();
  if (offset > file->data.size() || length > file->data.size() - offset) {
    error() << "external data " << quoted(location) << ": " << length
            << " bytes at offset " << offset << " lie outside the file of "
            << file->data.size() << " bytes";
    return failure();
  }
  return TensorData{file->data.slice(offset, length), file->owner,
                    std::make_shared<const MappedFile>(*file)};
}

template <typename T>
FailureOr<TensorData>
TensorDecoder::take(google::protobuf::RepeatedField<T> &field,
                    const char *name) {
  if (!checkCount(field.size(), elements, name))
    return failure();
  auto owned = std::make_shared<google::protobuf::RepeatedField<T>>();
  owned->Swap(&field);
  return own(std::move(owned));
}

/// The typed fields, by element type (the comments of TensorProto in the ONNX
/// IR specification).
FailureOr<TensorData> TensorDecoder::readTyped() {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return take(*tensor.mutable_float_data(), "float_data");
  case TensorProto::DOUBLE:
    return take(*tensor.mutable_double_data(), "double_data");
  case TensorProto::INT32:
    return take(*tensor.mutable_int32_data(), "int32_data");
  case TensorProto::INT64:
    return take(*tensor.mutable_int64_data(), "int64_data");
  case TensorProto::UINT64:
    return take(*tensor.mutable_uint64_data(), "uint64_data");
  default:
    return readNarrow();
  }
}

/// Types narrower than the field that holds them: one element per entry, or
/// for int4 one pair.
FailureOr<TensorData> TensorDecoder::readNarrow() {
  bool isU32 = tensor.data_type() == TensorProto::UINT32;
  uint64_t width = isU32 ? 4 : (getStoredBits(tensor.data_type()) + 7) / 8;
  uint64_t entries = byteCount / width;
  uint64_t actual =
      isU32 ? tensor.uint64_data_size() : tensor.int32_data_size();
  if (!checkCount(actual, entries, isU32 ? "uint64_data" : "int32_data"))
    return failure();
  auto bytes = std::make_shared<std::string>(byteCount, '\0');
  for (uint64_t i = 0; i < entries; ++i) {
    uint32_t value = isU32 ? uint32_t(tensor.uint64_data(i))
                           : uint32_t(tensor.int32_data(i));
    char little[4];
    llvm::support::endian::write32le(little, value);
    std::copy_n(little, width, bytes->data() + i * width);
  }
  tensor.clear_int32_data();
  tensor.clear_uint64_data();
  return own(std::move(bytes));
}

/// Bytes other than 0 and 1 in a bool tensor mean true; compiled code relies
/// on 1.
static void normalizeBool(TensorData &data) {
  auto isBool = [](char c) { return c == 0 || c == 1; };
  if (llvm::all_of(data.bytes, isBool))
    return;
  auto bytes = std::make_shared<std::string>();
  for (char c : data.bytes)
    bytes->push_back(c != 0);
  data = own(std::move(bytes));
}

FailureOr<Parameter> readParameter(Reader &reader, TensorProto &tensor,
                                   StringRef name, Location loc) {
  FailureOr<TensorData> data = TensorDecoder(reader, tensor, loc).decode();
  if (failed(data))
    return failure();
  if (tensor.data_type() == TensorProto::BOOL)
    normalizeBool(*data);
  Parameter parameter;
  parameter.name = name.str();
  parameter.dtype = getParameterType(tensor.data_type());
  parameter.shape.assign(tensor.dims().begin(), tensor.dims().end());
  if (getStoredBits(tensor.data_type()) == 4) // stays packed
    parameter.shape.assign(1, int64_t(data->bytes.size()));
  parameter.data = data->bytes;
  parameter.owner = std::move(data->owner);
  parameter.file = std::move(data->file);
  return parameter;
}

/// One byte per element from two elements per byte.
static std::vector<char> unpackNibbles(ArrayRef<char> packed, uint64_t count) {
  std::vector<char> result(count);
  for (uint64_t i = 0; i < count; ++i)
    result[i] = (uint8_t(packed[i / 2]) >> (i % 2 * 4)) & 0xf;
  return result;
}

/// \p bytes as an attribute of \p type; stored once where all are equal.
static Attribute makeElements(RankedTensorType type, ArrayRef<char> bytes) {
  size_t count = type.getNumElements();
  size_t width = count ? bytes.size() / count : 0;
  // Every element equals the one before it.
  bool splat = count && bytes.drop_front(width) == bytes.drop_back(width);
  return DenseElementsAttr::getFromRawBuffer(
      type, splat ? bytes.take_front(width) : bytes);
}

Attribute readElements(Reader &reader, TensorProto &tensor, Location loc) {
  Type element = getElementType(reader.getContext(), tensor.data_type());
  if (!element)
    return reader.builder.getStringAttr(getElementTypeName(tensor.data_type()));
  FailureOr<TensorData> data = TensorDecoder(reader, tensor, loc).decode();
  if (failed(data))
    return Attribute();
  auto type = RankedTensorType::get(getDims(tensor), element);
  if (element.isInteger(1)) {
    llvm::SmallVector<bool> values(
        llvm::map_range(data->bytes, [](char c) { return c != 0; }));
    return DenseElementsAttr::get(type, values);
  }
  if (element.getIntOrFloatBitWidth() == 4)
    return makeElements(type,
                        unpackNibbles(data->bytes, type.getNumElements()));
  return makeElements(type, data->bytes);
}

} // namespace msc::onnx

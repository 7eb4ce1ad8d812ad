// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's TensorProto in protobuf wire format (field numbers as in
/// onnx.proto). The message is small enough not to need protobuf.
#include "Array.h"
#include "Support.h"

#include <cinttypes>
#include <cstring>

using namespace mscrt::core;

namespace {

enum Field : uint32_t {
  Dims = 1,
  DataType = 2,
  Segment = 3,
  FloatData = 4,
  Int32Data = 5,
  StringData = 6,
  Int64Data = 7,
  Name = 8,
  RawData = 9,
  DoubleData = 10,
  Uint64Data = 11,
  ExternalData = 13,
  DataLocation = 14
};

enum Wire : uint32_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

constexpr size_t maxRank = 64;

/// One field: a number for Varint, the bytes for the others.
struct Item {
  uint32_t field = 0;
  uint32_t wire = 0;
  uint64_t number = 0;
  std::string_view bytes;
};

class WireReader {
public:
  explicit WireReader(std::string_view bytes) : rest(bytes) {}

  bool atEnd() const { return rest.empty(); }

  bool readVarint(uint64_t &value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      auto byte = static_cast<unsigned char>(rest[0]);
      rest.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return true;
    }
    return false;
  }

  bool read(Item &item) {
    uint64_t key;
    if (!readVarint(key) || key >> 3 == 0 || key >> 32)
      return false;
    item.field = static_cast<uint32_t>(key >> 3);
    item.wire = key & 7;
    switch (item.wire) {
    case Varint:
      return readVarint(item.number);
    case Fixed64:
      return take(8, item.bytes);
    case Fixed32:
      return take(4, item.bytes);
    case Bytes:
      return readVarint(item.number) && take(item.number, item.bytes);
    default:
      return false;
    }
  }

private:
  bool take(uint64_t size, std::string_view &bytes) {
    if (size > rest.size())
      return false;
    bytes = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
  }

  std::string_view rest;
};

/// Typed fields hold elements wider than they are: int32_data has every type of
/// at most 32 bits, as varints; float16 and bfloat16 as their bits.
uint32_t fieldOf(uint32_t dtype) {
  switch (dtype) {
  case MSCRT_F32:
    return FloatData;
  case MSCRT_F64:
    return DoubleData;
  case MSCRT_I64:
    return Int64Data;
  case MSCRT_U32:
  case MSCRT_U64:
    return Uint64Data;
  default:
    return Int32Data;
  }
}

const char *onnxTypeName(uint64_t type) {
  static const char *const names[] = {"undefined",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "string",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "complex64",
                                      "complex128",
                                      "",
                                      "float8e4m3fn",
                                      "float8e4m3fnuz",
                                      "float8e5m2",
                                      "float8e5m2fnuz",
                                      "uint4",
                                      "int4",
                                      "float4e2m1"};
  return type < sizeof(names) / sizeof(*names) ? names[type] : "unknown";
}

/// The message, checked field by field; elements are decoded at the end, when
/// type and shape are known whatever the order of the fields was.
class TensorReader {
public:
  TensorReader(const char *origin, mscrt_array &array, mscrt_error *error)
      : origin(origin), array(array), error(error) {}

  mscrt_status read(std::string_view bytes);

private:
  mscrt_status damaged(const char *what) {
    return fail(error, MSCRT_ERROR_FORMAT,
                "%s: not an ONNX tensor or damaged (%s)", origin, what);
  }
  mscrt_status refuse(const char *what) {
    return fail(error, MSCRT_ERROR_UNSUPPORTED, "%s: %s", origin, what);
  }
  mscrt_status readField(const Item &item);
  bool readDims(const Item &item);
  bool addDim(uint64_t extent) {
    if (array.shape.size() == maxRank || extent >> 63)
      return false;
    array.shape.push_back(static_cast<int64_t>(extent));
    return true;
  }
  mscrt_status decode();
  mscrt_status decodeTyped(uint64_t count);
  bool decodeItem(const Item &item, uint64_t count, uint64_t &done);
  void storeVarint(uint64_t value, uint64_t index);

  const char *origin;
  mscrt_array &array;
  mscrt_error *error;
  uint64_t dtype = 0;
  bool hasRaw = false;
  std::string_view raw;
  std::vector<Item> typed;
};

bool TensorReader::readDims(const Item &item) {
  if (item.wire == Varint)
    return addDim(item.number);
  if (item.wire != Bytes)
    return false;
  WireReader packed(item.bytes);
  uint64_t extent;
  while (!packed.atEnd())
    if (!packed.readVarint(extent) || !addDim(extent))
      return false;
  return true;
}

mscrt_status TensorReader::readField(const Item &item) {
  switch (item.field) {
  case Dims:
    return readDims(item) ? MSCRT_OK : damaged("dims");
  case DataType:
    dtype = item.number;
    return item.wire == Varint ? MSCRT_OK : damaged("data_type");
  case Segment:
    return refuse("tensors in segments are not supported");
  case StringData:
    return refuse("elements of type string are not supported");
  case Name:
    array.name = item.bytes;
    return item.wire == Bytes ? MSCRT_OK : damaged("name");
  case RawData:
    raw = item.bytes;
    hasRaw = true;
    return item.wire == Bytes ? MSCRT_OK : damaged("raw_data");
  case ExternalData:
    return refuse("tensors with external data are not supported here");
  case DataLocation:
    return item.wire == Varint && item.number == 0
               ? MSCRT_OK
               : refuse("tensors with external data are not supported here");
  case FloatData:
  case Int32Data:
  case Int64Data:
  case DoubleData:
  case Uint64Data:
    typed.push_back(item);
    return MSCRT_OK;
  default:
    return MSCRT_OK; // doc_string, metadata, and what newer versions add
  }
}

void TensorReader::storeVarint(uint64_t value, uint64_t index) {
  // Little endian: the low bytes are the element, whatever its width.
  size_t size = mscrt_dtype_size(array.tensor.dtype);
  if (array.tensor.dtype == MSCRT_BOOL)
    value = value != 0;
  memcpy(static_cast<char *>(array.tensor.data) + index * size, &value, size);
}

bool TensorReader::decodeItem(const Item &item, uint64_t count,
                              uint64_t &done) {
  char *data = static_cast<char *>(array.tensor.data);
  uint64_t size = mscrt_dtype_size(array.tensor.dtype);
  if (item.field == FloatData || item.field == DoubleData) {
    bool isPlain = item.wire == (size == 4 ? Fixed32 : Fixed64);
    if ((!isPlain && item.wire != Bytes) || item.bytes.size() % size ||
        item.bytes.size() / size > count - done)
      return false;
    if (!item.bytes.empty())
      memcpy(data + done * size, item.bytes.data(), item.bytes.size());
    done += item.bytes.size() / size;
    return true;
  }
  if (item.wire == Varint) {
    if (done == count)
      return false;
    storeVarint(item.number, done++);
    return true;
  }
  if (item.wire != Bytes)
    return false;
  WireReader packed(item.bytes);
  for (uint64_t value; !packed.atEnd(); storeVarint(value, done++))
    if (done == count || !packed.readVarint(value))
      return false;
  return true;
}

mscrt_status TensorReader::decodeTyped(uint64_t count) {
  uint64_t done = 0;
  for (const Item &item : typed)
    if (item.field != fieldOf(array.tensor.dtype) ||
        !decodeItem(item, count, done))
      return damaged("elements");
  return done == count ? MSCRT_OK : damaged("too few elements");
}

mscrt_status TensorReader::decode() {
  if (!mscrt_dtype_size(static_cast<uint32_t>(dtype)) || dtype >> 32) {
    if (dtype == 0)
      return damaged("no data_type");
    return fail(error, MSCRT_ERROR_UNSUPPORTED,
                "%s: elements of type %s (%" PRIu64 ") are not supported",
                origin, onnxTypeName(dtype), dtype);
  }
  auto type = static_cast<uint32_t>(dtype);
  uint64_t bytes;
  if (!tensorBytes(type, static_cast<int32_t>(array.shape.size()),
                   array.shape.data(), bytes))
    return damaged("the shape's size overflows");
  if (hasRaw && !typed.empty())
    return damaged("raw and typed elements");
  if (hasRaw && raw.size() != bytes)
    return damaged("raw_data does not fit the shape");
  // Every element of a typed field takes at least a byte, so a file cannot make
  // this allocate more than eight times its size.
  uint64_t given = 0;
  for (const Item &item : typed)
    given += item.wire == Bytes ? item.bytes.size() : 1;
  uint64_t count = bytes / mscrt_dtype_size(type);
  if (!hasRaw && given < count)
    return damaged("too few elements");
  if (mscrt_status status = array.allocate(type, error))
    return status;
  if (!hasRaw)
    return decodeTyped(count);
  if (bytes)
    memcpy(array.tensor.data, raw.data(), bytes);
  return MSCRT_OK;
}

mscrt_status TensorReader::read(std::string_view bytes) {
  WireReader reader(bytes);
  while (!reader.atEnd()) {
    Item item;
    if (!reader.read(item))
      return damaged("wire format");
    if (mscrt_status status = readField(item))
      return status;
  }
  return decode();
}

} // namespace

mscrt_status mscrt::core::parseTensorProto(std::string_view bytes,
                                           const char *origin,
                                           mscrt_array &array,
                                           mscrt_error *error) {
  return TensorReader(origin, array, error).read(bytes);
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads MindSpore's .ckpt: a protobuf stream of named tensors, large
/// ones cut into slices, perhaps with a CRC-32 at the end. Message numbers are
/// those of checkpoint.proto (MindSpore 0.1 to 2.10):
///   Checkpoint { 1: Value }   Value { 1: tag, 2: Tensor, 3: MapTensor }
///   Tensor { 1: dims, 2: type, 3: content }
#include "Reader.h"

#include <cstring>
#include <zlib.h>

namespace mscrt {

namespace {

enum WireType { Varint = 0, Length = 2 };

/// One field of a protobuf message; `number` is set for varints, `bytes` for
/// length-delimited fields. No other wire type occurs.
struct Field {
  uint64_t id = 0;
  uint64_t type = 0;
  uint64_t number = 0;
  Bytes bytes;
};

bool readField(Cursor &cursor, Field &field) {
  uint64_t key = 0, length = 0;
  if (!cursor.varint(key))
    return false;
  field.id = key >> 3;
  field.type = key & 7;
  if (field.type == Varint)
    return cursor.varint(field.number);
  return field.type == Length && cursor.varint(length) &&
         cursor.take(length, field.bytes);
}

/// A Value message.
struct Value {
  Bytes tag;
  bool isTensor = false;
  std::vector<int64_t> dims;
  Bytes type;
  Bytes content;
};

bool readDims(const Field &field, std::vector<int64_t> &dims) {
  if (field.type == Varint) {
    dims.push_back(static_cast<int64_t>(field.number));
    return dims.size() <= kMaxRank;
  }
  Cursor cursor(field.bytes); // packed
  uint64_t number = 0;
  while (!cursor.atEnd()) {
    if (!cursor.varint(number) || dims.size() >= kMaxRank)
      return false;
    dims.push_back(static_cast<int64_t>(number));
  }
  return true;
}

bool readTensor(Bytes bytes, Value &value) {
  Cursor cursor(bytes);
  while (!cursor.atEnd()) {
    Field field;
    if (!readField(cursor, field))
      return false;
    if (field.id == 1) {
      if (!readDims(field, value.dims))
        return false;
    } else if (field.type != Length || (field.id != 2 && field.id != 3)) {
      return false;
    } else {
      (field.id == 2 ? value.type : value.content) = field.bytes;
    }
  }
  return true;
}

bool readValue(Bytes bytes, Value &value) {
  Cursor cursor(bytes);
  while (!cursor.atEnd()) {
    Field field;
    if (!readField(cursor, field) || field.type != Length)
      return false;
    if (field.id == 1) {
      value.tag = field.bytes;
    } else if (field.id == 2) {
      value.isTensor = true;
      if (!readTensor(field.bytes, value))
        return false;
    } else if (field.id != 3) {
      return false;
    }
  }
  return true;
}

/// The slices of one tag. Every slice repeats the dims and the type of the
/// whole tensor, so sizes can be checked only when all are there.
struct Slices {
  Value first;
  std::vector<Bytes> contents;
  uint64_t size = 0;
};

mscrt_dtype dtypeOf(Bytes type) {
  static const struct {
    Bytes name;
    mscrt_dtype dtype;
  } types[] = {
      {"Float32", MSCRT_F32},   {"Float16", MSCRT_F16}, {"Float64", MSCRT_F64},
      {"BFloat16", MSCRT_BF16}, {"Int8", MSCRT_I8},     {"UInt8", MSCRT_U8},
      {"Int16", MSCRT_I16},     {"UInt16", MSCRT_U16},  {"Int32", MSCRT_I32},
      {"UInt32", MSCRT_U32},    {"Int64", MSCRT_I64},   {"UInt64", MSCRT_U64},
      {"Bool", MSCRT_BOOL}};
  for (const auto &entry : types)
    if (entry.name == type)
      return entry.dtype;
  return MSCRT_INVALID;
}

/// Why the value is no tensor that can be used; empty if it is one.
std::string skipReason(const Value &value) {
  if (!value.isTensor)
    return "map tensors (hash-table embeddings) are not supported";
  if (value.type == "str")
    return "a text, not a tensor";
  if (value.type == "Int4")
    return "Int4 elements are not supported";
  return "";
}

class Reader {
public:
  Reader(Checkpoint::Impl &impl, std::string &error)
      : impl(impl), error(error) {}

  bool read(Bytes bytes) {
    Cursor cursor(bytes);
    while (!cursor.atEnd()) {
      size_t offset = bytes.size() - cursor.remaining().size();
      Field field;
      Value value;
      if (!readField(cursor, field) || field.id != 1 || field.type != Length ||
          !readValue(field.bytes, value)) {
        error = "not a MindSpore checkpoint, or a damaged one: no valid entry "
                "at byte " +
                std::to_string(offset);
        return false;
      }
      if (!addSlice(std::move(value)))
        return false;
    }
    for (Slices &slices : values)
      if (!finish(slices))
        return false;
    return true;
  }

private:
  bool addSlice(Value value) {
    auto [entry, isNew] = byTag.try_emplace(value.tag, values.size());
    if (isNew) {
      if (values.size() >= impl.limits.values) {
        error = "more than " + std::to_string(impl.limits.values) + " values";
        return false;
      }
      values.push_back({std::move(value), {}, 0});
      Slices &slices = values.back();
      slices.contents.push_back(slices.first.content);
      slices.size = slices.first.content.size();
      return true;
    }
    Slices &slices = values[entry->second];
    if (!value.isTensor && !slices.first.isTensor)
      return true; // a map tensor is several entries; it is skipped
    if (value.isTensor != slices.first.isTensor ||
        value.type != slices.first.type || value.dims != slices.first.dims) {
      error = quoted(value.tag) + " is there twice, with different types";
      return false;
    }
    slices.contents.push_back(value.content);
    slices.size += value.content.size();
    return true;
  }

  bool finish(Slices &slices) {
    const Value &value = slices.first;
    std::string name(value.tag);
    std::string reason = skipReason(value);
    if (!reason.empty())
      return impl.addSkipped(std::move(name), std::move(reason), error);
    NamedTensor tensor;
    tensor.dtype = dtypeOf(value.type);
    if (tensor.dtype == MSCRT_INVALID) {
      error = quoted(name) + " has the unknown type " + quoted(value.type);
      return false;
    }
    tensor.name = std::move(name);
    // [0] is how MindSpore writes a scalar.
    bool isScalar = value.dims == std::vector<int64_t>{0} && slices.size != 0;
    if (!isScalar)
      tensor.shape = value.dims;
    tensor.size = slices.size;
    if (!merge(slices, tensor))
      return false;
    return impl.addTensor(std::move(tensor), error);
  }

  bool merge(const Slices &slices, NamedTensor &tensor) {
    tensor.data = slices.contents.front().data();
    uint64_t expected = 0;
    // A wrong size is refused by addTensor: nothing to copy before.
    if (slices.contents.size() == 1 ||
        !tensorByteSize(tensor.dtype, tensor.shape, expected) ||
        expected != slices.size)
      return true;
    char *data = impl.allocate(slices.size);
    if (!data) {
      error = "out of memory";
      return false;
    }
    tensor.data = data;
    for (Bytes content : slices.contents) {
      if (!content.empty())
        std::memcpy(data, content.data(), content.size());
      data += content.size();
    }
    return true;
  }

  Checkpoint::Impl &impl;
  std::string &error;
  std::vector<Slices> values;
  std::unordered_map<Bytes, size_t> byTag;
};

/// Removes "crc_num" and the 10-byte big-endian CRC-32 from the end of
/// \p bytes, if there, and checks it.
bool checkCRC(Bytes &bytes, std::string &error) {
  constexpr size_t tailSize = 17;
  if (bytes.size() < tailSize ||
      bytes.substr(bytes.size() - tailSize, 7) != "crc_num")
    return true;
  Bytes tail = bytes.substr(bytes.size() - 10);
  bytes.remove_suffix(tailSize);
  uint64_t stored = 0;
  bool tooLarge = tail[0] != 0 || tail[1] != 0;
  for (char c : tail.substr(2))
    stored = stored << 8 | static_cast<unsigned char>(c);
  uint64_t actual =
      crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size());
  if (!tooLarge && stored == actual)
    return true;
  error = "damaged: the stored CRC-32 is " + std::to_string(stored) +
          ", that of the content " + std::to_string(actual);
  return false;
}

/// True if the file was once saved as text: bytes that are not UTF-8 were
/// replaced by U+FFFD.
bool isMangledText(Bytes bytes) {
  Bytes head = bytes.substr(0, 4096);
  size_t count = 0;
  for (size_t at = head.find("\xef\xbf\xbd"); at != Bytes::npos;
       at = head.find("\xef\xbf\xbd", at + 3))
    ++count;
  return count >= 3;
}

} // namespace

bool readMindSpore(Bytes bytes, Checkpoint::Impl &impl, std::string &error) {
  if (bytes.front() != 0x0a) {
    error = "not a checkpoint: neither MindSpore .ckpt nor safetensors, npz or "
            "npy";
    return false;
  }
  Bytes content = bytes;
  if (!checkCRC(content, error))
    return false;
  if (Reader(impl, error).read(content))
    return true;
  if (isMangledText(bytes))
    error = "not a MindSpore checkpoint: a copy that was saved as text, its "
            "bytes are lost";
  return false;
}

} // namespace mscrt

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads safetensors: the length of a JSON header (8 bytes), the header,
/// the tensors back to back. MindSpore's additions (2.4 and later) are in
/// `__metadata__`: "crc_num", and "<name>": "Int4" for packed 4-bit tensors.
#include "Json.h"
#include "Reader.h"

#include <algorithm>
#include <unordered_set>
#include <zlib.h>

namespace mscrt {

namespace {

/// As the reference implementation.
constexpr uint64_t kMaxHeaderSize = 100'000'000;

struct Entry {
  std::string name;
  std::string type;
  std::vector<int64_t> shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct Header {
  std::vector<Entry> entries;
  std::unordered_map<std::string, std::string> metadata;
};

bool readExtents(JsonReader &json, std::vector<int64_t> &shape) {
  return json.array([&] {
    uint64_t extent = 0;
    if (!json.integer(extent) || extent > uint64_t(INT64_MAX) ||
        shape.size() >= kMaxRank)
      return false;
    shape.push_back(static_cast<int64_t>(extent));
    return true;
  });
}

bool readEntry(JsonReader &json, Entry &entry) {
  bool hasType = false, hasShape = false, hasOffsets = false;
  bool ok = json.object([&](const std::string &key) {
    if (key == "dtype" && !hasType)
      return hasType = json.string(entry.type);
    if (key == "shape" && !hasShape)
      return hasShape = readExtents(json, entry.shape);
    if (key == "data_offsets" && !hasOffsets)
      return hasOffsets = json.punctuation('[') && json.integer(entry.begin) &&
                          json.punctuation(',') && json.integer(entry.end) &&
                          json.punctuation(']');
    return false;
  });
  return ok && hasType && hasShape && hasOffsets;
}

bool readHeader(Bytes text, const CheckpointLimits &limits, Header &header,
                std::string &error) {
  JsonReader json(text);
  bool ok = json.object([&](const std::string &key) {
    if (key == "__metadata__")
      return json.object([&](const std::string &name) {
        std::string value;
        return json.string(value) &&
               header.metadata.emplace(name, value).second;
      });
    if (header.entries.size() >= limits.values) {
      error = "more than " + std::to_string(limits.values) + " values";
      return false;
    }
    header.entries.emplace_back();
    header.entries.back().name = key;
    if (readEntry(json, header.entries.back()))
      return true;
    error = "damaged safetensors header: the entry of " + quoted(key);
    return false;
  });
  if (ok && json.atEnd())
    return true;
  if (error.empty())
    error = "damaged safetensors header";
  return false;
}

mscrt_dtype dtypeOf(const std::string &type) {
  static const struct {
    const char *name;
    mscrt_dtype dtype;
  } types[] = {{"F32", MSCRT_F32},  {"F16", MSCRT_F16}, {"BF16", MSCRT_BF16},
               {"F64", MSCRT_F64},  {"I8", MSCRT_I8},   {"U8", MSCRT_U8},
               {"I16", MSCRT_I16},  {"U16", MSCRT_U16}, {"I32", MSCRT_I32},
               {"U32", MSCRT_U32},  {"I64", MSCRT_I64}, {"U64", MSCRT_U64},
               {"BOOL", MSCRT_BOOL}};
  for (const auto &entry : types)
    if (entry.name == type)
      return entry.dtype;
  return MSCRT_INVALID;
}

/// The format demands that the tensors fill the data without gap or overlap.
bool checkOffsets(std::vector<Entry> &entries, uint64_t dataSize,
                  std::string &error) {
  std::vector<const Entry *> sorted;
  for (const Entry &entry : entries)
    sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const Entry *a, const Entry *b) {
    return std::make_pair(a->begin, a->end) < std::make_pair(b->begin, b->end);
  });
  uint64_t position = 0;
  for (const Entry *entry : sorted) {
    if (entry->begin != position || entry->end < entry->begin ||
        entry->end > dataSize) {
      error = quoted(entry->name) + ": bytes " + std::to_string(entry->begin) +
              " to " + std::to_string(entry->end) +
              " overlap, leave a gap or lie outside the file (expected to "
              "start at " +
              std::to_string(position) + ", data ends at " +
              std::to_string(dataSize) + ")";
      return false;
    }
    position = entry->end;
  }
  if (position == dataSize)
    return true;
  error = "the tensors end at byte " + std::to_string(position) +
          " of the data, the file at " + std::to_string(dataSize);
  return false;
}

/// MindSpore sums an integer of rank 0 as that many zero bytes: it writes
/// bytes(array), which Python takes as a size.
constexpr uint64_t kMaxCountedZeros = 1 << 24;
bool isIntegerScalar(const Entry &entry) {
  return entry.shape.empty() &&
         (entry.type[0] == 'I' || entry.type[0] == 'U') &&
         entry.end - entry.begin <= 8;
}

/// "crc_num" is the CRC-32 of each name and its data, in the order of names.
bool checkCRC(const Header &header, Bytes data, std::string &error) {
  auto stored = header.metadata.find("crc_num");
  if (stored == header.metadata.end())
    return true;
  std::vector<const Entry *> sorted;
  for (const Entry &entry : header.entries)
    sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const Entry *a, const Entry *b) { return a->name < b->name; });
  uLong crc = 0;
  auto add = [&](Bytes bytes) {
    if (!bytes.empty())
      crc = crc32_z(crc, reinterpret_cast<const Bytef *>(bytes.data()),
                    bytes.size());
  };
  for (const Entry *entry : sorted) {
    Bytes content = data.substr(entry->begin, entry->end - entry->begin);
    add(entry->name);
    if (!isIntegerScalar(*entry)) {
      add(content);
      continue;
    }
    uint64_t count = loadLittle(content.data(), unsigned(content.size()));
    if (count > kMaxCountedZeros)
      return true; // not worth the time
    add(std::string(count, 0));
  }
  if (stored->second == std::to_string(crc))
    return true;
  error = "damaged: the stored CRC-32 is " + quoted(stored->second) +
          ", that of the content " + std::to_string(crc);
  return false;
}

bool addEntry(Entry &entry, const Header &header, Bytes data,
              Checkpoint::Impl &impl, std::string &error) {
  auto marked = header.metadata.find(entry.name);
  NamedTensor tensor;
  tensor.dtype = dtypeOf(entry.type);
  if (marked != header.metadata.end() && marked->second == "Int4")
    return impl.addSkipped(entry.name, "Int4 elements are not supported",
                           error);
  if (tensor.dtype == MSCRT_INVALID)
    return impl.addSkipped(
        entry.name, quoted(entry.type) + " elements are not supported", error);
  tensor.name = std::move(entry.name);
  tensor.shape = std::move(entry.shape);
  tensor.data = data.data() + entry.begin;
  tensor.size = entry.end - entry.begin;
  return impl.addTensor(std::move(tensor), error);
}

} // namespace

bool readSafeTensors(Bytes bytes, Checkpoint::Impl &impl, std::string &error) {
  Cursor cursor(bytes);
  uint64_t headerSize = 0;
  Bytes text;
  if (!cursor.little(8, headerSize) || !cursor.take(headerSize, text)) {
    error = "truncated safetensors file: the header takes " +
            std::to_string(headerSize) + " bytes, the file has " +
            std::to_string(bytes.size());
    return false;
  }
  if (headerSize > kMaxHeaderSize) {
    error = "safetensors header of " + std::to_string(headerSize) +
            " bytes, at most " + std::to_string(kMaxHeaderSize) +
            " are allowed";
    return false;
  }
  Header header;
  Bytes data = cursor.remaining();
  if (!readHeader(text, impl.limits, header, error) ||
      !checkOffsets(header.entries, data.size(), error) ||
      !checkCRC(header, data, error))
    return false;
  for (Entry &entry : header.entries)
    if (!addEntry(entry, header, data, impl, error))
      return false;
  return true;
}

bool readSafeTensorsIndex(Bytes text, SafeTensorsIndex &index,
                          std::string &error) {
  JsonReader json(text);
  std::unordered_set<std::string> seen;
  auto addFile = [&](const std::string &name) {
    std::string file;
    if (!json.string(file))
      return false;
    if (!seen.insert(name).second) {
      error = quoted(name) + " is there twice";
      return false;
    }
    index.files.emplace_back(name, std::move(file));
    return true;
  };
  // {"weight_map": {name: file}, "metadata": ...}, or {name: file} directly.
  bool ok = json.object([&](const std::string &key) {
    if (key == "weight_map" && json.peek() == '{')
      return json.object(addFile);
    return json.peek() == '"' ? addFile(key) : json.skipValue();
  });
  if (ok && json.atEnd() && !index.files.empty())
    return true;
  if (error.empty())
    error = "not a list of tensor names and files";
  return false;
}

} // namespace mscrt

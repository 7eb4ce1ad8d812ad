// SPDX-License-Identifier: Apache-2.0
//
/// \file Writes small checkpoints of every format, byte by byte.
#ifndef MSC_TEST_RUNTIME_CHECKPOINT_FIXTURES_H
#define MSC_TEST_RUNTIME_CHECKPOINT_FIXTURES_H

#include "mscrt/checkpoint.h"
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <zlib.h>

namespace fixtures {

using Shape = std::vector<int64_t>;

inline std::string little(uint64_t value, unsigned count) {
  std::string bytes;
  for (unsigned i = 0; i < count; ++i)
    bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

template <typename T> std::string raw(const std::vector<T> &values) {
  std::string bytes(values.size() * sizeof(T), 0);
  if (!bytes.empty())
    std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <typename T> std::vector<T> values(const mscrt::NamedTensor &tensor) {
  std::vector<T> result(tensor.size / sizeof(T));
  if (!result.empty())
    std::memcpy(result.data(), tensor.data, result.size() * sizeof(T));
  return result;
}

inline uint32_t crc(const std::string &bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()));
}

// MindSpore.

inline std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

inline std::string field(unsigned id, const std::string &content) {
  return varint(id << 3 | 2) + varint(content.size()) + content;
}

/// One entry of a .ckpt.
inline std::string entry(const std::string &tag, const Shape &dims,
                         const std::string &type, const std::string &content) {
  std::string tensor;
  for (int64_t dim : dims)
    tensor += varint(1 << 3) + varint(static_cast<uint64_t>(dim));
  tensor += field(2, type) + field(3, content);
  return field(1, field(1, tag) + field(2, tensor));
}

inline std::string floats(const std::string &tag, const Shape &dims,
                          const std::vector<float> &content) {
  return entry(tag, dims, "Float32", raw(content));
}

inline std::string withCRC(const std::string &bytes) {
  std::string tail;
  for (int shift = 72; shift >= 0; shift -= 8)
    tail += shift >= 32 ? 0 : static_cast<char>(crc(bytes) >> shift);
  return bytes + "crc_num" + tail;
}

// safetensors.

inline std::string safeTensors(const std::string &header,
                               const std::string &data) {
  return little(header.size(), 8) + header + data;
}

// numpy.

inline std::string npy(const std::string &type, const std::string &shape,
                       const std::string &content,
                       const char *fortranOrder = "False") {
  std::string header = "{'descr': '" + type +
                       "', 'fortran_order': " + fortranOrder +
                       ", 'shape': " + shape + ", }";
  header.resize((header.size() + 10 + 64) / 64 * 64 - 11, ' ');
  header += '\n';
  return "\x93NUMPY" + std::string("\x01\x00", 2) + little(header.size(), 2) +
         header + content;
}

struct Member {
  std::string name;
  std::string content;
  bool deflated = false;
};

inline std::string deflate(const std::string &content) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, content.size()), 0);
  stream.next_in =
      reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// A zip archive. With \p wide the list of members is in zip64 form.
inline std::string zip(const std::vector<Member> &members, bool wide = false) {
  std::string bytes, list;
  for (const Member &member : members) {
    std::string packed =
        member.deflated ? deflate(member.content) : member.content;
    std::string common = little(member.deflated ? 8 : 0, 2) + little(0, 4) +
                         little(crc(member.content), 4);
    std::string sizes =
        little(packed.size(), 4) + little(member.content.size(), 4);
    std::string wideSizes = wide ? std::string(8, '\xff') : sizes;
    std::string extra =
        wide ? little(1, 2) + little(24, 2) + little(member.content.size(), 8) +
                   little(packed.size(), 8) + little(bytes.size(), 8)
             : "";
    list += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(0, 2) +
            common + wideSizes + little(member.name.size(), 2) +
            little(extra.size(), 2) + little(0, 2) + little(0, 8) +
            little(wide ? 0xffffffff : bytes.size(), 4) + member.name + extra;
    bytes += "PK\x03\x04" + little(20, 2) + little(0, 2) + common + sizes +
             little(member.name.size(), 2) + little(0, 2) + member.name +
             packed;
  }
  uint64_t offset = bytes.size(), count = members.size();
  bytes += list;
  if (wide) {
    uint64_t end64 = bytes.size();
    bytes += "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) +
             little(0, 8) + little(count, 8) + little(count, 8) +
             little(list.size(), 8) + little(offset, 8);
    bytes += "PK\x06\x07" + little(0, 4) + little(end64, 8) + little(1, 4);
    offset = 0xffffffff;
  }
  return bytes + "PK\x05\x06" + little(0, 4) + little(count, 2) +
         little(count, 2) + little(list.size(), 4) + little(offset, 4) +
         little(0, 2);
}

// Reading.

/// Reads \p bytes from a heap block of exactly their size, so that a sanitizer
/// sees any read outside.
inline std::unique_ptr<mscrt::Checkpoint>
tryRead(const std::string &bytes, std::string &error,
        const mscrt::CheckpointLimits &limits = {}) {
  std::shared_ptr<char> copy(new char[bytes.size()],
                             [](char *p) { delete[] p; });
  if (!bytes.empty())
    std::memcpy(copy.get(), bytes.data(), bytes.size());
  return mscrt::Checkpoint::fromMemory(copy.get(), bytes.size(), copy, "test",
                                       error, limits);
}

inline std::unique_ptr<mscrt::Checkpoint> read(const std::string &bytes) {
  std::string error;
  auto checkpoint = tryRead(bytes, error);
  EXPECT_TRUE(checkpoint) << error;
  return checkpoint;
}

/// The error that reading \p bytes gives.
inline std::string readError(const std::string &bytes,
                             const mscrt::CheckpointLimits &limits = {}) {
  std::string error;
  EXPECT_FALSE(tryRead(bytes, error, limits)) << "was accepted";
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  return error;
}

inline void writeFile(const std::string &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A fresh directory, removed at the end.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "/checkpointXXXXXX";
    EXPECT_TRUE(mkdtemp(pattern.data()));
    path = pattern;
  }
  ~TemporaryDirectory() {
    EXPECT_EQ(std::system(("rm -r '" + path + "'").c_str()), 0);
  }
  std::string operator/(const std::string &name) const {
    return path + "/" + name;
  }
  std::string path;
};

} // namespace fixtures

/// Expects that \p text contains \p part.
#define EXPECT_CONTAINS(text, part)                                            \
  EXPECT_NE(std::string(text).find(part), std::string::npos) << (text)

#endif // MSC_TEST_RUNTIME_CHECKPOINT_FIXTURES_H

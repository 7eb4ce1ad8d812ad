// SPDX-License-Identifier: Apache-2.0
//
/// \file Damaged files of every format: each is refused, or read as something
/// whole, and never read beyond its end.
#include "Fixtures.h"

using namespace fixtures;
using namespace mscrt;

namespace {

struct Example {
  const char *name;
  std::string bytes;
  /// Every part of the file is covered by a checksum.
  bool summed;
};

std::vector<Example> examples() {
  std::string entries = floats("conv.weight", {2, 2}, {1, 2, 3, 4}) +
                        floats("rate", {0}, {1}) +
                        entry("text", {0}, "str", little('a', 4)) +
                        floats("conv.weight", {2, 2}, {});
  std::string header =
      "{\"__metadata__\":{\"format\":\"ms\"},\"w\":{\"dtype\":\"F32\","
      "\"shape\":[1,2],\"data_offsets\":[0,8]},\"\\u00e9\":{\"dtype\":\"BF16\","
      "\"shape\":[],\"data_offsets\":[8,10]}}";
  std::vector<Member> members = {
      {"a.npy", npy("<f4", "(2, 2)", raw<float>({1, 2, 3, 4}), "True"), true},
      {"b.npy", npy(">i2", "(3,)", "abcdef"), false}};
  return {
      {"ckpt", entries, false},
      {"ckpt with crc", withCRC(entries), true},
      {"safetensors", safeTensors(header, "0123456789"), false},
      {"npy", npy("<f4", "(2, 2)", raw<float>({1, 2, 3, 4}), "True"), false},
      {"npz", zip(members), false},
      {"wide npz", zip(members, true), false}};
}

/// Reads and, where that works, touches every byte of every tensor.
bool readAll(const std::string &bytes) {
  std::string error;
  auto checkpoint = tryRead(bytes, error);
  if (!checkpoint) {
    EXPECT_FALSE(error.empty());
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    return false;
  }
  for (const NamedTensor &tensor : checkpoint->tensors()) {
    uint64_t size = 0;
    EXPECT_TRUE(tensorByteSize(tensor.dtype, tensor.shape, size));
    EXPECT_EQ(size, tensor.size);
    std::string copy(tensor.data, tensor.size);
    EXPECT_EQ(hashBytes(copy.data(), copy.size()),
              hashBytes(tensor.data, tensor.size));
  }
  return true;
}

} // namespace

TEST(Hostile, examplesAreValid) {
  for (const Example &example : examples())
    EXPECT_TRUE(readAll(example.bytes)) << example.name;
}

TEST(Hostile, truncationAtEveryByte) {
  for (const Example &example : examples()) {
    size_t accepted = 0;
    for (size_t size = 0; size < example.bytes.size(); ++size)
      accepted += readAll(example.bytes.substr(0, size));
    // A .ckpt has no end mark: cut between two entries it is a shorter one.
    bool hasNoEnd = std::string(example.name).rfind("ckpt", 0) == 0;
    EXPECT_EQ(accepted, hasNoEnd ? (example.summed ? 4u : 3u) : 0u)
        << example.name;
  }
}

TEST(Hostile, flippedBits) {
  for (const Example &example : examples())
    for (size_t at = 0; at < example.bytes.size(); ++at)
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = example.bytes;
        damaged[at] ^= static_cast<char>(1 << bit);
        bool accepted = readAll(damaged);
        // Without a valid mark the sum is not looked for.
        bool inMark =
            at + 17 >= example.bytes.size() && at + 10 < example.bytes.size();
        if (example.summed && !inMark) {
          EXPECT_FALSE(accepted) << example.name << " byte " << at;
        }
      }
}

TEST(Hostile, replacedAndRepeatedBytes) {
  for (const Example &example : examples())
    for (size_t at = 0; at < example.bytes.size(); ++at) {
      for (char value : {'\0', '\x7f', '\xff'}) {
        std::string damaged = example.bytes;
        damaged[at] = value;
        readAll(damaged);
        damaged.replace(at, std::min<size_t>(8, damaged.size() - at), 8, value);
        readAll(damaged);
      }
      std::string longer = example.bytes;
      readAll(longer.insert(at, example.bytes));
    }
}

TEST(Hostile, deepNestingIsRefused) {
  for (const char *open : {"[", "{\"a\":"}) {
    std::string text = "{\"__metadata__\":";
    for (int i = 0; i < 100000; ++i)
      text += open;
    EXPECT_CONTAINS(readError(safeTensors(text, "")), "damaged safetensors");
  }
}

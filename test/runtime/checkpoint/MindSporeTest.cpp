// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading MindSpore's .ckpt, and telling other files from it.
#include "Fixtures.h"

using namespace fixtures;
using mscrt::Checkpoint;
using mscrt::CheckpointFormat;

TEST(MindSporeCheckpoint, readsTensorsInFileOrder) {
  auto checkpoint = read(floats("w", {2, 3}, {1, 2, 3, 4, 5, 6}) +
                         entry("n", {2}, "Int64", raw<int64_t>({7, -8})));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->format(), CheckpointFormat::MindSpore);
  ASSERT_EQ(checkpoint->tensors().size(), 2u);
  const mscrt::NamedTensor &w = checkpoint->tensors()[0];
  EXPECT_EQ(w.name, "w");
  EXPECT_EQ(w.dtype, MSCRT_F32);
  EXPECT_EQ(w.shape, Shape({2, 3}));
  EXPECT_EQ(values<float>(w), std::vector<float>({1, 2, 3, 4, 5, 6}));
  const mscrt::NamedTensor *n = checkpoint->find("n");
  ASSERT_TRUE(n);
  EXPECT_EQ(n->dtype, MSCRT_I64);
  EXPECT_EQ(values<int64_t>(*n), std::vector<int64_t>({7, -8}));
  EXPECT_FALSE(checkpoint->find("m"));
}

TEST(MindSporeCheckpoint, knowsAllTypes) {
  const struct {
    const char *name;
    mscrt_dtype dtype;
    size_t size;
  } types[] = {{"Int8", MSCRT_I8, 1},     {"UInt8", MSCRT_U8, 1},
               {"Int16", MSCRT_I16, 2},   {"UInt16", MSCRT_U16, 2},
               {"Int32", MSCRT_I32, 4},   {"UInt32", MSCRT_U32, 4},
               {"Int64", MSCRT_I64, 8},   {"UInt64", MSCRT_U64, 8},
               {"Float16", MSCRT_F16, 2}, {"BFloat16", MSCRT_BF16, 2},
               {"Float32", MSCRT_F32, 4}, {"Float64", MSCRT_F64, 8},
               {"Bool", MSCRT_BOOL, 1}};
  for (const auto &type : types) {
    auto checkpoint =
        read(entry("x", {3}, type.name, std::string(3 * type.size, 1)));
    ASSERT_TRUE(checkpoint) << type.name;
    EXPECT_EQ(checkpoint->tensors()[0].dtype, type.dtype) << type.name;
    EXPECT_EQ(checkpoint->tensors()[0].size, 3 * type.size) << type.name;
  }
  EXPECT_CONTAINS(readError(entry("x", {1}, "Float24", "abc")),
                  "unknown type 'Float24'");
}

TEST(MindSporeCheckpoint, dimsZeroIsAScalar) {
  auto checkpoint = read(floats("scale", {0}, {2}) + floats("none", {0}, {}) +
                         floats("plain", {}, {3}) + floats("void", {0, 4}, {}));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->find("scale")->shape, Shape());
  EXPECT_EQ(values<float>(*checkpoint->find("scale")), std::vector<float>({2}));
  EXPECT_EQ(checkpoint->find("none")->shape, Shape({0}));
  EXPECT_EQ(checkpoint->find("plain")->shape, Shape());
  EXPECT_EQ(checkpoint->find("void")->shape, Shape({0, 4}));
  EXPECT_CONTAINS(readError(floats("scale", {0}, {2, 3})),
                  "takes 4 bytes, the file has 8");
}

TEST(MindSporeCheckpoint, mergesSlicesByTag) {
  // Every slice repeats the dims of the whole; others may be in between.
  auto checkpoint = read(floats("a", {5}, {1, 2}) + floats("b", {1}, {9}) +
                         floats("a", {5}, {3}) + floats("a", {5}, {4, 5}));
  ASSERT_TRUE(checkpoint);
  ASSERT_EQ(checkpoint->tensors().size(), 2u);
  EXPECT_EQ(values<float>(*checkpoint->find("a")),
            std::vector<float>({1, 2, 3, 4, 5}));
  EXPECT_CONTAINS(readError(floats("a", {5}, {1, 2}) + floats("a", {5}, {3})),
                  "'a': f32[5] takes 20 bytes, the file has 12");
  EXPECT_CONTAINS(readError(floats("a", {2}, {1}) + floats("a", {3}, {2})),
                  "'a' is there twice, with different types");
}

TEST(MindSporeCheckpoint, acceptsPackedDims) {
  std::string tensor = field(1, varint(2) + varint(1)) + field(2, "Float32") +
                       field(3, raw<float>({1, 2}));
  auto checkpoint = read(field(1, field(1, "x") + field(2, tensor)));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->tensors()[0].shape, Shape({2, 1}));
}

TEST(MindSporeCheckpoint, skipsWhatIsNoTensor) {
  std::string map = field(1, field(1, "table") + field(3, ""));
  auto checkpoint =
      read(entry("info", {0}, "str", little('a', 4) + little('b', 4)) +
           entry("q", {4}, "Int4", std::string(2, 0)) + map + map +
           floats("w", {1}, {1}));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->tensors().size(), 1u);
  ASSERT_EQ(checkpoint->skipped().size(), 3u);
  EXPECT_EQ(checkpoint->skipped()[0].name, "info");
  EXPECT_EQ(checkpoint->skipped()[0].reason, "a text, not a tensor");
  EXPECT_EQ(checkpoint->skipped()[1].reason, "Int4 elements are not supported");
  EXPECT_CONTAINS(checkpoint->skipped()[2].reason, "map tensors");
}

TEST(MindSporeCheckpoint, checksTheCRC) {
  std::string bytes = floats("w", {2}, {1, 2});
  auto checkpoint = read(withCRC(bytes));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->tensors().size(), 1u);
  std::string damaged = withCRC(bytes);
  damaged[bytes.size() - 1] ^= 1;
  EXPECT_CONTAINS(readError(damaged), "damaged: the stored CRC-32 is");
  damaged = withCRC(bytes);
  damaged[bytes.size() + 7] = 1; // beyond 32 bits
  EXPECT_CONTAINS(readError(damaged), "damaged: the stored CRC-32 is");
}

TEST(MindSporeCheckpoint, refusesBadNames) {
  EXPECT_CONTAINS(readError(floats("", {1}, {1})), "a value has no name");
  EXPECT_CONTAINS(readError(floats("\xff", {1}, {1})), "a name is not UTF-8");
  EXPECT_CONTAINS(readError(floats("\xed\xa0\x80", {1}, {1})), "not UTF-8");
  EXPECT_CONTAINS(readError(floats(std::string(2000, 'n'), {1}, {1})),
                  "a name is longer than 1024 bytes");
  // No control character reaches the terminal.
  EXPECT_CONTAINS(readError(floats("a\nb\x1b", {1}, {1, 2})), "'a\\x0ab\\x1b'");
  EXPECT_TRUE(read(floats("网络.weight", {1}, {1})));
}

TEST(MindSporeCheckpoint, refusesHostileSizes) {
  const int64_t big = int64_t(1) << 40;
  EXPECT_CONTAINS(readError(floats("x", {big, big}, {1})), "impossible shape");
  EXPECT_CONTAINS(readError(floats("x", {int64_t(1) << 62}, {})),
                  "impossible shape");
  // 2^32 * 2^32 elements are 0 modulo 2^64.
  EXPECT_CONTAINS(
      readError(floats("x", {int64_t(1) << 32, int64_t(1) << 32}, {})),
      "impossible shape");
  EXPECT_CONTAINS(readError(floats("x", {-1}, {1})), "impossible shape");
  EXPECT_CONTAINS(readError(floats("x", {4, 0, 5}, {1})), "has 4");
  EXPECT_CONTAINS(readError(floats("x", Shape(33, 1), {1})), "no valid entry");
  EXPECT_CONTAINS(readError(std::string("\x0a") + varint(~uint64_t(0)) + "x"),
                  "no valid entry at byte 0");
  mscrt::CheckpointLimits limits;
  limits.values = 1;
  EXPECT_CONTAINS(
      readError(floats("a", {1}, {1}) + floats("b", {1}, {1}), limits),
      "more than 1 values");
}

TEST(CheckpointDetection, namesOtherFiles) {
  EXPECT_CONTAINS(readError(""), "the file is empty");
  EXPECT_CONTAINS(readError("\xd8\x5e\x3a\x7f and more"),
                  "test: encrypted checkpoint: give --key");
  EXPECT_CONTAINS(readError("\xda\x5e\x3a\x7f"), "give --key");
  EXPECT_CONTAINS(readError("version https://git-lfs.github.com/spec/v1\n"),
                  "git-lfs pointer");
  EXPECT_CONTAINS(readError("\x08\x01\x12\x03\x0a\x01x"),
                  "parallel strategy file");
  EXPECT_CONTAINS(readError("\x08\x07\x12\x07pytorch"), "an ONNX model");
  EXPECT_CONTAINS(readError("\x0a\x05"
                            "0.1.1\x12\x09MindSpore"),
                  "a MindIR model");
  EXPECT_CONTAINS(readError("\x80\x02}q"), "Python pickle");
  EXPECT_CONTAINS(readError("{\"weight_map\": {}}"), "give the directory");
  EXPECT_CONTAINS(readError("hello, world"), "not a checkpoint");
  EXPECT_CONTAINS(readError("\x0a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
                  "saved as text");
}

TEST(CheckpointDetection, opensFilesByContent) {
  TemporaryDirectory directory;
  std::string error;
  writeFile(directory / "weights.npz", floats("w", {1}, {1}));
  auto checkpoint = Checkpoint::open(directory / "weights.npz", error);
  ASSERT_TRUE(checkpoint) << error;
  EXPECT_EQ(checkpoint->format(), CheckpointFormat::MindSpore);
  EXPECT_EQ(checkpoint->name(), directory / "weights.npz");
  EXPECT_FALSE(Checkpoint::open(directory / "none.ckpt", error));
  EXPECT_CONTAINS(error, "none.ckpt: cannot open: No such file");
  EXPECT_FALSE(Checkpoint::open("/dev/null", error));
  EXPECT_CONTAINS(error, "not a regular file");
  EXPECT_FALSE(Checkpoint::open(directory.path, error));
  EXPECT_CONTAINS(error, "a directory without param_name_map.json");
  writeFile(directory / "empty.ckpt", "");
  EXPECT_FALSE(Checkpoint::open(directory / "empty.ckpt", error));
  EXPECT_CONTAINS(error, "the file is empty");
}

TEST(CheckpointDetection, tensorsKeepTheirMemory) {
  std::string error;
  std::unique_ptr<Checkpoint> checkpoint;
  std::weak_ptr<char> watch;
  {
    std::string bytes = floats("w", {1}, {7});
    std::shared_ptr<char> copy(new char[bytes.size()],
                               [](char *p) { delete[] p; });
    std::memcpy(copy.get(), bytes.data(), bytes.size());
    watch = copy;
    checkpoint =
        Checkpoint::fromMemory(copy.get(), bytes.size(), copy, "m", error);
    // Not copied.
    EXPECT_EQ(checkpoint->tensors()[0].data, copy.get() + bytes.size() - 4);
  }
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(values<float>(checkpoint->tensors()[0]), std::vector<float>({7}));
  checkpoint.reset();
  EXPECT_TRUE(watch.expired());
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading and writing .npy files, the damaged and the hostile included.
#include "TestModels.h"

using namespace mscrt;
using namespace test;

/// A file of the given version around a header dict and elements.
static std::string npy(const std::string &dict, const std::string &elements,
                       int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  std::string header = dict + "\n";
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>(header.size() >> (8 * i));
  return bytes + header + elements;
}

static std::string dict(const std::string &descr, const std::string &shape,
                        const std::string &isFortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + isFortran +
         ", 'shape': " + shape + ", }";
}

struct Parsed {
  explicit Parsed(const std::string &bytes, uint32_t dtype = 0) {
    status = mscrt_array_parse(bytes.data(), bytes.size(), dtype, "file",
                               &array, &error);
  }
  ~Parsed() { mscrt_array_free(array); }
  const mscrt_tensor &tensor() const { return *mscrt_array_tensor(array); }
  template <typename T> T at(size_t index) const {
    return static_cast<const T *>(tensor().data)[index];
  }
  mscrt_array *array = nullptr;
  mscrt_error error = {};
  mscrt_status status;
};

TEST(Npy, ReadsEveryVersion) {
  for (int version : {1, 2, 3}) {
    Parsed parsed(
        npy(dict("<i2", "(3,)"), std::string("\1\0\2\0\3\1", 6), version));
    ASSERT_EQ(parsed.status, MSCRT_OK) << parsed.error.message;
    EXPECT_EQ(parsed.tensor().dtype, MSCRT_I16);
    EXPECT_EQ(parsed.tensor().rank, 1);
    EXPECT_EQ(parsed.at<int16_t>(2), 259);
  }
  Parsed parsed(npy(dict("<i2", "(1,)"), "ab", 4));
  EXPECT_EQ(parsed.status, MSCRT_ERROR_FORMAT);
}

TEST(Npy, ReadsScalarsAndEmptyArrays) {
  Parsed scalar(npy(dict("|u1", "()"), "\7"));
  ASSERT_EQ(scalar.status, MSCRT_OK);
  EXPECT_EQ(scalar.tensor().rank, 0);
  EXPECT_EQ(scalar.at<uint8_t>(0), 7);
  Parsed empty(npy(dict("<f8", "(0, 9223372036854775807, 7)"), ""));
  ASSERT_EQ(empty.status, MSCRT_OK) << empty.error.message;
  EXPECT_EQ(empty.tensor().size, 0u);
}

TEST(Npy, ConvertsColumnMajorOrder) {
  // [[0, 1, 2], [3, 4, 5]] stored column by column.
  Parsed parsed(
      npy(dict("|i1", "(2, 3)", "True"), std::string("\0\3\1\4\2\5", 6)));
  ASSERT_EQ(parsed.status, MSCRT_OK);
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(parsed.at<int8_t>(i), i);
}

TEST(Npy, SwapsBigEndian) {
  Parsed parsed(npy(dict(">i4", "(1,)"), std::string("\0\0\1\2", 4)));
  ASSERT_EQ(parsed.status, MSCRT_OK);
  EXPECT_EQ(parsed.at<int32_t>(0), 258);
}

TEST(Npy, ReadsBfloat16OnRequest) {
  for (const char *descr : {"<u2", "|V2"}) {
    std::string bytes = npy(dict(descr, "(1,)"), "\x80\x3f");
    Parsed wanted(bytes, MSCRT_BF16);
    ASSERT_EQ(wanted.status, MSCRT_OK);
    EXPECT_EQ(wanted.tensor().dtype, MSCRT_BF16);
  }
  Parsed plain(npy(dict("<u2", "(1,)"), "\x80\x3f"));
  EXPECT_EQ(plain.tensor().dtype, MSCRT_U16);
}

TEST(Npy, BoolsAreZeroOrOne) {
  Parsed parsed(npy(dict("|b1", "(3,)"), std::string("\0\1\x7f", 3)));
  ASSERT_EQ(parsed.status, MSCRT_OK);
  EXPECT_EQ(parsed.at<uint8_t>(2), 1);
}

TEST(Npy, RefusesOtherElementTypes) {
  for (const char *descr :
       {"<c8", "|O", "<U4", "<M8", "|S3", "<f16", "f4", ""}) {
    Parsed parsed(npy(dict(descr, "(1,)"), std::string(16, 'x')));
    EXPECT_EQ(parsed.status, MSCRT_ERROR_UNSUPPORTED) << descr;
  }
}

TEST(Npy, RefusesShapesThatDoNotFit) {
  for (const char *shape :
       {"(2,)", "(5,)", "(4294967296, 4294967296)", "(4611686018427387904,)",
        "(9223372036854775807,)"}) {
    Parsed parsed(npy(dict("<f4", shape), std::string(16, 'x')));
    EXPECT_EQ(parsed.status, MSCRT_ERROR_FORMAT) << shape;
  }
  Parsed parsed(npy(dict("<f4", "(5,)"), std::string(16, 'x')));
  EXPECT_STREQ(parsed.error.message,
               "file: shape 5 does not fit the 16 bytes of elements");
}

TEST(Npy, RefusesDamagedHeaders) {
  std::string many = "(";
  for (int i = 0; i < 100; ++i)
    many += "1,";
  for (const std::string &header :
       {std::string(), std::string("{"), std::string("{}"), dict("<f4", "(4"),
        dict("<f4", "4,)"), dict("<f4", "(-4,)"),
        dict("<f4", "(99999999999999999999,)"), dict("<f4", "(4,)", "Maybe"),
        dict("<f4", many + ")"), dict("<f4", "(4,)") + "x",
        std::string("{'descr': '<f4', 'shape': (4,)}"),
        std::string("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, "
                    "'shape': (4,)}"),
        std::string("{'descr': [('a', '<f4')], 'fortran_order': False, "
                    "'shape': (4,)}")}) {
    Parsed parsed(npy(header, std::string(16, 'x')));
    EXPECT_EQ(parsed.status, MSCRT_ERROR_FORMAT) << header;
  }
}

TEST(Npy, EveryTruncationIsAnError) {
  std::string whole = npy(dict("<f4", "(2, 2)"), std::string(16, 'x'));
  ASSERT_EQ(Parsed(whole).status, MSCRT_OK);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(Parsed(whole.substr(0, size)).status, MSCRT_OK) << size;
  EXPECT_NE(Parsed(whole + "x").status, MSCRT_OK);
}

TEST(Npy, WritesWhatItReads) {
  TemporaryFolder folder;
  std::string path = folder / "t.npy";
  const std::vector<std::vector<int64_t>> shapes = {
      {}, {1}, {2, 3}, {0, 4}, {1, 2, 3, 4, 5}};
  for (uint32_t dtype = 1; dtype <= MSCRT_BF16; ++dtype) {
    for (const auto &shape : shapes) {
      if (!mscrt_dtype_size(dtype))
        continue;
      Tensor tensor = Tensor::create(dtype, shape).value();
      for (uint64_t i = 0; i < tensor.size(); ++i)
        static_cast<char *>(tensor.bytes())[i] = i % 2;
      ASSERT_TRUE(tensor.write(path));
      Tensor back = Tensor::read(path, dtype).value();
      EXPECT_EQ(back.dtype(), dtype);
      EXPECT_EQ(back.shape(), shape);
      ASSERT_EQ(back.size(), tensor.size());
      if (dtype != MSCRT_BOOL)
        EXPECT_EQ(memcmp(back.bytes(), tensor.bytes(), back.size()), 0);
      // Elements start at a multiple of 64, as NumPy wants it.
      EXPECT_EQ((std::filesystem::file_size(path) - tensor.size()) % 64, 0u);
    }
  }
  size_t files = 0;
  for (auto &entry : std::filesystem::directory_iterator(folder / "."))
    files += entry.exists();
  EXPECT_EQ(files, 1u) << "a temporary file was left";
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading safetensors files and directories of them.
#include "Fixtures.h"

#include <unistd.h>

using namespace fixtures;
using mscrt::Checkpoint;
using mscrt::CheckpointFormat;

static std::string item(const std::string &name, const std::string &type,
                        const std::string &shape, const std::string &offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

static std::string one(const std::string &member, const std::string &data) {
  return safeTensors("{" + member + "}", data);
}

TEST(SafeTensors, readsTensors) {
  auto checkpoint = read(safeTensors(
      "{\"__metadata__\":{\"format\":\"ms\"}," +
          item("b", "I32", "[2]", "[4,12]") + " , " +
          "\"\\u0061\\u00e9\\ud83d\\ude00\\n\":{\"data_offsets\": [0, 4],"
          " \"shape\": [], \"dtype\": \"F32\"} }   ",
      raw<float>({1.5f}) + raw<int32_t>({2, -3})));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->format(), CheckpointFormat::SafeTensors);
  ASSERT_EQ(checkpoint->tensors().size(), 2u);
  EXPECT_EQ(values<int32_t>(*checkpoint->find("b")),
            std::vector<int32_t>({2, -3}));
  const mscrt::NamedTensor *a = checkpoint->find("aé😀\n");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->shape, Shape());
  EXPECT_EQ(values<float>(*a), std::vector<float>({1.5f}));
}

TEST(SafeTensors, knowsAllTypes) {
  const struct {
    const char *name;
    mscrt_dtype dtype;
  } types[] = {{"F16", MSCRT_F16},  {"BF16", MSCRT_BF16}, {"F32", MSCRT_F32},
               {"F64", MSCRT_F64},  {"I8", MSCRT_I8},     {"U8", MSCRT_U8},
               {"I16", MSCRT_I16},  {"U16", MSCRT_U16},   {"I32", MSCRT_I32},
               {"U32", MSCRT_U32},  {"I64", MSCRT_I64},   {"U64", MSCRT_U64},
               {"BOOL", MSCRT_BOOL}};
  for (const auto &type : types) {
    size_t size = 2 * mscrt::dtypeSize(type.dtype);
    auto checkpoint = read(
        one(item("x", type.name, "[1,2]", "[0," + std::to_string(size) + "]"),
            std::string(size, 1)));
    ASSERT_TRUE(checkpoint) << type.name;
    EXPECT_EQ(checkpoint->tensors()[0].dtype, type.dtype) << type.name;
  }
}

TEST(SafeTensors, skipsOtherTypes) {
  auto checkpoint = read(safeTensors(
      "{\"__metadata__\":{\"q\":\"Int4\"}," + item("q", "I8", "[2]", "[0,2]") +
          "," + item("e", "F8_E4M3", "[1]", "[2,3]") + "}",
      "abc"));
  ASSERT_TRUE(checkpoint);
  EXPECT_TRUE(checkpoint->tensors().empty());
  ASSERT_EQ(checkpoint->skipped().size(), 2u);
  EXPECT_EQ(checkpoint->skipped()[0].reason, "Int4 elements are not supported");
  EXPECT_EQ(checkpoint->skipped()[1].reason,
            "'F8_E4M3' elements are not supported");
}

TEST(SafeTensors, checksTheCRC) {
  // Over the names and contents, in the order of names.
  std::string data = "12345678";
  std::string members =
      item("z", "U8", "[4]", "[0,4]") + "," + item("a", "U8", "[4]", "[4,8]");
  std::string stored = std::to_string(crc("a5678z1234"));
  auto withCRC = [&](const std::string &number) {
    return safeTensors("{\"__metadata__\":{\"crc_num\":\"" + number + "\"}," +
                           members + "}",
                       data);
  };
  EXPECT_TRUE(read(withCRC(stored)));
  EXPECT_CONTAINS(readError(withCRC("1")), "the stored CRC-32 is '1'");
}

TEST(SafeTensors, sumsIntegerScalarsAsMindSporeDoes) {
  auto make = [](const std::string &sum, char step) {
    return safeTensors("{\"__metadata__\":{\"crc_num\":\"" + sum + "\"}," +
                           item("step", "U8", "[]", "[0,1]") + "}",
                       std::string(1, step));
  };
  std::string sum = std::to_string(crc("step" + std::string(5, 0)));
  EXPECT_TRUE(read(make(sum, 5)));
  EXPECT_CONTAINS(readError(make(sum, 6)), "the stored CRC-32 is");
}

TEST(SafeTensors, refusesBadOffsets) {
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1]", "[0,4]"), "abc")),
                  "outside the file");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1]", "[0,4]"), "abcde")),
                  "end at byte 4 of the data, the file at 5");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1]", "[1,5]"), "abcde")),
                  "leave a gap");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1]", "[4,0]"), "abcd")),
                  "overlap");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[2]", "[0,4]"), "abcd")),
                  "f32[2] takes 8 bytes, the file has 4");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1]", "[0,4]") + "," +
                                    item("y", "F32", "[1]", "[0,4]"),
                                "abcd")),
                  "overlap");
  EXPECT_CONTAINS(
      readError(one(item("x", "F32", "[1]",
                         "[18446744073709551612,18446744073709551616]"),
                    "abcd")),
      "the entry of 'x'");
  EXPECT_CONTAINS(
      readError(one(item("x", "F32", "[4294967296,4294967296]", "[0,0]"), "")),
      "impossible shape");
}

TEST(SafeTensors, refusesDamagedHeaders) {
  EXPECT_CONTAINS(readError(little(1000, 8) + "{}"), "truncated safetensors");
  EXPECT_CONTAINS(readError(safeTensors("{", "")), "damaged safetensors");
  EXPECT_CONTAINS(readError(safeTensors("{} x", "")), "damaged safetensors");
  EXPECT_CONTAINS(readError(safeTensors("{\"x\":1}", "")), "entry of 'x'");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[-1]", "[0,4]"), "abcd")),
                  "'x'");
  EXPECT_CONTAINS(readError(one(item("x", "F32", "[1.0]", "[0,4]"), "abcd")),
                  "'x'");
  EXPECT_CONTAINS(readError(one("\"\\ud800\":{}", "")), "damaged");
  EXPECT_CONTAINS(readError(one(item("x", "U8", "[1]", "[0,1]") + "," +
                                    item("x", "U8", "[1]", "[1,2]"),
                                "ab")),
                  "'x' is there twice");
}

class SafeTensorsDirectory : public testing::Test {
protected:
  void SetUp() override {
    writeFile(directory / "part0.safetensors",
              one(item("a", "U8", "[2]", "[0,2]") + "," +
                      item("q", "F4", "[2]", "[2,3]"),
                  "abc"));
    writeFile(directory / "part1.safetensors",
              one(item("b", "U8", "[1]", "[0,1]"), "z"));
  }
  void writeMap(const std::string &text) {
    writeFile(directory / "param_name_map.json", text);
  }
  std::string openError() {
    std::string error;
    EXPECT_FALSE(Checkpoint::open(directory.path, error));
    return error;
  }
  TemporaryDirectory directory;
};

TEST_F(SafeTensorsDirectory, readsTheFilesOfTheIndex) {
  const std::string map = "{\"b\":\"part1.safetensors\",\"a\":"
                          "\"part0.safetensors\",\"q\":\"part0.safetensors\"}";
  for (const std::string &text :
       {map, "{\"metadata\":{\"total_size\":3,\"x\":[1.5e3,null,true]},"
             "\"weight_map\":" +
                 map + "}"}) {
    writeMap(text);
    std::string error;
    auto checkpoint = Checkpoint::open(directory.path, error);
    ASSERT_TRUE(checkpoint) << error;
    EXPECT_EQ(checkpoint->tensors().size(), 2u);
    EXPECT_EQ(*checkpoint->find("b")->data, 'z');
    EXPECT_EQ(checkpoint->skipped().size(), 1u);
  }
}

TEST_F(SafeTensorsDirectory, staysInside) {
  for (const char *file : {"../x", "/etc/passwd", "..", "", "sub/x"}) {
    writeMap(std::string("{\"a\":\"") + file + "\"}");
    EXPECT_CONTAINS(openError(), "leads out of the directory");
  }
  ASSERT_EQ(
      symlink("part0.safetensors", (directory / "link.safetensors").c_str()),
      0);
  writeMap("{\"a\":\"link.safetensors\"}");
  EXPECT_CONTAINS(openError(), "'link.safetensors': cannot open");
}

TEST_F(SafeTensorsDirectory, refusesABadIndex) {
  writeMap("{\"c\":\"part0.safetensors\"}");
  EXPECT_CONTAINS(openError(), "'c' is not there, but the index says so");
  writeMap("{\"a\":\"param_name_map.json\"}");
  EXPECT_CONTAINS(openError(), "not a safetensors file");
  writeMap("[1]");
  EXPECT_CONTAINS(openError(), "param_name_map.json: not a list");
  writeMap("{\"x\":" + std::string(100000, '[') + "}");
  EXPECT_CONTAINS(openError(), "param_name_map.json: not a list");
  writeMap("{\"a\":\"part0.safetensors\",\"a\":\"part1.safetensors\"}");
  EXPECT_CONTAINS(openError(), "'a' is there twice");
}

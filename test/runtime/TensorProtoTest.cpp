// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading ONNX TensorProto messages, the damaged and the hostile
/// included.
#include "TestModels.h"

using namespace mscrt;
using namespace test;

static std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
static std::string number(int field, uint64_t value) {
  return varint(field << 3) + varint(value);
}
static std::string bytes(int field, const std::string &content) {
  return varint(field << 3 | 2) + varint(content.size()) + content;
}
template <typename T> static std::string raw(std::vector<T> values) {
  return std::string(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(T));
}

enum {
  Dims = 1,
  Type,
  Segment,
  Floats,
  Ints,
  Strings,
  Longs,
  Name,
  Raw,
  Doubles,
  Unsigned,
  External = 13,
  Location
};

struct Parsed {
  explicit Parsed(const std::string &bytes) {
    status = mscrt_array_parse(bytes.data(), bytes.size(), 0, "file", &array,
                               &error);
  }
  ~Parsed() { mscrt_array_free(array); }
  const mscrt_tensor &tensor() const { return *mscrt_array_tensor(array); }
  template <typename T> std::vector<T> values() const {
    auto *data = static_cast<const T *>(tensor().data);
    return std::vector<T>(data, data + tensor().size / sizeof(T));
  }
  mscrt_array *array = nullptr;
  mscrt_error error = {};
  mscrt_status status;
};

TEST(TensorProto, ReadsRawData) {
  Parsed parsed(number(Dims, 1) + number(Dims, 2) + number(Type, MSCRT_F32) +
                bytes(Name, "x") + bytes(Raw, raw<float>({1.5f, -2})));
  ASSERT_EQ(parsed.status, MSCRT_OK) << parsed.error.message;
  EXPECT_EQ(parsed.tensor().rank, 2);
  EXPECT_EQ(parsed.tensor().shape[1], 2);
  EXPECT_EQ(parsed.values<float>(), (std::vector<float>{1.5f, -2}));
  EXPECT_STREQ(mscrt_array_name(parsed.array), "x");
}

TEST(TensorProto, ReadsPackedDimsAndFieldsInAnyOrder) {
  Parsed parsed(bytes(Raw, raw<int8_t>({1, 2, 3, 4, 5, 6})) +
                bytes(Dims, varint(2) + varint(3)) + bytes(99, "ignored") +
                number(Type, MSCRT_I8));
  ASSERT_EQ(parsed.status, MSCRT_OK) << parsed.error.message;
  EXPECT_EQ(parsed.tensor().shape[0], 2);
  EXPECT_EQ(parsed.values<int8_t>()[5], 6);
}

TEST(TensorProto, ReadsTypedFieldsPackedOrNot) {
  std::string floats = varint(Floats << 3 | 5) + raw<float>({7});
  Parsed parsed(number(Dims, 3) + number(Type, MSCRT_F32) + floats +
                bytes(Floats, raw<float>({8, 9})));
  ASSERT_EQ(parsed.status, MSCRT_OK) << parsed.error.message;
  EXPECT_EQ(parsed.values<float>(), (std::vector<float>{7, 8, 9}));
  Parsed longs(number(Dims, 2) + number(Type, MSCRT_I64) +
               number(Longs, static_cast<uint64_t>(-5)) + number(Longs, 6));
  ASSERT_EQ(longs.status, MSCRT_OK);
  EXPECT_EQ(longs.values<int64_t>(), (std::vector<int64_t>{-5, 6}));
  Parsed doubles(number(Dims, 1) + number(Type, MSCRT_F64) +
                 bytes(Doubles, raw<double>({0.25})));
  EXPECT_EQ(doubles.values<double>(), std::vector<double>{0.25});
  Parsed wide(number(Dims, 1) + number(Type, MSCRT_U64) +
              bytes(Unsigned, varint(UINT64_MAX)));
  EXPECT_EQ(wide.values<uint64_t>(), std::vector<uint64_t>{UINT64_MAX});
}

TEST(TensorProto, Int32DataHoldsEveryNarrowType) {
  auto parse = [](uint32_t dtype, uint64_t value) {
    return Parsed(number(Dims, 1) + number(Type, dtype) +
                  bytes(Ints, varint(value)));
  };
  EXPECT_EQ(parse(MSCRT_I8, static_cast<uint64_t>(-2)).values<int8_t>()[0], -2);
  EXPECT_EQ(parse(MSCRT_U16, 65535).values<uint16_t>()[0], 65535);
  EXPECT_EQ(parse(MSCRT_I32, static_cast<uint64_t>(-9)).values<int32_t>()[0],
            -9);
  EXPECT_EQ(parse(MSCRT_F16, 0x3c00).values<uint16_t>()[0], 0x3c00);
  EXPECT_EQ(parse(MSCRT_BF16, 0x3f80).values<uint16_t>()[0], 0x3f80);
  EXPECT_EQ(parse(MSCRT_BOOL, 256).values<uint8_t>()[0], 1);
}

TEST(TensorProto, ReadsScalarsAndEmptyTensors) {
  Parsed scalar(number(Type, MSCRT_I64) + number(Longs, 4));
  ASSERT_EQ(scalar.status, MSCRT_OK);
  EXPECT_EQ(scalar.tensor().rank, 0);
  Parsed empty(number(Dims, 0) + number(Dims, 5) + number(Type, MSCRT_F32));
  ASSERT_EQ(empty.status, MSCRT_OK) << empty.error.message;
  EXPECT_EQ(empty.tensor().size, 0u);
}

TEST(TensorProto, RefusesWhatItCannotHold) {
  auto refused = [](const std::string &message) {
    Parsed parsed(message);
    EXPECT_EQ(parsed.status, MSCRT_ERROR_UNSUPPORTED) << parsed.error.message;
    return std::string(parsed.error.message);
  };
  EXPECT_EQ(refused(number(Dims, 1) + number(Type, MSCRT_STRING) +
                    bytes(Strings, "a")),
            "file: elements of type string are not supported");
  EXPECT_EQ(refused(number(Type, 14)),
            "file: elements of type complex64 (14) are not supported");
  EXPECT_EQ(refused(number(Type, 5000000000)),
            "file: elements of type unknown (5000000000) are not supported");
  EXPECT_EQ(refused(number(Type, 1) + bytes(External, "../../secret")),
            "file: tensors with external data are not supported here");
  refused(number(Type, 1) + number(Location, 1));
  refused(number(Type, 1) + bytes(Segment, ""));
}

TEST(TensorProto, RefusesDamage) {
  std::string head = number(Dims, 2) + number(Type, MSCRT_F32);
  std::string huge = number(Dims, 1ull << 62) + number(Dims, 1ull << 62);
  for (const std::string &message :
       {std::string(), std::string("nonsense"), std::string(20, '\xff'), head,
        head + bytes(Raw, "1234567"), head + bytes(Floats, "1234567"),
        head + bytes(Floats, raw<float>({1, 2, 3})),
        head + bytes(Longs, raw<float>({1, 2})),
        head + bytes(Raw, raw<float>({1, 2})) +
            bytes(Floats, raw<float>({1, 2})),
        number(Dims, static_cast<uint64_t>(-1)) + number(Type, 1),
        huge + number(Type, 1), number(Dims, 1ull << 40) + number(Type, 6),
        varint(0), varint(Raw << 3 | 3)}) {
    Parsed parsed(message);
    EXPECT_EQ(parsed.status, MSCRT_ERROR_FORMAT) << parsed.error.message;
  }
}

TEST(TensorProto, EveryTruncationIsSafe) {
  std::string whole = number(Dims, 2) + number(Type, MSCRT_I32) +
                      bytes(Ints, varint(300) + varint(70000));
  ASSERT_EQ(Parsed(whole).status, MSCRT_OK);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(Parsed(whole.substr(0, size)).status, MSCRT_OK) << size;
}

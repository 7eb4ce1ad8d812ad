// SPDX-License-Identifier: Apache-2.0
//
/// \file Element types and the conversion between float kinds.
#include "Fixtures.h"

#include <cmath>
#include <limits>

using namespace fixtures;
using namespace mscrt;

/// \p value as \p from, converted to \p to.
template <typename From, typename To>
static To convert(From value, mscrt_dtype from, mscrt_dtype to) {
  NamedTensor tensor;
  tensor.dtype = from;
  tensor.data = reinterpret_cast<const char *>(&value);
  tensor.size = sizeof(From);
  BoundParameter bound;
  bound.tensor = &tensor;
  To result;
  EXPECT_TRUE(
      writeParameter(bound, to, reinterpret_cast<char *>(&result), sizeof(To)));
  return result;
}

static uint16_t toHalf(double value) {
  return convert<double, uint16_t>(value, MSCRT_F64, MSCRT_F16);
}
static uint16_t toBFloat(double value) {
  return convert<double, uint16_t>(value, MSCRT_F64, MSCRT_BF16);
}

TEST(DType, sizes) {
  uint64_t bytes = 0;
  EXPECT_TRUE(tensorByteSize(MSCRT_F32, {2, 3}, bytes));
  EXPECT_EQ(bytes, 24u);
  EXPECT_TRUE(tensorByteSize(MSCRT_F64, {}, bytes));
  EXPECT_EQ(bytes, 8u);
  EXPECT_TRUE(tensorByteSize(MSCRT_I8, {7, 0, 7}, bytes));
  EXPECT_EQ(bytes, 0u);
  EXPECT_FALSE(tensorByteSize(MSCRT_F32, {-1}, bytes));
  EXPECT_FALSE(tensorByteSize(MSCRT_F32, {int64_t(1) << 61}, bytes));
  EXPECT_TRUE(tensorByteSize(MSCRT_F32, {(int64_t(1) << 61) - 1}, bytes));
  EXPECT_FALSE(tensorByteSize(MSCRT_STRING, {1}, bytes));
  EXPECT_EQ(describeTensor(MSCRT_BF16, {1, 2}), "bf16[1,2]");
  EXPECT_STREQ(dtypeName(static_cast<mscrt_dtype>(31)), "invalid");
}

TEST(DType, hashIsXXH3) {
  // The empty one is in the specification (XXH3_64bits, seed 0).
  EXPECT_EQ(hashBytes("", 0), 0x2d06800538d394c2u);
  EXPECT_EQ(hashBytes("foobar", 6), 0xd78fda63144c5c84u);
}

TEST(DType, everyHalfSurvivesTheWayToFloatAndBack) {
  for (mscrt_dtype half : {MSCRT_F16, MSCRT_BF16})
    for (uint32_t bits = 0; bits < 0x10000; ++bits) {
      auto value = static_cast<uint16_t>(bits);
      float wide = convert<uint16_t, float>(value, half, MSCRT_F32);
      uint16_t back = convert<float, uint16_t>(wide, MSCRT_F32, half);
      if (std::isnan(wide)) {
        EXPECT_TRUE(
            std::isnan(convert<uint16_t, float>(back, half, MSCRT_F32)));
        continue;
      }
      ASSERT_EQ(back, value) << dtypeName(half) << " " << bits;
      if (half == MSCRT_BF16) {
        uint32_t expected = bits << 16, actual;
        std::memcpy(&actual, &wide, 4);
        ASSERT_EQ(actual, expected);
      }
    }
}

TEST(DType, roundsToNearestEven) {
  EXPECT_EQ(toHalf(1.0), 0x3c00);
  EXPECT_EQ(toHalf(-2.0), 0xc000);
  EXPECT_EQ(toHalf(1.0 + 0x1p-11), 0x3c00);           // a tie, to even
  EXPECT_EQ(toHalf(1.0 + 3 * 0x1p-11), 0x3c02);       // a tie, to even
  EXPECT_EQ(toHalf(1.0 + 0x1p-11 + 0x1p-40), 0x3c01); // just above
  EXPECT_EQ(toHalf(65504.0), 0x7bff);
  EXPECT_EQ(toHalf(65519.9), 0x7bff);
  EXPECT_EQ(toHalf(65520.0), 0x7c00); // infinite
  EXPECT_EQ(toHalf(1e300), 0x7c00);
  EXPECT_EQ(toHalf(-INFINITY), 0xfc00);
  EXPECT_EQ(toHalf(0x1p-24), 0x0001); // the smallest
  EXPECT_EQ(toHalf(0x1p-25), 0x0000); // a tie, to even
  EXPECT_EQ(toHalf(0x1.8p-25), 0x0001);
  EXPECT_EQ(toHalf(0x1p-26), 0x0000);
  EXPECT_EQ(toHalf(-0.0), 0x8000);
  EXPECT_EQ(toHalf(0x1.ffcp-15), 0x03ff + 1); // rounds up to a normal number
  EXPECT_EQ(toBFloat(1.0), 0x3f80);
  EXPECT_EQ(toBFloat(1.0 + 0x1p-8), 0x3f80);
  EXPECT_EQ(toBFloat(1.0 + 3 * 0x1p-8), 0x3f82);
  EXPECT_EQ(toBFloat(std::numeric_limits<float>::max()), 0x7f80);
  EXPECT_EQ(toBFloat(0x1p-133), 0x0001);
  EXPECT_EQ(toBFloat(std::numeric_limits<double>::denorm_min()), 0x0000);
}

TEST(DType, convertsBetweenFloatAndDouble) {
  EXPECT_EQ((convert<double, float>(0.1, MSCRT_F64, MSCRT_F32)), 0.1f);
  EXPECT_EQ((convert<float, double>(0.1f, MSCRT_F32, MSCRT_F64)), double(0.1f));
  EXPECT_EQ((convert<double, float>(1e300, MSCRT_F64, MSCRT_F32)), INFINITY);
}

TEST(DType, writeParameterChecksItsArguments) {
  float value = 1;
  char out[8] = {};
  NamedTensor tensor;
  tensor.dtype = MSCRT_F32;
  tensor.data = reinterpret_cast<const char *>(&value);
  tensor.size = 4;
  BoundParameter bound;
  EXPECT_FALSE(writeParameter(bound, MSCRT_F32, out, 4));
  bound.tensor = &tensor;
  EXPECT_TRUE(writeParameter(bound, MSCRT_F32, out, 4));
  EXPECT_EQ(std::memcmp(out, &value, 4), 0);
  EXPECT_FALSE(writeParameter(bound, MSCRT_F32, out, 8));
  EXPECT_FALSE(writeParameter(bound, MSCRT_F32, out, 5));
  EXPECT_FALSE(writeParameter(bound, MSCRT_I32, out, 4));
  EXPECT_FALSE(writeParameter(bound, MSCRT_INVALID, out, 4));
}

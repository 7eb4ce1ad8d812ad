// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion between element types at the edges of their ranges.
#include "TestModels.h"

#include <cmath>

template <typename To, typename From>
static To convert(mscrt_dtype toDtype, mscrt_dtype fromDtype, From value) {
  To result = {};
  EXPECT_EQ(mscrt_convert(toDtype, &result, fromDtype, &value, 1, nullptr),
            MSCRT_OK);
  return result;
}

static uint16_t half(double value) {
  return convert<uint16_t>(MSCRT_F16, MSCRT_F64, value);
}
static uint16_t bfloat(float value) {
  return convert<uint16_t>(MSCRT_BF16, MSCRT_F32, value);
}

TEST(Convert, RoundsHalvesToEven) {
  EXPECT_EQ(half(1.0), 0x3c00);
  EXPECT_EQ(half(1.0 + 0x1p-11), 0x3c00); // tie, down to even
  EXPECT_EQ(half(1.0 + 0x3p-11), 0x3c02); // tie, up to even
  EXPECT_EQ(half(-2.5), 0xc100);
  EXPECT_EQ(half(65504), 0x7bff);
  EXPECT_EQ(half(65519.9), 0x7bff);
  EXPECT_EQ(half(65520), 0x7c00);
  EXPECT_EQ(half(-1e300), 0xfc00);
  EXPECT_EQ(half(0x1p-24), 0x0001);
  EXPECT_EQ(half(0x1p-25), 0x0000);
  EXPECT_EQ(half(0x1.8p-25), 0x0001);
  EXPECT_EQ(half(0x1.ff8p-15), 0x03ff); // the largest subnormal
  EXPECT_EQ(half(0x1.ffcp-15), 0x0400); // tie, up to the smallest normal
  EXPECT_EQ(half(-0.0), 0x8000);
  EXPECT_EQ(half(INFINITY), 0x7c00);
  EXPECT_EQ(half(NAN) & 0x7e00, 0x7e00);
  EXPECT_EQ(bfloat(1.0f), 0x3f80);
  EXPECT_EQ(bfloat(1.00390625f), 0x3f80); // tie
  EXPECT_EQ(bfloat(3.4e38f), 0x7f80);
  EXPECT_EQ(bfloat(1e-40f), 0x0001);
}

TEST(Convert, EveryHalfSurvivesTheWayToFloatAndBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    for (mscrt_dtype dtype : {MSCRT_F16, MSCRT_BF16}) {
      auto pattern = static_cast<uint16_t>(bits);
      float wide = convert<float>(MSCRT_F32, dtype, pattern);
      auto back = convert<uint16_t>(dtype, MSCRT_F32, wide);
      if (std::isnan(wide))
        EXPECT_TRUE(std::isnan(convert<float>(MSCRT_F32, dtype, back)));
      else
        EXPECT_EQ(back, pattern);
    }
  }
}

TEST(Convert, FloatsToIntegersTruncateAndSaturate) {
  EXPECT_EQ(convert<int8_t>(MSCRT_I8, MSCRT_F32, -3.9f), -3);
  EXPECT_EQ(convert<int8_t>(MSCRT_I8, MSCRT_F32, 300.0f), 127);
  EXPECT_EQ(convert<uint8_t>(MSCRT_U8, MSCRT_F32, -1.0f), 0);
  EXPECT_EQ(convert<int32_t>(MSCRT_I32, MSCRT_F64, -1e30), INT32_MIN);
  EXPECT_EQ(convert<int64_t>(MSCRT_I64, MSCRT_F64, 0x1p63), INT64_MAX);
  EXPECT_EQ(convert<int64_t>(MSCRT_I64, MSCRT_F64, -0x1p63), INT64_MIN);
  EXPECT_EQ(convert<uint64_t>(MSCRT_U64, MSCRT_F64, 1e30), UINT64_MAX);
  EXPECT_EQ(convert<int32_t>(MSCRT_I32, MSCRT_F32, NAN), 0);
}

TEST(Convert, IntegersWrapAndBoolsAreZeroOrOne) {
  EXPECT_EQ(convert<uint8_t>(MSCRT_U8, MSCRT_I32, -1), 255);
  EXPECT_EQ(convert<int64_t>(MSCRT_I64, MSCRT_I8, int8_t(-5)), -5);
  EXPECT_EQ(convert<uint64_t>(MSCRT_U64, MSCRT_I16, int16_t(-1)), UINT64_MAX);
  EXPECT_EQ(convert<uint8_t>(MSCRT_BOOL, MSCRT_I32, 256), 1);
  EXPECT_EQ(convert<uint8_t>(MSCRT_BOOL, MSCRT_F32, 0.5f), 1);
  EXPECT_EQ(convert<uint8_t>(MSCRT_BOOL, MSCRT_F32, -0.0f), 0);
  EXPECT_EQ(convert<double>(MSCRT_F64, MSCRT_U64, UINT64_MAX), 0x1p64);
  // Through double this would round twice, up.
  EXPECT_EQ(convert<float>(MSCRT_F32, MSCRT_I64, int64_t(0x20000020000001)),
            0x1.000002p53f);
}

TEST(Convert, RefusesWhatHasNoSize) {
  int value = 0;
  mscrt_error error = {};
  EXPECT_EQ(mscrt_convert(MSCRT_STRING, &value, MSCRT_I32, &value, 1, &error),
            MSCRT_ERROR_ARGUMENT);
  EXPECT_STREQ(error.message, "cannot convert int32 to string");
  EXPECT_EQ(mscrt_convert(MSCRT_I32, nullptr, MSCRT_I32, &value, 1, nullptr),
            MSCRT_ERROR_ARGUMENT);
}

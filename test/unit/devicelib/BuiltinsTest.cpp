// SPDX-License-Identifier: Apache-2.0

/// \file
/// The code generator's helpers, compiled under other names: memory
/// primitives on overlapping and unaligned ranges, half and bfloat conversion
/// of every value and of the points between neighbours.

#include "gtest/gtest.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

extern "C" {
void *builtin_memcpy(void *, const void *, size_t);
void *builtin_memmove(void *, const void *, size_t);
void *builtin_memset(void *, int, size_t);
int builtin_memcmp(const void *, const void *, size_t);
float test_half_to_f32(uint16_t);
uint16_t test_f32_to_half(float);
uint16_t test_f64_to_half(double);
uint16_t test_f32_to_bfloat(float);
uint16_t test_f64_to_bfloat(double);
}

namespace {

/// The value of a finite half, from its fields.
double halfValue(uint16_t h) {
  int exponent = h >> 10 & 31, mantissa = h & 1023;
  double m = exponent ? std::ldexp(1024 + mantissa, exponent - 25)
                      : std::ldexp(mantissa, -24);
  return h >> 15 ? -m : m;
}

TEST(Builtins, HalfToSingle) {
  for (uint32_t h = 0; h < 0x10000; ++h) {
    float got = test_half_to_f32(h);
    if ((h & 0x7c00) != 0x7c00)
      EXPECT_EQ(got, halfValue(h)) << h;
    else
      EXPECT_TRUE(h & 0x3ff ? std::isnan(got) : std::isinf(got)) << h;
    EXPECT_EQ(std::signbit(got), h >> 15 != 0) << h;
  }
}

TEST(Builtins, ToHalfRoundsOnceToNearestEven) {
  for (uint16_t h = 0; h < 0x7c00; ++h) {
    double here = halfValue(h);
    double next = h == 0x7bff ? 65536 : halfValue(h + 1);
    double middle = (here + next) / 2;
    uint16_t even = h & 1 ? h + 1 : h;
    EXPECT_EQ(test_f32_to_half(here), h);
    EXPECT_EQ(test_f32_to_half(-here), h | 0x8000);
    EXPECT_EQ(test_f32_to_half(middle), even);
    EXPECT_EQ(test_f32_to_half(std::nextafter(float(middle), 0.0f)), h);
    EXPECT_EQ(test_f32_to_half(std::nextafter(float(middle), 1e9f)), h + 1);
    // Closer to the middle than a float can say.
    EXPECT_EQ(test_f64_to_half(middle), even);
    EXPECT_EQ(test_f64_to_half(std::nextafter(middle, 0.0)), h);
    EXPECT_EQ(test_f64_to_half(std::nextafter(middle, 1e9)), h + 1);
  }
  EXPECT_EQ(test_f32_to_half(1e6f), 0x7c00);
  EXPECT_EQ(test_f32_to_half(-INFINITY), 0xfc00);
  EXPECT_EQ(test_f32_to_half(NAN) & 0x7fff, 0x7e00);
}

TEST(Builtins, ToBfloatRoundsOnceToNearestEven) {
  for (uint32_t h = 0; h < 0x7f80; ++h) {
    uint32_t bits = h << 16, half = bits + 0x8000;
    float here, middle;
    std::memcpy(&here, &bits, 4);
    std::memcpy(&middle, &half, 4);
    uint16_t even = h & 1 ? h + 1 : h;
    EXPECT_EQ(test_f32_to_bfloat(here), h);
    EXPECT_EQ(test_f32_to_bfloat(middle), even);
    EXPECT_EQ(test_f32_to_bfloat(std::nextafter(middle, 0.0f)), h);
    EXPECT_EQ(test_f64_to_bfloat(std::nextafter(double(middle), 0.0)), h);
    EXPECT_EQ(test_f64_to_bfloat(std::nextafter(double(middle), 1e300)), h + 1);
  }
  EXPECT_EQ(test_f32_to_bfloat(NAN) & 0x7fff, 0x7fc0);
}

TEST(Builtins, MemoryPrimitives) {
  std::vector<uint8_t> base(96);
  for (size_t i = 0; i < base.size(); ++i)
    base[i] = static_cast<uint8_t>(i * 7 + 3);
  for (size_t n = 0; n <= 40; ++n)
    for (size_t from = 0; from < 20; from += 3)
      for (size_t to = 0; to < 20; ++to) {
        std::vector<uint8_t> got = base, expected = base;
        builtin_memmove(got.data() + to, got.data() + from, n);
        std::memmove(expected.data() + to, expected.data() + from, n);
        ASSERT_EQ(got, expected) << n << " " << from << " " << to;
        got = expected = base;
        builtin_memcpy(got.data() + to + 40, got.data() + from, n % 20);
        std::memcpy(expected.data() + to + 40, expected.data() + from, n % 20);
        ASSERT_EQ(got, expected) << n << " " << from << " " << to;
      }
  for (size_t n = 0; n <= 40; ++n) {
    std::vector<uint8_t> got = base, expected = base;
    builtin_memset(got.data() + 5, 0x1a5, n);
    std::memset(expected.data() + 5, 0x1a5, n);
    ASSERT_EQ(got, expected) << n;
  }
  EXPECT_EQ(builtin_memcmp("abc", "abd", 2), 0);
  EXPECT_LT(builtin_memcmp("abc", "abd", 3), 0);
  EXPECT_GT(builtin_memcmp("\xff", "\x01", 1), 0);
}

} // namespace

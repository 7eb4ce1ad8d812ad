// SPDX-License-Identifier: Apache-2.0

/// \file
/// The element types of the device library as test parameters: storage,
/// value, random elements, and the functions of each type.

#ifndef MSC_TEST_UNIT_DEVICELIB_ELEMENTTYPES_H
#define MSC_TEST_UNIT_DEVICELIB_ELEMENTTYPES_H

#include "lib/Target/CPU/Library/MSCDevice.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <random>
#include <type_traits>
#include <vector>

namespace devicelib {

/// Integers and the two large floating-point types are what they store.
template <typename T> long double valueOf(T x) { return x; }

/// A float of `mantissa` explicit bits in 16, from its fields.
inline long double value16(uint16_t x, int mantissa) {
  int exponent = (x & 0x7fff) >> mantissa, fraction = x & ((1 << mantissa) - 1);
  int top = 0x7fff >> mantissa;
  long double sign = x >> 15 ? -1 : 1;
  if (exponent == top)
    return sign * (fraction ? NAN : INFINITY);
  int bias = top / 2, unit = exponent ? 1 << mantissa : 0;
  return sign * std::ldexp(static_cast<long double>(unit + fraction),
                           (exponent ? exponent : 1) - bias - mantissa);
}

/// NaN is the largest value and equal to itself.
inline bool lessNaNLast(long double a, long double b) {
  return std::isnan(a) ? false : std::isnan(b) ? true : a < b;
}

/// An element: few different values so that many are equal, with the special
/// ones of floating-point types among them; or any bits when `wide`.
template <typename T> T randomElement(std::mt19937_64 &random, bool wide) {
  if (wide) {
    uint64_t bits = random();
    T x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }
  int pick = static_cast<int>(random() % 12);
  if constexpr (std::is_floating_point_v<T>) {
    const T special[] = {T(0), T(-0.0), T(INFINITY), T(-INFINITY), T(NAN)};
    if (pick < 5)
      return special[pick];
  }
  return static_cast<T>(std::is_signed_v<T> ? pick - 6 : pick);
}

/// type_<t>: storage type, value and functions of one element type.
#define DEVICELIB_DEFINE_TYPE(t, T)                                            \
  struct type_##t {                                                            \
    using Storage = T;                                                         \
    static constexpr auto sort = msc_sort_##t;                                 \
    static constexpr auto topK = msc_top_k_##t;                                \
    static constexpr auto unique = msc_unique_##t;                             \
    static constexpr auto uniqueConsecutive = msc_unique_consecutive_##t;      \
    static constexpr auto countNonzero = msc_count_nonzero_##t;                \
    static constexpr auto nonzero = msc_nonzero_##t;                           \
    static constexpr auto searchSorted = msc_search_sorted_##t;                \
    static constexpr bool isBool = #t[0] == 'b' && #t[1] == 'o';               \
    static constexpr bool isHalf = #t[0] == 'f' && sizeof(T) == 2;             \
    static constexpr bool isBfloat = #t[0] == 'b' && sizeof(T) == 2;           \
    static long double value(T x) {                                            \
      return isHalf ? value16(x, 10) : isBfloat ? value16(x, 7) : valueOf(x);  \
    }                                                                          \
    static T random(std::mt19937_64 &generator, bool wide) {                   \
      T x = randomElement<T>(generator, wide || isHalf || isBfloat);           \
      return isBool ? static_cast<T>(valueOf(x) > 3) : x;                      \
    }                                                                          \
  };
MSC_FOR_EACH_TYPE(DEVICELIB_DEFINE_TYPE)

using AllTypes = testing::Types<type_f32, type_f64, type_f16, type_bf16,
                                type_i8, type_i16, type_i32, type_i64, type_u8,
                                type_u16, type_u32, type_u64, type_bool>;

/// `count` random elements, at an address that is not null even for none.
template <typename Type>
std::vector<typename Type::Storage> randomElements(size_t count, int seed,
                                                   bool wide = false) {
  std::mt19937_64 random(static_cast<uint64_t>(seed));
  std::vector<typename Type::Storage> elements(count);
  elements.reserve(1);
  for (auto &element : elements)
    element = Type::random(random, wide);
  return elements;
}

/// Zeroed bytes aligned to 8, of exactly the asked size (one word where that
/// is none): sanitizers notice what lies beyond.
class Workspace {
public:
  explicit Workspace(int64_t bytes)
      : words(static_cast<size_t>(bytes > 0 ? (bytes + 7) / 8 : 1)) {}
  void *data() { return words.data(); }

private:
  std::vector<uint64_t> words;
};

/// Equal bytes: NaN equals itself, -0 differs from +0.
template <typename T>
bool sameBytes(const std::vector<T> &a, const std::vector<T> &b) {
  return a.size() == b.size() &&
         (a.empty() || !std::memcmp(a.data(), b.data(), a.size() * sizeof(T)));
}

} // namespace devicelib

#endif // MSC_TEST_UNIT_DEVICELIB_ELEMENTTYPES_H

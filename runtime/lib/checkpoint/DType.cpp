// SPDX-License-Identifier: Apache-2.0
//
/// \file Element types: size, name, and conversion between float kinds.
#include "DType.h"

#include <algorithm>
#include <cstring>

namespace mscrt {

size_t dtypeSize(mscrt_dtype dtype) {
  switch (dtype) {
  case MSCRT_U8:
  case MSCRT_I8:
  case MSCRT_BOOL:
    return 1;
  case MSCRT_U16:
  case MSCRT_I16:
  case MSCRT_F16:
  case MSCRT_BF16:
    return 2;
  case MSCRT_F32:
  case MSCRT_I32:
  case MSCRT_U32:
    return 4;
  case MSCRT_I64:
  case MSCRT_U64:
  case MSCRT_F64:
    return 8;
  case MSCRT_INVALID:
  case MSCRT_STRING:
    break;
  }
  return 0;
}

const char *dtypeName(mscrt_dtype dtype) {
  static const char *const names[] = {
      "invalid", "f32", "u8",      "i8",      "u16", "i16",
      "i32",     "i64", "string",  "bool",    "f16", "f64",
      "u32",     "u64", "invalid", "invalid", "bf16"};
  auto index = static_cast<size_t>(dtype);
  return index < sizeof(names) / sizeof(names[0]) ? names[index] : "invalid";
}

bool tensorByteSize(mscrt_dtype dtype, const std::vector<int64_t> &shape,
                    uint64_t &bytes) {
  uint64_t size = dtypeSize(dtype);
  if (size == 0)
    return false;
  bool empty = false;
  for (int64_t extent : shape) {
    if (extent < 0)
      return false;
    if (extent == 0) {
      empty = true;
      continue;
    }
    if (__builtin_mul_overflow(size, uint64_t(extent), &size) ||
        size > uint64_t(INT64_MAX))
      return false;
  }
  bytes = empty ? 0 : size;
  return true;
}

std::string describeTensor(mscrt_dtype dtype,
                           const std::vector<int64_t> &shape) {
  std::string text = std::string(dtypeName(dtype)) + "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? "," : "") + std::to_string(shape[i]);
  return text + "]";
}

bool isFloat(mscrt_dtype dtype) {
  return dtype == MSCRT_F16 || dtype == MSCRT_BF16 || dtype == MSCRT_F32 ||
         dtype == MSCRT_F64;
}

namespace {

/// A float kind of 16 bits, by the number of its mantissa bits. Goes through
/// the bits of a double, so the processor's rounding and denormal modes do not
/// matter.
template <int mantissaBits> struct Half {
  static constexpr int exponentMask = (1 << (15 - mantissaBits)) - 1;
  static constexpr int bias = exponentMask >> 1;
  static constexpr int minExponent = 1 - bias;
  static constexpr uint16_t infinity = exponentMask << mantissaBits;
  static constexpr double smallest = mantissaBits == 10 ? 0x1p-24 : 0x1p-133;

  static double load(const char *data) {
    uint16_t bits;
    std::memcpy(&bits, data, 2);
    int exponent = (bits & 0x7fff) >> mantissaBits;
    uint64_t mantissa = bits & ((1 << mantissaBits) - 1);
    if (exponent == 0)
      return (bits & 0x8000 ? -smallest : smallest) * double(mantissa);
    uint64_t wide = exponent == exponentMask ? 0x7ff : exponent - bias + 1023;
    wide = uint64_t(bits >> 15) << 63 | wide << 52 |
           mantissa << (52 - mantissaBits);
    double value;
    std::memcpy(&value, &wide, 8);
    return value;
  }

  static void store(double value, char *data) {
    uint64_t wide;
    std::memcpy(&wide, &value, 8);
    uint16_t bits = static_cast<uint16_t>(wide >> 63 << 15 | magnitude(wide));
    std::memcpy(data, &bits, 2);
  }

  /// The bits of the value nearest to the double \p wide, without its sign.
  static uint64_t magnitude(uint64_t wide) {
    int exponent = int(wide >> 52 & 0x7ff) - 1023;
    uint64_t mantissa = wide & ((uint64_t(1) << 52) - 1);
    if (exponent == 1024 && mantissa != 0)
      return infinity | 1 << (mantissaBits - 1); // NaN
    if (exponent > bias)
      return infinity;
    if (exponent < minExponent - mantissaBits - 1)
      return 0;
    mantissa |= uint64_t(1) << 52;
    int scale = std::max(exponent, minExponent);
    int shift = 52 - mantissaBits + scale - exponent;
    uint64_t units = mantissa >> shift;
    uint64_t rest = mantissa & ((uint64_t(1) << shift) - 1);
    uint64_t half = uint64_t(1) << (shift - 1);
    units += rest > half || (rest == half && (units & 1));
    // `units` holds the implicit bit, unless subnormal; a carry out of it goes
    // into the exponent, up to infinity.
    return (uint64_t(scale + bias - 1) << mantissaBits) + units;
  }
};

template <typename T> struct Native {
  static double load(const char *data) {
    T value;
    std::memcpy(&value, data, sizeof(T));
    return value;
  }
  static void store(double wide, char *data) {
    T value = static_cast<T>(wide);
    std::memcpy(data, &value, sizeof(T));
  }
};

template <typename From, typename To>
void convertAll(const char *from, size_t fromSize, char *to, size_t toSize,
                size_t count) {
  for (size_t i = 0; i < count; ++i)
    To::store(From::load(from + i * fromSize), to + i * toSize);
}

template <typename From>
void convertFrom(const char *from, size_t fromSize, mscrt_dtype toType,
                 char *to, size_t count) {
  size_t toSize = dtypeSize(toType);
  if (toType == MSCRT_F16)
    convertAll<From, Half<10>>(from, fromSize, to, toSize, count);
  else if (toType == MSCRT_BF16)
    convertAll<From, Half<7>>(from, fromSize, to, toSize, count);
  else if (toType == MSCRT_F32)
    convertAll<From, Native<float>>(from, fromSize, to, toSize, count);
  else
    convertAll<From, Native<double>>(from, fromSize, to, toSize, count);
}

} // namespace

void convertFloats(mscrt_dtype fromType, const char *from, mscrt_dtype toType,
                   char *to, size_t count) {
  size_t fromSize = dtypeSize(fromType);
  if (fromType == MSCRT_F16)
    convertFrom<Half<10>>(from, fromSize, toType, to, count);
  else if (fromType == MSCRT_BF16)
    convertFrom<Half<7>>(from, fromSize, toType, to, count);
  else if (fromType == MSCRT_F32)
    convertFrom<Native<float>>(from, fromSize, toType, to, count);
  else
    convertFrom<Native<double>>(from, fromSize, toType, to, count);
}

} // namespace mscrt

// SPDX-License-Identifier: Apache-2.0
//
/// \file The element types: names, sizes, and conversion between any two.
#include "Support.h"

#include <cmath>
#include <cstring>

using namespace mscrt::core;

namespace {

struct DtypeRow {
  const char *name;
  uint8_t size;
};

/// Indexed by mscrt_dtype.
constexpr DtypeRow dtypes[] = {
    {"invalid", 0}, {"float32", 4}, {"uint8", 1},     {"int8", 1},
    {"uint16", 2},  {"int16", 2},   {"int32", 4},     {"int64", 8},
    {"string", 0},  {"bool", 1},    {"float16", 2},   {"float64", 8},
    {"uint32", 4},  {"uint64", 8},  {"complex64", 0}, {"complex128", 0},
    {"bfloat16", 2}};
constexpr uint32_t numDtypes = sizeof(dtypes) / sizeof(*dtypes);

/// An element on its way: a float as double, an integer as 64 bits in two's
/// complement, which all wrap alike.
struct Scalar {
  bool isFloating;
  double real;
  uint64_t integer;
};

template <typename T> T load(const void *from) {
  T value;
  memcpy(&value, from, sizeof(T));
  return value;
}

/// Widens a binary16 or bfloat16 pattern.
double widen(uint16_t bits, int exponentBits, int fractionBits) {
  int bias = (1 << (exponentBits - 1)) - 1;
  int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
  int fraction = bits & ((1 << fractionBits) - 1);
  double value;
  if (exponent == (1 << exponentBits) - 1)
    value = fraction ? NAN : INFINITY;
  else if (exponent == 0)
    value = std::ldexp(fraction, 1 - bias - fractionBits);
  else
    value = std::ldexp(fraction + (1 << fractionBits),
                       exponent - bias - fractionBits);
  return bits & 0x8000 ? -value : value;
}

/// Rounds to nearest even into a binary16 or bfloat16 pattern.
uint16_t narrow(double value, int exponentBits, int fractionBits) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  uint16_t infinity =
      static_cast<uint16_t>(((1 << exponentBits) - 1) << fractionBits);
  if (std::isnan(value))
    return static_cast<uint16_t>(sign | infinity | 1 << (fractionBits - 1));
  value = std::fabs(value);
  if (value == 0)
    return sign;
  int bias = (1 << (exponentBits - 1)) - 1;
  int exponent = std::isinf(value) ? 1 << 20 : std::ilogb(value);
  if (exponent > bias)
    return sign | infinity;
  exponent = exponent < 1 - bias ? 1 - bias : exponent;
  // Units in the last place; nearbyint rounds halves to even. A carry into
  // the next exponent, or to infinity, is what the addition below does.
  double units = std::nearbyint(std::ldexp(value, fractionBits - exponent));
  auto fraction = static_cast<uint32_t>(units);
  uint32_t biased = static_cast<uint32_t>(exponent + bias - 1) << fractionBits;
  return static_cast<uint16_t>(sign | (biased + fraction));
}

Scalar loadScalar(uint32_t dtype, const char *from) {
  auto real = [](double value) { return Scalar{true, value, 0}; };
  auto integer = [](auto value) {
    return Scalar{false, 0, static_cast<uint64_t>(value)};
  };
  switch (dtype) {
  case MSCRT_F32:
    return real(load<float>(from));
  case MSCRT_F64:
    return real(load<double>(from));
  case MSCRT_F16:
    return real(widen(load<uint16_t>(from), 5, 10));
  case MSCRT_BF16:
    return real(widen(load<uint16_t>(from), 8, 7));
  case MSCRT_I8:
    return integer(static_cast<int64_t>(load<int8_t>(from)));
  case MSCRT_I16:
    return integer(static_cast<int64_t>(load<int16_t>(from)));
  case MSCRT_I32:
    return integer(static_cast<int64_t>(load<int32_t>(from)));
  case MSCRT_U16:
    return integer(load<uint16_t>(from));
  case MSCRT_U32:
    return integer(load<uint32_t>(from));
  case MSCRT_I64:
  case MSCRT_U64:
    return integer(load<uint64_t>(from));
  default: // MSCRT_U8, MSCRT_BOOL
    return integer(load<uint8_t>(from));
  }
}

/// A 64-bit integer converts to a float of `dtype` through double only where
/// that does not round twice; float32 is the one that needs care.
double toReal(const Scalar &value, uint32_t fromDtype) {
  if (value.isFloating)
    return value.real;
  return fromDtype == MSCRT_U64
             ? static_cast<double>(value.integer)
             : static_cast<double>(static_cast<int64_t>(value.integer));
}

template <typename T> T saturate(double value) {
  constexpr T lowest = std::is_signed_v<T>
                           ? static_cast<T>(uint64_t(1) << (8 * sizeof(T) - 1))
                           : T(0);
  constexpr T highest = static_cast<T>(~lowest);
  if (std::isnan(value))
    return 0;
  // The bounds as doubles: `highest` may round up, hence >=.
  if (value <= static_cast<double>(lowest))
    return lowest;
  if (value >= static_cast<double>(highest))
    return highest;
  return static_cast<T>(value);
}

template <typename T> void storeInteger(const Scalar &value, char *to) {
  T result = value.isFloating ? saturate<T>(value.real)
                              : static_cast<T>(value.integer);
  memcpy(to, &result, sizeof(T));
}

template <typename T> void storeBits(T value, char *to) {
  memcpy(to, &value, sizeof(T));
}

float toFloat(const Scalar &value, uint32_t fromDtype) {
  if (value.isFloating)
    return static_cast<float>(value.real);
  return fromDtype == MSCRT_U64
             ? static_cast<float>(value.integer)
             : static_cast<float>(static_cast<int64_t>(value.integer));
}

void storeScalar(uint32_t dtype, const Scalar &value, uint32_t fromDtype,
                 char *to) {
  switch (dtype) {
  case MSCRT_F32:
    return storeBits(toFloat(value, fromDtype), to);
  case MSCRT_F64:
    return storeBits(toReal(value, fromDtype), to);
  case MSCRT_F16:
    return storeBits(narrow(toReal(value, fromDtype), 5, 10), to);
  case MSCRT_BF16:
    return storeBits(narrow(toReal(value, fromDtype), 8, 7), to);
  case MSCRT_I8:
    return storeInteger<int8_t>(value, to);
  case MSCRT_U8:
    return storeInteger<uint8_t>(value, to);
  case MSCRT_I16:
    return storeInteger<int16_t>(value, to);
  case MSCRT_U16:
    return storeInteger<uint16_t>(value, to);
  case MSCRT_I32:
    return storeInteger<int32_t>(value, to);
  case MSCRT_U32:
    return storeInteger<uint32_t>(value, to);
  case MSCRT_I64:
    return storeInteger<int64_t>(value, to);
  case MSCRT_U64:
    return storeInteger<uint64_t>(value, to);
  default: // MSCRT_BOOL
    *to = value.isFloating ? value.real != 0 : value.integer != 0;
  }
}

} // namespace

bool mscrt::core::isFloat(uint32_t dtype) {
  return dtype == MSCRT_F32 || dtype == MSCRT_F64 || dtype == MSCRT_F16 ||
         dtype == MSCRT_BF16;
}

extern "C" {

const char *mscrt_dtype_name(uint32_t dtype) {
  return dtypes[dtype < numDtypes ? dtype : 0].name;
}

size_t mscrt_dtype_size(uint32_t dtype) {
  return dtypes[dtype < numDtypes ? dtype : 0].size;
}

mscrt_status mscrt_convert(uint32_t toDtype, void *to, uint32_t fromDtype,
                           const void *from, uint64_t count,
                           mscrt_error *error) {
  size_t toSize = mscrt_dtype_size(toDtype);
  size_t fromSize = mscrt_dtype_size(fromDtype);
  if (!toSize || !fromSize)
    return fail(error, MSCRT_ERROR_ARGUMENT, "cannot convert %s to %s",
                mscrt_dtype_name(fromDtype), mscrt_dtype_name(toDtype));
  if (count && (!to || !from))
    return fail(error, MSCRT_ERROR_ARGUMENT, "no buffer to convert");
  if (toDtype == fromDtype) {
    if (count)
      memcpy(to, from, count * toSize);
    return MSCRT_OK;
  }
  auto *target = static_cast<char *>(to);
  const auto *source = static_cast<const char *>(from);
  for (uint64_t i = 0; i < count; ++i)
    storeScalar(toDtype, loadScalar(fromDtype, source + i * fromSize),
                fromDtype, target + i * toSize);
  return MSCRT_OK;
}

} // extern "C"

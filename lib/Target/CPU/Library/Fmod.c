// SPDX-License-Identifier: Apache-2.0

/// \file
/// The C remainder: exact for all arguments by long division of mantissas.
/// It loops over the difference of exponents, so loops around it stay scalar.

#include "Detail.h"
#include "MSCDevice.h"

/// Mantissa and exponent of a finite non-zero x: x = mantissa 2^exponent with
/// the mantissa's top bit at `width` unless x is subnormal.
typedef struct {
  u64 mantissa;
  i64 exponent;
} parts;

MSC_INLINE parts take_apart(u64 bits, int width, u64 exponent_mask) {
  u64 exponent = (bits >> width) & exponent_mask;
  u64 fraction = bits & ((1ull << width) - 1);
  if (exponent == 0)
    return (parts){fraction, 1};
  return (parts){fraction | (1ull << width), (i64)exponent};
}

/// x mod y for x >= y > 0, as bits; formats of 1 + width mantissa bits.
MSC_INLINE u64 remainder_bits(parts x, parts y, int width) {
  u64 r = x.mantissa % y.mantissa;
  const int chunk = 63 - width;
  for (i64 d = x.exponent - y.exponent; d > 0 && r != 0; d -= chunk)
    r = (r << (d < chunk ? d : chunk)) % y.mantissa;
  if (r == 0)
    return 0;
  i64 exponent = y.exponent;
  while (r >> width == 0 && exponent > 1) {
    r <<= 1;
    --exponent;
  }
  if (r >> width == 0)
    return r;
  return ((u64)exponent << width) | (r & ((1ull << width) - 1));
}

f32 msc_fmod_f32(f32 x, f32 y) {
  f32 a = __builtin_fabsf(x), b = __builtin_fabsf(y);
  if (!(a < INF_F32) || !(b > 0.0f))
    return NAN_F32;
  if (a < b)
    return x;
  u64 r = remainder_bits(take_apart(bits_f32(a), 23, 0xff),
                         take_apart(bits_f32(b), 23, 0xff), 23);
  return __builtin_copysignf(from_bits_f32((u32)r), x);
}

f64 msc_fmod_f64(f64 x, f64 y) {
  f64 a = __builtin_fabs(x), b = __builtin_fabs(y);
  if (!(a < INF_F64) || !(b > 0.0))
    return NAN_F64;
  if (a < b)
    return x;
  u64 r = remainder_bits(take_apart(bits_f64(a), 52, 0x7ff),
                         take_apart(bits_f64(b), 52, 0x7ff), 52);
  return __builtin_copysign(from_bits_f64(r), x);
}

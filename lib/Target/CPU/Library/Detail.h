// SPDX-License-Identifier: Apache-2.0

/// \file
/// What every source of the device library shares: fixed-width types, bit
/// casts, the one place where a * b + c may be fused, polynomials and
/// double-double arithmetic. Freestanding C, no libc, no libm.

#ifndef LIB_TARGET_CPU_LIBRARY_DETAIL_H
#define LIB_TARGET_CPU_LIBRARY_DETAIL_H

#include <stdbool.h>
#include <stdint.h>

typedef float f32;
typedef double f64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/// Helper of one source file.
#define MSC_INLINE static inline __attribute__((always_inline))
/// Exported function that is inlined into the kernel that calls it, so that
/// the loop around the call can be vectorised.
#define MSC_MATH __attribute__((always_inline))

#define MSC_COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

MSC_INLINE u32 bits_f32(f32 x) {
  u32 r;
  __builtin_memcpy(&r, &x, sizeof r);
  return r;
}

MSC_INLINE f32 from_bits_f32(u32 x) {
  f32 r;
  __builtin_memcpy(&r, &x, sizeof r);
  return r;
}

MSC_INLINE u64 bits_f64(f64 x) {
  u64 r;
  __builtin_memcpy(&r, &x, sizeof r);
  return r;
}

MSC_INLINE f64 from_bits_f64(u64 x) {
  f64 r;
  __builtin_memcpy(&r, &x, sizeof r);
  return r;
}

/// Bits of an IEEE half and of a bfloat as single precision; exact.
MSC_INLINE f32 half_to_f32(u16 h) {
  u32 magnitude = h & 0x7fffu;
  u32 u = bits_f32(from_bits_f32(magnitude << 13) * 0x1p112f);
  u = magnitude >= 0x7c00u ? 0x7f800000u | (magnitude << 13) : u;
  return from_bits_f32(u | (u32)(h & 0x8000u) << 16);
}

MSC_INLINE f32 bfloat_to_f32(u16 h) { return from_bits_f32((u32)h << 16); }

/// The same back: to nearest, ties to even; NaN stays a quiet NaN.
MSC_INLINE u16 f32_to_half(f32 x) {
  u32 u = bits_f32(x) & 0x7fffffffu;
  u32 sign = bits_f32(x) >> 16 & 0x8000u;
  u32 normal = (u + 0xfffu + (u >> 13 & 1u) - (112u << 23)) >> 13;
  // Adding 1/2 leaves a subnormal half in the low bits of the sum.
  u32 small = bits_f32(from_bits_f32(u) + 0.5f) - 0x3f000000u;
  u32 r = u < 0x38800000u ? small : normal;
  r = u >= 0x477ff000u ? 0x7c00u : r;
  r = u > 0x7f800000u ? 0x7e00u : r;
  return (u16)(sign | r);
}

MSC_INLINE u16 f32_to_bfloat(f32 x) {
  u32 u = bits_f32(x);
  u32 r = (u + 0x7fffu + (u >> 16 & 1u)) >> 16;
  return (u16)(x == x ? r : (u >> 16 | 0x40u));
}

/// a * b + c, in one rounding where the CPU has an instruction for it and in
/// two elsewhere (llvm.fmuladd, never a library call). Everything else in the
/// library is compiled with contraction off.
MSC_INLINE f32 madd_f32(f32 a, f32 b, f32 c) {
#pragma STDC FP_CONTRACT ON
  return a * b + c;
}

MSC_INLINE f64 madd_f64(f64 a, f64 b, f64 c) {
#pragma STDC FP_CONTRACT ON
  return a * b + c;
}

/// c[0] + c[1] x + ... + c[n - 1] x^(n - 1); n is a constant at every call.
MSC_INLINE f32 poly_f32(f32 x, const f32 *c, int n) {
  f32 r = c[n - 1];
#pragma clang loop unroll(full)
  for (int i = n - 2; i >= 0; --i)
    r = madd_f32(r, x, c[i]);
  return r;
}

MSC_INLINE f64 poly_f64(f64 x, const f64 *c, int n) {
  f64 r = c[n - 1];
#pragma clang loop unroll(full)
  for (int i = n - 2; i >= 0; --i)
    r = madd_f64(r, x, c[i]);
  return r;
}

#define POLY_F32(x, table) poly_f32(x, table, MSC_COUNT(table))
#define POLY_F64(x, table) poly_f64(x, table, MSC_COUNT(table))

/// Adding and subtracting these rounds to the nearest integer, ties to even,
/// for |x| < 2^22 and 2^51; the sum holds the integer in its low bits.
#define SHIFT_F32 0x1.8p23f
#define SHIFT_F64 0x1.8p52

#define INF_F32 __builtin_inff()
#define NAN_F32 __builtin_nanf("")
#define INF_F64 __builtin_inf()
#define NAN_F64 __builtin_nan("")

/// 2^k for an integer k in [-126, 127] and [-1022, 1023].
MSC_INLINE f32 pow2_f32(f32 k) {
  return from_bits_f32(bits_f32(k + (SHIFT_F32 + 127.0f)) << 23);
}

MSC_INLINE f64 pow2_f64(f64 k) {
  return from_bits_f64(bits_f64(k + (SHIFT_F64 + 1023.0)) << 52);
}

/// p * 2^k, rounded once, for p near 1 and twice the range of pow2.
MSC_INLINE f32 scale_f32(f32 p, f32 k) {
  f32 half = madd_f32(k, 0.5f, SHIFT_F32) - SHIFT_F32;
  return p * pow2_f32(half) * pow2_f32(k - half);
}

MSC_INLINE f64 scale_f64(f64 p, f64 k) {
  f64 half = madd_f64(k, 0.5, SHIFT_F64) - SHIFT_F64;
  return p * pow2_f64(half) * pow2_f64(k - half);
}

/// x limited to [lo, hi]; NaN stays NaN.
MSC_INLINE f32 clamp_f32(f32 x, f32 lo, f32 hi) {
  x = x > hi ? hi : x;
  return x < lo ? lo : x;
}

MSC_INLINE f64 clamp_f64(f64 x, f64 lo, f64 hi) {
  x = x > hi ? hi : x;
  return x < lo ? lo : x;
}

/// An unevaluated sum with |lo| <= ulp(hi) / 2.
typedef struct {
  f64 hi, lo;
} dd;

/// a + b exactly, |a| >= |b|.
MSC_INLINE dd fast_two_sum(f64 a, f64 b) {
  f64 s = a + b;
  return (dd){s, b - (s - a)};
}

/// a + b exactly.
MSC_INLINE dd two_sum(f64 a, f64 b) {
  f64 s = a + b;
  f64 t = s - a;
  return (dd){s, (a - (s - t)) + (b - t)};
}

/// a * b exactly (Dekker), for |a|, |b| < 2^995 and a product that does not
/// underflow. No fma: it would be a library call on CPUs without one.
MSC_INLINE dd two_prod(f64 a, f64 b) {
  f64 p = a * b;
  f64 ta = a * 0x1.0000002p27, tb = b * 0x1.0000002p27;
  f64 ah = ta - (ta - a), bh = tb - (tb - b);
  f64 al = a - ah, bl = b - bh;
  return (dd){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/// a * b to about 2^-104.
MSC_INLINE dd mul_dd(dd a, dd b) {
  dd p = two_prod(a.hi, b.hi);
  return fast_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/// a + b to about 2^-104, |a| >= |b|.
MSC_INLINE dd add_dd(dd a, dd b) {
  dd s = fast_two_sum(a.hi, b.hi);
  return fast_two_sum(s.hi, s.lo + (a.lo + b.lo));
}

#endif // LIB_TARGET_CPU_LIBRARY_DETAIL_H

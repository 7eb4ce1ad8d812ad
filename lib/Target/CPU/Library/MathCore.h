// SPDX-License-Identifier: Apache-2.0

/// \file
/// Double precision pieces that several functions are made of: exponential
/// with an extended argument, logarithm with an extended result, sine and
/// cosine kernels with their argument reduction.

#ifndef LIB_TARGET_CPU_LIBRARY_MATHCORE_H
#define LIB_TARGET_CPU_LIBRARY_MATHCORE_H

#include "Detail.h"

#define LOG2E_F64 0x1.71547652b82fep0
/// ln 2 = HI + LO; k * HI is exact for |k| < 2^21.
#define LN2_HI_F64 0x1.62e42feep-1
#define LN2_LO_F64 0x1.a39ef35793c76p-33

/// x + lo = k ln 2 + r.hi + r.lo with |r| <= ln 2 / 2, |x| < 2^20.
MSC_INLINE dd reduce_ln2_f64(f64 x, f64 lo, f64 *k) {
  *k = madd_f64(x, LOG2E_F64, SHIFT_F64) - SHIFT_F64;
  f64 hi = madd_f64(*k, -LN2_HI_F64, x);
  f64 tail = madd_f64(*k, -LN2_LO_F64, lo);
  return two_sum(hi, tail);
}

/// exp(r) on [-ln 2 / 2, ln 2 / 2], error of the polynomial 3.8e-18.
MSC_INLINE f64 exp_poly_f64(dd r) {
  static const f64 c[] = {0x1.000000000000ap-1,  0x1.55555555554fep-3,
                          0x1.55555555506cp-5,   0x1.1111111126b37p-7,
                          0x1.6c16c18475a18p-10, 0x1.a01a012fec2f7p-13,
                          0x1.a0199963c9dap-16,  0x1.71df18fbc7306p-19,
                          0x1.28adf7a18786ep-22, 0x1.ad92c7dc3b953p-26};
  f64 tail = madd_f64(r.hi * r.hi, POLY_F64(r.hi, c), r.lo);
  return 1.0 + (r.hi + tail);
}

/// exp(hi + lo), |lo| small against 1.
MSC_INLINE f64 exp_dd(f64 hi, f64 lo) {
  f64 k, x = clamp_f64(hi, -746.0, 710.0);
  dd r = reduce_ln2_f64(x, x == hi ? lo : 0.0, &k);
  return scale_f64(exp_poly_f64(r), k);
}

/// x = 2^k m with m in [sqrt(1/2), sqrt(2)), x positive; returns m.
MSC_INLINE f64 reduce_log_f64(f64 x, f64 *k) {
  const u64 sqrt_half = 0x3fe6a09e667f3bcdull;
  bool tiny = x < 0x1p-1022;
  u64 u = bits_f64(tiny ? x * 0x1p54 : x) + (0x3ff0000000000000ull - sqrt_half);
  // The biased exponent as the low bits of 2^52 + exponent.
  f64 biased = from_bits_f64(0x4330000000000000ull | (u >> 52));
  *k = biased - (tiny ? 0x1p52 + 1077.0 : 0x1p52 + 1023.0);
  return from_bits_f64((u & 0xfffffffffffffull) + sqrt_half);
}

/// log(m) to about 2^-66 relative, m in [sqrt(1/2), sqrt(2)).
MSC_INLINE dd log_dd(f64 m) {
  // log((1 + s) / (1 - s)) / s - 2 - 2/3 s^2 over s^4 in s^2, error 9e-23.
  static const f64 c[] = {0x1.9999999999995p-2, 0x1.2492492493155p-2,
                          0x1.c71c71c56330dp-3, 0x1.745d183ea1443p-3,
                          0x1.3b135fc4aa1fcp-3, 0x1.11211cd698e5p-3,
                          0x1.de2455e773d81p-4, 0x1.eb865dcda3e0bp-4};
  const dd two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
  // s = f / (2 + f) with its remainder.
  f64 f = m - 1.0;
  dd den = fast_two_sum(2.0, f);
  f64 s = f / den.hi;
  dd back = two_prod(s, den.hi);
  f64 rest = ((f - back.hi) - back.lo - s * den.lo) / den.hi;
  dd sum = fast_two_sum(s, rest);
  dd z = mul_dd(sum, sum);
  dd poly = mul_dd(z, two_thirds);
  poly =
      fast_two_sum(poly.hi, madd_f64(z.hi * z.hi, POLY_F64(z.hi, c), poly.lo));
  dd cubic = mul_dd(sum, poly);
  return add_dd((dd){2.0 * sum.hi, 2.0 * sum.lo}, cubic);
}

/// x = n pi / 2 + r.hi + r.lo with |r| <= pi / 4: right for |x| < 2^45;
/// larger finite arguments are taken as 0, infinity as NaN. The low bits of
/// *quadrant are n.
MSC_INLINE dd reduce_pio2_f64(f64 x, u64 *quadrant) {
  x = __builtin_fabs(x) < 0x1p45 ? x : x * 0.0;
  f64 t = madd_f64(x, 0x1.45f306dc9c883p-1, SHIFT_F64);
  *quadrant = bits_f64(t);
  f64 n = t - SHIFT_F64;
  // Products of 26-bit halves of n with 27-bit pieces of pi / 2 are exact.
  static const f64 piece[] = {-0x1.921fb54p0, -0x1.10b461p-30, -0x1.a62633p-58};
  f64 high = (madd_f64(n, 0x1p-26, SHIFT_F64) - SHIFT_F64) * 0x1p26;
  f64 low = n - high;
  dd r = {x, 0.0};
#pragma clang loop unroll(full)
  for (int i = 0; i < 3; ++i) {
    dd a = two_sum(r.hi, high * piece[i]);
    dd b = two_sum(a.hi, low * piece[i]);
    r = two_sum(b.hi, r.lo + (a.lo + b.lo));
  }
  return two_sum(r.hi, madd_f64(n, -0x1.45c06e0e68948p-86, r.lo));
}

/// sin(r) on [-pi/4, pi/4], error of the polynomial 3.8e-18.
MSC_INLINE f64 sin_poly_f64(dd r) {
  static const f64 c[] = {-0x1.5555555555548p-3,  0x1.111111110f76p-7,
                          -0x1.a01a019bf2b81p-13, 0x1.71de355fa53bdp-19,
                          -0x1.ae5e5500c1349p-26, 0x1.5d8e62828f329p-33};
  f64 z = r.hi * r.hi;
  f64 tail = madd_f64(z * r.hi, POLY_F64(z, c), madd_f64(r.lo * z, -0.5, r.lo));
  return r.hi + tail;
}

/// cos(r) on [-pi/4, pi/4], error of the polynomial 5.7e-20.
MSC_INLINE f64 cos_poly_f64(dd r) {
  static const f64 c[] = {0x1.555555555554bp-5,  -0x1.6c16c16c15018p-10,
                          0x1.a01a019c8f945p-16, -0x1.27e4f7f1ee922p-22,
                          0x1.1ee9dc12c88a6p-29, -0x1.8fa6a8a7d7afcp-37};
  f64 z = r.hi * r.hi;
  dd head = fast_two_sum(1.0, -0.5 * z);
  f64 tail = madd_f64(z * z, POLY_F64(z, c), head.lo - r.hi * r.lo);
  return head.hi + tail;
}

/// sin(r + quadrant pi / 2).
MSC_INLINE f64 sin_quadrant_f64(dd r, u64 quadrant) {
  f64 y = quadrant & 1 ? cos_poly_f64(r) : sin_poly_f64(r);
  return quadrant & 2 ? -y : y;
}

/// x = n / 2 + r / pi with |r| <= pi / 4, |x| < 2^52; the reduction for
/// sin(pi x), whose period 2 is taken off first.
MSC_INLINE dd reduce_half_f64(f64 x, u64 *quadrant) {
  x = x - 2.0 * (madd_f64(x, 0.5, SHIFT_F64) - SHIFT_F64);
  f64 t = madd_f64(x, 2.0, SHIFT_F64);
  *quadrant = bits_f64(t);
  f64 part = madd_f64(t - SHIFT_F64, -0.5, x);
  dd r = two_prod(part, 0x1.921fb54442d18p1);
  return fast_two_sum(r.hi, madd_f64(part, 0x1.1a62633145c07p-53, r.lo));
}

/// The value of a logarithm outside (0, inf): -inf at 0, NaN below.
MSC_INLINE f64 log_special_f64(f64 x, f64 y) {
  y = x < INF_F64 ? y : x;
  y = x == 0.0 ? -INF_F64 : y;
  return x < 0.0 ? NAN_F64 : y;
}

#endif // LIB_TARGET_CPU_LIBRARY_MATHCORE_H

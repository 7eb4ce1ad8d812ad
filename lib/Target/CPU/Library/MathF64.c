// SPDX-License-Identifier: Apache-2.0

/// \file
/// Double precision exponentials, logarithms, powers, hyperbolic functions,
/// and the cube root. Same method as MathF32.c; the steps whose rounding would
/// be amplified carry a second double.

#include "MSCDevice.h"
#include "MathCore.h"

MSC_MATH f64 msc_exp_f64(f64 x) { return exp_dd(x, 0.0); }

MSC_MATH f64 msc_exp2_f64(f64 x) {
  // (2^r - 1) / r - c0 over r on [-1/2, 1/2], error 3.4e-18.
  static const f64 c[] = {0x1.ebfbdff82c5a4p-3,  0x1.c6b08d7049fdap-5,
                          0x1.3b2ab6fba01acp-7,  0x1.5d87fe78cf8d3p-10,
                          0x1.4309130ec0559p-13, 0x1.ffcbfba08a2e4p-17,
                          0x1.62bfc7d2d3cfep-20, 0x1.b5268dd759381p-24,
                          0x1.e61afd0bc2aecp-28, 0x1.e784010d51854p-32};
  x = clamp_f64(x, -1076.0, 1025.0);
  f64 k = (x + SHIFT_F64) - SHIFT_F64;
  f64 r = x - k;
  f64 tail = madd_f64(r * r, POLY_F64(r, c), r * 0x1.abc9e3b39803fp-56);
  return scale_f64(1.0 + madd_f64(r, 0x1.62e42fefa39efp-1, tail), k);
}

MSC_MATH f64 msc_expm1_f64(f64 x) {
  // (exp(r) - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2], error 3e-19.
  static const f64 c[] = {0x1p-1,
                          0x1.5555555555559p-3,
                          0x1.555555555554dp-5,
                          0x1.111111110f65bp-7,
                          0x1.6c16c16c1aafdp-10,
                          0x1.a01a01afff4c4p-13,
                          0x1.a01a018e0d66dp-16,
                          0x1.71ddf81d848b2p-19,
                          0x1.27e5134507943p-22,
                          0x1.af5f0e85fe0cp-26,
                          0x1.1f1a154d0d172p-29};
  f64 k;
  dd r = reduce_ln2_f64(clamp_f64(x, -50.0, 710.0), 0.0, &k);
  f64 tail =
      madd_f64(r.hi * r.hi, POLY_F64(r.hi, c), madd_f64(r.hi, r.lo, r.lo));
  // 2^k p + (2^k - 1), halved so that k = 1024 does not overflow too early.
  f64 half = pow2_f64(k - 1.0);
  dd head = two_sum(half * r.hi, half - 0.5);
  f64 y = (head.hi + madd_f64(half, tail, head.lo)) * 2.0;
  return __builtin_fabs(x) < 0x1p-54 ? x : __builtin_copysign(y, x);
}

/// k ln 2 + log(m) + c for a small c, m in [sqrt(1/2), sqrt(2)).
MSC_INLINE f64 log_poly_f64(f64 m, f64 k, f64 c) {
  // log((1 + s) / (1 - s)) / s - 2 in s^2 over s^2, error 9e-21.
  static const f64 p[] = {0x1.5555555555555p-1, 0x1.9999999999d11p-2,
                          0x1.2492492439659p-2, 0x1.c71c724ba6f31p-3,
                          0x1.745ce1ab25ca5p-3, 0x1.3b202b02c26ebp-3,
                          0x1.0f6694ee3bec3p-3, 0x1.0f14f011c1711p-3};
  f64 f = m - 1.0;
  f64 s = f / (2.0 + f);
  f64 z = s * s;
  f64 half = 0.5 * f * f;
  // log(1 + f) = f - (half - s (half + z p(z))).
  f64 tail = madd_f64(s, madd_f64(z, POLY_F64(z, p), half),
                      madd_f64(k, LN2_LO_F64, c));
  dd head = two_sum(k * LN2_HI_F64, f);
  return head.hi + (head.lo - (half - tail));
}

MSC_MATH f64 msc_log_f64(f64 x) {
  f64 k, m = reduce_log_f64(x, &k);
  return log_special_f64(x, log_poly_f64(m, k, 0.0));
}

MSC_MATH f64 msc_log1p_f64(f64 x) {
  f64 u = x + 1.0;
  f64 k, m = reduce_log_f64(u, &k);
  // What rounding 1 + x lost, relative to it.
  f64 lost = (x >= 1.0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
  f64 y = log_special_f64(u, log_poly_f64(m, k, lost));
  return __builtin_copysign(y, x);
}

MSC_MATH f64 msc_log2_f64(f64 x) {
  const dd inverse = {0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56};
  f64 k, m = reduce_log_f64(x, &k);
  dd l = mul_dd(log_dd(m), inverse);
  dd y = two_sum(k, l.hi);
  return log_special_f64(x, y.hi + (y.lo + l.lo));
}

MSC_MATH f64 msc_log10_f64(f64 x) {
  const dd inverse = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};
  f64 k, m = reduce_log_f64(x, &k);
  dd l = mul_dd(log_dd(m), inverse);
  // log10(2) in 42 bits and the rest.
  dd y = two_sum(k * 0x1.34413509f7p-2, l.hi);
  f64 tail = madd_f64(k, 0x1.3fde623e2566bp-43, l.lo);
  return log_special_f64(x, y.hi + (y.lo + tail));
}

/// y log(a) for a positive finite a, |y| limited so that nothing overflows.
MSC_INLINE dd scaled_log_f64(f64 a, f64 y) {
  f64 k, m = reduce_log_f64(a, &k);
  dd l = log_dd(m);
  dd head = {k * 0x1.62e42fefa38p-1, 0.0};
  dd sum = two_sum(head.hi, l.hi);
  f64 tail = madd_f64(k, 0x1.ef35793c7673p-45, l.lo);
  dd log = fast_two_sum(sum.hi, sum.lo + tail);
  dd p = two_prod(y, log.hi);
  return (dd){p.hi, madd_f64(y, log.lo, p.lo)};
}

MSC_MATH f64 msc_pow_f64(f64 x, f64 y) {
  f64 a = __builtin_fabs(x), b = __builtin_fabs(y);
  dd l = scaled_log_f64(a, clamp_f64(y, -0x1p65, 0x1p65));
  f64 r = exp_dd(l.hi, l.lo);
  // 0 and infinity to the power y: infinite when a > 1 and y > 0 agree.
  f64 edge = (a > 1.0) == (y > 0.0) ? INF_F64 : 0.0;
  r = a == 0.0 || a == INF_F64 ? edge : r;
  // From 2^52 on every double is an integer, from 2^53 on an even one; below,
  // adding 2^52 rounds to an integer. Bit 0 then is its parity.
  bool wide = b >= 0x1p52;
  f64 rounded = wide ? b : b + 0x1p52;
  bool integer = wide || rounded - 0x1p52 == b;
  bool odd = integer && b < 0x1p53 && (bits_f64(rounded) & 1) != 0;
  r = odd ? __builtin_copysign(r, x) : r;
  r = x < 0.0 && a < INF_F64 && !integer ? NAN_F64 : r;
  r = x != x || y != y ? NAN_F64 : r;
  return y == 0.0 || x == 1.0 || (a == 1.0 && b == INF_F64) ? 1.0 : r;
}

/// exp(a) / 2 without overflow before the result does.
MSC_INLINE f64 half_exp_f64(f64 a) {
  f64 h = exp_dd(a * 0.5, 0.0);
  return 0.5 * h * h;
}

MSC_MATH f64 msc_sinh_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 e = msc_expm1_f64(a > 40.0 ? 40.0 : a);
  f64 y = 0.5 * (e + e / (e + 1.0));
  y = a > 40.0 ? half_exp_f64(a) : y;
  return __builtin_copysign(y, x);
}

MSC_MATH f64 msc_cosh_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 e = exp_dd(a > 40.0 ? 40.0 : a, 0.0);
  f64 y = madd_f64(0.5, e, 0.5 / e);
  return a > 40.0 ? half_exp_f64(a) : y;
}

MSC_MATH f64 msc_tanh_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 e = msc_expm1_f64(a > 20.0 ? 40.0 : a + a);
  return __builtin_copysign(e / (e + 2.0), x);
}

MSC_MATH f64 msc_asinh_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  bool large = a > 0x1p28;
  f64 b = large ? 1.0 : a;
  f64 t = b + b * b / (1.0 + __builtin_sqrt(madd_f64(b, b, 1.0)));
  f64 y = msc_log1p_f64(large ? a - 1.0 : t);
  return __builtin_copysign(large ? y + 0x1.62e42fefa39efp-1 : y, x);
}

MSC_MATH f64 msc_acosh_f64(f64 x) {
  bool large = x > 0x1p28;
  f64 t = (large ? 2.0 : x) - 1.0;
  f64 u = t + __builtin_sqrt(madd_f64(t, t, t + t));
  f64 y = msc_log1p_f64(large ? x - 1.0 : u);
  y = large ? y + 0x1.62e42fefa39efp-1 : y;
  return x < 1.0 ? NAN_F64 : y;
}

MSC_MATH f64 msc_atanh_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 y = 0.5 * msc_log1p_f64((a + a) / (1.0 - a));
  return __builtin_copysign(a > 1.0 ? NAN_F64 : y, x);
}

MSC_MATH f64 msc_cbrt_f64(f64 x) {
  // x^(1/3) on [1, 2], error 9.2e-6.
  static const f64 c[] = {0x1.0392ccec6ddp-1, 0x1.6fb1dfe02669fp-1,
                          -0x1.33d38506d8622p-2, 0x1.60a153724efcdp-4,
                          -0x1.5b77f08bb9e71p-7};
  f64 a = __builtin_fabs(x);
  bool tiny = a < 0x1p-1022;
  u64 u = bits_f64(tiny ? a * 0x1p54 : a);
  f64 m = from_bits_f64((u & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  f64 biased = from_bits_f64(0x4330000000000000ull | (u >> 52));
  f64 k = biased - (tiny ? 0x1p52 + 1077.0 : 0x1p52 + 1023.0);
  // k = 3 q + rest, rest in {0, 1, 2}.
  f64 q = madd_f64(k - 1.0, 0x1.5555555555555p-2, SHIFT_F64) - SHIFT_F64;
  f64 rest = k - 3.0 * q;
  f64 n = m * (rest == 0.0 ? 1.0 : rest == 1.0 ? 2.0 : 4.0);
  f64 y = POLY_F64(m, c) * (rest == 0.0   ? 1.0
                            : rest == 1.0 ? 0x1.428a2f98d728bp0
                                          : 0x1.965fea53d6e3dp0);
  // Halley to 1e-15, then one Newton step with a nearly exact residual.
  f64 cube = y * y * y;
  y = y * (cube + 2.0 * n) / (2.0 * cube + n);
  dd square = two_prod(y, y);
  dd back = mul_dd(square, (dd){y, 0.0});
  f64 residual = (n - back.hi) - back.lo;
  f64 result = (y + residual / (3.0 * square.hi)) * pow2_f64(q);
  result = a < INF_F64 && a > 0.0 ? result : a;
  return __builtin_copysign(result, x);
}

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Single precision elementary functions. The ones that dominate networks
/// (exp, log, tanh, erf) stay in single precision; those whose argument or
/// result needs more bits on the way (trigonometry, powers, other logarithm
/// bases) go through double precision polynomials of just enough terms; the
/// rest round the double precision function.
///
/// Method: argument reduction, then a minimax polynomial whose coefficients
/// were found with Sollya's fpminimax for exactly the stated interval.
/// Everything is straight-line code of selects, so loops around it vectorise.

#include "Detail.h"
#include "MSCDevice.h"

#define LOG2E_F32 0x1.715476p0f
/// ln 2 = HI + LO; k * HI is exact for |k| < 2^9.
#define LN2_HI_F32 0x1.62e4p-1f
#define LN2_LO_F32 0x1.7f7d1cp-20f

/// x = k ln 2 + r, |r| <= ln 2 / 2. Returns r.
MSC_INLINE f32 reduce_ln2_f32(f32 x, f32 *k) {
  *k = madd_f32(x, LOG2E_F32, SHIFT_F32) - SHIFT_F32;
  f32 r = madd_f32(*k, -LN2_HI_F32, x);
  return madd_f32(*k, -LN2_LO_F32, r);
}

/// exp(r) on [-ln 2 / 2, ln 2 / 2], error 3.3e-9.
MSC_INLINE f32 exp_poly_f32(f32 r) {
  static const f32 c[] = {0x1.fffffap-2f, 0x1.555492p-3f, 0x1.555a26p-5f,
                          0x1.12397cp-7f, 0x1.694c86p-10f};
  return madd_f32(r * r, POLY_F32(r, c), r) + 1.0f;
}

MSC_MATH f32 msc_exp_f32(f32 x) {
  f32 k, r = reduce_ln2_f32(clamp_f32(x, -104.0f, 89.0f), &k);
  // A product that underflows takes a hundred times as long as one of zero, and
  // the exponents of masked scores are all of that kind.
  f32 p = exp_poly_f32(r);
  p = x <= -104.0f ? 0.0f : p;
  return scale_f32(p, k);
}

MSC_MATH f32 msc_exp2_f32(f32 x) {
  // 2^r - 1 over r on [-1/2, 1/2], error 3.6e-9.
  static const f32 c[] = {0x1.62e43p-1f, 0x1.ebfbd8p-3f,  0x1.c6af76p-5f,
                          0x1.3b30ap-7f, 0x1.5f0b82p-10f, 0x1.3fa206p-13f};
  x = clamp_f32(x, -150.5f, 129.0f);
  f32 k = (x + SHIFT_F32) - SHIFT_F32;
  f32 r = x - k;
  return scale_f32(madd_f32(r, POLY_F32(r, c), 1.0f), k);
}

MSC_MATH f32 msc_expm1_f32(f32 x) {
  // (exp(r) - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2], error 1.4e-8.
  static const f32 c[] = {0x1.fffffep-2f, 0x1.5554bp-3f, 0x1.555716p-5f,
                          0x1.12278ep-7f, 0x1.6b7338p-10f};
  f32 k, r = reduce_ln2_f32(clamp_f32(x, -25.0f, 89.0f), &k);
  f32 p = madd_f32(r * r, POLY_F32(r, c), r);
  // 2^k p + (2^k - 1), halved so that k = 128 does not overflow too early.
  f32 half = pow2_f32(k - 1.0f);
  f32 y = madd_f32(half, p, half - 0.5f) * 2.0f;
  return __builtin_fabsf(x) < 0x1p-25f ? x : __builtin_copysignf(y, x);
}

/// x = 2^k m with m in [sqrt(1/2), sqrt(2)), x positive and normal.
/// Returns m - 1.
MSC_INLINE f32 reduce_log_f32(f32 x, f32 *k) {
  const u32 sqrt_half = 0x3f3504f3u;
  u32 u = bits_f32(x) - sqrt_half;
  *k = (f32)((i32)u >> 23);
  return from_bits_f32((u & 0x7fffffu) + sqrt_half) - 1.0f;
}

/// k ln 2 + log(1 + f) + c for the f of reduce_log_f32 and a small c.
MSC_INLINE f32 log_poly_f32(f32 f, f32 k, f32 c) {
  // (log(1 + f) - f + f^2 / 2) / f^3, error of the logarithm 4.6e-9.
  static const f32 p[] = {0x1.555554p-2f,  -0x1.ffffe6p-3f, 0x1.999d2ap-3f,
                          -0x1.556288p-3f, 0x1.23de4p-3f,   -0x1.fbbf2ep-4f,
                          0x1.dc75e8p-4f,  -0x1.ddb2cep-4f, 0x1.2cb40ep-4f};
  f32 f2 = f * f;
  f32 tail = madd_f32(f2 * f, POLY_F32(f, p), madd_f32(k, LN2_LO_F32, c));
  f32 low = madd_f32(f2, -0.5f, tail);
  return madd_f32(k, LN2_HI_F32, f + low);
}

/// The value of a logarithm outside (0, inf): -inf at 0, NaN below.
MSC_INLINE f32 log_special_f32(f32 x, f32 y) {
  y = x < INF_F32 ? y : x;
  y = x == 0.0f ? -INF_F32 : y;
  return x < 0.0f ? NAN_F32 : y;
}

MSC_MATH f32 msc_log_f32(f32 x) {
  bool tiny = x < 0x1p-126f;
  f32 k, f = reduce_log_f32(tiny ? x * 0x1p24f : x, &k);
  k = tiny ? k - 24.0f : k;
  return log_special_f32(x, log_poly_f32(f, k, 0.0f));
}

MSC_MATH f32 msc_log1p_f32(f32 x) {
  f32 u = x + 1.0f;
  f32 k, f = reduce_log_f32(u, &k);
  // What rounding 1 + x lost, relative to it.
  f32 lost = (x >= 1.0f ? 1.0f - (u - x) : x - (u - 1.0f)) / u;
  f32 y = log_poly_f32(f, k, lost);
  return __builtin_copysignf(log_special_f32(u, y), x);
}

MSC_MATH f32 msc_tanh_f32(f32 x) {
  // tanh(x) / x - 1 over x^2 on [0, 0.6], error 2.9e-9.
  static const f32 c[] = {-0x1.55553ep-2f, 0x1.1109bep-3f, -0x1.b89abap-5f,
                          0x1.54c3c2p-6f, -0x1.828776p-8f};
  f32 a = __builtin_fabsf(x);
  f32 z = a * a;
  f32 small = madd_f32(a * z, POLY_F32(z, c), a);
  f32 k, r = reduce_ln2_f32(clamp_f32(a + a, 0.0f, 20.0f), &k);
  f32 large = 1.0f - 2.0f / madd_f32(exp_poly_f32(r), pow2_f32(k), 1.0f);
  return __builtin_copysignf(a < 0.6f ? small : large, x);
}

MSC_MATH f32 msc_erf_f32(f32 x) {
  // erf(x) / x - 1 in x^2 on [0, 1], error 1.6e-9.
  static const f32 c[] = {0x1.06eba8p-3f,  -0x1.81274p-2f, 0x1.ce2d52p-4f,
                          -0x1.b7fec4p-6f, 0x1.542fecp-8f, -0x1.a5197ap-11f,
                          0x1.4c5cb4p-14f};
  // erf(2.5 + t) on [-1.5, 1.5], error 4.1e-8.
  static const f32 d[] = {0x1.ffcaaap-1f,   0x1.1d7d3ep-9f,  -0x1.64f9dp-8f,
                          0x1.11b38cp-7f,   -0x1.1a3bd8p-7f, 0x1.90260cp-8f,
                          -0x1.72086ap-9f,  0x1.28741p-11f,  0x1.3199e2p-12f,
                          -0x1.1fb75ep-12f, 0x1.f44708p-15f, 0x1.407c2ep-16f,
                          -0x1.255e6ap-17f, 0x1.52051p-22f};
  f32 a = __builtin_fabsf(x);
  f32 small = madd_f32(a, POLY_F32(a * a, c), a);
  f32 t = clamp_f32(a, 1.0f, 4.0f) - 2.5f;
  f32 large = POLY_F32(t, d);
  large = a > 3.9f ? 1.0f : large;
  f32 y = a <= 1.0f ? small : large;
  return __builtin_copysignf(x == x ? y : x, x);
}

/// x = n pi / 2 + r with |r| <= pi / 4, in double precision: right for
/// |x| < 2^45; larger finite arguments are taken as 0, infinity as NaN.
/// The low bits of *quadrant are n.
MSC_INLINE f64 reduce_pio2_f32(f32 x, u64 *quadrant) {
  f64 a = __builtin_fabsf(x) < 0x1p45f ? (f64)x : (f64)x * 0.0;
  f64 t = madd_f64(a, 0x1.45f306dc9c883p-1, SHIFT_F64);
  *quadrant = bits_f64(t);
  f64 n = t - SHIFT_F64;
  // Products of 26-bit halves of n with 27-bit pieces of pi / 2 are exact.
  f64 high = (madd_f64(n, 0x1p-26, SHIFT_F64) - SHIFT_F64) * 0x1p26;
  f64 low = n - high;
  f64 r = madd_f64(high, -0x1.921fb54p0, a);
  r = madd_f64(low, -0x1.921fb54p0, r);
  r = madd_f64(high, -0x1.10b461p-30, r);
  r = madd_f64(low, -0x1.10b461p-30, r);
  return madd_f64(n, -0x1.a62633145c06ep-58, r);
}

/// sin(r) on [-pi/4, pi/4], error 5.2e-12.
MSC_INLINE f64 sin_poly_f32(f64 r) {
  static const f64 c[] = {1.0, -0x1.5555554c71d15p-3, 0x1.1111086a61681p-7,
                          -0x1.a00f7f28c21a7p-13, 0x1.6cd1f2aed85b5p-19};
  return r * POLY_F64(r * r, c);
}

/// cos(r) on [-pi/4, pi/4], error 6.4e-11.
MSC_INLINE f64 cos_poly_f32(f64 r) {
  static const f64 c[] = {1.0, -0x1.ffffffcb82e94p-2, 0x1.55553c78995d9p-5,
                          -0x1.6c07f16943237p-10, 0x1.99169fc8e953cp-16};
  return POLY_F64(r * r, c);
}

/// sin(r + quadrant pi / 2).
MSC_INLINE f32 sin_quadrant_f32(f64 r, u64 quadrant) {
  f64 y = quadrant & 1 ? cos_poly_f32(r) : sin_poly_f32(r);
  return (f32)(quadrant & 2 ? -y : y);
}

MSC_MATH f32 msc_sin_f32(f32 x) {
  u64 quadrant;
  f64 r = reduce_pio2_f32(x, &quadrant);
  return sin_quadrant_f32(r, quadrant);
}

MSC_MATH f32 msc_cos_f32(f32 x) {
  u64 quadrant;
  f64 r = reduce_pio2_f32(x, &quadrant);
  return sin_quadrant_f32(r, quadrant + 1);
}

MSC_MATH f32 msc_tan_f32(f32 x) {
  u64 quadrant;
  f64 r = reduce_pio2_f32(x, &quadrant);
  f64 s = sin_poly_f32(r), c = cos_poly_f32(r);
  bool odd = quadrant & 1;
  return (f32)((odd ? -c : s) / (odd ? s : c));
}

/// log2(x) of a positive finite x, relative error 3e-14.
MSC_INLINE f64 log2_poly_f32(f64 x) {
  // log((1 + s) / (1 - s)) / s in s^2 for |s| <= 3 - 2 sqrt(2).
  static const f64 c[] = {2.0,
                          0x1.555555561faacp-1,
                          0x1.999996a4c7ae3p-2,
                          0x1.24941417aaa13p-2,
                          0x1.c62a493e431ep-3,
                          0x1.91222ef8e077p-3};
  const u64 sqrt_half = 0x3fe6a09e667f3bcdull;
  u64 u = bits_f64(x) + (0x3ff0000000000000ull - sqrt_half);
  f64 k = from_bits_f64(0x4330000000000000ull | (u >> 52)) - (0x1p52 + 1023.0);
  f64 m = from_bits_f64((u & 0xfffffffffffffull) + sqrt_half);
  f64 s = (m - 1.0) / (m + 1.0);
  return madd_f64(s * POLY_F64(s * s, c), 0x1.71547652b82fep0, k);
}

/// 2^x for x in [-200, 200], relative error 1e-12.
MSC_INLINE f64 exp2_poly_f32(f64 x) {
  static const f64 c[] = {1.0,
                          0x1.62e42fef89d1fp-1,
                          0x1.ebfbdff8ede83p-3,
                          0x1.c6b08dced33e3p-5,
                          0x1.3b2ab5ed6fdfp-7,
                          0x1.5d874d07141f8p-10,
                          0x1.430aa882a3b6ep-13,
                          0x1.00d8533617c35p-16,
                          0x1.61c4f0e5d3034p-20};
  f64 k = (x + SHIFT_F64) - SHIFT_F64;
  return POLY_F64(x - k, c) * pow2_f64(k);
}

MSC_MATH f32 msc_log2_f32(f32 x) {
  return log_special_f32(x, (f32)log2_poly_f32(x));
}

MSC_MATH f32 msc_log10_f32(f32 x) {
  f64 y = log2_poly_f32(x) * 0x1.34413509f79ffp-2;
  return log_special_f32(x, (f32)y);
}

MSC_MATH f32 msc_pow_f32(f32 x, f32 y) {
  f32 a = __builtin_fabsf(x), b = __builtin_fabsf(y);
  f64 l = log2_poly_f32(a);
  l = a < INF_F32 ? l : (f64)a;
  l = a == 0.0f ? -INF_F64 : l;
  f64 r = exp2_poly_f32(clamp_f64((f64)y * l, -200.0, 200.0));
  // From 2^24 on every float is an even integer.
  f32 t = b < 0x1p24f ? y : 0.0f;
  f64 shifted = (f64)t + SHIFT_F64;
  bool integer = b >= 0x1p24f || shifted - SHIFT_F64 == (f64)y;
  bool odd = integer && (bits_f64(shifted) & 1);
  r = odd ? __builtin_copysign(r, (f64)x) : r;
  r = x < 0.0f && a < INF_F32 && !integer ? NAN_F64 : r;
  bool one = y == 0.0f || x == 1.0f || (a == 1.0f && b == INF_F32);
  return one ? 1.0f : (f32)r;
}

#define ROUND_UNARY(fn)                                                        \
  MSC_MATH f32 msc_##fn##_f32(f32 x) { return (f32)msc_##fn##_f64(x); }

ROUND_UNARY(asin)
ROUND_UNARY(acos)
ROUND_UNARY(atan)
ROUND_UNARY(sinh)
ROUND_UNARY(cosh)
ROUND_UNARY(asinh)
ROUND_UNARY(acosh)
ROUND_UNARY(atanh)
ROUND_UNARY(cbrt)
ROUND_UNARY(erfc)
ROUND_UNARY(erfinv)
ROUND_UNARY(lgamma)
ROUND_UNARY(tgamma)
ROUND_UNARY(digamma)

MSC_MATH f32 msc_atan2_f32(f32 y, f32 x) { return (f32)msc_atan2_f64(y, x); }

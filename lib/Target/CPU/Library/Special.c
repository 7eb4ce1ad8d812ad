// SPDX-License-Identifier: Apache-2.0

/// \file
/// Double precision error functions and the gamma function family.

#include "MSCDevice.h"
#include "MathCore.h"
#include "SpecialTables.h"

/// erf(x) for |x| <= 0.86, error of the polynomial 1.1e-17.
MSC_INLINE f64 erf_small(f64 x) {
  static const f64 c[] = {
      0x1.06eba8214db69p-3,   -0x1.812746b037ap-2,    0x1.ce2f21a0438cep-4,
      -0x1.b82ce312b8932p-6,  0x1.565bcd14625e5p-8,   -0x1.c02db4dcf8d76p-11,
      0x1.f9a33955b0d97p-14,  -0x1.f4d317bc71a9ep-17, 0x1.b9e4f3c34ff6fp-20,
      -0x1.5edef041e642ap-23, 0x1.ee64df7d3e302p-27,  -0x1.fe9dd1eb50d38p-31};
  return madd_f64(x, POLY_F64(x * x, c), x);
}

/// erfc(a) for a >= 1/2: exp(-a^2) / (1 + 2 a) times a polynomial in
/// (a - 4) / (a + 4).
MSC_INLINE f64 erfc_large(f64 a) {
  a = clamp_f64(a, 0.5, 28.0);
  f64 t = (a - 4.0) / (a + 4.0);
  f64 p = POLY_F64((t + 0x1.c71c71c71c71cp-7) * 0x1.4f2094f2094f2p0, kErfcx);
  p = p / madd_f64(a, 2.0, 1.0);
  dd square = two_prod(a, a);
  f64 k;
  dd r = reduce_ln2_f64(-square.hi, -square.lo, &k);
  return scale_f64(exp_poly_f64(r) * p, k);
}

MSC_MATH f64 msc_erf_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 y = a < 0.86 ? erf_small(a) : 1.0 - erfc_large(a);
  return __builtin_copysign(x == x ? y : x, x);
}

MSC_MATH f64 msc_erfc_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 tail = erfc_large(a);
  f64 outer = x < 0.0 ? 2.0 - tail : tail;
  f64 y = a < 0.5 ? 1.0 - erf_small(x) : outer;
  return x == x ? y : x;
}

/// One step of Halley's method for erf(y) = a, 0 <= a < 1.
MSC_INLINE f64 improve_erfinv(f64 y, f64 a) {
  f64 high = y < 0.5 ? 1.0 - erf_small(y) : erfc_large(y);
  f64 error = a < 0.4 ? erf_small(y > 0.86 ? 0.86 : y) - a : (1.0 - a) - high;
  f64 u = error * (0x1.c5bf891b4ef6bp-1 * exp_dd(y * y, 0.0));
  return y - u / madd_f64(u, y, 1.0);
}

MSC_MATH f64 msc_erfinv_f64(f64 x) {
  // The single precision approximation of Giles, "Approximating the erfinv
  // function" (GPU Computing Gems, 2010), then three Halley steps.
  static const f64 centre[] = {1.50140941,     0.246640727,    -0.00417768164,
                               -0.00125372503, 0.00021858087,  -4.39150654e-06,
                               -3.5233877e-06, 3.43273939e-07, 2.81022636e-08};
  static const f64 tail[] = {2.83297682,    1.00167406,     0.00943887047,
                             -0.0076224613, 0.00573950773,  -0.00367342844,
                             0.00134934322, 0.000100950558, -0.000200214257};
  f64 a = __builtin_fabs(x);
  f64 b = a < 1.0 ? a : 0.0;
  f64 w = -msc_log_f64((1.0 - b) * (1.0 + b));
  f64 near = POLY_F64(w - 2.5, centre);
  // Linear beyond the interval of the fit, |x| < 1 - 2^-24.
  f64 v = __builtin_sqrt(w);
  f64 inside = v > 4.0 ? 4.0 : v;
  f64 far = POLY_F64(inside - 3.0, tail) + (v - inside);
  f64 y = b * (w < 5.0 ? near : far);
  y = improve_erfinv(improve_erfinv(improve_erfinv(y, b), b), b);
  // Near 0 the quotient of residual and slope says nothing new.
  y = b < 0x1p-30 ? b * 0x1.c5bf891b4ef6bp-1 : y;
  y = a < 1.0 ? y : a == 1.0 ? INF_F64 : NAN_F64;
  return __builtin_copysign(y, x);
}

/// Takes y > 2 down to (1, 2] in at most 6 steps (y <= 8): returns the
/// product of the values passed, so that gamma(before) = product gamma(*y).
MSC_INLINE f64 step_down(f64 *y) {
  f64 product = 1.0;
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; ++i) {
    bool step = *y > 2.0;
    *y = step ? *y - 1.0 : *y;
    product = step ? product * *y : product;
  }
  return product;
}

/// Stirling's series: log gamma(a) - ((a - 1/2) log(a) - a + log(2 pi) / 2),
/// a >= 8.
MSC_INLINE f64 stirling(f64 a) {
  static const f64 c[] = {0x1.5555555555555p-4,  -0x1.6c16c16c16c17p-9,
                          0x1.a01a01a01a01ap-11, -0x1.3813813813814p-11,
                          0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10,
                          0x1.a41a41a41a41ap-8,  -0x1.e4286cb0f5398p-6};
  f64 r = 1.0 / a;
  return r * POLY_F64(r * r, c);
}

/// log gamma(a), a >= 0; infinity and NaN stay.
MSC_INLINE f64 lgamma_positive(f64 a) {
  bool large = a >= 8.0, tiny = a < 1.0;
  f64 y = large ? 1.5 : a;
  f64 product = step_down(&y);
  // gamma(1 + d) with d in [0, 1]; d is exact, also just below a = 1.
  f64 d = tiny ? a : y - 1.0;
  f64 base = d * (d - 1.0) * POLY_F64(madd_f64(d, 2.0, -1.0), kLgamma);
  f64 l = msc_log_f64(large || tiny ? a : product);
  f64 small = tiny ? base - l : base + l;
  f64 s = large ? a : 8.0;
  f64 high = madd_f64(s - 0.5, l - 1.0, stirling(s) + 0x1.acfe390c97d6ap-2);
  return large ? (a < INF_F64 ? high : a) : small;
}

/// Poles are where x is an integer <= 0; from 2^52 on every x is one.
MSC_INLINE bool is_pole(f64 x) {
  f64 a = __builtin_fabs(x);
  return x <= 0.0 && (a >= 0x1p52 || (a + 0x1p52) - 0x1p52 == a);
}

/// sin(pi a).
MSC_INLINE f64 sin_pi(f64 a) {
  u64 quadrant;
  dd r = reduce_half_f64(a, &quadrant);
  return sin_quadrant_f64(r, quadrant);
}

MSC_MATH f64 msc_lgamma_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  f64 y = lgamma_positive(a);
  // gamma(x) gamma(-x) = -pi / (x sin(pi x)).
  f64 s = a * __builtin_fabs(sin_pi(a < 0x1p52 ? a : 0.0));
  f64 reflected = 0x1.250d048e7a1bdp0 - msc_log_f64(s) - y;
  y = x < 0.0 && a > 0x1p-60 ? reflected : y;
  return is_pole(x) ? INF_F64 : y;
}

MSC_MATH f64 msc_tgamma_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  bool large = a >= 8.0, tiny = a < 1.0, reflect = x < 0.0;
  // Below 8: steps down to [1, 2] and a polynomial.
  f64 y = large ? 1.5 : a;
  f64 product = step_down(&y);
  f64 d = tiny ? a : y - 1.0;
  f64 p = POLY_F64(madd_f64(d, 2.0, -1.0), kGamma);
  f64 small = tiny ? p / a : p * product;
  // From 8: Stirling, with the exponent carried in two doubles. Its negative
  // gives 1 / gamma for the reflection without overflow.
  f64 s = clamp_f64(large ? a : 8.0, 8.0, 400.0);
  f64 k, m = reduce_log_f64(s, &k);
  dd l = log_dd(m);
  dd log = two_sum(k * 0x1.62e42fefa38p-1, l.hi);
  log = fast_two_sum(log.hi, log.lo + madd_f64(k, 0x1.ef35793c7673p-45, l.lo));
  dd t = two_prod(s - 0.5, log.hi);
  dd e = two_sum(t.hi, -s);
  f64 lo = e.lo + (t.lo + (s - 0.5) * log.lo);
  dd sum = two_sum(e.hi, 0x1.d67f1c864beb5p-1 + stirling(s));
  lo += sum.lo;
  f64 high = exp_dd(reflect ? -sum.hi : sum.hi, reflect ? -lo : lo);
  // gamma(x) = -pi / (a sin(pi a) gamma(a)) for x = -a.
  f64 factor = -0x1.921fb54442d18p1 / sin_pi(a < 0x1p52 ? a : 0.0);
  f64 reflected = large ? factor / a * high : factor / (a * small);
  reflected = a < 0x1p-60 ? 1.0 / x : reflected;
  f64 result = reflect ? reflected : large ? high : small;
  result = x == 0.0 ? __builtin_copysign(INF_F64, x) : result;
  result = reflect && is_pole(x) ? NAN_F64 : result;
  return x == x ? result : x;
}

/// digamma(a), a > 0.
MSC_INLINE f64 digamma_positive(f64 a) {
  bool large = a >= 8.0;
  f64 y = large ? 1.5 : a;
  f64 sum = y < 1.0 ? -1.0 / y : 0.0;
  f64 d = y < 1.0 ? y : y - 1.0;
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; ++i) {
    bool step = d > 1.0;
    sum = step ? sum + 1.0 / d : sum;
    d = step ? d - 1.0 : d;
  }
  // The zero, 1.46..., in two doubles: exact differences give digamma its
  // relative accuracy there.
  f64 distance = (d - 0x1.d8b618d5af8fcp-2) - 0x1.b86a722197829p-54;
  f64 small =
      madd_f64(distance, POLY_F64(madd_f64(d, 2.0, -1.0), kDigamma), sum);
  static const f64 c[] = {0x1.5555555555555p-4, -0x1.1111111111111p-7,
                          0x1.0410410410410p-8, -0x1.1111111111111p-8,
                          0x1.f07c1f07c1f08p-8, -0x1.5995995995996p-6,
                          0x1.5555555555555p-4, -0x1.c5e5e5e5e5e5ep-2};
  f64 s = large ? a : 8.0;
  f64 r = 1.0 / s;
  f64 z = r * r;
  f64 high = msc_log_f64(s) - madd_f64(z, POLY_F64(z, c), 0.5 * r);
  return large ? high : small;
}

MSC_MATH f64 msc_digamma_f64(f64 x) {
  bool reflect = x < 0.0;
  // digamma(x) = digamma(1 - x) - pi / tan(pi x).
  f64 y = digamma_positive(reflect ? 1.0 - x : x);
  u64 quadrant;
  dd r = reduce_half_f64(__builtin_fabs(x) < 0x1p52 ? x : 0.0, &quadrant);
  f64 s = sin_poly_f64(r), c = cos_poly_f64(r);
  bool odd = quadrant & 1;
  f64 cot = (odd ? -s : c) / (odd ? c : s);
  y = reflect ? madd_f64(cot, -0x1.921fb54442d18p1, y) : y;
  y = reflect && is_pole(x) ? NAN_F64 : y;
  return x == 0.0 ? __builtin_copysign(INF_F64, -x) : y;
}

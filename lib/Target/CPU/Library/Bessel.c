// SPDX-License-Identifier: Apache-2.0

/// \file
/// Bessel functions of order 0 and 1. Chebyshev series on a small interval,
/// and of the modulus after the asymptotic factor is taken out beyond it.
/// Rare functions: they may branch and are called, not inlined.

#include "BesselTables.h"
#include "MSCDevice.h"
#include "MathCore.h"

#define SQRT_2_OVER_PI 0x1.9884533d43651p-1
#define TWO_OVER_PI 0x1.45f306dc9c883p-1

/// Clenshaw's sum of a Chebyshev series at t in [-1, 1].
static f64 chebyshev(const f64 *c, int n, f64 t) {
  f64 b0 = 0.0, b1 = 0.0, b2 = 0.0;
  for (int i = n - 1; i >= 0; --i) {
    b2 = b1;
    b1 = b0;
    b0 = (t + t) * b1 + (c[i] - b2);
  }
  return b0 - t * b1;
}

/// The series of `table` for a variable v in [0, width].
#define SERIES(table, v, width)                                                \
  chebyshev(table, MSC_COUNT(table), (v) * (2.0 / (width)) - 1.0)

f64 msc_i0e_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  if (a <= 8.0)
    return SERIES(kI0Small, a, 8.0);
  return a > 8.0 ? SERIES(kI0Large, 8.0 / a, 1.0) / __builtin_sqrt(a) : x;
}

f64 msc_i1e_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  if (a <= 8.0)
    return x * SERIES(kI1Small, a, 8.0);
  f64 y = SERIES(kI1Large, 8.0 / a, 1.0) / __builtin_sqrt(a);
  return a > 8.0 ? __builtin_copysign(y, x) : x;
}

/// exp(a) y, finite for as long as the product is.
static f64 times_exp(f64 y, f64 a) {
  f64 half = msc_exp_f64(0.5 * a);
  return a == INF_F64 ? __builtin_copysign(a, y) : half * y * half;
}

f64 msc_i0_f64(f64 x) { return times_exp(msc_i0e_f64(x), __builtin_fabs(x)); }

f64 msc_i1_f64(f64 x) { return times_exp(msc_i1e_f64(x), __builtin_fabs(x)); }

/// K of order 0 or 1 for 0 < x <= 2.
static f64 k_small(f64 x, int order) {
  f64 l = msc_log_f64(0.5 * x);
  if (order == 0)
    return SERIES(kK0Small, x * x, 4.0) - l * msc_i0_f64(x);
  return SERIES(kK1Small, x * x, 4.0) / x + l * msc_i1_f64(x);
}

/// exp(x) K for x > 2.
static f64 k_large(f64 x, int order) {
  f64 t = 2.0 / x;
  f64 y = order == 0 ? SERIES(kK0Large, t, 1.0) : SERIES(kK1Large, t, 1.0);
  return y / __builtin_sqrt(x);
}

static f64 bessel_k(f64 x, int order, bool scaled) {
  if (x != x || x < 0.0)
    return NAN_F64;
  if (x == 0.0)
    return INF_F64;
  if (x <= 2.0)
    return k_small(x, order) * (scaled ? msc_exp_f64(x) : 1.0);
  f64 y = k_large(x, order);
  if (scaled)
    return y;
  f64 half = msc_exp_f64(-0.5 * x);
  return half * y * half;
}

f64 msc_k0_f64(f64 x) { return bessel_k(x, 0, false); }
f64 msc_k0e_f64(f64 x) { return bessel_k(x, 0, true); }
f64 msc_k1_f64(f64 x) { return bessel_k(x, 1, false); }
f64 msc_k1e_f64(f64 x) { return bessel_k(x, 1, true); }

/// J (second = false) or Y of order 0 or 1 for x > 8: modulus and phase.
static f64 jy_large(f64 x, int order, bool second) {
  if (x == INF_F64)
    return 0.0;
  f64 r = 8.0 / x;
  f64 z = r * r;
  f64 p = order == 0 ? SERIES(kP0, z, 1.0) : SERIES(kP1, z, 1.0);
  f64 q = r * (order == 0 ? SERIES(kQ0, z, 1.0) : SERIES(kQ1, z, 1.0));
  // cos and sin of x - pi/4 - order pi/2, times sqrt(2).
  f64 s = msc_sin_f64(x), c = msc_cos_f64(x);
  f64 re = order == 0 ? c + s : s - c;
  f64 im = order == 0 ? s - c : -(s + c);
  f64 y = second ? p * im + q * re : p * re - q * im;
  return y * 0x1.6a09e667f3bcdp-1 * SQRT_2_OVER_PI / __builtin_sqrt(x);
}

f64 msc_j0_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  if (a <= 8.0)
    return SERIES(kJ0Small, a * a, 64.0);
  return a > 8.0 ? jy_large(a, 0, false) : x;
}

f64 msc_j1_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  if (a <= 8.0)
    return x * SERIES(kJ1Small, a * a, 64.0);
  f64 y = a > 8.0 ? jy_large(a, 1, false) : x;
  return x < 0.0 ? -y : y;
}

f64 msc_y0_f64(f64 x) {
  if (x != x || x < 0.0)
    return NAN_F64;
  if (x == 0.0)
    return -INF_F64;
  if (x > 8.0)
    return jy_large(x, 0, true);
  return SERIES(kY0Small, x * x, 64.0) +
         TWO_OVER_PI * msc_log_f64(x) * msc_j0_f64(x);
}

f64 msc_y1_f64(f64 x) {
  if (x != x || x < 0.0)
    return NAN_F64;
  if (x == 0.0)
    return -INF_F64;
  if (x > 8.0)
    return jy_large(x, 1, true);
  f64 y = TWO_OVER_PI * msc_log_f64(x) * msc_j1_f64(x) - TWO_OVER_PI / x;
  return x * SERIES(kY1Small, x * x, 64.0) + y;
}

#define ROUND_UNARY(fn)                                                        \
  f32 msc_##fn##_f32(f32 x) { return (f32)msc_##fn##_f64(x); }

ROUND_UNARY(i0)
ROUND_UNARY(i0e)
ROUND_UNARY(i1)
ROUND_UNARY(i1e)
ROUND_UNARY(j0)
ROUND_UNARY(j1)
ROUND_UNARY(k0)
ROUND_UNARY(k0e)
ROUND_UNARY(k1)
ROUND_UNARY(k1e)
ROUND_UNARY(y0)
ROUND_UNARY(y1)

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Double precision circular functions and their inverses.

#include "MSCDevice.h"
#include "MathCore.h"

#define PI_4_HI 0x1.921fb54442d18p-1
#define PI_4_LO 0x1.1a62633145c07p-55

MSC_MATH f64 msc_sin_f64(f64 x) {
  u64 quadrant;
  dd r = reduce_pio2_f64(x, &quadrant);
  return x == 0.0 ? x : sin_quadrant_f64(r, quadrant);
}

MSC_MATH f64 msc_cos_f64(f64 x) {
  u64 quadrant;
  dd r = reduce_pio2_f64(x, &quadrant);
  return sin_quadrant_f64(r, quadrant + 1);
}

MSC_MATH f64 msc_tan_f64(f64 x) {
  u64 quadrant;
  dd r = reduce_pio2_f64(x, &quadrant);
  f64 s = sin_poly_f64(r), c = cos_poly_f64(r);
  bool odd = quadrant & 1;
  f64 y = (odd ? -c : s) / (odd ? s : c);
  return x == 0.0 ? x : y;
}

/// asin(s) / s - 1 for s^2 = z in [0, 1/4], error 9.5e-19.
MSC_INLINE f64 asin_poly_f64(f64 z) {
  static const f64 c[] = {
      0x1.5555555555577p-3, 0x1.333333332e133p-4, 0x1.6db6db721247bp-5,
      0x1.f1c71a95002fbp-6, 0x1.6e8bdedebf9dfp-6, 0x1.1c49f077d5bc7p-6,
      0x1.ca1f8af1f0a3p-7,  0x1.75859dad05ec1p-7, 0x1.613c1e6ed62ccp-7,
      0x1.e5fbe88e19b6dp-9, 0x1.639a894e13f3ep-6, -0x1.57fad0de8e68fp-6,
      0x1.0b45e9f72248dp-5};
  return z * POLY_F64(z, c);
}

/// asin(a) = s + s p for a <= 1/2 and pi/2 - 2 (s + s p) above, with
/// s = sqrt((1 - a) / 2), whose rounding error goes to *lost.
MSC_INLINE f64 reduce_asin_f64(f64 a, bool large, f64 *z, f64 *lost) {
  *z = large ? madd_f64(a, -0.5, 0.5) : a * a;
  f64 s = large ? __builtin_sqrt(*z) : a;
  f64 cut = from_bits_f64(bits_f64(s) & 0xfffffffff8000000ull);
  f64 rest = (*z - cut * cut) / (s + cut) - (s - cut);
  *lost = large && *z > 0.0 ? rest : 0.0;
  return s;
}

MSC_MATH f64 msc_asin_f64(f64 x) {
  f64 a = __builtin_fabs(x), z, lost;
  bool large = a > 0.5;
  f64 s = reduce_asin_f64(a, large, &z, &lost);
  f64 tail = madd_f64(s, asin_poly_f64(z), lost);
  dd high = fast_two_sum(2.0 * PI_4_HI, -2.0 * s);
  f64 y = high.hi + (high.lo + 2.0 * (PI_4_LO - tail));
  return __builtin_copysign(large ? y : s + tail, x);
}

MSC_MATH f64 msc_acos_f64(f64 x) {
  f64 a = __builtin_fabs(x), z, lost;
  bool large = a > 0.5;
  f64 s = reduce_asin_f64(a, large, &z, &lost);
  f64 tail = madd_f64(s, asin_poly_f64(z), lost);
  // Around 0: pi/2 - asin(x). Near -1: pi - 2 asin(s). Near 1: 2 asin(s).
  f64 sign = x < 0.0 ? -1.0 : 1.0;
  dd middle = fast_two_sum(2.0 * PI_4_HI, -sign * s);
  f64 y = middle.hi + (middle.lo + madd_f64(-sign, tail, 2.0 * PI_4_LO));
  dd far = fast_two_sum(4.0 * PI_4_HI, -2.0 * s);
  f64 left = far.hi + (far.lo + (4.0 * PI_4_LO - 2.0 * tail));
  f64 outer = x < 0.0 ? left : 2.0 * (s + tail);
  return large ? outer : y;
}

/// atan(t) - t for |t| <= tan(pi/8), error 6.4e-20 of atan(t).
MSC_INLINE f64 atan_tail_f64(f64 t) {
  static const f64 c[] = {
      -0x1.5555555555554p-2, 0x1.99999999995bfp-3,  -0x1.24924924721b3p-3,
      0x1.c71c71b5f870cp-4,  -0x1.745d149177f23p-4, 0x1.3b136b1915a66p-4,
      -0x1.110c4aa96246fp-4, 0x1.e16f40600dc08p-5,  -0x1.ab6d7c81ac08fp-5,
      0x1.70b1cbb8538c6p-5,  -0x1.11b847b559981p-5, 0x1.f0090cb30dfe8p-7};
  f64 z = t * t;
  return t * (z * POLY_F64(z, c));
}

/// The angle of the point (x, y) in [0, pi], for y = small or large of the
/// two absolute values: swapped when |y| > |x|, negative when x < 0. Not both
/// zero, infinite or far from 1.
MSC_INLINE f64 angle_f64(f64 small, f64 large, bool swapped, bool negative) {
  bool far = small > 0x1.a827999fcef32p-2 * large;
  f64 t = (far ? small - large : small) / (far ? small + large : large);
  // The result is m pi/4 +- atan(t).
  f64 tail = atan_tail_f64(t);
  f64 m = far ? 1.0 : 0.0;
  m = swapped ? 2.0 - m : m;
  m = negative ? 4.0 - m : m;
  f64 sign = swapped != negative ? -1.0 : 1.0;
  f64 hi = m == 3.0 ? 0x1.2d97c7f3321d2p1 : m * PI_4_HI;
  f64 lo = m == 3.0 ? 0x1.a79394c9e8a0ap-54 : m * PI_4_LO;
  dd y = two_sum(hi, sign * t);
  return y.hi + (y.lo + madd_f64(sign, tail, lo));
}

MSC_MATH f64 msc_atan_f64(f64 x) {
  f64 a = __builtin_fabs(x);
  bool swapped = a > 1.0;
  f64 y = angle_f64(swapped ? 1.0 : a, swapped ? a : 1.0, swapped, false);
  y = a == INF_F64 ? 2.0 * PI_4_HI : y;
  return __builtin_copysign(y, x);
}

MSC_MATH f64 msc_atan2_f64(f64 y, f64 x) {
  f64 a = __builtin_fabs(y), b = __builtin_fabs(x);
  bool swapped = a > b;
  f64 small = swapped ? b : a, large = swapped ? a : b;
  // Keep sums and quotients in range; both infinite counts as both 1.
  f64 scale = large > 0x1p1000 ? 0x1p-100 : large < 0x1p-900 ? 0x1p100 : 1.0;
  bool infinite = large == INF_F64;
  small = infinite ? (small == INF_F64 ? 1.0 : 0.0) : small * scale;
  large = infinite || large == 0.0 ? 1.0 : large * scale;
  bool negative = bits_f64(x) >> 63;
  f64 angle = angle_f64(small, large, swapped, negative);
  return x != x || y != y ? NAN_F64 : __builtin_copysign(angle, y);
}

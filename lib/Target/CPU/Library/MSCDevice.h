// SPDX-License-Identifier: Apache-2.0

/// \file
/// The functions that compiled kernels may call: prototypes and contracts of
/// the CPU device library. The library is freestanding (no libc, no libm);
/// it is compiled to LLVM bitcode and linked into kernel modules as IR.

#ifndef LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H
#define LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// \name Elementary functions
/// `msc_<fn>_f32` and `msc_<fn>_f64`, semantics of C99 including infinities,
/// NaN, subnormals and signed zeros (errno and floating-point exceptions
/// aside). Unless said otherwise they are straight-line code, always
/// inlined, and vectorise in the loop around the call.
///
/// Largest error in units in the last place (ulp), f32 / f64, as tested:
///
///     exp exp2 expm1             1.1 / 1.1  (f32 expm1 1.8)
///     log log2 log10 log1p       1 / 1
///     sin cos tan                0.51 / 1    (f64 tan 2.5), |x| < 2^45
///     asin acos atan atan2       0.51 / 2
///     sinh cosh                  0.51 / 2.5
///     tanh                       1.5 / 2.5
///     asinh acosh atanh          0.51 / 2
///     erf erfc                   1.8 / 3.5
///     pow cbrt                   0.51 / 1.2
///     tgamma                     0.51 / 8
///     lgamma erfinv              1 / 8
///     digamma, Bessel functions  1e-6 / 1e-12, see below
///     fmod                       exact
///
/// - sin, cos, tan: finite |x| >= 2^45 is treated as 0; Bessel j and y of
///   such x are meaningless.
/// - lgamma below 0, digamma (except at 1.46) and the Bessel functions near
///   their zeros: the error is relative to 1, not to the value.
/// - fmod and the Bessel functions branch and loop; they are not inlined.
/// @{
#define MSC_DECLARE_UNARY(fn)                                                  \
  float msc_##fn##_f32(float x);                                               \
  double msc_##fn##_f64(double x);
#define MSC_DECLARE_BINARY(fn)                                                 \
  float msc_##fn##_f32(float x, float y);                                      \
  double msc_##fn##_f64(double x, double y);

MSC_DECLARE_UNARY(exp)
MSC_DECLARE_UNARY(exp2)
MSC_DECLARE_UNARY(expm1)
MSC_DECLARE_UNARY(log)
MSC_DECLARE_UNARY(log2)
MSC_DECLARE_UNARY(log10)
MSC_DECLARE_UNARY(log1p)
MSC_DECLARE_UNARY(sin)
MSC_DECLARE_UNARY(cos)
MSC_DECLARE_UNARY(tan)
MSC_DECLARE_UNARY(asin)
MSC_DECLARE_UNARY(acos)
MSC_DECLARE_UNARY(atan)
MSC_DECLARE_UNARY(sinh)
MSC_DECLARE_UNARY(cosh)
MSC_DECLARE_UNARY(tanh)
MSC_DECLARE_UNARY(asinh)
MSC_DECLARE_UNARY(acosh)
MSC_DECLARE_UNARY(atanh)
MSC_DECLARE_UNARY(erf)
MSC_DECLARE_UNARY(erfc)
MSC_DECLARE_UNARY(erfinv)
MSC_DECLARE_UNARY(cbrt)
MSC_DECLARE_UNARY(lgamma)
MSC_DECLARE_UNARY(tgamma)
MSC_DECLARE_UNARY(digamma)
/// Bessel functions: modified of the first (i) and second (k) kind, e =
/// scaled by exp(-|x|) and exp(x); of the first (j) and second (y) kind.
MSC_DECLARE_UNARY(i0)
MSC_DECLARE_UNARY(i0e)
MSC_DECLARE_UNARY(i1)
MSC_DECLARE_UNARY(i1e)
MSC_DECLARE_UNARY(k0)
MSC_DECLARE_UNARY(k0e)
MSC_DECLARE_UNARY(k1)
MSC_DECLARE_UNARY(k1e)
MSC_DECLARE_UNARY(j0)
MSC_DECLARE_UNARY(j1)
MSC_DECLARE_UNARY(y0)
MSC_DECLARE_UNARY(y1)
/// x to the power y.
MSC_DECLARE_BINARY(pow)
/// The angle of the point (second argument, first argument), as C's atan2.
MSC_DECLARE_BINARY(atan2)
/// x - trunc(x / y) y, with the sign of x.
MSC_DECLARE_BINARY(fmod)
/// @}

/// The greatest common divisor; 0 if both are 0. It loops and is not inlined.
uint64_t msc_gcd_u64(uint64_t x, uint64_t y);

#ifdef __cplusplus
}
#endif

#endif // LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H

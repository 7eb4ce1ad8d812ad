// SPDX-License-Identifier: Apache-2.0

/// \file
/// Signed zeros, infinities, NaN, exact values and the special cases of pow
/// and atan2, bit by bit as C's annex F has them.

#include "MathTesting.h"

#include "gtest/gtest.h"

using namespace devicelib;

namespace {

const double kInf = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Same value, same sign of zero, or both NaN.
template <typename T> testing::AssertionResult same(T got, T expected) {
  if (std::isnan(got) && std::isnan(expected))
    return testing::AssertionSuccess();
  if (got == expected && std::signbit(got) == std::signbit(expected))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << got << " instead of " << expected;
}

#define EXPECT_SAME(fn, x, expected)                                           \
  EXPECT_TRUE(same<double>(msc_##fn##_f64(x), expected)) << #fn << " " << x;   \
  EXPECT_TRUE(same<float>(msc_##fn##_f32(x), expected)) << #fn << " " << x

#define EXPECT_SAME2(fn, x, y, expected)                                       \
  EXPECT_TRUE(same<double>(msc_##fn##_f64(x, y), expected))                    \
      << #fn << " " << x << " " << y;                                          \
  EXPECT_TRUE(same<float>(msc_##fn##_f32(x, y), expected))                     \
      << #fn << " " << x << " " << y

/// f(+-0) = +-0 and f keeps NaN.
#define EXPECT_ODD(fn)                                                         \
  EXPECT_SAME(fn, 0.0, 0.0);                                                   \
  EXPECT_SAME(fn, -0.0, -0.0);                                                 \
  EXPECT_SAME(fn, kNaN, kNaN)

TEST(SpecialValues, OddFunctionsKeepSignedZero) {
  EXPECT_ODD(sin);
  EXPECT_ODD(tan);
  EXPECT_ODD(asin);
  EXPECT_ODD(atan);
  EXPECT_ODD(sinh);
  EXPECT_ODD(tanh);
  EXPECT_ODD(asinh);
  EXPECT_ODD(atanh);
  EXPECT_ODD(erf);
  EXPECT_ODD(erfinv);
  EXPECT_ODD(cbrt);
  EXPECT_ODD(expm1);
  EXPECT_ODD(log1p);
  EXPECT_ODD(i1);
  EXPECT_ODD(j1);
}

TEST(SpecialValues, Infinities) {
  EXPECT_SAME(exp, kInf, kInf);
  EXPECT_SAME(exp, -kInf, 0.0);
  EXPECT_SAME(exp2, kInf, kInf);
  EXPECT_SAME(exp2, -kInf, 0.0);
  EXPECT_SAME(expm1, -kInf, -1.0);
  EXPECT_SAME(log, kInf, kInf);
  EXPECT_SAME(log, -0.0, -kInf);
  EXPECT_SAME(log, -1.0, kNaN);
  EXPECT_SAME(log2, 0.0, -kInf);
  EXPECT_SAME(log10, -kInf, kNaN);
  EXPECT_SAME(log1p, -1.0, -kInf);
  EXPECT_SAME(log1p, -1.5, kNaN);
  EXPECT_SAME(log1p, kInf, kInf);
  EXPECT_SAME(sin, kInf, kNaN);
  EXPECT_SAME(cos, -kInf, kNaN);
  EXPECT_SAME(tan, kInf, kNaN);
  EXPECT_SAME(asin, 1.5, kNaN);
  EXPECT_SAME(acos, 1.0, 0.0);
  EXPECT_SAME(acos, -2.0, kNaN);
  EXPECT_SAME(sinh, -kInf, -kInf);
  EXPECT_SAME(cosh, -kInf, kInf);
  EXPECT_SAME(tanh, -kInf, -1.0);
  EXPECT_SAME(asinh, -kInf, -kInf);
  EXPECT_SAME(acosh, 1.0, 0.0);
  EXPECT_SAME(acosh, 0.5, kNaN);
  EXPECT_SAME(acosh, kInf, kInf);
  EXPECT_SAME(atanh, -1.0, -kInf);
  EXPECT_SAME(atanh, 2.0, kNaN);
  EXPECT_SAME(erf, kInf, 1.0);
  EXPECT_SAME(erfc, -kInf, 2.0);
  EXPECT_SAME(erfc, kInf, 0.0);
  EXPECT_SAME(erfinv, 1.0, kInf);
  EXPECT_SAME(erfinv, -1.5, kNaN);
  EXPECT_SAME(cbrt, -kInf, -kInf);
}

TEST(SpecialValues, GammaFamily) {
  EXPECT_SAME(lgamma, 1.0, 0.0);
  EXPECT_SAME(lgamma, 2.0, 0.0);
  EXPECT_SAME(lgamma, 0.0, kInf);
  EXPECT_SAME(lgamma, -3.0, kInf);
  EXPECT_SAME(lgamma, -kInf, kInf);
  EXPECT_SAME(lgamma, kInf, kInf);
  EXPECT_SAME(lgamma, kNaN, kNaN);
  EXPECT_SAME(tgamma, 0.0, kInf);
  EXPECT_SAME(tgamma, -0.0, -kInf);
  EXPECT_SAME(tgamma, -2.0, kNaN);
  EXPECT_SAME(tgamma, kInf, kInf);
  EXPECT_SAME(tgamma, -kInf, kNaN);
  EXPECT_SAME(tgamma, kNaN, kNaN);
  EXPECT_SAME(digamma, 0.0, -kInf);
  EXPECT_SAME(digamma, -0.0, kInf);
  EXPECT_SAME(digamma, -7.0, kNaN);
  EXPECT_SAME(digamma, kInf, kInf);
  EXPECT_SAME(digamma, kNaN, kNaN);
}

TEST(SpecialValues, BesselFunctions) {
  EXPECT_SAME(i0, 0.0, 1.0);
  EXPECT_SAME(i0, -kInf, kInf);
  EXPECT_SAME(i1, -kInf, -kInf);
  EXPECT_SAME(i0e, kInf, 0.0);
  EXPECT_SAME(i1e, kNaN, kNaN);
  EXPECT_SAME(k0, 0.0, kInf);
  EXPECT_SAME(k1, -1.0, kNaN);
  EXPECT_SAME(k0e, kInf, 0.0);
  EXPECT_SAME(k1, kInf, 0.0);
  EXPECT_SAME(j0, kInf, 0.0);
  EXPECT_SAME(y0, 0.0, -kInf);
  EXPECT_SAME(y1, -1.0, kNaN);
  EXPECT_SAME(y1, kNaN, kNaN);
}

TEST(SpecialValues, ExactResults) {
  for (int i = -149; i <= 127; ++i)
    EXPECT_TRUE(same(msc_exp2_f32(i), std::ldexp(1.0f, i))) << i;
  for (int i = -1074; i <= 1023; ++i) {
    EXPECT_TRUE(same(msc_exp2_f64(i), std::ldexp(1.0, i))) << i;
    EXPECT_TRUE(same(msc_log2_f64(std::ldexp(1.0, i)), double(i))) << i;
    EXPECT_TRUE(same(msc_pow_f64(2, i), std::ldexp(1.0, i))) << i;
  }
  EXPECT_SAME(exp, 0.0, 1.0);
  EXPECT_SAME(log, 1.0, 0.0);
  EXPECT_SAME(log10, 1000.0, 3.0);
  EXPECT_SAME(cbrt, -27.0, -3.0);
  EXPECT_SAME(cos, 0.0, 1.0);
  EXPECT_SAME(sin, 0x1p60, 0.0);
}

/// Every pair of edge values gives what libm's pow and atan2 give.
template <typename T>
void compareOnEdges(T (*f)(T, T), T (*reference)(T, T), const char *name) {
  const T big = std::numeric_limits<T>::max();
  const T small = std::numeric_limits<T>::denorm_min();
  const T odd = std::ldexp(T(1), std::numeric_limits<T>::digits) - 1;
  std::vector<T> edges = {0,      1,       2,       3,       T(0.5),
                          T(1.5), T(2.5),  T(1e10), big,     small,
                          odd,    odd + 1, odd / 2, T(kInf), T(kNaN)};
  for (size_t i = 0, n = edges.size(); i < n; ++i)
    edges.push_back(-edges[i]);
  for (T x : edges)
    for (T y : edges) {
      T got = f(x, y), expected = reference(x, y);
      EXPECT_LE(ulpError(got, expected), 2) << name << " " << x << " " << y;
      EXPECT_TRUE(std::isnan(expected) ||
                  std::signbit(got) == std::signbit(expected))
          << name << " " << x << " " << y;
    }
}

TEST(SpecialValues, PowerAngleRemainderEdges) {
  compareOnEdges(msc_pow_f32, powf, "pow");
  compareOnEdges(msc_pow_f64, pow, "pow");
  compareOnEdges(msc_atan2_f32, atan2f, "atan2");
  compareOnEdges(msc_atan2_f64, atan2, "atan2");
  compareOnEdges(msc_fmod_f32, fmodf, "fmod");
  compareOnEdges(msc_fmod_f64, fmod, "fmod");
}

TEST(SpecialValues, PowerExamples) {
  EXPECT_SAME2(pow, -2.0, 3.0, -8.0);
  EXPECT_SAME2(pow, -2.0, 0.5, kNaN);
  EXPECT_SAME2(pow, -0.0, -3.0, -kInf);
  EXPECT_SAME2(pow, kNaN, 0.0, 1.0);
  EXPECT_SAME2(pow, 1.0, kNaN, 1.0);
  EXPECT_SAME2(pow, -1.0, kInf, 1.0);
}

} // namespace

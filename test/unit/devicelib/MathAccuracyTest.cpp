// SPDX-License-Identifier: Apache-2.0

/// \file
/// Largest errors of the device library's functions against long double libm
/// over dense samples; the bounds are those that MSCDevice.h promises.

#include "MathTesting.h"

#include "gtest/gtest.h"

#include <cstdio>

using namespace devicelib;

namespace {

struct Function {
  const char *name;
  float (*f32)(float);
  double (*f64)(double);
  Reference reference;
  double lo, hi; ///< where half of the samples lie
  double ulps32, ulps64;
  double limit = HUGE_VAL; ///< |x| beyond which nothing is promised
};

void PrintTo(const Function &function, std::ostream *out) {
  *out << function.name;
}

std::string nameOf(const testing::TestParamInfo<Function> &info) {
  return info.param.name;
}

/// The largest error of `f` over the samples, as text too.
template <typename T>
double largestError(const Function &function, T (*f)(T), int count) {
  double largest = 0;
  T where = 0;
  for (T x : samples<T>(function.lo, function.hi, count)) {
    if (std::isfinite(x) && std::fabs(x) > function.limit)
      continue;
    double error = ulpError(f(x), function.reference(x));
    if (error > largest) {
      largest = error;
      where = x;
    }
  }
  std::printf("%s: %zu bits: %.3f ulp at %a\n", function.name, 8 * sizeof(T),
              largest, static_cast<double>(where));
  return largest;
}

class Accuracy : public testing::TestWithParam<Function> {};

TEST_P(Accuracy, Single) {
  const Function &function = GetParam();
  EXPECT_LE(largestError(function, function.f32, 400000), function.ulps32);
}

TEST_P(Accuracy, Double) {
  const Function &function = GetParam();
  EXPECT_LE(largestError(function, function.f64, 200000), function.ulps64);
}

#define FUNCTION(fn) #fn, msc_##fn##_f32, msc_##fn##_f64

INSTANTIATE_TEST_SUITE_P(
    Math, Accuracy,
    testing::Values(Function{FUNCTION(exp), expl, -110, 100, 1, 1},
                    Function{FUNCTION(exp2), exp2l, -155, 130, 1.1, 1.1},
                    Function{FUNCTION(expm1), expm1l, -2, 2, 1.8, 1},
                    Function{FUNCTION(log), logl, 0.5, 2, 1, 1},
                    Function{FUNCTION(log2), log2l, 0.5, 2, 0.51, 0.6},
                    Function{FUNCTION(log10), log10l, 0.5, 2, 0.51, 0.6},
                    Function{FUNCTION(log1p), log1pl, -0.9, 2, 1, 1},
                    Function{FUNCTION(sin), sinl, -100, 100, 0.51, 1, 0x1p45},
                    Function{FUNCTION(cos), cosl, -100, 100, 0.51, 1, 0x1p45},
                    Function{FUNCTION(tan), tanl, -100, 100, 0.51, 2.5, 0x1p45},
                    Function{FUNCTION(asin), asinl, -1, 1, 0.51, 1},
                    Function{FUNCTION(acos), acosl, -1, 1, 0.51, 1},
                    Function{FUNCTION(atan), atanl, -10, 10, 0.51, 2},
                    Function{FUNCTION(sinh), sinhl, -5, 5, 0.51, 2.5},
                    Function{FUNCTION(cosh), coshl, -5, 5, 0.51, 2.5},
                    Function{FUNCTION(tanh), tanhl, -5, 5, 1.5, 2.5},
                    Function{FUNCTION(asinh), asinhl, -5, 5, 0.51, 2},
                    Function{FUNCTION(acosh), acoshl, 1, 5, 0.51, 2},
                    Function{FUNCTION(atanh), atanhl, -1, 1, 0.51, 2},
                    Function{FUNCTION(erf), erfl, -4, 4, 1.8, 1.1},
                    Function{FUNCTION(erfc), erfcl, -6, 12, 0.51, 3.5},
                    Function{FUNCTION(cbrt), cbrtl, -10, 10, 0.51, 0.6},
                    Function{FUNCTION(tgamma), tgammal, -5, 20, 0.51, 8}),
    nameOf);

/// Functions with zeros where only the absolute error is bounded: the bounds
/// are errors relative to max(1, |value|).
class MixedAccuracy : public testing::TestWithParam<Function> {};

template <typename T>
double largestMixedError(const Function &function, T (*f)(T), int count) {
  double largest = 0;
  T where = 0;
  for (T x : samples<T>(function.lo, function.hi, count)) {
    if (!(x >= function.lo && x <= function.hi))
      continue;
    double error = mixedError(f(x), function.reference(x));
    if (error > largest) {
      largest = error;
      where = x;
    }
  }
  std::printf("%s: %zu bits: %.3g at %a\n", function.name, 8 * sizeof(T),
              largest, static_cast<double>(where));
  return largest;
}

TEST_P(MixedAccuracy, Single) {
  const Function &function = GetParam();
  EXPECT_LE(largestMixedError(function, function.f32, 20000), function.ulps32);
}

TEST_P(MixedAccuracy, Double) {
  const Function &function = GetParam();
  EXPECT_LE(largestMixedError(function, function.f64, 10000), function.ulps64);
}

long double i0Reference(long double x) {
  return besselIScaled(0, x) * expl(fabsl(x));
}
long double i0eReference(long double x) { return besselIScaled(0, x); }
long double i1Reference(long double x) {
  return besselIScaled(1, x) * expl(fabsl(x));
}
long double i1eReference(long double x) { return besselIScaled(1, x); }
/// The power series, for small x.
long double i1Series(long double x) {
  long double term = x / 2, sum = 0;
  for (int k = 1; k < 12; ++k) {
    sum += term;
    term *= x * x / 4 / k / (k + 1);
  }
  return sum;
}
long double k0Reference(long double x) {
  return besselKScaled(0, x) * expl(-x);
}
long double k0eReference(long double x) { return besselKScaled(0, x); }
long double k1Reference(long double x) {
  return besselKScaled(1, x) * expl(-x);
}
long double k1eReference(long double x) { return besselKScaled(1, x); }

INSTANTIATE_TEST_SUITE_P(
    Math, MixedAccuracy,
    testing::Values(
        Function{FUNCTION(lgamma), lgammal, -20, 200, 1e-6, 1e-13},
        Function{FUNCTION(digamma), digammaReference, -20, 200, 1e-6, 1e-12},
        Function{FUNCTION(erfinv), erfinvReference, -1, 1, 1e-6, 1e-14},
        Function{FUNCTION(i0), i0Reference, -80, 80, 1e-6, 1e-13},
        Function{FUNCTION(i0e), i0eReference, -300, 300, 1e-6, 1e-13},
        Function{FUNCTION(i1), i1Reference, -80, 80, 1e-6, 1e-13},
        Function{FUNCTION(i1e), i1eReference, -300, 300, 1e-6, 1e-13},
        Function{FUNCTION(k0), k0Reference, 1e-3, 80, 1e-6, 1e-13},
        Function{FUNCTION(k0e), k0eReference, 1e-3, 300, 1e-6, 1e-13},
        Function{FUNCTION(k1), k1Reference, 1e-3, 80, 1e-6, 1e-13},
        Function{FUNCTION(k1e), k1eReference, 1e-3, 300, 1e-6, 1e-13},
        Function{FUNCTION(j0), j0l, -100, 100, 1e-6, 1e-14},
        Function{FUNCTION(j1), j1l, -100, 100, 1e-6, 1e-14},
        Function{FUNCTION(y0), y0l, 1e-3, 100, 1e-6, 1e-13},
        Function{FUNCTION(y1), y1l, 1e-3, 100, 1e-6, 1e-13}),
    nameOf);

/// lgamma and digamma keep their relative accuracy at their positive zeros,
/// erfinv and the Bessel functions near 0 and in their tails.
TEST(MathRelative, NearZerosAndTails) {
  for (int i = -2000; i <= 2000; ++i) {
    double t = i * 1e-7;
    EXPECT_LE(ulpError(msc_lgamma_f64(1 + t), lgammal(1 + t)), 8) << t;
    EXPECT_LE(ulpError(msc_lgamma_f64(2 + t), lgammal(2 + t)), 8) << t;
    double x = 1.4616321449683622 + t;
    if (i % 16 == 0 && i != 0) {
      EXPECT_NEAR(msc_digamma_f64(x) / digammaReference(x), 1, 1e-11) << t;
    }
    EXPECT_LE(ulpError(msc_erfinv_f64(t), erfinvReference(t)), 4) << t;
  }
  for (int e = 1; e < 53; ++e) {
    double x = 1 - std::ldexp(1.0, -e);
    EXPECT_LE(ulpError(msc_erfinv_f64(x), erfinvReference(x)), 6) << e;
    double y = std::ldexp(1.0, -e);
    EXPECT_LE(ulpError(msc_i1_f64(y), i1Series(y)), 8) << e;
    EXPECT_LE(ulpError(msc_j1_f64(y), j1l(y)), 8) << e;
  }
  for (double x = 30; x < 700; x *= 1.07) {
    EXPECT_NEAR(msc_k0_f64(x) / k0Reference(x), 1, 1e-13) << x;
    EXPECT_NEAR(msc_k1_f64(x) / k1Reference(x), 1, 1e-13) << x;
  }
}

template <typename T>
double largestPowerError(T (*f)(T, T), double spread, int count) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> base(0, 100), exponent(-1, 1);
  double largest = 0;
  for (int i = 0; i < count; ++i) {
    T x = static_cast<T>(base(random)), y = static_cast<T>(exponent(random));
    y *= static_cast<T>(i % 3 ? spread : 3);
    if (i % 4 == 0) {
      x = anyValue(random, T());
      y = anyValue(random, T());
    }
    if (i % 16 == 1) // bases near 1 with huge exponents
      x = 1 + y * std::numeric_limits<T>::epsilon() * 64, y *= 1 << 16;
    largest = std::fmax(largest, ulpError(f(x, y), powl(x, y)));
  }
  std::printf("pow: %zu bits: %.3f ulp\n", 8 * sizeof(T), largest);
  return largest;
}

TEST(MathBinary, Power) {
  EXPECT_LE(largestPowerError(msc_pow_f32, 30, 400000), 0.51);
  EXPECT_LE(largestPowerError(msc_pow_f64, 150, 200000), 1.2);
}

template <typename T> double largestAngleError(T (*f)(T, T), int count) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> uniform(-1, 1);
  double largest = 0;
  for (int i = 0; i < count; ++i) {
    T x = static_cast<T>(uniform(random)), y = static_cast<T>(uniform(random));
    if (i % 2 == 0) {
      x = anyValue(random, T());
      y = anyValue(random, T());
    }
    largest = std::fmax(largest, ulpError(f(y, x), atan2l(y, x)));
  }
  std::printf("atan2: %zu bits: %.3f ulp\n", 8 * sizeof(T), largest);
  return largest;
}

TEST(MathBinary, Angle) {
  EXPECT_LE(largestAngleError(msc_atan2_f32, 400000), 0.51);
  EXPECT_LE(largestAngleError(msc_atan2_f64, 200000), 2);
}

TEST(MathBinary, RemainderIsExact) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 200000; ++i) {
    float x = anyValue(random, float()), y = anyValue(random, float());
    EXPECT_EQ(ulpError(msc_fmod_f32(x, y), fmodf(x, y)), 0) << x << " " << y;
    double a = anyValue(random, double()), b = anyValue(random, double());
    EXPECT_EQ(ulpError(msc_fmod_f64(a, b), fmod(a, b)), 0) << a << " " << b;
    b = a * 1e-3;
    EXPECT_EQ(ulpError(msc_fmod_f64(a, b), fmod(a, b)), 0) << a << " " << b;
  }
}

} // namespace

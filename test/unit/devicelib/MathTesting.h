// SPDX-License-Identifier: Apache-2.0

/// \file
/// What the accuracy tests share: errors in units in the last place, sample
/// points, and long double references for functions that libm lacks.

#ifndef MSC_TEST_UNIT_DEVICELIB_MATHTESTING_H
#define MSC_TEST_UNIT_DEVICELIB_MATHTESTING_H

#include "lib/Target/CPU/Library/MSCDevice.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace devicelib {

using Reference = long double (*)(long double);

/// |got - expected| in units in the last place of the exact result; 0 for the
/// same special value, infinity for different ones.
template <typename T> double ulpError(T got, long double expected) {
  const double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(got) || std::isnan(expected))
    return std::isnan(got) && std::isnan(expected) ? 0.0 : wrong;
  T rounded = static_cast<T>(expected);
  if (std::isinf(got) || std::isinf(rounded)) {
    // One of the two may have crossed the overflow threshold by rounding.
    T limit = std::numeric_limits<T>::max();
    bool close = std::fabs(got) >= limit && std::fabs(rounded) >= limit;
    return close && std::signbit(got) == std::signbit(rounded) ? 0.0 : wrong;
  }
  int exponent = 0;
  std::frexp(expected, &exponent);
  if (expected == 0 || exponent < std::numeric_limits<T>::min_exponent)
    exponent = std::numeric_limits<T>::min_exponent;
  long double ulp = std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::fabs(got - expected) / ulp);
}

/// |got - expected| relative to |expected|, or to 1 where that is larger.
template <typename T> double mixedError(T got, long double expected) {
  long double scale = std::fmax(std::fabs(expected), 1.0L);
  double error = static_cast<double>(std::fabs(got - expected) / scale);
  return std::isnan(error) || std::isinf(static_cast<T>(expected))
             ? ulpError(got, expected)
             : error;
}

inline float anyValue(std::mt19937_64 &random, float) {
  auto bits = static_cast<uint32_t>(random());
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline double anyValue(std::mt19937_64 &random, double) {
  uint64_t bits = random();
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// `count` points: half of them uniform in [lo, hi], half uniform among all
/// bit patterns, plus the values where special cases start.
template <typename T> std::vector<T> samples(double lo, double hi, int count) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> points = {0,
                           Limits::min(),
                           Limits::denorm_min(),
                           Limits::max(),
                           Limits::infinity(),
                           Limits::epsilon(),
                           T(0.5),
                           1,
                           2,
                           std::nextafter(T(1), T(0)),
                           std::nextafter(T(1), T(2)),
                           Limits::quiet_NaN()};
  for (size_t i = 0, n = points.size(); i < n; ++i)
    points.push_back(-points[i]);
  std::mt19937_64 random(42);
  std::uniform_real_distribution<double> uniform(lo, hi);
  for (int i = 0; i < count; i += 2) {
    points.push_back(static_cast<T>(uniform(random)));
    points.push_back(anyValue(random, T()));
  }
  return points;
}

/// Trapezoidal sums of the integrals that define the modified Bessel
/// functions; they converge exponentially. exp(-|x|) I_n(x), exp(x) K_n(x).
long double besselIScaled(int order, long double x);
long double besselKScaled(int order, long double x);

/// Recurrence, reflection and the asymptotic series.
long double digammaReference(long double x);

/// Newton's method on erfl / erfcl.
long double erfinvReference(long double x);

} // namespace devicelib

#endif // MSC_TEST_UNIT_DEVICELIB_MATHTESTING_H

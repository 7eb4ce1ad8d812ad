// SPDX-License-Identifier: Apache-2.0

/// \file
/// Slow long double references for the functions that libm does not have.

#include "MathTesting.h"

static const long double kPi = 3.14159265358979323846264338327950288L;

long double devicelib::besselIScaled(int order, long double x) {
  long double a = std::fabs(x), sum = 0;
  // I_n(x) = 1/pi * integral over [0, pi] of exp(x cos t) cos(n t). Only
  // t < about 10 / sqrt(a) counts for large a.
  long double width = a > 50 ? std::fmin(kPi, 14 / std::sqrt(a)) : kPi;
  const int steps = 400;
  for (int i = 0; i <= steps; ++i) {
    long double t = width * i / steps, s = std::sin(t / 2);
    long double weight = i == 0 || i == steps ? 0.5L : 1.0L;
    sum += weight * std::exp(-2 * a * s * s) * std::cos(order * t);
  }
  long double y = sum * width / steps / kPi;
  return order == 1 && x < 0 ? -y : y;
}

long double devicelib::besselKScaled(int order, long double x) {
  // K_n(x) = integral over [0, inf) of exp(-x cosh t) cosh(n t).
  long double sum = 0, end = std::acosh(1 + 60 / x) + 1;
  const int steps = 800;
  for (int i = 0; i <= steps; ++i) {
    long double t = end * i / steps, s = std::sinh(t / 2);
    long double weight = i == 0 ? 0.5L : 1.0L;
    sum += weight * std::exp(-2 * x * s * s) * std::cosh(order * t);
  }
  return sum * end / steps;
}

long double devicelib::digammaReference(long double x) {
  if (x == 0)
    return std::signbit(x) ? HUGE_VALL : -HUGE_VALL;
  if (x < 0) {
    // Exact distance to the nearest integer, so that tan is accurate.
    long double part = x - std::nearbyint(x);
    if (part == 0 || std::isinf(x))
      return std::numeric_limits<long double>::quiet_NaN();
    return digammaReference(1 - x) - kPi / std::tan(kPi * part);
  }
  long double sum = 0;
  for (; x < 40; x += 1)
    sum -= 1 / x;
  long double z = 1 / (x * x);
  long double tail =
      z * (1 / 12.0L -
           z * (1 / 120.0L -
                z * (1 / 252.0L -
                     z * (1 / 240.0L - z * (1 / 132.0L - z * (691 / 32760.0L -
                                                              z / 12.0L))))));
  return sum + std::log(x) - 0.5L / x - tail;
}

long double devicelib::erfinvReference(long double x) {
  long double a = std::fabs(x);
  if (!(a < 1))
    return a == 1 ? std::copysign(HUGE_VALL, x) : std::nanl("");
  // Start below the solution, where Newton on log(erfc) converges.
  long double y = a < 0.5L ? a * 0.886L : 0.4L;
  for (int i = 0; i < 60; ++i) {
    long double slope = 2 / std::sqrt(kPi) * std::exp(-y * y);
    long double step =
        a < 0.5L ? (std::erf(y) - a) / slope
                 : std::log((1 - a) / std::erfc(y)) * std::erfc(y) / slope;
    y -= step;
    if (std::fabs(step) <= 1e-19L * y)
      break;
  }
  return std::copysign(y, x);
}

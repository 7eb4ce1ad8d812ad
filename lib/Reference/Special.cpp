// SPDX-License-Identifier: Apache-2.0
//
/// \file Special functions by their defining integrals and recurrences: slow,
/// and independent of what compiled code uses.
#include "lib/Reference/Special.h"

#include <cmath>
#include <limits>

namespace msc::reference {

static const double pi = 3.14159265358979323846;

double erfinv(double x) {
  if (std::fabs(x) == 1)
    return std::copysign(std::numeric_limits<double>::infinity(), x);
  if (!(std::fabs(x) < 1))
    return std::nan("");
  // Winitzki's estimate, then Newton steps on erfc, which keeps its relative
  // accuracy towards 1.
  double t = std::log1p(-x * x), u = 2 / (pi * 0.147) + t / 2;
  double y = std::copysign(std::sqrt(std::sqrt(u * u - t / 0.147) - u), x);
  for (int i = 0; i < 4; ++i) {
    double error =
        std::fabs(x) < 0.5
            ? std::erf(y) - x
            : std::copysign((1 - std::fabs(x)) - std::erfc(std::fabs(y)), x);
    y -= error / (2 / std::sqrt(pi) * std::exp(-y * y));
  }
  return y;
}

double digamma(double x) {
  if (x <= 0 && x == std::floor(x))
    return std::nan("");
  if (x < 0)
    return digamma(1 - x) - pi / std::tan(pi * x);
  double result = 0;
  for (; x < 10; ++x)
    result -= 1 / x;
  double f = 1 / (x * x);
  return result + std::log(x) - 0.5 / x -
         f * (1. / 12 -
              f * (1. / 120 - f * (1. / 252 - f * (1. / 240 - f / 132))));
}

/// Trapezoidal rule: exponentially accurate for these periodic integrands.
double besselIe(int n, double x) {
  const int steps = 4000;
  double sum = 0, a = std::fabs(x);
  for (int i = 0; i <= steps; ++i) {
    double t = pi * i / steps, w = i == 0 || i == steps ? 0.5 : 1;
    sum += w * std::exp(a * (std::cos(t) - 1)) * std::cos(n * t);
  }
  double value = sum / steps;
  return n == 1 && x < 0 ? -value : value;
}

/// K_n(x) = integral of e^(-x cosh t) cosh(n t) over t >= 0.
double besselKe(int n, double x) {
  if (!(x > 0))
    return x == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
  const double h = 1. / 256;
  double sum = 0.5;
  for (int i = 1; i < 16384; ++i) {
    double t = i * h, exponent = -x * (std::cosh(t) - 1);
    if (exponent < -745)
      break;
    sum += std::exp(exponent) * std::cosh(n * t);
  }
  return sum * h;
}

} // namespace msc::reference

// SPDX-License-Identifier: Apache-2.0
//
/// \file Compares a result with what was expected.
#include "Tensors.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace msc::run;

namespace {

/// Row-major position -> indices.
std::vector<int64_t> indexOf(uint64_t position,
                             const std::vector<int64_t> &shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    index[d] = static_cast<int64_t>(position % static_cast<uint64_t>(shape[d]));
    position /= static_cast<uint64_t>(shape[d]);
  }
  return index;
}

/// Difference of 64-bit integers, which doubles would round away.
double distance(const mscrt::Tensor &a, const mscrt::Tensor &b, uint64_t i,
                double actual, double expected) {
  if (a.dtype() != MSCRT_I64 && a.dtype() != MSCRT_U64)
    return std::fabs(actual - expected);
  uint64_t x = static_cast<const uint64_t *>(a.bytes())[i];
  uint64_t y = static_cast<const uint64_t *>(b.bytes())[i];
  bool isLess = a.dtype() == MSCRT_U64
                    ? x < y
                    : static_cast<int64_t>(x) < static_cast<int64_t>(y);
  return static_cast<double>(isLess ? y - x : x - y);
}

/// Distance of two elements; 0 for equal infinities and for two NaNs, infinite
/// when only one is finite.
double errorOf(const mscrt::Tensor &a, const mscrt::Tensor &b, uint64_t i,
               double actual, double expected) {
  if (std::isnan(actual) && std::isnan(expected))
    return 0;
  if (std::isinf(actual) || std::isinf(expected) || std::isnan(actual) ||
      std::isnan(expected))
    return actual == expected ? 0 : std::numeric_limits<double>::infinity();
  return distance(a, b, i, actual, expected);
}

} // namespace

Comparison msc::run::compare(const mscrt::Tensor &actual,
                             const mscrt::Tensor &expected, double rtol,
                             double atol) {
  Comparison result;
  if (actual.dtype() != expected.dtype() ||
      actual.shape() != expected.shape()) {
    result.isEqual = false;
    result.problem =
        "is " + describe(actual) + ", expected " + describe(expected);
    return result;
  }
  std::vector<double> a = toDoubles(actual), e = toDoubles(expected);
  result.elements = a.size();
  double worst = -1;
  for (uint64_t i = 0; i < a.size(); ++i) {
    double error = errorOf(actual, expected, i, a[i], e[i]);
    double tolerance = atol + rtol * std::fabs(e[i]);
    result.maxAbsolute = std::max(result.maxAbsolute, error);
    if (error > 0 && e[i] != 0)
      result.maxRelative =
          std::max(result.maxRelative, error / std::fabs(e[i]));
    bool isClose = error == 0 || error <= tolerance;
    if (isClose && std::isfinite(error))
      continue;
    ++result.mismatches;
    double excess = error - (std::isfinite(tolerance) ? tolerance : 0);
    if (excess <= worst)
      continue;
    worst = excess;
    result.worstIndex = indexOf(i, actual.shape());
    result.worstActual = a[i];
    result.worstExpected = e[i];
  }
  result.isEqual = result.mismatches == 0;
  return result;
}

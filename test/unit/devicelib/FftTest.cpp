// SPDX-License-Identifier: Apache-2.0

/// \file
/// Fourier transforms of many lengths against the defining sum in long
/// double, and forward then inverse gives the input back.

#include "ElementTypes.h"

#include <complex>

using namespace devicelib;

namespace {

using Complex = std::complex<long double>;

/// The defining sum of one line.
std::vector<Complex> slowTransform(const std::vector<Complex> &x,
                                   bool inverse) {
  const long double pi = 3.14159265358979323846264338327950288L;
  size_t n = x.size();
  std::vector<Complex> out(n);
  for (size_t k = 0; k < n; ++k)
    for (size_t j = 0; j < n; ++j) {
      long double angle = 2 * pi * static_cast<long double>(j * k % n) /
                          static_cast<long double>(n);
      out[k] += x[j] * std::polar(1.0L, inverse ? angle : -angle);
    }
  return out;
}

template <typename T, typename Function>
void checkLength(Function fft, size_t n, double tolerance) {
  const size_t outer = 2, inner = n < 50 ? 3 : 1;
  std::mt19937_64 random(n);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<T> in(2 * outer * n * inner), out(in.size()), back(in.size());
  for (T &x : in)
    x = static_cast<T>(uniform(random));
  Workspace workspace(msc_fft_workspace(static_cast<int64_t>(n)));
  for (bool inverse : {false, true}) {
    fft(in.data(), out.data(), outer, n, inner, inverse, 0.5, workspace.data());
    for (size_t line = 0; line < outer * inner; ++line) {
      size_t base = line / inner * n * inner + line % inner;
      std::vector<Complex> x(n);
      for (size_t j = 0; j < n; ++j)
        x[j] =
            Complex(in[2 * (base + j * inner)], in[2 * (base + j * inner) + 1]);
      std::vector<Complex> expected = slowTransform(x, inverse);
      double bound = tolerance * std::sqrt(double(n));
      for (size_t k = 0; k < n; ++k) {
        const T *got = &out[2 * (base + k * inner)];
        ASSERT_NEAR(got[0], double(expected[k].real()) / 2, bound) << n;
        ASSERT_NEAR(got[1], double(expected[k].imag()) / 2, bound) << n;
      }
    }
  }
  fft(in.data(), out.data(), outer, n, inner, false, 1, workspace.data());
  fft(out.data(), back.data(), outer, n, inner, true, 1.0 / double(n),
      workspace.data());
  for (size_t i = 0; i < in.size(); ++i)
    ASSERT_NEAR(back[i], in[i], 4 * tolerance) << n;
}

TEST(Fft, EveryLength) {
  std::vector<size_t> lengths;
  for (size_t n = 1; n <= 72; ++n)
    lengths.push_back(n);
  // Powers, products of small primes, large primes and their multiples.
  for (size_t n : {97, 100, 128, 202, 210, 256, 257, 343, 400, 509, 512, 1000})
    lengths.push_back(n);
  for (size_t n : lengths) {
    checkLength<double>(msc_fft_f64, n, 1e-15);
    checkLength<float>(msc_fft_f32, n, 1e-7);
  }
}

} // namespace

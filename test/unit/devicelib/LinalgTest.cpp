// SPDX-License-Identifier: Apache-2.0

/// \file
/// Factorisations and solvers: residuals of random well-conditioned matrices,
/// determinants by expansion, failures reported and marked with NaN.

#include "ElementTypes.h"

using namespace devicelib;

namespace {

#define DEFINE_LINALG(t, T)                                                    \
  struct Linalg_##t {                                                          \
    using Real = T;                                                            \
    static constexpr auto cholesky = msc_cholesky_##t;                         \
    static constexpr auto solve = msc_solve_##t;                               \
    static constexpr auto triangular = msc_triangular_solve_##t;               \
    static constexpr auto inverse = msc_inverse_##t;                           \
    static constexpr auto determinant = msc_determinant_##t;                   \
    static constexpr auto logDeterminant = msc_log_determinant_##t;            \
    static constexpr auto power = msc_matrix_power_##t;                        \
    static constexpr auto workspace = msc_lu_workspace_##t;                    \
    static constexpr auto powerWorkspace = msc_matrix_power_workspace_##t;     \
    static constexpr double tolerance = sizeof(T) == 4 ? 1e-4 : 1e-12;         \
  };
DEFINE_LINALG(f32, float)
DEFINE_LINALG(f64, double)

template <typename L> class Linalg : public testing::Test {
public:
  using Real = typename L::Real;
  using Matrix = std::vector<Real>;

  static Matrix random(size_t count, int seed) {
    std::mt19937_64 generator(static_cast<uint64_t>(seed));
    std::uniform_real_distribution<double> uniform(-1, 1);
    Matrix a(count);
    for (Real &x : a)
      x = static_cast<Real>(uniform(generator));
    return a;
  }

  /// Random matrices with a heavy diagonal: well conditioned, det != 0. The
  /// first rows are exchanged so that pivoting has to work.
  static Matrix regular(size_t batch, size_t n, int seed) {
    Matrix a = random(batch * n * n, seed);
    for (size_t b = 0; b < batch; ++b)
      for (size_t i = 0; i < n; ++i) {
        size_t row = i < 2 && n > 1 ? 1 - i : i;
        a[b * n * n + row * n + i] += static_cast<Real>(i % 2 ? -3.0 : 3.0);
      }
    return a;
  }

  /// op(a) [n, n] times x [n, m].
  static Matrix multiply(const Real *a, const Real *x, size_t n, size_t m,
                         bool transposed = false) {
    Matrix out(n * m);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < m; ++j) {
        double sum = 0;
        for (size_t k = 0; k < n; ++k)
          sum +=
              double(transposed ? a[k * n + i] : a[i * n + k]) * x[k * m + j];
        out[i * m + j] = static_cast<Real>(sum);
      }
    return out;
  }

  static void expectNear(const Real *got, const Matrix &expected, double by) {
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(got[i], expected[i],
                  by * std::max(1.0, std::fabs(double(expected[i]))))
          << i;
  }
};

using Reals = testing::Types<Linalg_f32, Linalg_f64>;
TYPED_TEST_SUITE(Linalg, Reals);

const size_t kSizes[] = {1, 2, 3, 8, 33};

TYPED_TEST(Linalg, Cholesky) {
  using Test = Linalg<TypeParam>;
  for (size_t n : kSizes) {
    auto root = Test::regular(1, n, 1);
    typename Test::Matrix a(2 * n * n), l(2 * n * n);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        for (size_t k = 0; k < n; ++k)
          a[i * n + j] += root[i * n + k] * root[j * n + k];
    std::copy_n(a.begin(), n * n, a.begin() + static_cast<long>(n * n));
    a[n * n] = -1; // the second one is not positive definite
    for (bool upper : {false, true}) {
      EXPECT_EQ(TypeParam::cholesky(a.data(), l.data(), 2, n, upper), 1);
      EXPECT_TRUE(std::isnan(l[n * n]) && std::isnan(l[2 * n * n - 1]));
      typename Test::Matrix t(n * n);
      for (size_t i = 0; i < n * n; ++i)
        t[i] = l[i % n * n + i / n];
      auto back = upper ? Test::multiply(t.data(), l.data(), n, n)
                        : Test::multiply(l.data(), t.data(), n, n);
      Test::expectNear(back.data(), {a.begin(), a.begin() + long(n * n)},
                       TypeParam::tolerance);
      for (size_t i = 0; i < n; ++i)
        for (size_t j = i + 1; j < n; ++j)
          EXPECT_EQ(upper ? l[j * n + i] : l[i * n + j], 0);
    }
  }
}

TYPED_TEST(Linalg, SolveAndInverse) {
  using Test = Linalg<TypeParam>;
  for (size_t n : kSizes) {
    const size_t batch = 3, m = 4;
    auto a = Test::regular(batch, n, 2), b = Test::random(batch * n * m, 3);
    typename Test::Matrix x(batch * n * m), inverse(batch * n * n);
    Workspace workspace(TypeParam::workspace(n));
    for (bool transposed : {false, true}) {
      EXPECT_EQ(TypeParam::solve(a.data(), b.data(), x.data(), batch, n, m,
                                 transposed, workspace.data()),
                0);
      for (size_t i = 0; i < batch; ++i) {
        auto back =
            Test::multiply(&a[i * n * n], &x[i * n * m], n, m, transposed);
        Test::expectNear(&b[i * n * m], back, TypeParam::tolerance);
      }
    }
    EXPECT_EQ(TypeParam::inverse(a.data(), inverse.data(), batch, n,
                                 workspace.data()),
              0);
    for (size_t i = 0; i < batch; ++i) {
      auto unit = Test::multiply(&a[i * n * n], &inverse[i * n * n], n, n);
      for (size_t j = 0; j < n * n; ++j)
        EXPECT_NEAR(unit[j], j % (n + 1) == 0 ? 1 : 0, TypeParam::tolerance);
    }
  }
}

TYPED_TEST(Linalg, SingularMatricesAreReported) {
  using Real = typename TypeParam::Real;
  const std::vector<Real> a = {1, 2, 2, 4, 0, 1, 1, 0};
  std::vector<Real> out(8), sign(2), log(2);
  Workspace workspace(TypeParam::workspace(2));
  EXPECT_EQ(TypeParam::inverse(a.data(), out.data(), 2, 2, workspace.data()),
            1);
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[3]));
  EXPECT_EQ(std::vector<Real>(out.begin() + 4, out.end()),
            (std::vector<Real>{0, 1, 1, 0}));
  TypeParam::determinant(a.data(), out.data(), 2, 2, workspace.data());
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], -1);
  TypeParam::logDeterminant(a.data(), sign.data(), log.data(), 2, 2,
                            workspace.data());
  EXPECT_EQ(sign, (std::vector<Real>{0, -1}));
  EXPECT_EQ(log[0], -INFINITY);
  EXPECT_EQ(log[1], 0);
}

/// The determinant by expansion along the first row.
template <typename Real>
double expandedDeterminant(const std::vector<Real> &a, size_t n) {
  if (n == 0)
    return 1;
  double sum = 0;
  for (size_t c = 0; c < n; ++c) {
    std::vector<Real> minor;
    for (size_t i = n; i < n * n; ++i)
      if (i % n != c)
        minor.push_back(a[i]);
    sum += (c % 2 ? -1.0 : 1.0) * a[c] * expandedDeterminant(minor, n - 1);
  }
  return sum;
}

TYPED_TEST(Linalg, Determinant) {
  using Real = typename TypeParam::Real;
  for (size_t n : {0, 1, 2, 3, 5, 6}) {
    auto a = Linalg<TypeParam>::regular(1, n, 4);
    a.reserve(1); // pointers are not null, not even to nothing
    double expected = expandedDeterminant(a, n);
    Real det, sign, log;
    Workspace workspace(TypeParam::workspace(n));
    TypeParam::determinant(a.data(), &det, 1, n, workspace.data());
    EXPECT_NEAR(det / expected, 1, TypeParam::tolerance) << n;
    TypeParam::logDeterminant(a.data(), &sign, &log, 1, n, workspace.data());
    EXPECT_EQ(sign, expected < 0 ? -1 : 1);
    EXPECT_NEAR(log, std::log(std::fabs(expected)), TypeParam::tolerance);
  }
}

TYPED_TEST(Linalg, TriangularSolve) {
  using Test = Linalg<TypeParam>;
  using Real = typename TypeParam::Real;
  const size_t n = 9, m = 3;
  for (int variant = 0; variant < 8; ++variant) {
    bool lower = variant & 1, transposed = variant & 2, unit = variant & 4;
    auto a = Test::random(n * n, 5), b = Test::random(n * m, 6), x = b;
    auto triangle = a;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) {
        // What must not be read would spoil everything.
        bool outside = lower ? j > i : j < i;
        bool skipped = outside || (unit && i == j);
        a[i * n + j] = skipped  ? Real(NAN)
                       : i == j ? Real(2 + a[i * n + j])
                                : Real(a[i * n + j] * 0.3);
        triangle[i * n + j] = outside ? 0 : unit && (i == j) ? 1 : a[i * n + j];
      }
    TypeParam::triangular(a.data(), b.data(), x.data(), 1, n, m, lower,
                          transposed, unit);
    auto back = Test::multiply(triangle.data(), x.data(), n, m, transposed);
    Test::expectNear(back.data(), b, TypeParam::tolerance);
  }
}

TYPED_TEST(Linalg, MatrixPower) {
  using Test = Linalg<TypeParam>;
  const size_t n = 4;
  auto a = Test::regular(2, n, 7);
  for (auto &x : a)
    x *= static_cast<typename TypeParam::Real>(0.3);
  typename Test::Matrix out(2 * n * n), inverse(2 * n * n);
  Workspace workspace(TypeParam::powerWorkspace(n));
  TypeParam::inverse(a.data(), inverse.data(), 2, n, workspace.data());
  for (int64_t exponent : {0, 1, 2, 5, 8, -1, -3}) {
    EXPECT_EQ(TypeParam::power(a.data(), out.data(), 2, n, exponent,
                               workspace.data()),
              0);
    for (size_t b = 0; b < 2; ++b) {
      typename Test::Matrix expected(n * n);
      for (size_t i = 0; i < n; ++i)
        expected[i * n + i] = 1;
      const auto &base = exponent < 0 ? inverse : a;
      for (int64_t e = 0; e < std::abs(exponent); ++e)
        expected = Test::multiply(&base[b * n * n], expected.data(), n, n);
      Test::expectNear(&out[b * n * n], expected, 10 * TypeParam::tolerance);
    }
  }
}

} // namespace

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Batched dense linear algebra on row-major square matrices: Cholesky and LU
/// factorisations and what follows from them.

#include "Detail.h"
#include "MSCDevice.h"

#define DEFINE_FACTORISATIONS(t, T, fabs, sqrt)                                \
  static void fill_##t(T *out, i64 count, T value) {                           \
    for (i64 i = 0; i < count; ++i)                                            \
      out[i] = value;                                                          \
  }                                                                            \
                                                                               \
  /* Row i of the Cholesky factor, given the rows above. */                    \
  static bool cholesky_row_##t(const T *a, T *l, i64 n, i64 i) {               \
    for (i64 j = 0; j <= i; ++j) {                                             \
      T sum = a[i * n + j];                                                    \
      for (i64 k = 0; k < j; ++k)                                              \
        sum -= l[i * n + k] * l[j * n + k];                                    \
      if (i == j && !(sum > 0))                                                \
        return false;                                                          \
      l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];                  \
    }                                                                          \
    for (i64 j = i + 1; j < n; ++j)                                            \
      l[i * n + j] = 0;                                                        \
    return true;                                                               \
  }                                                                            \
                                                                               \
  static void transpose_##t(T *a, i64 n) {                                     \
    for (i64 i = 0; i < n; ++i)                                                \
      for (i64 j = 0; j < i; ++j) {                                            \
        T x = a[i * n + j];                                                    \
        a[i * n + j] = a[j * n + i];                                           \
        a[j * n + i] = x;                                                      \
      }                                                                        \
  }                                                                            \
                                                                               \
  int64_t msc_cholesky_##t(const T *a, T *out, int64_t batch, int64_t n,       \
                           bool upper) {                                       \
    i64 failed = 0;                                                            \
    for (i64 b = 0; b < batch; ++b, a += n * n, out += n * n) {                \
      bool good = true;                                                        \
      for (i64 i = 0; i < n && good; ++i)                                      \
        good = cholesky_row_##t(a, out, n, i);                                 \
      if (!good)                                                               \
        fill_##t(out, n *n, (T)NAN_F64);                                       \
      if (good && upper)                                                       \
        transpose_##t(out, n);                                                 \
      failed += !good;                                                         \
    }                                                                          \
    return failed;                                                             \
  }                                                                            \
                                                                               \
  static void swap_rows_##t(T *a, T *b, i64 n) {                               \
    for (i64 j = 0; j < n && a != b; ++j) {                                    \
      T x = a[j];                                                              \
      a[j] = b[j];                                                             \
      b[j] = x;                                                                \
    }                                                                          \
  }                                                                            \
                                                                               \
  /* Factors a in place, P a = L U. Returns the sign of P, 0 when singular. */ \
  static int lu_##t(T *a, i64 *pivots, i64 n) {                                \
    int sign = 1;                                                              \
    for (i64 k = 0; k < n; ++k) {                                              \
      i64 p = k;                                                               \
      for (i64 i = k + 1; i < n; ++i)                                          \
        p = fabs(a[i * n + k]) > fabs(a[p * n + k]) ? i : p;                   \
      pivots[k] = p;                                                           \
      if (a[p * n + k] == 0)                                                   \
        return 0;                                                              \
      sign = p == k ? sign : -sign;                                            \
      swap_rows_##t(a + k * n, a + p * n, n);                                  \
      for (i64 i = k + 1; i < n; ++i) {                                        \
        T factor = a[i * n + k] / a[k * n + k];                                \
        a[i * n + k] = factor;                                                 \
        for (i64 j = k + 1; j < n; ++j)                                        \
          a[i * n + j] -= factor * a[k * n + j];                               \
      }                                                                        \
    }                                                                          \
    return sign;                                                               \
  }                                                                            \
                                                                               \
  /* x -= factor y on rows of m. */                                            \
  static void subtract_row_##t(T *x, const T *y, T factor, i64 m) {            \
    for (i64 j = 0; j < m; ++j)                                                \
      x[j] -= factor * y[j];                                                   \
  }                                                                            \
                                                                               \
  /* Solves op(a) x = x in place for a triangle of a and x of [n, m]. */       \
  static void triangle_##t(const T *a, T *x, i64 n, i64 m, bool lower,         \
                           bool transposed, bool unit) {                       \
    i64 row = transposed ? 1 : n, column = transposed ? n : 1;                 \
    bool forward = lower != transposed;                                        \
    for (i64 s = 0; s < n; ++s) {                                              \
      i64 i = forward ? s : n - 1 - s;                                         \
      for (i64 r = 0; r < s; ++r) {                                            \
        i64 k = forward ? r : n - 1 - r;                                       \
        subtract_row_##t(x + i * m, x + k * m, a[i * row + k * column], m);    \
      }                                                                        \
      for (i64 j = 0; j < m && !unit; ++j)                                     \
        x[i * m + j] /= a[i * n + i];                                          \
    }                                                                          \
  }                                                                            \
                                                                               \
  /* Solves with the factors of lu_. */                                        \
  static void lu_solve_##t(const T *lu, const i64 *pivots, T *x, i64 n,        \
                           i64 m) {                                            \
    for (i64 k = 0; k < n; ++k)                                                \
      swap_rows_##t(x + k * m, x + pivots[k] * m, m);                          \
    triangle_##t(lu, x, n, m, true, false, true);                              \
    triangle_##t(lu, x, n, m, false, false, false);                            \
  }

#define DEFINE_SOLVERS(t, T, fabs)                                             \
  int64_t msc_lu_workspace_##t(int64_t n) {                                    \
    return n * (i64)sizeof(i64) + n * n * (i64)sizeof(T);                      \
  }                                                                            \
                                                                               \
  int64_t msc_solve_##t(const T *a, const T *b, T *x, int64_t batch,           \
                        int64_t n, int64_t m, bool transposed,                 \
                        void *workspace) {                                     \
    i64 *pivots = workspace, failed = 0;                                       \
    T *lu = (T *)(pivots + n);                                                 \
    for (i64 i = 0; i < batch; ++i, a += n * n, b += n * m, x += n * m) {      \
      for (i64 j = 0; j < n * n; ++j)                                          \
        lu[j] = a[j];                                                          \
      if (transposed)                                                          \
        transpose_##t(lu, n);                                                  \
      for (i64 j = 0; j < n * m; ++j)                                          \
        x[j] = b[j];                                                           \
      if (lu_##t(lu, pivots, n) != 0) {                                        \
        lu_solve_##t(lu, pivots, x, n, m);                                     \
        continue;                                                              \
      }                                                                        \
      fill_##t(x, n *m, (T)NAN_F64);                                           \
      ++failed;                                                                \
    }                                                                          \
    return failed;                                                             \
  }                                                                            \
                                                                               \
  int64_t msc_inverse_##t(const T *a, T *out, int64_t batch, int64_t n,        \
                          void *workspace) {                                   \
    i64 failed = 0;                                                            \
    for (i64 i = 0; i < batch; ++i, a += n * n, out += n * n) {                \
      fill_##t(out, n *n, 0);                                                  \
      for (i64 j = 0; j < n; ++j)                                              \
        out[j * n + j] = 1;                                                    \
      failed += msc_solve_##t(a, out, out, 1, n, n, false, workspace);         \
    }                                                                          \
    return failed;                                                             \
  }                                                                            \
                                                                               \
  void msc_determinant_##t(const T *a, T *out, int64_t batch, int64_t n,       \
                           void *workspace) {                                  \
    i64 *pivots = workspace;                                                   \
    T *lu = (T *)(pivots + n);                                                 \
    for (i64 i = 0; i < batch; ++i, a += n * n) {                              \
      for (i64 j = 0; j < n * n; ++j)                                          \
        lu[j] = a[j];                                                          \
      T product = (T)lu_##t(lu, pivots, n);                                    \
      for (i64 j = 0; j < n && product != 0; ++j)                              \
        product *= lu[j * n + j];                                              \
      out[i] = product;                                                        \
    }                                                                          \
  }                                                                            \
                                                                               \
  void msc_log_determinant_##t(const T *a, T *sign, T *log, int64_t batch,     \
                               int64_t n, void *workspace) {                   \
    i64 *pivots = workspace;                                                   \
    T *lu = (T *)(pivots + n);                                                 \
    for (i64 i = 0; i < batch; ++i, a += n * n) {                              \
      for (i64 j = 0; j < n * n; ++j)                                          \
        lu[j] = a[j];                                                          \
      T s = (T)lu_##t(lu, pivots, n), sum = s == 0 ? -(T)INF_F64 : 0;          \
      for (i64 j = 0; j < n && s != 0; ++j) {                                  \
        s = lu[j * n + j] < 0 ? -s : s;                                        \
        sum += msc_log_##t(fabs(lu[j * n + j]));                               \
      }                                                                        \
      sign[i] = s;                                                             \
      log[i] = sum;                                                            \
    }                                                                          \
  }                                                                            \
                                                                               \
  void msc_triangular_solve_##t(const T *a, const T *b, T *x, int64_t batch,   \
                                int64_t n, int64_t m, bool lower,              \
                                bool transposed, bool unit_diagonal) {         \
    for (i64 i = 0; i < batch; ++i, a += n * n, b += n * m, x += n * m) {      \
      for (i64 j = 0; j < n * m; ++j)                                          \
        x[j] = b[j];                                                           \
      triangle_##t(a, x, n, m, lower, transposed, unit_diagonal);              \
    }                                                                          \
  }

#define DEFINE_POWER(t, T)                                                     \
  static void multiply_##t(const T *a, const T *b, T *out, i64 n) {            \
    fill_##t(out, n *n, 0);                                                    \
    for (i64 i = 0; i < n; ++i)                                                \
      for (i64 k = 0; k < n; ++k)                                              \
        subtract_row_##t(out + i * n, b + k * n, -a[i * n + k], n);            \
  }                                                                            \
                                                                               \
  int64_t msc_matrix_power_workspace_##t(int64_t n) {                          \
    return msc_lu_workspace_##t(n) + 2 * n * n * (i64)sizeof(T);               \
  }                                                                            \
                                                                               \
  static void copy_##t(const T *from, T *to, i64 count) {                      \
    for (i64 i = 0; i < count; ++i)                                            \
      to[i] = from[i];                                                         \
  }                                                                            \
                                                                               \
  /* out = base^e by squaring; base and spare are overwritten. */              \
  static void power_##t(T *base, T *spare, T *out, i64 n, u64 e) {             \
    fill_##t(out, n *n, 0);                                                    \
    for (i64 j = 0; j < n; ++j)                                                \
      out[j * n + j] = 1;                                                      \
    for (; e != 0; e >>= 1) {                                                  \
      if (e & 1) {                                                             \
        multiply_##t(out, base, spare, n);                                     \
        copy_##t(spare, out, n *n);                                            \
      }                                                                        \
      if (e > 1) {                                                             \
        multiply_##t(base, base, spare, n);                                    \
        copy_##t(spare, base, n *n);                                           \
      }                                                                        \
    }                                                                          \
  }                                                                            \
                                                                               \
  int64_t msc_matrix_power_##t(const T *a, T *out, int64_t batch, int64_t n,   \
                               int64_t exponent, void *workspace) {            \
    T *base = (T *)((u8 *)workspace + msc_lu_workspace_##t(n));                \
    u64 e = exponent < 0 ? -(u64)exponent : (u64)exponent;                     \
    i64 failed = 0;                                                            \
    for (i64 i = 0; i < batch; ++i, a += n * n, out += n * n) {                \
      if (exponent < 0)                                                        \
        failed += msc_inverse_##t(a, base, 1, n, workspace);                   \
      else                                                                     \
        copy_##t(a, base, n *n);                                               \
      power_##t(base, base + n * n, out, n, e);                                \
    }                                                                          \
    return failed;                                                             \
  }

DEFINE_FACTORISATIONS(f32, f32, __builtin_fabsf, __builtin_sqrtf)
DEFINE_FACTORISATIONS(f64, f64, __builtin_fabs, __builtin_sqrt)
DEFINE_SOLVERS(f32, f32, __builtin_fabsf)
DEFINE_SOLVERS(f64, f64, __builtin_fabs)
DEFINE_POWER(f32, f32)
DEFINE_POWER(f64, f64)

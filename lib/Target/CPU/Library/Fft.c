// SPDX-License-Identifier: Apache-2.0

/// \file
/// Complex discrete Fourier transforms of any length along an axis: Stockham
/// passes of the small prime factors, Bluestein's convolution for lengths
/// with a large one. Computed in double precision for both element types.

#include "Detail.h"
#include "MSCDevice.h"

typedef struct {
  f64 re, im;
} complex;

/// Prime factors up to this are done directly, larger ones by Bluestein.
#define MAX_RADIX 31

MSC_INLINE complex mul(complex a, complex b) {
  return (complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

MSC_INLINE complex add(complex a, complex b) {
  return (complex){a.re + b.re, a.im + b.im};
}

MSC_INLINE complex sub(complex a, complex b) {
  return (complex){a.re - b.re, a.im - b.im};
}

/// exp(-2 pi i k / n), 0 <= k < n, from an angle of at most pi / 4.
static complex root(i64 k, i64 n) {
  i64 quadrant = 4 * k / n, rest = 4 * k - quadrant * n;
  bool high = 2 * rest > n;
  f64 part = (f64)(high ? n - rest : rest) / (f64)n;
  f64 angle = part * 0x1.921fb54442d18p0;
  f64 c = msc_cos_f64(angle), s = msc_sin_f64(angle);
  f64 re = high ? s : c, im = high ? c : s;
  f64 turned_re = quadrant & 1 ? -im : re, turned_im = quadrant & 1 ? re : im;
  return quadrant & 2 ? (complex){-turned_re, turned_im}
                      : (complex){turned_re, -turned_im};
}

static void make_roots(complex *table, i64 n) {
  for (i64 k = 0; k < n; ++k)
    table[k] = root(k, n);
}

/// The next factor of n: 4 and 2 first, then odd primes.
static i64 factor_of(i64 n) {
  if (n % 4 == 0)
    return 4;
  for (i64 f = 2; f * f <= n; ++f)
    if (n % f == 0)
      return f;
  return n;
}

static bool is_smooth(i64 n) {
  while (n > 1) {
    i64 f = factor_of(n);
    if (f > MAX_RADIX)
      return false;
    n /= f;
  }
  return true;
}

/// The power of two that holds a linear convolution of n points.
static i64 bluestein_size(i64 n) {
  i64 m = 1;
  while (m < 2 * n - 1)
    m *= 2;
  return m;
}

int64_t msc_fft_workspace(int64_t n) {
  if (is_smooth(n))
    return 3 * n * (i64)sizeof(complex);
  return (n + 4 * bluestein_size(n)) * (i64)sizeof(complex);
}

/// One Stockham pass: transforms of length r over x with stride, of blocks of
/// `size` repeated `step` times; table holds the n = size * step roots.
typedef struct {
  const complex *table;
  i64 n, size, step, r;
} fft_pass;

MSC_INLINE void butterfly4(const complex *x, i64 stride, complex *t) {
  complex a = add(x[0], x[2 * stride]), b = sub(x[0], x[2 * stride]);
  complex c = add(x[stride], x[3 * stride]), d = sub(x[stride], x[3 * stride]);
  complex turned = {d.im, -d.re}; // -i d
  t[0] = add(a, c);
  t[1] = add(b, turned);
  t[2] = sub(a, c);
  t[3] = sub(b, turned);
}

static void butterfly(const fft_pass *p, const complex *x, i64 stride,
                      complex *t) {
  i64 r = p->r, part = p->n / r;
  for (i64 k = 0; k < r; ++k) {
    complex sum = x[0];
    for (i64 j = 1, at = k; j < r; ++j, at = at + k < r ? at + k : at + k - r)
      sum = add(sum, mul(x[j * stride], p->table[at * part]));
    t[k] = sum;
  }
}

static void run_pass(const fft_pass *p, const complex *x, complex *y) {
  i64 m = p->size / p->r, s = p->step;
  complex t[MAX_RADIX];
  for (i64 i = 0; i < m; ++i)
    for (i64 q = 0; q < s; ++q) {
      if (p->r == 4)
        butterfly4(x + q + s * i, s * m, t);
      else
        butterfly(p, x + q + s * i, s * m, t);
      for (i64 k = 0; k < p->r; ++k)
        y[q + s * (p->r * i + k)] = mul(t[k], p->table[i * k * s]);
    }
}

/// Transforms x of a smooth length n; returns x or y, whichever has it.
static complex *transform(complex *x, complex *y, const complex *table, i64 n) {
  for (i64 size = n, step = 1; size > 1;) {
    fft_pass pass = {table, n, size, step, factor_of(size)};
    run_pass(&pass, x, y);
    complex *swap = x;
    x = y;
    y = swap;
    size /= pass.r;
    step *= pass.r;
  }
  return x;
}

/// What a line's transform needs: tables, and buffers of `size` points.
typedef struct {
  complex *roots, *chirp, *kernel, *x, *y;
  i64 n, size;
} fft_plan;

static complex conjugate(complex a) { return (complex){a.re, -a.im}; }

/// chirp[k] = exp(-pi i k^2 / n) and the transform of its conjugate.
static void plan_bluestein(fft_plan *plan) {
  i64 n = plan->n, m = plan->size;
  for (i64 k = 0; k < n; ++k)
    plan->chirp[k] = root(k * k % (2 * n), 2 * n);
  for (i64 k = 0; k < m; ++k)
    plan->x[k] = (complex){0.0, 0.0};
  for (i64 k = 0; k < n; ++k) {
    plan->x[k] = conjugate(plan->chirp[k]);
    plan->x[k == 0 ? 0 : m - k] = plan->x[k];
  }
  complex *done = transform(plan->x, plan->y, plan->roots, m);
  for (i64 k = 0; k < m; ++k)
    plan->kernel[k] = done[k];
}

static fft_plan make_plan(i64 n, void *workspace) {
  bool smooth = is_smooth(n);
  fft_plan plan;
  plan.n = n;
  plan.size = smooth ? n : bluestein_size(n);
  plan.roots = workspace;
  plan.x = plan.roots + plan.size;
  plan.y = plan.x + plan.size;
  plan.kernel = smooth ? 0 : plan.y + plan.size;
  plan.chirp = smooth ? 0 : plan.kernel + plan.size;
  make_roots(plan.roots, plan.size);
  if (!smooth)
    plan_bluestein(&plan);
  return plan;
}

/// The transform of plan->x[0, n); returns where it is.
static complex *run_plan(const fft_plan *plan) {
  complex *x = plan->x, *y = plan->y;
  if (!plan->chirp)
    return transform(x, y, plan->roots, plan->n);
  i64 n = plan->n, m = plan->size;
  for (i64 k = 0; k < n; ++k)
    x[k] = mul(x[k], plan->chirp[k]);
  for (i64 k = n; k < m; ++k)
    x[k] = (complex){0.0, 0.0};
  complex *done = transform(x, y, plan->roots, m);
  // The inverse transform is the conjugate of the conjugate's transform.
  for (i64 k = 0; k < m; ++k)
    done[k] = conjugate(mul(done[k], plan->kernel[k]));
  done = transform(done, done == x ? y : x, plan->roots, m);
  f64 scale = 1.0 / (f64)m;
  for (i64 k = 0; k < n; ++k) {
    complex c = mul(conjugate(done[k]), plan->chirp[k]);
    done[k] = (complex){c.re * scale, c.im * scale};
  }
  return done;
}

// An inverse transform is a forward one with real and imaginary parts
// exchanged before and after.
#define DEFINE_FFT(t, T)                                                       \
  void msc_fft_##t(const T *in, T *out, int64_t outer, int64_t n,              \
                   int64_t inner, bool inverse, double scale,                  \
                   void *workspace) {                                          \
    fft_plan plan = make_plan(n, workspace);                                   \
    i64 re = inverse ? 1 : 0, im = 1 - re;                                     \
    for (i64 line = 0; line < outer * inner; ++line) {                         \
      i64 base = line / inner * n * inner + line % inner;                      \
      for (i64 k = 0; k < n; ++k) {                                            \
        const T *from = in + 2 * (base + k * inner);                           \
        plan.x[k] = (complex){from[re], from[im]};                             \
      }                                                                        \
      const complex *done = run_plan(&plan);                                   \
      for (i64 k = 0; k < n; ++k) {                                            \
        T *to = out + 2 * (base + k * inner);                                  \
        to[re] = (T)(done[k].re * scale);                                      \
        to[im] = (T)(done[k].im * scale);                                      \
      }                                                                        \
    }                                                                          \
  }

DEFINE_FFT(f32, f32)
DEFINE_FFT(f64, f64)

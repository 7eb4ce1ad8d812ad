// SPDX-License-Identifier: Apache-2.0

/// \file
/// Binary search in sorted rows, counting of values and histograms.

#include "Keys.h"

#define DEFINE_SEARCH(t, T)                                                    \
  void msc_search_sorted_##t(const T *sorted, const T *values, int64_t *out,   \
                             int64_t rows, int64_t n, int64_t m, bool shared,  \
                             bool right) {                                     \
    for (i64 i = 0; i < rows * m; ++i) {                                       \
      const T *row = sorted + (shared ? 0 : i / m * n);                        \
      u64 key = key_##t(values[i]);                                            \
      i64 lo = 0, hi = n;                                                      \
      while (lo < hi) {                                                        \
        i64 middle = lo + (hi - lo) / 2;                                       \
        u64 there = key_##t(row[middle]);                                      \
        bool after = right ? there <= key : there < key;                       \
        lo = after ? middle + 1 : lo;                                          \
        hi = after ? hi : middle;                                              \
      }                                                                        \
      out[i] = lo;                                                             \
    }                                                                          \
  }

MSC_FOR_EACH_TYPE(DEFINE_SEARCH)

#define DEFINE_BINCOUNT(t, T, suffix, O, weight)                               \
  void msc_bincount##suffix(const T *in, const O *weights, O *out, int64_t n,  \
                            int64_t bins) {                                    \
    for (i64 b = 0; b < bins; ++b)                                             \
      out[b] = 0;                                                              \
    for (i64 i = 0; i < n; ++i)                                                \
      if (in[i] >= 0 && (i64)in[i] < bins)                                     \
        out[in[i]] += weights ? weights[i] : 1;                                \
  }

DEFINE_BINCOUNT(i32, i32, _i32, i64, 1)
DEFINE_BINCOUNT(i64, i64, _i64, i64, 1)
DEFINE_BINCOUNT(i32, i32, _i32_f32, f32, 1)
DEFINE_BINCOUNT(i64, i64, _i64_f32, f32, 1)
DEFINE_BINCOUNT(i32, i32, _i32_f64, f64, 1)
DEFINE_BINCOUNT(i64, i64, _i64_f64, f64, 1)

typedef struct {
  f64 lo, hi;
} range;

/// The bin of x in [lo, hi], whose upper end belongs to the last bin.
static i64 bin_of(f64 x, range r, i64 bins) {
  f64 position = (x - r.lo) / (r.hi - r.lo) * (f64)bins;
  return position < (f64)bins ? (i64)position : bins - 1;
}

#define DEFINE_HISTOGRAM(t, T)                                                 \
  /* The range of the data, when none is given; one of no width is widened. */ \
  static range range_##t(const T *in, i64 n, f64 lo, f64 hi) {                 \
    range r = lo == hi ? (range){INF_F64, -INF_F64} : (range){lo, hi};         \
    for (i64 i = 0; i < n && lo == hi; ++i) {                                  \
      f64 x = (f64)number_##t(in[i]);                                          \
      r.lo = x < r.lo ? x : r.lo;                                              \
      r.hi = x > r.hi ? x : r.hi;                                              \
    }                                                                          \
    r = r.lo > r.hi ? (range){0.0, 0.0} : r;                                   \
    return r.lo == r.hi ? (range){r.lo - 1.0, r.hi + 1.0} : r;                 \
  }                                                                            \
                                                                               \
  void msc_histogram_##t(const T *in, int64_t *out, int64_t n, int64_t bins,   \
                         double lo, double hi) {                               \
    range r = range_##t(in, n, lo, hi);                                        \
    for (i64 b = 0; b < bins; ++b)                                             \
      out[b] = 0;                                                              \
    for (i64 i = 0; i < n && bins > 0; ++i) {                                  \
      f64 x = (f64)number_##t(in[i]);                                          \
      if (x >= r.lo && x <= r.hi)                                              \
        ++out[bin_of(x, r, bins)];                                             \
    }                                                                          \
  }

DEFINE_HISTOGRAM(f32, f32)
DEFINE_HISTOGRAM(f64, f64)
DEFINE_HISTOGRAM(f16, u16)
DEFINE_HISTOGRAM(bf16, u16)
DEFINE_HISTOGRAM(i32, i32)
DEFINE_HISTOGRAM(i64, i64)

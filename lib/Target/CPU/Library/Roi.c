// SPDX-License-Identifier: Apache-2.0

/// \file
/// Pooling of regions of interest: ONNX RoiAlign 10 to 22 (operator page).

#include "Detail.h"

#include "MSCDevice.h"

/// More points per bin and dimension than these are not taken.
#define MAX_SAMPLES 1024

/// A position between two neighbours: the weights of low and low + step.
typedef struct {
  i64 low, step;
  f64 high_weight;
  bool outside;
} neighbours;

static neighbours locate(f64 x, i64 extent) {
  if (!(x >= -1.0) || x > (f64)extent)
    return (neighbours){0, 0, 0.0, true};
  x = x > 0.0 ? x : 0.0;
  i64 low = (i64)x;
  if (low >= extent - 1)
    return (neighbours){extent - 1, 0, 0.0, false};
  return (neighbours){low, 1, x - (f64)low, false};
}

/// Points per bin along one dimension.
static i64 sample_count(i64 samples, f64 bin) {
  if (samples > 0)
    return samples;
  if (!(bin > 0.0))
    return 0;
  if (bin >= (f64)MAX_SAMPLES)
    return MAX_SAMPLES;
  i64 count = (i64)bin;
  return (f64)count < bin ? count + 1 : count;
}

/// One dimension of a region: where it starts, and its bins.
typedef struct {
  f64 start, bin;
  i64 count;
} span;

/// From corners in the scale of the input, unaligned.
static span make_span(f64 low, f64 high, i64 bins, i64 samples, bool aligned) {
  f64 size = high - low;
  if (!aligned && !(size > 1.0))
    size = 1.0;
  f64 bin = size / (f64)bins;
  return (span){low - (aligned ? 0.5 : 0.0), bin, sample_count(samples, bin)};
}

static f64 sample_position(const span *s, i64 bin, i64 i) {
  return s->start + (f64)bin * s->bin + ((f64)i + 0.5) * s->bin / (f64)s->count;
}

/// The sum of four weighted neighbours, or the largest of them.
static f64 combine(const f64 *v, bool max) {
  if (!max)
    return v[0] + v[1] + v[2] + v[3];
  f64 a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];
  return a > b ? a : b;
}

#define DEFINE_ROI_ALIGN(t, T)                                                 \
  static f64 sample_##t(const T *plane, i64 w, neighbours y, neighbours x,     \
                        bool max) {                                            \
    if (y.outside || x.outside)                                                \
      return 0.0;                                                              \
    const T *row = plane + y.low * w, *next = row + y.step * w;                \
    f64 wy = y.high_weight, wx = x.high_weight;                                \
    f64 v[4] = {(1.0 - wy) * (1.0 - wx) * row[x.low],                          \
                (1.0 - wy) * wx * row[x.low + x.step],                         \
                wy * (1.0 - wx) * next[x.low],                                 \
                wy * wx * next[x.low + x.step]};                               \
    return combine(v, max);                                                    \
  }                                                                            \
                                                                               \
  static f64 pool_##t(const T *plane, i64 h, i64 w, span y, span x, i64 py,    \
                      i64 px, bool max) {                                      \
    f64 result = 0.0;                                                          \
    bool first = true;                                                         \
    for (i64 i = 0; i < y.count; ++i) {                                        \
      neighbours at_y = locate(sample_position(&y, py, i), h);                 \
      for (i64 j = 0; j < x.count; ++j) {                                      \
        neighbours at_x = locate(sample_position(&x, px, j), w);               \
        f64 v = sample_##t(plane, w, at_y, at_x, max);                         \
        result = !max ? result + v : first || v > result ? v : result;         \
        first = false;                                                         \
      }                                                                        \
    }                                                                          \
    return max || first ? result : result / (f64)(y.count * x.count);          \
  }                                                                            \
                                                                               \
  void msc_roi_align_##t(                                                      \
      const T *in, const T *rois, const int64_t *batch, T *out, int64_t n,     \
      int64_t c, int64_t h, int64_t w, int64_t count, int64_t height,          \
      int64_t width, int64_t samples, double scale, bool aligned, bool max) {  \
    for (i64 r = 0; r < count; ++r) {                                          \
      const T *roi = rois + 4 * r;                                             \
      span x =                                                                 \
          make_span(roi[0] * scale, roi[2] * scale, width, samples, aligned);  \
      span y =                                                                 \
          make_span(roi[1] * scale, roi[3] * scale, height, samples, aligned); \
      i64 b = batch[r] < 0 ? 0 : batch[r] >= n ? n - 1 : batch[r];             \
      for (i64 k = 0; k < c; ++k)                                              \
        for (i64 py = 0; py < height; ++py)                                    \
          for (i64 px = 0; px < width; ++px)                                   \
            *out++ = (T)pool_##t(in + (b * c + k) * h * w, h, w, y, x, py, px, \
                                 max);                                         \
    }                                                                          \
  }

DEFINE_ROI_ALIGN(f32, f32)
DEFINE_ROI_ALIGN(f64, f64)

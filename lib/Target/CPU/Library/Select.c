// SPDX-License-Identifier: Apache-2.0

/// \file
/// Selections whose size depends on data: coordinates of non-zero elements,
/// slices and elements under a mask.

#include "Keys.h"

/// Adds one to the row-major coordinates of a tensor.
static void next_coordinates(i64 *at, const i64 *shape, i64 rank) {
  for (i64 d = rank - 1; d >= 0; --d) {
    if (++at[d] < shape[d])
      return;
    at[d] = 0;
  }
}

#define DEFINE_NONZERO(t, T)                                                   \
  int64_t msc_count_nonzero_##t(const T *in, int64_t n) {                      \
    i64 count = 0;                                                             \
    for (i64 i = 0; i < n; ++i)                                                \
      count += number_##t(in[i]) != 0;                                         \
    return count;                                                              \
  }                                                                            \
                                                                               \
  int64_t msc_nonzero_##t(const T *in, const int64_t *shape, int64_t rank,     \
                          int64_t *out, bool by_dimension, void *workspace) {  \
    i64 *at = workspace;                                                       \
    i64 n = 1;                                                                 \
    for (i64 d = 0; d < rank; ++d) {                                           \
      n *= shape[d];                                                           \
      at[d] = 0;                                                               \
    }                                                                          \
    i64 count = msc_count_nonzero_##t(in, n), found = 0;                       \
    i64 step = by_dimension ? count : 1, stride = by_dimension ? 1 : rank;     \
    for (i64 i = 0; i < n; ++i) {                                              \
      for (i64 d = 0; d < rank && number_##t(in[i]) != 0; ++d)                 \
        out[found * stride + d * step] = at[d];                                \
      found += number_##t(in[i]) != 0;                                         \
      next_coordinates(at, shape, rank);                                       \
    }                                                                          \
    return count;                                                              \
  }

MSC_FOR_EACH_TYPE(DEFINE_NONZERO)

int64_t msc_nonzero_workspace(int64_t rank) { return rank * (i64)sizeof(i64); }

#define DEFINE_COMPRESS(bits)                                                  \
  int64_t msc_compress_b##bits(const uint##bits##_t *in, const uint8_t *mask,  \
                               int64_t mask_size, uint##bits##_t *out,         \
                               int64_t outer, int64_t n, int64_t inner) {      \
    i64 m = mask_size < n ? mask_size : n;                                     \
    uint##bits##_t *to = out;                                                  \
    for (i64 o = 0; o < outer; ++o)                                            \
      for (i64 i = 0; i < m; ++i)                                              \
        for (i64 k = 0; k < inner && mask[i]; ++k)                             \
          *to++ = in[(o * n + i) * inner + k];                                 \
    i64 count = 0;                                                             \
    for (i64 i = 0; i < m; ++i)                                                \
      count += mask[i] != 0;                                                   \
    return count;                                                              \
  }                                                                            \
                                                                               \
  int64_t msc_masked_select_b##bits(const uint##bits##_t *in,                  \
                                    const uint8_t *mask, uint##bits##_t *out,  \
                                    int64_t n) {                               \
    i64 count = 0;                                                             \
    for (i64 i = 0; i < n; ++i)                                                \
      if (mask[i])                                                             \
        out[count++] = in[i];                                                  \
    return count;                                                              \
  }

DEFINE_COMPRESS(8)
DEFINE_COMPRESS(16)
DEFINE_COMPRESS(32)
DEFINE_COMPRESS(64)

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Stable sort and top-k along an axis. Elements become unsigned keys of the
/// same order, so one radix sort serves every type and both directions.

#include "Keys.h"

/// Below this insertion sort is faster than counting digits.
#define SMALL_SORT 48

static void insertion_sort(keyed *items, i64 n) {
  for (i64 i = 1; i < n; ++i) {
    keyed item = items[i];
    i64 j = i;
    for (; j > 0 && items[j - 1].key > item.key; --j)
      items[j] = items[j - 1];
    items[j] = item;
  }
}

/// Stable distribution of `from` to `to` by the byte of the key at `shift`.
static void radix_pass(const keyed *from, keyed *to, i64 n, int shift) {
  i64 start[256];
  for (int d = 0; d < 256; ++d)
    start[d] = 0;
  for (i64 i = 0; i < n; ++i)
    ++start[from[i].key >> shift & 255];
  i64 sum = 0;
  for (int d = 0; d < 256; ++d) {
    i64 count = start[d];
    start[d] = sum;
    sum += count;
  }
  for (i64 i = 0; i < n; ++i)
    to[start[from[i].key >> shift & 255]++] = from[i];
}

void msc_sort_keyed(keyed *items, keyed *scratch, i64 n) {
  if (n < SMALL_SORT) {
    insertion_sort(items, n);
    return;
  }
  u64 differ = 0;
  for (i64 i = 1; i < n; ++i)
    differ |= items[i].key ^ items[0].key;
  keyed *from = items, *to = scratch;
  for (int shift = 0; shift < 64; shift += 8) {
    if ((differ >> shift & 255) == 0)
      continue;
    radix_pass(from, to, n, shift);
    keyed *swap = from;
    from = to;
    to = swap;
  }
  if (from == items)
    return;
  for (i64 i = 0; i < n; ++i)
    items[i] = from[i];
}

int64_t msc_sort_workspace(int64_t n) { return 2 * n * (i64)sizeof(keyed); }

MSC_INLINE bool before(keyed a, keyed b) {
  return a.key != b.key ? a.key < b.key : a.index < b.index;
}

/// Restores the heap (largest first) of n items below position i.
static void sift_down(keyed *heap, i64 n, i64 i) {
  keyed item = heap[i];
  for (i64 child = 2 * i + 1; child < n; child = 2 * i + 1) {
    if (child + 1 < n && before(heap[child], heap[child + 1]))
      ++child;
    if (!before(item, heap[child]))
      break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = item;
}

static void make_heap(keyed *heap, i64 n) {
  for (i64 i = n / 2 - 1; i >= 0; --i)
    sift_down(heap, n, i);
}

/// Offers an item to the heap of the k first items so far; `count` of all
/// items were offered before.
static void offer(keyed *heap, i64 k, i64 count, keyed item) {
  if (count < k) {
    heap[count] = item;
    if (count == k - 1)
      make_heap(heap, k);
  } else if (before(item, heap[0])) {
    heap[0] = item;
    sift_down(heap, k, 0);
  }
}

/// Puts the heap's items in the order of their keys, or of their indices.
static void finish_heap(keyed *heap, i64 k, bool by_key) {
  if (!by_key) {
    for (i64 i = 0; i < k; ++i)
      heap[i].key = 0;
    make_heap(heap, k);
  }
  for (i64 last = k - 1; last > 0; --last) {
    keyed item = heap[0];
    heap[0] = heap[last];
    heap[last] = item;
    sift_down(heap, last, 0);
  }
}

int64_t msc_top_k_workspace(int64_t k) { return k * (i64)sizeof(keyed); }

#define DEFINE_SORT(t, T)                                                      \
  void msc_sort_##t(const T *in, T *values, int64_t *indices, int64_t outer,   \
                    int64_t n, int64_t inner, bool descending,                 \
                    void *workspace) {                                         \
    keyed *items = workspace;                                                  \
    u64 flip = descending ? ~0ull : 0;                                         \
    for (i64 line = 0; line < outer * inner; ++line) {                         \
      i64 base = line / inner * n * inner + line % inner;                      \
      for (i64 i = 0; i < n; ++i)                                              \
        items[i] = (keyed){key_##t(in[base + i * inner]) ^ flip, i};           \
      msc_sort_keyed(items, items + n, n);                                     \
      for (i64 i = 0; i < n && values; ++i)                                    \
        values[base + i * inner] = in[base + items[i].index * inner];          \
      for (i64 i = 0; i < n && indices; ++i)                                   \
        indices[base + i * inner] = items[i].index;                            \
    }                                                                          \
  }                                                                            \
                                                                               \
  void msc_top_k_##t(const T *in, T *values, int64_t *indices, int64_t outer,  \
                     int64_t n, int64_t inner, int64_t k, bool largest,        \
                     bool sorted, void *workspace) {                           \
    keyed *heap = workspace;                                                   \
    u64 flip = largest ? ~0ull : 0;                                            \
    for (i64 line = 0; line < outer * inner && k > 0; ++line) {                \
      i64 base = line / inner * n * inner + line % inner;                      \
      i64 to = line / inner * k * inner + line % inner;                        \
      for (i64 i = 0; i < n; ++i)                                              \
        offer(heap, k, i, (keyed){key_##t(in[base + i * inner]) ^ flip, i});   \
      finish_heap(heap, k, sorted);                                            \
      for (i64 i = 0; i < k; ++i) {                                            \
        if (values)                                                            \
          values[to + i * inner] = in[base + heap[i].index * inner];           \
        if (indices)                                                           \
          indices[to + i * inner] = heap[i].index;                             \
      }                                                                        \
    }                                                                          \
  }

MSC_FOR_EACH_TYPE(DEFINE_SORT)

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Distinct slices of a tensor along an axis. Slices are put in
/// lexicographical order by one stable sort per component, last to first;
/// equal neighbours then form groups.

#include "Keys.h"

/// What unique works on: n items in sorted order, then per group its first
/// item and size, then per item its group.
typedef struct {
  keyed *order, *scratch;
  i64 *first, *size, *group;
} unique_state;

int64_t msc_unique_workspace(int64_t n) {
  return n * (i64)(2 * sizeof(keyed) + 3 * sizeof(i64));
}

static unique_state carve(void *workspace, i64 n) {
  unique_state state;
  state.order = workspace;
  state.scratch = state.order + n;
  state.first = (i64 *)(state.scratch + n);
  state.size = state.first + n;
  state.group = state.size + n;
  return state;
}

/// Makes the groups come in the order of their first items instead of their
/// values: renumbers first, size and group of all n items.
static void order_by_appearance(unique_state *s, i64 n, i64 groups) {
  for (i64 g = 0; g < groups; ++g)
    s->order[g] = (keyed){(u64)s->first[g], s->size[g]};
  // The rank of each group; `first` is free as the map from old to new.
  keyed *ranks = s->scratch;
  for (i64 i = 0; i < n; ++i)
    ranks[i].index = -1;
  i64 next = 0;
  for (i64 i = 0; i < n; ++i) {
    i64 g = s->group[i];
    if (ranks[g].index < 0) {
      ranks[g].index = next;
      s->first[next] = (i64)s->order[g].key;
      s->size[next] = s->order[g].index;
      ++next;
    }
    s->group[i] = ranks[g].index;
  }
}

static void write_results(const unique_state *s, i64 n, i64 groups,
                          i64 *indices, i64 *inverse, i64 *counts) {
  for (i64 g = 0; g < groups && indices; ++g)
    indices[g] = s->first[g];
  for (i64 g = 0; g < groups && counts; ++g)
    counts[g] = s->size[g];
  for (i64 i = 0; i < n && inverse; ++i)
    inverse[i] = s->group[i];
}

/// Whether slices a and b of `in` are the same.
#define DEFINE_SAME(t, T)                                                      \
  static bool same_keys_##t(const T *in, i64 outer, i64 n, i64 inner, i64 a,   \
                            i64 b) {                                           \
    for (i64 o = 0; o < outer; ++o)                                            \
      for (i64 k = 0; k < inner; ++k)                                          \
        if (key_##t(in[(o * n + a) * inner + k]) !=                            \
            key_##t(in[(o * n + b) * inner + k]))                              \
          return false;                                                        \
    return true;                                                               \
  }                                                                            \
  static bool same_numbers_##t(const T *in, i64 outer, i64 n, i64 inner,       \
                               i64 a, i64 b) {                                 \
    for (i64 o = 0; o < outer; ++o)                                            \
      for (i64 k = 0; k < inner; ++k)                                          \
        if (!(number_##t(in[(o * n + a) * inner + k]) ==                       \
              number_##t(in[(o * n + b) * inner + k])))                        \
          return false;                                                        \
    return true;                                                               \
  }

MSC_FOR_EACH_TYPE(DEFINE_SAME)

#define DEFINE_UNIQUE(t, T)                                                    \
  /* Writes the slices first[0, groups) as [outer, groups, inner]. */          \
  static void copy_groups_##t(const T *in, T *out, const i64 *first,           \
                              i64 groups, i64 outer, i64 n, i64 inner) {       \
    for (i64 o = 0; o < outer && out; ++o)                                     \
      for (i64 g = 0; g < groups; ++g)                                         \
        for (i64 k = 0; k < inner; ++k)                                        \
          out[(o * groups + g) * inner + k] =                                  \
              in[(o * n + first[g]) * inner + k];                              \
  }                                                                            \
                                                                               \
  static void sort_slices_##t(const T *in, unique_state *s, i64 outer, i64 n,  \
                              i64 inner) {                                     \
    for (i64 i = 0; i < n; ++i)                                                \
      s->order[i].index = i;                                                   \
    for (i64 c = outer * inner - 1; c >= 0; --c) {                             \
      const T *column = in + c / inner * n * inner + c % inner;                \
      for (i64 i = 0; i < n; ++i)                                              \
        s->order[i].key = key_##t(column[s->order[i].index * inner]);          \
      msc_sort_keyed(s->order, s->scratch, n);                                 \
    }                                                                          \
  }                                                                            \
                                                                               \
  int64_t msc_unique_##t(const T *in, T *out, int64_t *indices,                \
                         int64_t *inverse, int64_t *counts, int64_t outer,     \
                         int64_t n, int64_t inner, bool sorted,                \
                         void *workspace) {                                    \
    unique_state s = carve(workspace, n);                                      \
    sort_slices_##t(in, &s, outer, n, inner);                                  \
    i64 groups = 0;                                                            \
    for (i64 i = 0; i < n; ++i) {                                              \
      i64 item = s.order[i].index;                                             \
      bool same = i > 0 && same_keys_##t(in, outer, n, inner, item,            \
                                         s.order[i - 1].index);                \
      if (!same) {                                                             \
        s.first[groups] = item;                                                \
        s.size[groups++] = 0;                                                  \
      }                                                                        \
      ++s.size[groups - 1];                                                    \
      s.group[item] = groups - 1;                                              \
    }                                                                          \
    if (!sorted)                                                               \
      order_by_appearance(&s, n, groups);                                      \
    copy_groups_##t(in, out, s.first, groups, outer, n, inner);                \
    write_results(&s, n, groups, indices, inverse, counts);                    \
    return groups;                                                             \
  }                                                                            \
                                                                               \
  int64_t msc_unique_consecutive_##t(                                          \
      const T *in, T *out, int64_t *inverse, int64_t *counts, int64_t outer,   \
      int64_t n, int64_t inner, void *workspace) {                             \
    unique_state s = carve(workspace, n);                                      \
    i64 groups = 0;                                                            \
    for (i64 i = 0; i < n; ++i) {                                              \
      if (i == 0 || !same_numbers_##t(in, outer, n, inner, i, i - 1)) {        \
        s.first[groups] = i;                                                   \
        s.size[groups++] = 0;                                                  \
      }                                                                        \
      ++s.size[groups - 1];                                                    \
      s.group[i] = groups - 1;                                                 \
    }                                                                          \
    copy_groups_##t(in, out, s.first, groups, outer, n, inner);                \
    write_results(&s, n, groups, NULL, inverse, counts);                       \
    return groups;                                                             \
  }

MSC_FOR_EACH_TYPE(DEFINE_UNIQUE)

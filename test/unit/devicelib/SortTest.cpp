// SPDX-License-Identifier: Apache-2.0

/// \file
/// Sort and top-k of every element type against std::sort with ties by index:
/// ties, NaN, both directions, axes inside a tensor, lengths on both sides of
/// the switch between algorithms.

#include "ElementTypes.h"

#include <algorithm>
#include <numeric>

using namespace devicelib;

namespace {

struct View {
  int64_t outer, n, inner;
};

const View kViews[] = {{1, 0, 1}, {1, 1, 1},   {3, 7, 1},
                       {2, 5, 3}, {1, 300, 1}, {2, 90, 4}};

/// Positions along the axis of one line in sorted order.
template <typename Type>
std::vector<int64_t> sortedLine(const std::vector<typename Type::Storage> &in,
                                int64_t base, const View &view,
                                bool descending) {
  std::vector<int64_t> order(static_cast<size_t>(view.n));
  std::iota(order.begin(), order.end(), 0);
  auto at = [&](int64_t i) {
    return Type::value(in[static_cast<size_t>(base + i * view.inner)]);
  };
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    long double first = at(descending ? b : a), second = at(descending ? a : b);
    bool less = lessNaNLast(first, second);
    return less || (!lessNaNLast(second, first) && a < b);
  });
  return order;
}

template <typename Type> class Sort : public testing::Test {};
TYPED_TEST_SUITE(Sort, AllTypes);

template <typename Type>
void checkSort(const View &view, bool descending, bool wide) {
  using T = typename Type::Storage;
  size_t size = static_cast<size_t>(view.outer * view.n * view.inner);
  std::vector<T> in = randomElements<Type>(size, 1, wide);
  std::vector<T> values(size), expectedValues(size);
  std::vector<int64_t> indices(size), expected(size);
  Workspace workspace(msc_sort_workspace(view.n));
  Type::sort(in.data(), values.data(), indices.data(), view.outer, view.n,
             view.inner, descending, workspace.data());
  for (int64_t line = 0; line < view.outer * view.inner; ++line) {
    int64_t base = line / view.inner * view.n * view.inner + line % view.inner;
    std::vector<int64_t> order = sortedLine<Type>(in, base, view, descending);
    for (int64_t i = 0; i < view.n; ++i) {
      size_t to = static_cast<size_t>(base + i * view.inner);
      expected[to] = order[static_cast<size_t>(i)];
      expectedValues[to] =
          in[static_cast<size_t>(base + expected[to] * view.inner)];
    }
  }
  EXPECT_EQ(indices, expected) << view.n << " " << descending << " " << wide;
  EXPECT_TRUE(sameBytes(values, expectedValues));
}

TYPED_TEST(Sort, LikeStandardSort) {
  for (const View &view : kViews)
    for (int variant = 0; variant < 4; ++variant)
      checkSort<TypeParam>(view, variant & 1, variant & 2);
}

template <typename Type>
void checkTopK(const View &view, int64_t k, bool largest, bool sorted) {
  using T = typename Type::Storage;
  size_t size = static_cast<size_t>(view.outer * view.n * view.inner);
  size_t kept = static_cast<size_t>(view.outer * k * view.inner);
  std::vector<T> in = randomElements<Type>(size, 2, k % 2 == 1);
  std::vector<T> values(kept);
  std::vector<int64_t> indices(kept);
  Workspace workspace(msc_top_k_workspace(k));
  Type::topK(in.data(), values.data(), indices.data(), view.outer, view.n,
             view.inner, k, largest, sorted, workspace.data());
  for (int64_t line = 0; line < view.outer * view.inner; ++line) {
    int64_t block = line / view.inner, at = line % view.inner;
    int64_t base = block * view.n * view.inner + at;
    std::vector<int64_t> order = sortedLine<Type>(in, base, view, largest);
    order.resize(static_cast<size_t>(k));
    if (!sorted)
      std::sort(order.begin(), order.end());
    for (int64_t i = 0; i < k; ++i) {
      size_t to = static_cast<size_t>((block * k + i) * view.inner + at);
      ASSERT_EQ(indices[to], order[static_cast<size_t>(i)])
          << "k " << k << " line " << line << " place " << i;
      size_t from = static_cast<size_t>(base + indices[to] * view.inner);
      EXPECT_EQ(std::memcmp(&values[to], &in[from], sizeof(T)), 0);
    }
  }
}

TYPED_TEST(Sort, TopK) {
  for (const View &view : kViews)
    for (int64_t k : {0, 1, 2, 5, 80})
      for (int variant = 0; variant < 4 && k <= view.n; ++variant)
        checkTopK<TypeParam>(view, k, variant & 1, variant & 2);
}

TEST(SortOutputs, AreOptional) {
  const float in[] = {3, 1, 2};
  float values[3];
  int64_t indices[3];
  Workspace workspace(msc_sort_workspace(3));
  msc_sort_f32(in, values, nullptr, 1, 3, 1, false, workspace.data());
  EXPECT_EQ(values[0], 1);
  msc_sort_f32(in, nullptr, indices, 1, 3, 1, true, workspace.data());
  EXPECT_EQ(indices[2], 1);
  msc_top_k_f32(in, values, nullptr, 1, 3, 1, 1, true, true, workspace.data());
  EXPECT_EQ(values[0], 3);
}

} // namespace

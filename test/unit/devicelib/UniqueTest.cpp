// SPDX-License-Identifier: Apache-2.0

/// \file
/// Unique, unique_consecutive, nonzero, compress, masked_select of every
/// element type against straightforward loops.

#include "ElementTypes.h"

#include <algorithm>

using namespace devicelib;

namespace {

struct View {
  int64_t outer, n, inner;
};

/// The slices of a tensor along the axis, as values.
template <typename Type>
std::vector<std::vector<long double>>
slices(const std::vector<typename Type::Storage> &in, const View &view) {
  std::vector<std::vector<long double>> result(static_cast<size_t>(view.n));
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.n; ++i)
      for (int64_t k = 0; k < view.inner; ++k)
        result[static_cast<size_t>(i)].push_back(Type::value(
            in[static_cast<size_t>((o * view.n + i) * view.inner + k)]));
  return result;
}

bool sameSlice(const std::vector<long double> &a,
               const std::vector<long double> &b, bool equalNaN) {
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && !(equalNaN && std::isnan(a[i]) && std::isnan(b[i])))
      return false;
  return true;
}

bool lessSlice(const std::vector<long double> &a,
               const std::vector<long double> &b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      lessNaNLast);
}

struct Groups {
  std::vector<int64_t> first, inverse, counts;
};

Groups groupsOf(const std::vector<std::vector<long double>> &items,
                bool sorted) {
  Groups groups;
  for (size_t i = 0; i < items.size(); ++i) {
    bool known = false;
    for (int64_t f : groups.first)
      known |= sameSlice(items[i], items[static_cast<size_t>(f)], true);
    if (!known)
      groups.first.push_back(static_cast<int64_t>(i));
  }
  if (sorted)
    std::sort(groups.first.begin(), groups.first.end(),
              [&](int64_t a, int64_t b) {
                return lessSlice(items[static_cast<size_t>(a)],
                                 items[static_cast<size_t>(b)]);
              });
  groups.counts.resize(groups.first.size());
  for (const auto &item : items)
    for (size_t g = 0; g < groups.first.size(); ++g)
      if (sameSlice(item, items[static_cast<size_t>(groups.first[g])], true)) {
        groups.inverse.push_back(static_cast<int64_t>(g));
        ++groups.counts[g];
      }
  return groups;
}

template <typename Type> class Unique : public testing::Test {};
TYPED_TEST_SUITE(Unique, AllTypes);

/// The slices `first` of in, as the kernels write them.
template <typename T>
std::vector<T> gatherSlices(const std::vector<T> &in, const View &view,
                            const std::vector<int64_t> &first) {
  std::vector<T> out;
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t f : first)
      for (int64_t k = 0; k < view.inner; ++k)
        out.push_back(
            in[static_cast<size_t>((o * view.n + f) * view.inner + k)]);
  return out;
}

template <typename Type> void checkUnique(const View &view, bool sorted) {
  using T = typename Type::Storage;
  size_t n = static_cast<size_t>(view.n);
  size_t size = n * static_cast<size_t>(view.outer * view.inner);
  std::vector<T> in = randomElements<Type>(size, 3), out(size);
  Groups got{std::vector<int64_t>(n), std::vector<int64_t>(n),
             std::vector<int64_t>(n)};
  Workspace workspace(msc_unique_workspace(view.n));
  int64_t count =
      Type::unique(in.data(), out.data(), got.first.data(), got.inverse.data(),
                   got.counts.data(), view.outer, view.n, view.inner, sorted,
                   workspace.data());
  Groups expected = groupsOf(slices<Type>(in, view), sorted);
  ASSERT_EQ(count, static_cast<int64_t>(expected.first.size()));
  got.first.resize(expected.first.size());
  got.counts.resize(expected.first.size());
  EXPECT_EQ(got.first, expected.first);
  EXPECT_EQ(got.counts, expected.counts);
  EXPECT_EQ(got.inverse, expected.inverse);
  std::vector<T> expectedOut = gatherSlices(in, view, expected.first);
  out.resize(expectedOut.size());
  EXPECT_TRUE(sameBytes(out, expectedOut));
  EXPECT_EQ(Type::unique(in.data(), nullptr, nullptr, nullptr, nullptr,
                         view.outer, view.n, view.inner, sorted,
                         workspace.data()),
            count);
}

const View kViews[] = {{1, 0, 1},  {1, 1, 1},  {1, 200, 1},
                       {1, 40, 2}, {2, 60, 1}, {2, 9, 3}};

TYPED_TEST(Unique, SortedAndByAppearance) {
  for (const View &view : kViews) {
    checkUnique<TypeParam>(view, true);
    checkUnique<TypeParam>(view, false);
  }
}

TYPED_TEST(Unique, Consecutive) {
  using T = typename TypeParam::Storage;
  for (const View &view : kViews) {
    size_t n = static_cast<size_t>(view.n);
    size_t size = n * static_cast<size_t>(view.outer * view.inner);
    std::vector<T> in = randomElements<TypeParam>(size, 4), out(size);
    for (size_t i = 1; i < size; i += 2) // make runs, unless inner breaks them
      in[i] = in[i - 1];
    std::vector<int64_t> inverse(n), counts(n), first, expectedCounts;
    Workspace workspace(msc_unique_workspace(view.n));
    int64_t count = TypeParam::uniqueConsecutive(
        in.data(), out.data(), inverse.data(), counts.data(), view.outer,
        view.n, view.inner, workspace.data());
    auto items = slices<TypeParam>(in, view);
    for (size_t i = 0; i < n; ++i) {
      if (i == 0 || !sameSlice(items[i], items[i - 1], false)) {
        first.push_back(static_cast<int64_t>(i));
        expectedCounts.push_back(0);
      }
      ++expectedCounts.back();
      EXPECT_EQ(inverse[i], static_cast<int64_t>(first.size()) - 1);
    }
    ASSERT_EQ(count, static_cast<int64_t>(first.size()));
    counts.resize(first.size());
    EXPECT_EQ(counts, expectedCounts);
    std::vector<T> expectedOut = gatherSlices(in, view, first);
    out.resize(expectedOut.size());
    EXPECT_TRUE(sameBytes(out, expectedOut));
  }
}

TYPED_TEST(Unique, Nonzero) {
  using T = typename TypeParam::Storage;
  const int64_t shape[] = {3, 5, 4};
  std::vector<T> in = randomElements<TypeParam>(60, 5);
  for (size_t i = 0; i < in.size(); i += 3)
    in[i] = 0;
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < 60; ++i)
    if (TypeParam::value(in[static_cast<size_t>(i)]) != 0)
      rows.insert(rows.end(), {i / 20, i / 4 % 5, i % 4});
  int64_t count = static_cast<int64_t>(rows.size()) / 3;
  EXPECT_EQ(TypeParam::countNonzero(in.data(), 60), count);
  std::vector<int64_t> got(rows.size()), columns(rows.size());
  Workspace workspace(msc_nonzero_workspace(3));
  EXPECT_EQ(TypeParam::nonzero(in.data(), shape, 3, got.data(), false,
                               workspace.data()),
            count);
  EXPECT_EQ(got, rows);
  TypeParam::nonzero(in.data(), shape, 3, columns.data(), true,
                     workspace.data());
  for (int64_t i = 0; i < count; ++i)
    for (int64_t d = 0; d < 3; ++d)
      EXPECT_EQ(columns[static_cast<size_t>(d * count + i)],
                rows[static_cast<size_t>(i * 3 + d)]);
  // A scalar has no coordinates, an empty tensor no elements.
  T one = in[1] = 1;
  EXPECT_EQ(TypeParam::nonzero(&one, shape, 0, columns.data(), true,
                               workspace.data()),
            1);
  const int64_t empty[] = {4, 0};
  EXPECT_EQ(
      TypeParam::nonzero(in.data(), empty, 2, nullptr, true, workspace.data()),
      0);
}

template <typename T, typename Compress, typename Select>
void checkMasks(Compress compress, Select select) {
  std::vector<T> in(2 * 5 * 3), out(in.size());
  for (size_t i = 0; i < in.size(); ++i)
    in[i] = static_cast<T>(i * 37 + 1);
  const uint8_t mask[] = {1, 0, 0, 2, 1};
  std::vector<T> expected = gatherSlices(in, View{2, 5, 3}, {0, 3, 4});
  EXPECT_EQ(compress(in.data(), mask, 5, out.data(), 2, 5, 3), 3);
  out.resize(expected.size());
  EXPECT_EQ(out, expected);
  // A shorter mask leaves the rest out.
  EXPECT_EQ(compress(in.data(), mask, 4, out.data(), 2, 5, 3), 2);
  EXPECT_EQ(select(in.data(), mask, out.data(), 5), 3);
  EXPECT_EQ(std::vector<T>(out.begin(), out.begin() + 3),
            (std::vector<T>{in[0], in[3], in[4]}));
}

TEST(Masks, CompressAndMaskedSelect) {
  checkMasks<uint8_t>(msc_compress_b8, msc_masked_select_b8);
  checkMasks<uint16_t>(msc_compress_b16, msc_masked_select_b16);
  checkMasks<uint32_t>(msc_compress_b32, msc_masked_select_b32);
  checkMasks<uint64_t>(msc_compress_b64, msc_masked_select_b64);
}

} // namespace

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Binary search against std::lower_bound and std::upper_bound; bincount and
/// histogram against written-down results.

#include "ElementTypes.h"

#include <algorithm>

using namespace devicelib;

namespace {

template <typename Type> class Search : public testing::Test {};
TYPED_TEST_SUITE(Search, AllTypes);

TYPED_TEST(Search, LikeTheStandardLibrary) {
  using T = typename TypeParam::Storage;
  const int64_t rows = 3, n = 20, m = 11;
  auto less = [](T a, T b) {
    return lessNaNLast(TypeParam::value(a), TypeParam::value(b));
  };
  std::vector<T> sorted = randomElements<TypeParam>(rows * n, 6);
  for (int64_t r = 0; r < rows; ++r)
    std::sort(sorted.begin() + r * n, sorted.begin() + (r + 1) * n, less);
  std::vector<T> values = randomElements<TypeParam>(rows * m, 7);
  std::vector<int64_t> got(rows * m);
  for (int variant = 0; variant < 4; ++variant) {
    bool shared = variant & 1, right = variant & 2;
    TypeParam::searchSorted(sorted.data(), values.data(), got.data(), rows, n,
                            m, shared, right);
    for (int64_t i = 0; i < rows * m; ++i) {
      auto begin = sorted.begin() + (shared ? 0 : i / m * n), end = begin + n;
      T x = values[static_cast<size_t>(i)];
      auto at = right ? std::upper_bound(begin, end, x, less)
                      : std::lower_bound(begin, end, x, less);
      EXPECT_EQ(got[static_cast<size_t>(i)], at - begin) << i;
    }
  }
}

TEST(Counting, Bincount) {
  const int32_t in32[] = {1, 3, 1, -1, 0, 7, 3, 1};
  const int64_t in64[] = {1, 3, 1, -1, 0, 7, 3, 1};
  const float w32[] = {1, 2, 4, 8, 16, 32, 64, 128};
  const double w64[] = {1, 2, 4, 8, 16, 32, 64, 128};
  std::vector<int64_t> counts(5);
  msc_bincount_i32(in32, nullptr, counts.data(), 8, 5);
  EXPECT_EQ(counts, (std::vector<int64_t>{1, 3, 0, 2, 0}));
  msc_bincount_i64(in64, in64, counts.data(), 8, 5);
  EXPECT_EQ(counts, (std::vector<int64_t>{0, 3, 0, 6, 0}));
  std::vector<float> sums(5);
  msc_bincount_i32_f32(in32, w32, sums.data(), 8, 5);
  EXPECT_EQ(sums, (std::vector<float>{16, 133, 0, 66, 0}));
  msc_bincount_i64_f32(in64, nullptr, sums.data(), 8, 5);
  EXPECT_EQ(sums, (std::vector<float>{1, 3, 0, 2, 0}));
  std::vector<double> wide(5);
  msc_bincount_i32_f64(in32, w64, wide.data(), 8, 5);
  EXPECT_EQ(wide, (std::vector<double>{16, 133, 0, 66, 0}));
  msc_bincount_i64_f64(in64, w64, wide.data(), 8, 5);
  EXPECT_EQ(wide, (std::vector<double>{16, 133, 0, 66, 0}));
}

TEST(Counting, Histogram) {
  const float in[] = {0, 0.5f, 1, 1.5f, 4, 5, -1, NAN, 3.999f};
  std::vector<int64_t> counts(4);
  msc_histogram_f32(in, counts.data(), 9, 4, 0, 4);
  EXPECT_EQ(counts, (std::vector<int64_t>{2, 2, 0, 2}));
  // The range of the data: [-1, 5] in bins of 1.5.
  msc_histogram_f32(in, counts.data(), 9, 4, 0, 0);
  EXPECT_EQ(counts, (std::vector<int64_t>{2, 3, 0, 3}));
  const int32_t same[] = {7, 7, 7};
  msc_histogram_i32(same, counts.data(), 3, 4, 0, 0);
  EXPECT_EQ(counts, (std::vector<int64_t>{0, 0, 3, 0}));
  const int64_t wide[] = {1, 2, 3, 4};
  msc_histogram_i64(wide, counts.data(), 4, 4, 1, 4);
  EXPECT_EQ(counts, (std::vector<int64_t>{1, 1, 1, 1}));
  const double doubles[] = {0.1, 0.2, 0.9};
  msc_histogram_f64(doubles, counts.data(), 3, 4, 0, 1);
  EXPECT_EQ(counts, (std::vector<int64_t>{2, 0, 0, 1}));
  const uint16_t halves[] = {0x3c00, 0x4000, 0xbc00}; // 1, 2, -1
  msc_histogram_f16(halves, counts.data(), 3, 4, -2, 2);
  EXPECT_EQ(counts, (std::vector<int64_t>{0, 1, 0, 2}));
  const uint16_t bfloats[] = {0x3f80, 0x4000, 0xbf80};
  msc_histogram_bf16(bfloats, counts.data(), 3, 4, -2, 2);
  EXPECT_EQ(counts, (std::vector<int64_t>{0, 1, 0, 2}));
  msc_histogram_f32(in, counts.data(), 0, 4, 0, 0);
  EXPECT_EQ(counts, (std::vector<int64_t>{0, 0, 0, 0}));
  const float endless[] = {INFINITY, 1, -INFINITY};
  msc_histogram_f32(endless, counts.data(), 3, 4, 0, 0);
  EXPECT_EQ(counts[0] + counts[1] + counts[2] + counts[3], 3);
}

} // namespace

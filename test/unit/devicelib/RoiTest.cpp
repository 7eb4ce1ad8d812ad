// SPDX-License-Identifier: Apache-2.0

/// \file
/// Pooling of regions of interest: values worked out by hand.

#include "ElementTypes.h"

using namespace devicelib;

namespace {

/// One feature map 4 x 4 that holds 0, 1, ..., 15: 4 y + x, linear in both.
struct Map {
  std::vector<float> data;
  Map() {
    for (int i = 0; i < 16; ++i)
      data.push_back(static_cast<float>(i));
  }
};

struct Options {
  int64_t height = 1, width = 1, samples = 1;
  double scale = 1;
  bool aligned = false, max = false;
};

std::vector<float> pool(std::vector<float> rois, std::vector<int64_t> batch,
                        const Options &o) {
  Map map;
  auto count = static_cast<int64_t>(batch.size());
  std::vector<float> out(static_cast<size_t>(count * o.height * o.width));
  msc_roi_align_f32(map.data.data(), rois.data(), batch.data(), out.data(), 1,
                    1, 4, 4, count, o.height, o.width, o.samples, o.scale,
                    o.aligned, o.max);
  return out;
}

TEST(RoiAlign, TakesTheMiddleOfEachBin) {
  // Bins of 1 x 1 from (0, 0) to (2, 2): points at 0.5 and 1.5.
  EXPECT_EQ(pool({0, 0, 2, 2}, {0}, {2, 2}),
            (std::vector<float>{2.5f, 3.5f, 6.5f, 7.5f}));
}

TEST(RoiAlign, MovesAlignedCorners) {
  EXPECT_EQ(pool({1, 1, 3, 3}, {0}, {1, 1, 1, 1, true}),
            (std::vector<float>{7.5f})); // at (1.5, 1.5)
}

TEST(RoiAlign, ScalesCornersAndWidensSmallRegions) {
  // (0.5, 0.5) to (0.5, 0.5) becomes 1 x 1: the point (1, 1).
  EXPECT_EQ(pool({1, 1, 1, 1}, {0}, {1, 1, 1, 0.5}), (std::vector<float>{5}));
}

TEST(RoiAlign, TakesAsManyPointsAsTheBinIsLarge) {
  // Two points per side, at 0.5 and 1.5: the mean is the value between them.
  EXPECT_EQ(pool({0, 0, 2, 2}, {0}, {1, 1, 0}), (std::vector<float>{5}));
}

TEST(RoiAlign, TakesTheLargestWeightedNeighbour) {
  // At (0.5, 0.5) all four weights are 1/4, and 5 is the largest neighbour.
  EXPECT_EQ(pool({0, 0, 1, 1}, {0}, {1, 1, 1, 1, false, true}),
            (std::vector<float>{1.25f}));
}

TEST(RoiAlign, CountsPointsFarOutsideAsZero) {
  EXPECT_EQ(pool({-5, -5, -4, -4, 40, 0, 41, 1}, {0, 0}, {}),
            (std::vector<float>{0, 0}));
}

TEST(RoiAlign, StaysInsideTheBatchAndEndsForAnyCorners) {
  float inf = std::numeric_limits<float>::infinity();
  float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> out =
      pool({0, 0, 1, 1, -inf, nan, inf, inf}, {-7, 9}, {1, 1, 0});
  EXPECT_EQ(out[0], 2.5f);
}

} // namespace

// SPDX-License-Identifier: Apache-2.0

/// \file
/// Non-maximum suppression: the cases of the ONNX operator page, random boxes
/// against a quadratic reference, and NMSWithMask.

#include "ElementTypes.h"

#include <algorithm>
#include <array>
#include <numeric>

using namespace devicelib;

namespace {

using Row = std::array<int64_t, 3>;
using Box = std::array<float, 4>;

struct Case {
  std::vector<Box> boxes;
  std::vector<float> scores;
  int64_t batches = 1, classes = 1;
  int64_t limit = 3;
  float iou = 0.5f, score = 0;
  bool centre = false;
};

std::vector<Row> run(const Case &c) {
  int64_t n = static_cast<int64_t>(c.boxes.size()) / c.batches;
  std::vector<int64_t> out(
      static_cast<size_t>(3 * c.batches * c.classes * std::min(n, c.limit)));
  Workspace workspace(msc_nms_workspace(n));
  int64_t count = msc_non_max_suppression(
      c.boxes.data()->data(), c.scores.data(), out.data(), c.batches, c.classes,
      n, c.limit, c.iou, c.score, c.centre, workspace.data());
  std::vector<Row> rows;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i)
    rows.push_back({out[3 * i], out[3 * i + 1], out[3 * i + 2]});
  return rows;
}

const std::vector<Box> kBoxes = {{0, 0, 1, 1},         {0, 0.1f, 1, 1.1f},
                                 {0, -0.1f, 1, 0.9f},  {0, 10, 1, 11},
                                 {0, 10.1f, 1, 11.1f}, {0, 100, 1, 101}};
const std::vector<float> kScores = {0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f};

TEST(NonMaxSuppression, SuppressesByOverlap) {
  EXPECT_EQ(run({kBoxes, kScores}),
            (std::vector<Row>{{0, 0, 3}, {0, 0, 0}, {0, 0, 5}}));
}

TEST(NonMaxSuppression, FlippedCorners) {
  std::vector<Box> boxes = kBoxes;
  for (size_t i = 0; i < boxes.size(); i += 2)
    std::swap(boxes[i][0], boxes[i][2]);
  std::swap(boxes[3][1], boxes[3][3]);
  EXPECT_EQ(run({boxes, kScores}),
            (std::vector<Row>{{0, 0, 3}, {0, 0, 0}, {0, 0, 5}}));
}

TEST(NonMaxSuppression, CentreFormat) {
  std::vector<Box> boxes = {{0.5f, 0.5f, 1, 1},  {0.5f, 0.6f, 1, 1},
                            {0.5f, 0.4f, 1, 1},  {0.5f, 10.5f, 1, 1},
                            {0.5f, 10.6f, 1, 1}, {0.5f, 100.5f, 1, 1}};
  Case c{boxes, kScores};
  c.centre = true;
  EXPECT_EQ(run(c), (std::vector<Row>{{0, 0, 3}, {0, 0, 0}, {0, 0, 5}}));
}

TEST(NonMaxSuppression, Limits) {
  Case c{kBoxes, kScores};
  c.limit = 2;
  EXPECT_EQ(run(c), (std::vector<Row>{{0, 0, 3}, {0, 0, 0}}));
  c.limit = 0;
  EXPECT_TRUE(run(c).empty());
  c.limit = 30;
  c.score = 0.4f;
  EXPECT_EQ(run(c), (std::vector<Row>{{0, 0, 3}, {0, 0, 0}}));
}

TEST(NonMaxSuppression, IdenticalBoxesKeepTheFirst) {
  Case c{std::vector<Box>(10, Box{0, 0, 1, 1}), std::vector<float>(10, 0.9f)};
  EXPECT_EQ(run(c), (std::vector<Row>{{0, 0, 0}}));
}

TEST(NonMaxSuppression, BatchesAndClasses) {
  Case c{kBoxes, kScores, 2, 2};
  c.boxes.insert(c.boxes.end(), kBoxes.begin(), kBoxes.end());
  for (int i = 0; i < 3; ++i)
    c.scores.insert(c.scores.end(), kScores.begin(), kScores.end());
  c.limit = 1;
  EXPECT_EQ(run(c),
            (std::vector<Row>{{0, 0, 3}, {0, 1, 3}, {1, 0, 3}, {1, 1, 3}}));
}

TEST(NonMaxSuppression, NaNScoresAndEmptyBoxes) {
  Case c{{{0, 0, 1, 1}, {0, 0, 0, 0}, {0, 0, 1, 1}}, {NAN, 0.5f, 0.4f}};
  c.score = -INFINITY;
  EXPECT_EQ(run(c), (std::vector<Row>{{0, 0, 1}, {0, 0, 2}}));
}

/// Intersection over union of boxes with ordered corners.
double overlap(const float *a, const float *b) {
  double w = std::min<double>(a[2], b[2]) - std::max<double>(a[0], b[0]);
  double h = std::min<double>(a[3], b[3]) - std::max<double>(a[1], b[1]);
  double common = std::max(w, 0.0) * std::max(h, 0.0);
  double areas =
      double(a[2] - a[0]) * (a[3] - a[1]) + double(b[2] - b[0]) * (b[3] - b[1]);
  return common / (areas - common);
}

TEST(NmsWithMask, LikeTheQuadraticReference) {
  const size_t n = 120;
  std::mt19937_64 random(10);
  std::uniform_real_distribution<float> at(0, 10), size(0.5f, 4);
  std::vector<float> in(5 * n), out(5 * n);
  for (size_t i = 0; i < n; ++i) {
    float x = at(random), y = at(random);
    float row[] = {x, y, x + size(random), y + size(random), at(random)};
    std::copy(row, row + 5, &in[5 * i]);
  }
  std::vector<int32_t> indices(n);
  std::vector<uint8_t> mask(n);
  Workspace workspace(msc_nms_workspace(n));
  msc_nms_with_mask(in.data(), out.data(), indices.data(), mask.data(), n, 0.3f,
                    workspace.data());
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return in[5 * a + 4] > in[5 * b + 4]; });
  size_t kept = 0;
  for (size_t i = 0; i < n; ++i) {
    const float *row = &out[5 * i];
    EXPECT_EQ(std::memcmp(row, &in[5 * order[i]], 5 * sizeof(float)), 0);
    EXPECT_EQ(indices[i], static_cast<int32_t>(i));
    bool free = true;
    for (size_t j = 0; j < i; ++j)
      free &= !mask[j] || overlap(row, &out[5 * j]) <= 0.3;
    EXPECT_EQ(mask[i] != 0, free) << i;
    kept += mask[i];
  }
  EXPECT_GT(kept, 10u);
  EXPECT_LT(kept, n);
}

TEST(NmsWithMask, ExchangedCornersOverlapNothing) {
  const float in[] = {2, 0, 0, 2, 0.5f, 0, 0, 2, 2, 0.9f};
  float out[10];
  int32_t indices[2];
  uint8_t mask[2];
  Workspace workspace(msc_nms_workspace(2));
  msc_nms_with_mask(in, out, indices, mask, 2, 0.3f, workspace.data());
  EXPECT_EQ(out[0], 0);
  EXPECT_TRUE(mask[0] && mask[1]);
}

} // namespace

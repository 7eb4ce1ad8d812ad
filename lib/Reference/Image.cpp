// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the image ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>

using namespace mlir;

namespace msc::reference {

namespace {
/// One dimension of a region of interest.
struct Span {
  double start, bin;
  int64_t count; ///< points per bin
};
} // namespace

static Span makeSpan(ms::RoiAlignOp op, double low, double high, int64_t bins) {
  double scale = op.getScale().convertToDouble();
  double size = (high - low) * scale;
  if (!op.getAligned())
    size = std::fmax(size, 1);
  double bin = size / double(bins);
  int64_t count = op.getSamples();
  if (count == 0 && bin > 0)
    count = int64_t(std::fmin(std::ceil(bin), 1024));
  return {low * scale - (op.getAligned() ? 0.5 : 0), bin, count};
}

/// The weights of the input's elements at and behind the result.
static int64_t locate(double x, int64_t extent, double (&weights)[2]) {
  weights[0] = weights[1] = 0;
  if (!(x >= -1 && x <= double(extent)))
    return 0;
  x = std::fmin(std::fmax(x, 0), double(extent - 1));
  weights[1] = x - std::floor(x);
  weights[0] = 1 - weights[1];
  return int64_t(x);
}

/// The points of one bin: \p plane is the offset of the feature map.
static double poolBin(ms::RoiAlignOp op, const Tensor &input, int64_t plane,
                      const Span (&spans)[2], ArrayRef<int64_t> bin) {
  int64_t h = input.dim(2), w = input.dim(3);
  double sum = 0, best = -INFINITY;
  for (int64_t i = 0; i < spans[0].count; ++i)
    for (int64_t j = 0; j < spans[1].count; ++j) {
      auto position = [&](const Span &s, int64_t b, int64_t k) {
        return s.start +
               (double(b) + (double(k) + 0.5) / double(s.count)) * s.bin;
      };
      double wy[2], wx[2];
      int64_t y = locate(position(spans[0], bin[0], i), h, wy),
              x = locate(position(spans[1], bin[1], j), w, wx);
      for (int64_t k = 0; k < 4; ++k) {
        int64_t row = std::min(y + k / 2, h - 1),
                column = std::min(x + k % 2, w - 1);
        double v =
            wy[k / 2] * wx[k % 2] * input.getFloat(plane + row * w + column);
        sum += v;
        best = std::fmax(best, v);
      }
    }
  int64_t count = spans[0].count * spans[1].count;
  if (count == 0)
    return 0;
  return op.getMax() ? best : sum / double(count);
}

static LogicalResult evaluateRoiAlign(ms::RoiAlignOp op, Inputs in,
                                      Outputs out) {
  const Tensor &input = *in[0], &rois = *in[1];
  int64_t i = 0;
  if (input.size() == 0 && out[0].size() != 0)
    return op.emitOpError("takes elements of an empty tensor");
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
    int64_t roi = 4 * index[0];
    Span spans[2] = {makeSpan(op, rois.getFloat(roi + 1),
                              rois.getFloat(roi + 3), op.getHeight()),
                     makeSpan(op, rois.getFloat(roi), rois.getFloat(roi + 2),
                              op.getWidth())};
    int64_t n =
        std::clamp<int64_t>(in[2]->getInt(index[0]), 0, input.dim(0) - 1);
    int64_t plane = offsetOf(input.shape(), {n, index[1], 0, 0});
    out[0].setFloat(i++, poolBin(op, input, plane, spans, index.drop_front(2)));
  });
  return success();
}

void registerImage(Registry &registry) {
  registry.add<ms::RoiAlignOp>(evaluateRoiAlign);
}

} // namespace msc::reference

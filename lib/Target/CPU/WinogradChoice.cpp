// SPDX-License-Identifier: Apache-2.0
//
/// \file Which convolutions are computed by Winograd's transform.
#include "lib/Target/CPU/WinogradChoice.h"

using namespace mlir;

namespace msc::target {

/// Results and channels below which tiles in registers are mostly idle.
static constexpr int64_t fewChannels = 16;
/// Vector operations per transform of a tile's input and output, in the order
/// of tiles of 2 and of 4.
static constexpr double inputOperations[] = {32, 150},
                        outputOperations[] = {24, 100};

namespace {
/// Cycles of a 3 x 3 convolution.
struct ConvCost {
  double images, pixels, channels, outputs; ///< pixels of a result
  const CPUInfo &cpu;

  double lanes() const { return cpu.lanes(32); }
  /// Of products, and of the weights that come from behind the second cache
  /// meanwhile.
  double products(double count, double weights) const {
    double compute = count / lanes() / cpu.fmaPerCycle;
    double bytes = 4 * weights;
    double fetch =
        bytes > double(cpu.l2Bytes) / 2 ? bytes / cpu.farBytesPerCycle : 0;
    return std::max(1.1 * compute, fetch) + 0.1 * fetch;
  }
  double direct() const {
    return products(images * pixels * channels * outputs * 9,
                    9 * channels * outputs);
  }
  double tiled(int64_t tile) const;
};
} // namespace

double ConvCost::tiled(int64_t tile) const {
  double size = double((tile + 2) * (tile + 2)),
         tiles = images * pixels / double(tile * tile);
  double sums =
      products(size * tiles * channels * outputs, size * channels * outputs);
  int index = tile == 2 ? 0 : 1;
  double transforms =
      tiles / lanes() / cpu.fmaPerCycle *
      (channels * inputOperations[index] + outputs * outputOperations[index]);
  // Transformed tiles are written and read, in both directions.
  double bytes = 4 * size * tiles * (channels + outputs);
  double rate =
      bytes > double(cpu.l2Bytes) ? cpu.farBytesPerCycle : cpu.l2BytesPerCycle;
  return sums + transforms + 2 * bytes / rate;
}

int64_t chooseConvTile(ms::ConvOp op, const CPUInfo &cpu) {
  RankedTensorType weight = ms::tensorType(op.getWeight()),
                   result = ms::tensorType(op.getResult());
  if (result.getRank() != 4 || !result.hasStaticShape() ||
      weight.getDimSize(0) < fewChannels || weight.getDimSize(1) < fewChannels)
    return 0;
  ConvCost cost{double(result.getDimSize(0)),
                double(result.getDimSize(2) * result.getDimSize(3)),
                double(weight.getDimSize(1)), double(weight.getDimSize(0)),
                cpu};
  // The estimate leaves out what tiles cost at their borders.
  double least = 0.9 * cost.direct();
  int64_t best = 0;
  for (int64_t tile : {2, 4}) {
    if (result.getDimSize(2) % tile != 0 || result.getDimSize(3) % tile != 0 ||
        cost.tiled(tile) >= least)
      continue;
    least = cost.tiled(tile);
    best = tile;
  }
  return best;
}

} // namespace msc::target

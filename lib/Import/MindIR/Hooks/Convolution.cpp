// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's convolutions. Semantics: mindspore.ops, and mindspore.mint
/// for the operators with arguments instead of attributes.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Kernel (that of \p weight), strides and dilations; no pads yet.
static WindowAttrs readWindow(Node &node, Value weight) {
  WindowAttrs window;
  window.kernel.assign(Emitter::shape(weight).begin() + 2,
                       Emitter::shape(weight).end());
  size_t rank = window.rank();
  SmallVector<int64_t> ones(rank, 1);
  window.strides = spatialList(node, {"stride", "strides"}, rank, ones);
  window.dilations = spatialList(node, {"dilation", "dilations"}, rank, ones);
  window.pads.assign(2 * rank, 0);
  return window;
}

static int64_t readGroups(Node &node) {
  return node.i64(node.hasAttr("group") ? "group" : "groups", 1);
}

/// Checks the ranks of a convolution of at least one spatial dimension.
static bool expectRanks(Node &node, Value x, Value weight) {
  return node.expectRank(weight, 3, 64) &&
         node.expectRank(x, Emitter::rank(weight), Emitter::rank(weight));
}

/// Conv2D, Conv3D: pads by a mode. In the layout [N, ..., C] the weight is
/// [O, ..., C/groups].
LogicalResult importConv(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  if (!expectRanks(node, x, weight))
    return failure();
  bool last = isChannelsLast(node);
  if (last) {
    x = channelsFirst(e, x);
    weight = channelsFirst(e, weight);
  }
  if (node.i64("mode", 1) != 1)
    return node.error() << "mode " << node.i64("mode")
                        << " is not a cross-correlation";
  WindowAttrs window = readWindow(node, weight);
  PadMode mode = readPadMode(node, {"pad_mode"}, PadMode::Valid);
  if (mode == PadMode::Pad)
    readPads(node, window, {"pad", "pad_list", "pads"});
  if (!checkWindow(e, window, window.rank()))
    return failure();
  if (mode == PadMode::Same)
    padSame(window, Emitter::shape(x).drop_front(2), false);
  Value y = conv(e, x, weight, window, readGroups(node));
  return node.result(last && !node.failed() ? channelsLast(e, y) : y);
}

/// Weight [multiplier, C, kernel...] ~> [C * multiplier, 1, kernel...].
LogicalResult importDepthwiseConv(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  if (!expectRanks(node, x, weight))
    return failure();
  WindowAttrs window = readWindow(node, weight);
  PadMode mode = readPadMode(node, {"pad_mode"}, PadMode::Valid);
  if (mode == PadMode::Pad)
    readPads(node, window, {"pad", "pads", "pad_list"});
  if (!checkWindow(e, window, window.rank()))
    return failure();
  if (mode == PadMode::Same)
    padSame(window, Emitter::shape(x).drop_front(2), false);
  SmallVector<int64_t> shape(Emitter::shape(weight));
  int64_t channels = shape[1];
  shape[0] *= channels;
  shape[1] = 1;
  Value filters = reshape(e, moveDim(e, weight, 1, 0), shape);
  return node.result(conv(e, x, filters, window, channels));
}

/// Pads that make a transposed convolution give \p out. In the modes same and
/// valid the result's start is fixed; what it lacks or has too much is at its
/// end.
static void padFor(WindowAttrs &window, ArrayRef<int64_t> spatial,
                   ArrayRef<int64_t> out, PadMode mode) {
  size_t rank = window.rank();
  for (size_t d = 0; d < rank; ++d) {
    int64_t total =
        (spatial[d] - 1) * window.strides[d] + window.reach(d) - out[d];
    if (mode == PadMode::Same)
      window.pads[d] = std::max<int64_t>(total, 0) / 2;
    window.pads[rank + d] = total - window.pads[d];
  }
}

/// Conv2DTranspose, Conv2DBackpropInput (result extents in `input_sizes`) and
/// Conv3DTranspose (in `input_size`, or from the pads).
LogicalResult importConvTranspose(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  if (!expectRanks(node, x, weight))
    return failure();
  WindowAttrs window = readWindow(node, weight);
  size_t rank = window.rank();
  PadMode mode = readPadMode(node, {"pad_mode"}, PadMode::Valid);
  if (mode == PadMode::Pad)
    readPads(node, window, {"pad_list", "pad", "pads"});
  SmallVector<int64_t> zeros(rank, 0);
  SmallVector<int64_t> out =
      spatialList(node, {"input_sizes", "input_size"}, rank, zeros);
  SmallVector<int64_t> more =
      spatialList(node, {"output_padding"}, rank, zeros);
  if (isChannelsLast(node))
    return node.error() << "the layout [N, ..., C] is not supported";
  if (!checkWindow(e, window, rank))
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  bool stated = node.hasAttr("input_sizes") || node.hasAttr("input_size");
  if (!stated && mode == PadMode::Same)
    for (size_t d = 0; d < rank; ++d)
      out[d] = spatial[d] * window.strides[d];
  if (stated || mode == PadMode::Same) {
    padFor(window, spatial, out, mode);
    more = zeros;
  }
  return node.result(
      convTranspose(e, x, weight, window, readGroups(node), more));
}

/// The convolutions of mindspore.mint: input, weight, bias or None, stride,
/// padding (numbers or a mode), dilation, groups; maybe transposed. The input
/// may lack the batch dimension.
LogicalResult importConvExt(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  Value bias = node.has(2) ? node.in(2) : Value();
  bool lacksBatch = Emitter::rank(x) + 1 == Emitter::rank(weight);
  if (lacksBatch)
    x = expandDim(e, x, 0);
  if (!expectRanks(node, x, weight))
    return failure();
  WindowAttrs window = readWindow(node, weight);
  size_t rank = window.rank();
  StringRef name = node.op.getOp();
  bool byMode =
      name.ends_with("ConvolutionStr") || name.ends_with("Conv2DPadding");
  if (!byMode)
    readEqualPads(node, window, {"padding"});
  if (!checkWindow(e, window, rank))
    return failure();
  if (byMode && readPadMode(node, {"padding"}, PadMode::Valid) == PadMode::Same)
    padSame(window, Emitter::shape(x).drop_front(2), false);
  SmallVector<int64_t> zeros(rank, 0);
  SmallVector<int64_t> more =
      spatialList(node, {"output_padding"}, rank, zeros);
  bool transposed =
      name.ends_with("ConvTranspose2D") || node.flag("transposed", false);
  Value y = transposed
                ? convTranspose(e, x, weight, window, readGroups(node), more)
                : conv(e, x, weight, window, readGroups(node));
  y = addBias(e, y, bias);
  return node.result(lacksBatch && !node.failed() ? squeezeDim(e, y, 0) : y);
}

} // namespace msc::import::mindir

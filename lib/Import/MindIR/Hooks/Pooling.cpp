// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's pools. Semantics: mindspore.ops, and mindspore.mint for the
/// operators with arguments instead of attributes.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Kernel, strides (those of the kernel when absent) and dilations; no pads.
/// \p last: lists have the entry for C at their end.
static WindowAttrs readWindow(Node &node, size_t rank, bool last = false) {
  SmallVector<int64_t> ones(rank, 1);
  WindowAttrs window;
  window.kernel = spatialList(node, {"kernel_size", "ksize"}, rank, ones, last);
  window.strides =
      spatialList(node, {"strides", "stride"}, rank, window.kernel, last);
  window.dilations =
      spatialList(node, {"dilation", "dilations"}, rank, ones, last);
  window.pads.assign(2 * rank, 0);
  return window;
}

/// The type of positions: a name, the number of a type, or 3 (i32) and 4 (i64).
static Type positionType(Node &node) {
  Attribute value = node.attr("argmax_type");
  auto word = dyn_cast_if_present<StringAttr>(value);
  auto number = dyn_cast_if_present<IntegerAttr>(value);
  bool isNarrow = (word && word == "int32") ||
                  (number && (number.getInt() == 3 || number.getInt() == 34));
  return isNarrow ? node.e.i32() : node.e.i64();
}

static LogicalResult resultPair(Node &node, Value y, Value positions) {
  return node.result(Val::tuple({y, positions}));
}

/// MaxPool, AvgPool, MaxPoolWithArgmax: pads by a mode, not counted in means.
/// \p pool: from the input [N, C, ...] to the results in that layout.
static LogicalResult importModePool(
    Node &node, bool kernelLast,
    llvm::function_ref<SmallVector<Value>(Value, const WindowAttrs &)> pool) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (!node.expectRank(x, 3, 64))
    return failure();
  bool last = isChannelsLast(node);
  if (last)
    x = channelsFirst(e, x);
  WindowAttrs window =
      readWindow(node, Emitter::rank(x) - 2, last || kernelLast);
  PadMode mode = readPadMode(node, {"pad_mode", "padding"}, PadMode::Valid);
  if (mode == PadMode::Pad)
    readPads(node, window, {"pad_list", "pad"});
  if (!checkWindow(e, window, window.rank()))
    return failure();
  if (mode == PadMode::Same)
    padSame(window, Emitter::shape(x).drop_front(2), false);
  SmallVector<Value> results = pool(x, window);
  if (node.failed())
    return failure();
  if (last)
    for (Value &v : results)
      v = channelsLast(e, v);
  if (results.size() == 1)
    return node.result(results[0]);
  return resultPair(node, results[0], results[1]);
}

LogicalResult importMaxPool(Node &node) {
  return importModePool(node, false, [&](Value x, const WindowAttrs &window) {
    return SmallVector<Value>{maxPool(node.e, x, window)};
  });
}

LogicalResult importAvgPool(Node &node) {
  return importModePool(node, false, [&](Value x, const WindowAttrs &window) {
    return SmallVector<Value>{avgPool(node.e, x, window)};
  });
}

/// Its attributes have the order (1, h, w, 1) in any layout; positions are i32.
/// Positions count all channels, as MindSpore's CPU kernel has them.
LogicalResult importMaxPoolWithArgmax(Node &node) {
  Emitter &e = node.e;
  return importModePool(node, true, [&](Value x, const WindowAttrs &window) {
    SmallVector<Value> results = maxPoolWithIndices(e, x, window);
    if (node.failed())
      return results;
    ArrayRef<int64_t> shape = Emitter::shape(x);
    int64_t plane = 1;
    for (int64_t extent : shape.drop_front(2))
      plane *= extent;
    Value channel = iotaDim(e, shape[1], e.i64(), 1, shape.size());
    Value all = e.add(results[1], e.mul(channel, double(plane)));
    results[1] = e.cast(all, e.i32());
    return results;
  });
}

/// The input with a batch dimension where it lacks one.
static Value batched(Node &node, Value x, size_t rank, bool &lacksBatch) {
  lacksBatch = Emitter::rank(x) == int64_t(rank) + 1;
  return lacksBatch ? expandDim(node.e, x, 0) : x;
}

/// Pools with equal pads before and after, and a ceil mode: max pools with
/// positions. \p rank: number of spatial dimensions.
static LogicalResult importPadPool(Node &node, size_t rank) {
  Emitter &e = node.e;
  bool lacksBatch;
  Value x = batched(node, node.in(0), rank, lacksBatch);
  if (!node.expectRank(x, rank + 2, rank + 2))
    return failure();
  WindowAttrs window = readWindow(node, rank);
  readEqualPads(node, window, {"pads"});
  if (!checkWindow(e, window, rank))
    return failure();
  if (node.flag("ceil_mode", false))
    padCeil(window, Emitter::shape(x).drop_front(2));
  SmallVector<Value> results = maxPoolWithIndices(e, x, window);
  if (node.failed())
    return failure();
  if (lacksBatch)
    for (Value &v : results)
      v = squeezeDim(e, v, 0);
  return resultPair(node, results[0], e.cast(results[1], positionType(node)));
}

LogicalResult importMaxPool2DWithPositions(Node &node) {
  return importPadPool(node, 2);
}
LogicalResult importMaxPool3DWithPositions(Node &node) {
  return importPadPool(node, 3);
}

/// MaxPool3D and AvgPool3D: pads by a mode or a list, and a ceil mode.
static LogicalResult importPool3D(Node &node, bool isMean) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (!node.expectRank(x, 5, 5))
    return failure();
  WindowAttrs window = readWindow(node, 3);
  PadMode mode = readPadMode(node, {"pad_mode"}, PadMode::Valid);
  if (mode == PadMode::Pad)
    readPads(node, window, {"pad_list", "pad"});
  if (isChannelsLast(node))
    return node.error() << "the layout [N, ..., C] is not supported";
  if (!checkWindow(e, window, 3))
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  if (mode == PadMode::Same)
    padSame(window, spatial, false);
  SmallVector<int64_t> counted;
  if (mode == PadMode::Pad && node.flag("count_include_pad", true))
    counted = window.pads;
  if (node.hasAttr("ceil_mode") && node.flag("ceil_mode"))
    padCeil(window, spatial);
  if (!isMean)
    return node.result(maxPool(e, x, window));
  return node.result(
      avgPool(e, x, window, counted, node.i64("divisor_override", 0)));
}

LogicalResult importMaxPool3D(Node &node) { return importPool3D(node, false); }
LogicalResult importAvgPool3D(Node &node) { return importPool3D(node, true); }

/// mindspore.mint's mean pools: input with or without a batch, kernel_size,
/// stride or None, padding, ceil_mode, count_include_pad, divisor_override.
static LogicalResult importAvgPoolExt(Node &node, size_t rank) {
  Emitter &e = node.e;
  bool lacksBatch;
  Value x = batched(node, node.in(0), rank, lacksBatch);
  if (!node.expectRank(x, rank + 2, rank + 2))
    return failure();
  WindowAttrs window = readWindow(node, rank);
  readEqualPads(node, window, {"padding"});
  if (!checkWindow(e, window, rank))
    return failure();
  SmallVector<int64_t> counted;
  if (node.flag("count_include_pad", true))
    counted = window.pads;
  if (node.flag("ceil_mode", false))
    padCeil(window, Emitter::shape(x).drop_front(2));
  Value y = avgPool(e, x, window, counted, node.i64("divisor_override", 0));
  return node.result(lacksBatch && !node.failed() ? squeezeDim(e, y, 0) : y);
}

LogicalResult importAvgPool1DExt(Node &node) {
  return importAvgPoolExt(node, 1);
}
LogicalResult importAvgPool2DExt(Node &node) {
  return importAvgPoolExt(node, 2);
}

/// Adaptive pools: extents of -1 (and the type's lowest) keep the input's.
static LogicalResult importAdaptivePool(Node &node, size_t rank, bool isMean) {
  Emitter &e = node.e;
  bool lacksBatch;
  Value x = batched(node, node.in(0), rank, lacksBatch);
  if (!node.expectRank(x, rank + 2, rank + 2))
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  SmallVector<int64_t> size = spatialList(node, {"output_size"}, rank, spatial);
  WindowAttrs window;
  bool isEven = true;
  for (auto [extent, in] : llvm::zip_equal(size, spatial)) {
    extent = extent < 0 ? in : extent;
    isEven &= extent > 0 && in > 0 && in % extent == 0;
    window.kernel.push_back(isEven ? in / extent : 1);
  }
  if (node.failed())
    return failure();
  auto finish = [&](Value v) {
    return lacksBatch && !node.failed() ? squeezeDim(e, v, 0) : v;
  };
  if (!isMean) {
    SmallVector<Value> results =
        e.emitAll<ms::AdaptiveMaxPoolOp>(x, {{"output_size", size}});
    if (node.failed())
      return failure();
    return resultPair(node, finish(results[0]), finish(results[1]));
  }
  if (!isEven)
    return node.result(
        finish(e.emit<ms::AdaptiveAvgPoolOp>(x, {{"output_size", size}})));
  window.strides = window.kernel;
  window.pads.assign(2 * rank, 0);
  window.dilations.assign(rank, 1);
  return node.result(finish(avgPool(e, x, window)));
}

LogicalResult importAdaptiveAvgPool1D(Node &node) {
  return importAdaptivePool(node, 1, true);
}
LogicalResult importAdaptiveAvgPool2D(Node &node) {
  return importAdaptivePool(node, 2, true);
}
LogicalResult importAdaptiveAvgPool3D(Node &node) {
  return importAdaptivePool(node, 3, true);
}
LogicalResult importAdaptiveMaxPool1D(Node &node) {
  return importAdaptivePool(node, 1, false);
}
LogicalResult importAdaptiveMaxPool2D(Node &node) {
  return importAdaptivePool(node, 2, false);
}
LogicalResult importAdaptiveMaxPool3D(Node &node) {
  return importAdaptivePool(node, 3, false);
}

/// x and positions in planes; `output_shape`, when not empty, has all extents.
static LogicalResult importMaxUnpool(Node &node, size_t rank) {
  Emitter &e = node.e;
  Value x = node.in(0), positions = node.in(1);
  if (!node.expectRank(x, rank + 2, rank + 2))
    return failure();
  WindowAttrs window = readWindow(node, rank);
  readEqualPads(node, window, {"pads"});
  if (!checkWindow(e, window, rank))
    return failure();
  SmallVector<int64_t> out;
  for (size_t d = 0; d < rank; ++d)
    out.push_back(std::max<int64_t>(
        0, (Emitter::shape(x)[2 + d] - 1) * window.strides[d] +
               window.kernel[d] - 2 * window.pads[d]));
  if (SmallVector<int64_t> stated =
          node.i64s("output_shape", SmallVector<int64_t>());
      !stated.empty())
    out = spatialList(node, {"output_shape"}, rank, out);
  return node.failed() ? failure()
                       : node.result(maxUnpool(e, x, positions, out));
}

LogicalResult importMaxUnpool2D(Node &node) { return importMaxUnpool(node, 2); }
LogicalResult importMaxUnpool3D(Node &node) { return importMaxUnpool(node, 3); }

} // namespace msc::import::mindir

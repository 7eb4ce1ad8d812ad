// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that pad, and those that cut images into blocks
/// and windows.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// The amounts before and after each dimension.
struct Amounts {
  SmallVector<int64_t> low, high;
};

/// \p paddings has pairs (before, after) for the last dimension first, and may
/// be shorter than the rank; without \p interleaved all befores come first.
static FailureOr<Amounts> fromLast(Node &node, ArrayRef<int64_t> paddings,
                                   int64_t rank, bool interleaved = true) {
  size_t count = paddings.size() / 2;
  if (paddings.size() % 2 != 0 || int64_t(count) > rank) {
    node.error() << "has " << paddings.size() << " paddings for rank " << rank;
    return failure();
  }
  Amounts amounts{SmallVector<int64_t>(rank, 0), SmallVector<int64_t>(rank, 0)};
  for (size_t i = 0; i < count; ++i) {
    amounts.low[rank - 1 - i] = paddings[interleaved ? 2 * i : i];
    amounts.high[rank - 1 - i] = paddings[interleaved ? 2 * i + 1 : count + i];
  }
  return amounts;
}

/// \p paddings has a pair (before, after) for each dimension, the first first.
static FailureOr<Amounts> fromFirst(Node &node, ArrayRef<int64_t> paddings,
                                    int64_t rank) {
  if (int64_t(paddings.size()) != 2 * rank) {
    node.error() << "has " << paddings.size() << " paddings for rank " << rank;
    return failure();
  }
  Amounts amounts;
  for (int64_t d = 0; d < rank; ++d) {
    amounts.low.push_back(paddings[2 * d]);
    amounts.high.push_back(paddings[2 * d + 1]);
  }
  return amounts;
}

static LogicalResult padBy(Node &node, Value x, FailureOr<Amounts> amounts,
                           StringRef mode, Value value = nullptr) {
  if (node.failed() || failed(amounts))
    return failure();
  return node.result(pad(node.e, x, amounts->low, amounts->high, mode, value));
}

LogicalResult importPad(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> paddings = node.i64s("paddings");
  return padBy(node, x, fromFirst(node, paddings, Emitter::rank(x)),
               "constant");
}

LogicalResult importMirrorPad(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> paddings = node.i64s("paddings");
  std::string mode = StringRef(node.str("mode", "REFLECT")).lower();
  return padBy(node, x, fromFirst(node, paddings, Emitter::rank(x)), mode);
}

LogicalResult importPadV3(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> paddings = node.i64s("paddings");
  std::string mode = node.str("mode", "constant");
  bool interleaved = node.flag("paddings_contiguous", true);
  Value value = node.has(2) && mode == "constant"
                    ? node.in(2, Emitter::element(x))
                    : Value();
  return padBy(node, x, fromLast(node, paddings, Emitter::rank(x), interleaved),
               mode == "circular" ? "wrap" : mode, value);
}

LogicalResult importConstantPadND(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> paddings = node.i64s("padding");
  Value value = node.has(2) ? node.in(2, Emitter::element(x)) : Value();
  return padBy(node, x, fromLast(node, paddings, Emitter::rank(x)), "constant",
               value);
}

LogicalResult importReflectionPad(Node &node) {
  Value x = node.in(0);
  return padBy(node, x, fromLast(node, node.i64s("padding"), Emitter::rank(x)),
               "reflect");
}

LogicalResult importReplicationPad(Node &node) {
  Value x = node.in(0);
  return padBy(node, x, fromLast(node, node.i64s("padding"), Emitter::rank(x)),
               "edge");
}

// Blocks.

LogicalResult importDepthToSpace(Node &node) {
  Value x = node.in(0);
  int64_t block = node.i64("block_size");
  if (!node.expectRank(x, 4, 4))
    return failure();
  return node.result(depthToSpace(node.e, x, block, /*channelFirst=*/false));
}

LogicalResult importSpaceToDepth(Node &node) {
  Value x = node.in(0);
  int64_t block = node.i64("block_size");
  if (!node.expectRank(x, 4, 4))
    return failure();
  return node.result(spaceToDepth(node.e, x, block));
}

/// The blocks of the trailing dimensions; `block_size` stands for two equal
/// ones. Empty after an error.
static SmallVector<int64_t> blocksOf(Node &node, Value x,
                                     ArrayRef<int64_t> amounts) {
  SmallVector<int64_t> blocks = node.hasAttr("block_size")
                                    ? repeated(node.i64s("block_size"), 2)
                                    : node.i64s("block_shape");
  if (node.failed())
    return {};
  if (blocks.empty() || int64_t(blocks.size()) >= Emitter::rank(x) ||
      amounts.size() != 2 * blocks.size() ||
      llvm::any_of(blocks, [](int64_t b) { return b <= 0; })) {
    node.error() << "blocks [" << blocks << "] and amounts [" << amounts
                 << "] do not fit " << x.getType();
    return {};
  }
  return blocks;
}

/// [N, ..., Hi * bi ...] -> [prod(b) * N, ..., Hi ...]
LogicalResult importSpaceToBatch(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> amounts = node.i64s("paddings"),
                       blocks = blocksOf(node, x, amounts);
  if (node.failed())
    return failure();
  int64_t rank = Emitter::rank(x), front = rank - blocks.size();
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (size_t i = 0; i < blocks.size(); ++i) {
    low[front + i] = amounts[2 * i];
    high[front + i] = amounts[2 * i + 1];
  }
  x = pad(e, x, low, high);
  SmallVector<int64_t> shape(Emitter::shape(x)),
      cut(Emitter::shape(x).take_front(front));
  SmallVector<int64_t> order,
      kept = llvm::to_vector(llvm::seq<int64_t>(0, front));
  for (auto [i, block] : llvm::enumerate(blocks)) {
    if (shape[front + i] % block != 0)
      return node.error() << "cannot cut an extent of " << shape[front + i]
                          << " into blocks of " << block;
    kept.push_back(cut.size());
    shape[front + i] /= block;
    cut.push_back(shape[front + i]);
    order.push_back(cut.size());
    cut.push_back(block);
  }
  llvm::append_range(order, kept);
  shape[0] = product(e, {shape[0], product(e, blocks)});
  return node.result(
      reshape(e, transpose(e, reshape(e, x, cut), order), shape));
}

/// The inverse of SpaceToBatch, with `crops` for `paddings`.
LogicalResult importBatchToSpace(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> amounts = node.i64s("crops"),
                       blocks = blocksOf(node, x, amounts);
  if (node.failed())
    return failure();
  int64_t rank = Emitter::rank(x), count = blocks.size(), front = rank - count;
  SmallVector<int64_t> shape(Emitter::shape(x));
  int64_t perImage = product(e, blocks);
  if (shape[0] % perImage != 0)
    return node.error() << "cannot spread a batch of " << shape[0]
                        << " over blocks [" << blocks << "]";
  shape[0] /= perImage;
  SmallVector<int64_t> cut(blocks), order;
  llvm::append_range(cut, shape);
  for (int64_t d = 0; d < rank; ++d) {
    order.push_back(count + d);
    if (d >= front)
      order.push_back(d - front);
  }
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (int64_t i = 0; i < count; ++i) {
    shape[front + i] = product(e, {shape[front + i], blocks[i]});
    low[front + i] = -amounts[2 * i];
    high[front + i] = -amounts[2 * i + 1];
  }
  x = reshape(e, transpose(e, reshape(e, x, cut), order), shape);
  return node.result(pad(e, x, low, high));
}

// Windows.

/// Two amounts stand for (height, width), four for (top, bottom, left, right).
static SmallVector<int64_t> windowPads(ArrayRef<int64_t> pads) {
  if (pads.size() == 4)
    return {pads[0], pads[2], pads[1], pads[3]};
  SmallVector<int64_t> both = repeated(pads, 2);
  llvm::append_range(both, repeated(pads, 2));
  return both;
}

/// The window of a primitive whose attributes have these names.
static ColumnWindow windowOf(Node &node, ArrayRef<const char *> names) {
  ColumnWindow window;
  window.kernel = repeated(node.i64s(names[0]), 2);
  window.strides = repeated(node.i64s(names[1], SmallVector<int64_t>{1}), 2);
  window.dilations = repeated(node.i64s(names[2], SmallVector<int64_t>{1}), 2);
  window.pads = windowPads(node.i64s(names[3], SmallVector<int64_t>{0}));
  return window;
}

LogicalResult importIm2Col(Node &node) {
  Value x = node.in(0);
  ColumnWindow window =
      windowOf(node, {"ksizes", "strides", "dilations", "pads"});
  if (!node.expectRank(x, 4, 4))
    return failure();
  llvm::append_range(window.image, Emitter::shape(x).drop_front(2));
  return node.result(imageToColumns(node.e, x, window));
}

LogicalResult importIm2ColExt(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  ColumnWindow window =
      windowOf(node, {"kernel_size", "stride", "dilation", "padding"});
  if (!node.expectRank(x, 3, 4))
    return failure();
  bool isBatch = Emitter::rank(x) == 4;
  x = expandToRank(e, x, 4);
  llvm::append_range(window.image, Emitter::shape(x).drop_front(2));
  Value columns = imageToColumns(e, x, window);
  if (node.failed())
    return failure();
  ArrayRef<int64_t> shape = Emitter::shape(columns);
  columns = reshape(e, columns,
                    {shape[0], product(e, {shape[1], shape[2]}), shape[3]});
  return node.result(isBatch ? columns : squeezeDim(e, columns, 0));
}

LogicalResult importCol2Im(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  ColumnWindow window =
      windowOf(node, {"kernel_size", "stride", "dilation", "padding"});
  window.image = node.i64s("output_size");
  if (!node.expectRank(x, 2, 4))
    return failure();
  // [N, C, K, L] (Col2Im) or [N, C * K, L], without N too (Col2ImExt).
  bool isBatch = Emitter::rank(x) > 2;
  SmallVector<int64_t> shape(Emitter::shape(x));
  if (shape.size() == 4)
    shape = {shape[0], product(e, {shape[1], shape[2]}), shape[3]};
  if (!isBatch)
    shape.insert(shape.begin(), 1);
  Value image = columnsToImage(e, reshape(e, x, shape), window);
  if (node.failed())
    return failure();
  return node.result(isBatch ? image : squeezeDim(e, image, 0));
}

} // namespace msc::import::mindir

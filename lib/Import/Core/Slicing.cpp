// SPDX-License-Identifier: Apache-2.0
//
/// \file Slices, views and windows that several formats' operators share.
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import {

Value reshapeInferred(Emitter &e, Value v, SmallVector<int64_t> shape) {
  int64_t *inferred = llvm::find(shape, -1);
  if (inferred != shape.end()) {
    *inferred = 1;
    int64_t known = product(e, shape),
            count = Emitter::type(v).getNumElements();
    if (!e.failed && (known == 0 || count % known != 0)) {
      *inferred = -1;
      e.error() << "cannot reshape " << v.getType() << " to [" << shape << "]";
    }
    *inferred = e.failed ? 1 : count / known;
  }
  return e.failed ? e.poison() : reshape(e, v, shape);
}

Value squeeze(Node &node, Value v, std::optional<SmallVector<int64_t>> axes) {
  ArrayRef<int64_t> shape = Emitter::shape(v);
  SmallVector<bool> dropped(shape.size(), false);
  for (size_t d = 0; d < shape.size(); ++d)
    dropped[d] = !axes && shape[d] == 1;
  for (int64_t axis : axes.value_or(SmallVector<int64_t>())) {
    int64_t d = node.axis(axis, shape.size());
    if (!node.failed() && shape[d] != 1)
      node.error() << "cannot drop dimension " << d << " of extent "
                   << shape[d];
    if (node.failed())
      return v;
    dropped[d] = true;
  }
  SmallVector<int64_t> kept;
  for (auto [d, extent] : llvm::enumerate(shape))
    if (!dropped[d])
      kept.push_back(extent);
  return reshape(node.e, v, kept);
}

Value unsqueeze(Node &node, Value v, ArrayRef<int64_t> axes) {
  int64_t rank = Emitter::rank(v) + axes.size();
  SmallVector<bool> inserted(rank, false);
  for (int64_t axis : axes) {
    int64_t d = node.axis(axis, rank);
    if (!node.failed() && inserted[d])
      node.error() << "inserts dimension " << d << " twice";
    if (node.failed())
      return v;
    inserted[d] = true;
  }
  SmallVector<int64_t> shape;
  const int64_t *next = Emitter::shape(v).begin();
  for (bool isNew : inserted)
    shape.push_back(isNew ? 1 : *next++);
  return reshape(node.e, v, shape);
}

SliceRange sliceRange(int64_t extent, int64_t start, int64_t end,
                      int64_t step) {
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
  auto bound = [&](int64_t i) {
    return std::clamp(i < 0 ? i + extent : i, low, high);
  };
  start = bound(start);
  end = bound(end);
  uint64_t distance = step > 0 ? std::max<int64_t>(end - start, 0)
                               : std::max<int64_t>(start - end, 0);
  uint64_t stride = step > 0 ? uint64_t(step) : -uint64_t(step);
  int64_t size = (distance + stride - 1) / stride;
  if (distance != 0 && size == 0) // the sum wrapped: the step is huge
    size = 1;
  if (size <= 1)
    step = 1;
  return {size ? start : 0, size, step};
}

SmallVector<SliceRange> wholeRanges(Value v) {
  SmallVector<SliceRange> ranges;
  for (int64_t extent : Emitter::shape(v))
    ranges.push_back({0, extent, 1});
  return ranges;
}

Value sliceAll(Emitter &e, Value v, ArrayRef<SliceRange> ranges) {
  SmallVector<int64_t> starts, sizes, steps;
  bool isWhole = true;
  for (auto [range, extent] : llvm::zip_equal(ranges, Emitter::shape(v))) {
    starts.push_back(range.start);
    sizes.push_back(range.size);
    steps.push_back(range.step);
    isWhole &= range.size == extent && range.step == 1;
  }
  if (isWhole)
    return v;
  return e.emit<ms::SliceOp>(
      v, {{"starts", starts}, {"sizes", sizes}, {"steps", steps}});
}

Value eye(Emitter &e, int64_t rows, int64_t columns, int64_t diagonal,
          Type element) {
  Value row =
      e.add(iotaDim(e, rows, e.i64(), 0, 2), e.ints({diagonal}, e.i64()));
  Value column = iotaDim(e, columns, e.i64(), 1, 2);
  return e.cast(e.emit<ms::EqualOp>({column, row}), element);
}

Value trianglePart(Emitter &e, Value v, int64_t diagonal, bool lower) {
  ArrayRef<int64_t> matrix = Emitter::shape(v).take_back(2);
  Value mask = triangle(e, matrix[0], matrix[1], diagonal, lower);
  return e.select(mask, v, e.scalar(0, Emitter::element(v)));
}

Value depthToSpace(Emitter &e, Value v, int64_t block, bool channelFirst) {
  ArrayRef<int64_t> shape = Emitter::shape(v);
  int64_t n = shape[0], c = shape[1], h = shape[2], w = shape[3];
  if (block <= 0 || block > (1 << 15) || c % (block * block) != 0) {
    e.error() << "cannot spread " << c << " channels over blocks of " << block;
    return v;
  }
  c /= block * block;
  int64_t height, width;
  if (llvm::MulOverflow(h, block, height) ||
      llvm::MulOverflow(w, block, width)) {
    e.error() << "blocks of " << block << " overflow";
    return v;
  }
  if (channelFirst) {
    v = reshape(e, v, {n, c, block, block, h, w});
    v = transpose(e, v, {0, 1, 4, 2, 5, 3});
  } else {
    v = reshape(e, v, {n, block, block, c, h, w});
    v = transpose(e, v, {0, 3, 4, 1, 5, 2});
  }
  return reshape(e, v, {n, c, height, width});
}

Value spaceToDepth(Emitter &e, Value v, int64_t block) {
  ArrayRef<int64_t> shape = Emitter::shape(v);
  int64_t n = shape[0], c = shape[1], h = shape[2], w = shape[3];
  if (block <= 0 || h % block != 0 || w % block != 0) {
    e.error() << "cannot cut " << h << " x " << w << " into blocks of "
              << block;
    return v;
  }
  v = reshape(e, v, {n, c, h / block, block, w / block, block});
  v = transpose(e, v, {0, 3, 5, 1, 2, 4});
  return reshape(e, v,
                 {n, product(e, {c, block, block}), h / block, w / block});
}

/// Tables of more entries are refused: the shapes are absurd.
static constexpr int64_t tableLimit = 1 << 28;

/// Checks \p window and computes the number of places per dimension.
static FailureOr<SmallVector<int64_t>> placesOf(Emitter &e,
                                                const ColumnWindow &window) {
  size_t dims = window.image.size();
  if (window.kernel.size() != dims || window.dilations.size() != dims ||
      window.strides.size() != dims || window.pads.size() != 2 * dims) {
    e.error() << "kernel, dilations, strides and pads do not have one entry "
                 "for each of "
              << dims << " dimensions";
    return failure();
  }
  auto isSane = [](int64_t v, int64_t low) {
    return v >= low && v < (1 << 30);
  };
  SmallVector<int64_t> places;
  for (size_t d = 0; d < dims; ++d) {
    int64_t before = window.pads[d], after = window.pads[dims + d];
    bool sane = isSane(window.image[d], 0) && isSane(window.kernel[d], 1) &&
                isSane(window.dilations[d], 1) &&
                isSane(window.strides[d], 1) && isSane(before, 0) &&
                isSane(after, 0);
    int64_t span = sane ? window.image[d] + before + after -
                              window.dilations[d] * (window.kernel[d] - 1) - 1
                        : -1;
    if (span < 0) {
      e.error() << "a window of " << window.kernel[d]
                << " does not fit dimension " << d << " of extent "
                << window.image[d];
      return failure();
    }
    places.push_back(span / window.strides[d] + 1);
  }
  return places;
}

/// For each element of the window and each place, in row-major order, the
/// row-major position in the padded (\p padded) or bare image; the image's size
/// where it is outside.
static FailureOr<SmallVector<int64_t>>
columnTable(Emitter &e, const ColumnWindow &window, bool padded) {
  FailureOr<SmallVector<int64_t>> places = placesOf(e, window);
  if (failed(places))
    return failure();
  size_t dims = window.image.size();
  SmallVector<int64_t> extents, loops(window.kernel);
  llvm::append_range(loops, *places);
  for (size_t d = 0; d < dims; ++d)
    extents.push_back(window.image[d] +
                      (padded ? window.pads[d] + window.pads[dims + d] : 0));
  int64_t size = product(e, extents), count = product(e, loops);
  if (e.failed || count > tableLimit) {
    e.error() << "a window of [" << window.kernel << "] has too many places";
    return failure();
  }
  SmallVector<int64_t> table, index(loops.size(), 0);
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, position = 0;
    bool isInside = true;
    for (size_t l = loops.size(); l-- > 0; rest /= loops[l])
      index[l] = rest % loops[l];
    for (size_t d = 0; d < dims; ++d) {
      int64_t p = index[d] * window.dilations[d] +
                  index[dims + d] * window.strides[d] -
                  (padded ? 0 : window.pads[d]);
      isInside &= p >= 0 && p < extents[d];
      position = position * extents[d] + p;
    }
    table.push_back(isInside ? position : size);
  }
  return table;
}

Value imageToColumns(Emitter &e, Value v, const ColumnWindow &window) {
  FailureOr<SmallVector<int64_t>> table =
      columnTable(e, window, /*padded=*/true);
  if (failed(table))
    return v;
  size_t dims = window.image.size();
  SmallVector<int64_t> low(2, 0), high(2, 0);
  llvm::append_range(low, ArrayRef<int64_t>(window.pads).take_front(dims));
  llvm::append_range(high, ArrayRef<int64_t>(window.pads).drop_front(dims));
  v = pad(e, v, low, high);
  ArrayRef<int64_t> shape = Emitter::shape(v);
  int64_t elements = product(e, window.kernel);
  v = reshape(e, v, {shape[0], shape[1], product(e, shape.drop_front(2))});
  Value indices = e.ints(*table, e.i64());
  indices = reshape(e, indices, {elements, int64_t(table->size()) / elements});
  return gather(e, v, indices, 2);
}

Value columnsToImage(Emitter &e, Value v, const ColumnWindow &window) {
  FailureOr<SmallVector<int64_t>> table =
      columnTable(e, window, /*padded=*/false);
  if (failed(table))
    return v;
  int64_t elements = product(e, window.kernel), n = Emitter::shape(v)[0];
  int64_t channels = Emitter::shape(v)[1] / elements;
  SmallVector<int64_t> columns{n, channels, int64_t(table->size())};
  v = reshape(e, v, columns);
  Value indices = broadcastTo(e, e.ints(*table, e.i64()), columns);
  Value zeros =
      full(e, 0, {n, channels, product(e, window.image)}, Emitter::element(v));
  Value sum = e.emit<ms::ScatterElementsOp>(
      {zeros, indices, v}, {{"axis", 2}, {"reduction", "add"}});
  SmallVector<int64_t> shape{n, channels};
  llvm::append_range(shape, window.image);
  return reshape(e, sum, shape);
}

} // namespace msc::import

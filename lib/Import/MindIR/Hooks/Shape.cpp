// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that move elements: views, joining, splitting,
/// slicing, repetition. Meaning: the MindSpore operator pages and kernels.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

#include <numeric>

using namespace mlir;

namespace msc::import::mindir {

LogicalResult importIdentity(Node &node) {
  if (!node.has(0))
    return node.error() << "input 0 is missing";
  return node.result(node.inputs[0]);
}

// Other shapes.

LogicalResult importExpandDims(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axis");
  return node.failed() ? failure() : node.result(unsqueeze(node, x, axes));
}

LogicalResult importFlatten(Node &node) {
  Value x = node.in(0);
  if (!node.expectRank(x, 1, 64))
    return failure();
  ArrayRef<int64_t> shape = Emitter::shape(x);
  return node.result(
      reshape(node.e, x, {shape[0], product(node.e, shape.drop_front())}));
}

LogicalResult importFlattenExt(Node &node) {
  Value x = node.in(0);
  ArrayRef<int64_t> shape = Emitter::shape(x);
  int64_t rank = std::max<int64_t>(shape.size(), 1);
  int64_t first = axisArgument(node, "start_dim", rank, 0);
  int64_t last = axisArgument(node, "end_dim", rank, -1);
  if (node.failed())
    return failure();
  if (shape.empty())
    return node.result(reshape(node.e, x, {1}));
  if (first > last)
    return node.error() << "start_dim " << first << " is after end_dim "
                        << last;
  SmallVector<int64_t> flat(shape.take_front(first));
  flat.push_back(product(node.e, shape.slice(first, last + 1 - first)));
  llvm::append_range(flat, shape.drop_front(last + 1));
  return node.result(reshape(node.e, x, flat));
}

LogicalResult importReshape(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> shape = node.i64s("shape");
  return node.failed() ? failure()
                       : node.result(reshapeInferred(node.e, x, shape));
}

LogicalResult importViewAs(Node &node) {
  return node.result(reshape(node.e, node.in(0), Emitter::shape(node.in(1))));
}

LogicalResult importSqueeze(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axis", SmallVector<int64_t>());
  if (node.failed())
    return failure();
  std::optional<SmallVector<int64_t>> stated;
  if (!axes.empty())
    stated = axes;
  return node.result(squeeze(node, x, stated));
}

// Permutations.

LogicalResult importTranspose(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> permutation = node.i64s("perm");
  for (int64_t &axis : permutation)
    axis = node.axis(axis, Emitter::rank(x));
  return node.failed() ? failure()
                       : node.result(transpose(node.e, x, permutation));
}

LogicalResult importTransposeExt(Node &node) {
  Value x = node.in(0);
  int64_t rank = Emitter::rank(x);
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(0, rank));
  int64_t a = axisArgument(node, "dim0", rank),
          b = axisArgument(node, "dim1", rank);
  if (node.failed())
    return failure();
  std::swap(permutation[a], permutation[b]);
  return node.result(transpose(node.e, x, permutation));
}

LogicalResult importReverseSequence(Node &node) {
  Value x = node.in(0), lengths = node.in(1);
  int64_t time = axisArgument(node, "seq_dim", Emitter::rank(x));
  int64_t batch = axisArgument(node, "batch_dim", Emitter::rank(x), 0);
  if (!node.expectRank(lengths, 1, 1))
    return failure();
  if (time == batch)
    return node.error() << "seq_dim and batch_dim are both " << time;
  return node.result(reverseSequence(node.e, x, lengths, time, batch));
}

LogicalResult importRoll(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> shape(Emitter::shape(x)), shifts = node.i64s("shift");
  SmallVector<int64_t> axes = node.i64s("axis", SmallVector<int64_t>());
  bool isFlat = axes.empty();
  if (isFlat) {
    x = reshape(e, x, {Emitter::type(x).getNumElements()});
    axes.assign(shifts.size(), 0);
  }
  shifts = repeated(shifts, axes.size());
  if (!node.failed() && shifts.size() != axes.size())
    node.error() << "has " << shifts.size() << " shifts for " << axes.size()
                 << " axes";
  for (auto [shift, axis] : llvm::zip(shifts, axes)) {
    int64_t d = node.axis(axis, Emitter::rank(x));
    if (node.failed())
      return failure();
    int64_t extent = Emitter::shape(x)[d];
    int64_t moved = extent ? (shift % extent + extent) % extent : 0;
    if (moved != 0)
      x = concat(e,
                 {slice(e, x, d, extent - moved, moved),
                  slice(e, x, d, 0, extent - moved)},
                 d);
  }
  return node.result(isFlat ? reshape(e, x, shape) : x);
}

// Joining and splitting.

LogicalResult importConcat(Node &node) {
  SmallVector<Value> tensors = tensorsOf(node, 0);
  if (tensors.empty())
    return node.error() << "has no inputs";
  int64_t axis = axisArgument(node, "axis", Emitter::rank(tensors[0]), 0);
  return node.failed() ? failure() : node.result(concat(node.e, tensors, axis));
}

LogicalResult importStack(Node &node) {
  SmallVector<Value> tensors = tensorsOf(node, 0);
  if (tensors.empty())
    return node.error() << "has no inputs";
  int64_t rank = Emitter::rank(tensors[0]);
  int64_t axis = axisArgument(node, "axis", rank + 1, 0);
  if (node.failed())
    return failure();
  for (Value &tensor : tensors) {
    if (Emitter::rank(tensor) != rank)
      return node.error() << "cannot stack " << tensor.getType()
                          << " with tensors of rank " << rank;
    tensor = expandDim(node.e, tensor, axis);
  }
  return node.result(concat(node.e, tensors, axis));
}

LogicalResult importUnstack(Node &node) {
  Value x = node.in(0);
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), 0);
  if (node.failed())
    return failure();
  SmallVector<Value> parts;
  for (int64_t i = 0; i < Emitter::shape(x)[axis]; ++i)
    parts.push_back(squeezeDim(node.e, slice(node.e, x, axis, i, 1), axis));
  return node.result(tupleOf(parts));
}

/// Parts of \p size along \p axis; the last one has the rest.
static LogicalResult splitBySize(Node &node, Value x, int64_t axis,
                                 int64_t size) {
  if (size <= 0)
    return node.error() << "cannot split into parts of " << size;
  SmallVector<int64_t> sizes;
  for (int64_t left = Emitter::shape(x)[axis]; left > 0; left -= sizes.back())
    sizes.push_back(std::min(left, size));
  if (sizes.empty())
    sizes.push_back(0);
  return node.result(tupleOf(split(node.e, x, axis, sizes)));
}

LogicalResult importSplit(Node &node) {
  Value x = node.in(0);
  int64_t axis = axisArgument(node, "axis", Emitter::rank(x), 0);
  int64_t count = node.i64("output_num", 1);
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[axis];
  if (count <= 0 || extent % count != 0)
    return node.error() << "cannot split an extent of " << extent << " into "
                        << count << " equal parts";
  return node.result(tupleOf(
      split(node.e, x, axis, SmallVector<int64_t>(count, extent / count))));
}

LogicalResult importSplitV(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> sizes = node.i64s("size_splits");
  int64_t axis = axisArgument(node, "split_dim", Emitter::rank(x), 0);
  if (node.failed())
    return failure();
  int64_t *rest = llvm::find(sizes, -1);
  if (rest != sizes.end()) {
    *rest = 0;
    *rest = Emitter::shape(x)[axis] -
            std::accumulate(sizes.begin(), sizes.end(), int64_t(0));
  }
  return node.result(tupleOf(split(node.e, x, axis, sizes)));
}

LogicalResult importSplitTensor(Node &node) {
  Value x = node.in(0);
  int64_t size = node.i64("split_size"),
          axis = axisArgument(node, "dim", Emitter::rank(x), 0);
  return node.failed() ? failure() : splitBySize(node, x, axis, size);
}

LogicalResult importChunk(Node &node) {
  Value x = node.in(0);
  int64_t count = node.i64("chunks"),
          axis = axisArgument(node, "dim", Emitter::rank(x), 0);
  if (node.failed())
    return failure();
  if (count <= 0)
    return node.error() << "cannot split into " << count << " parts";
  int64_t extent = Emitter::shape(x)[axis];
  return splitBySize(node, x, axis,
                     std::max<int64_t>(llvm::divideCeil(extent, count), 1));
}

// Parts.

LogicalResult importNarrow(Node &node) {
  Value x = node.in(0);
  int64_t axis = axisArgument(node, "dim", Emitter::rank(x));
  int64_t start = node.i64("start"), length = node.i64("length");
  if (node.failed())
    return failure();
  if (start < 0)
    start += Emitter::shape(x)[axis];
  return node.result(slice(node.e, x, axis, start, length));
}

LogicalResult importSelectView(Node &node) {
  Value x = node.in(0);
  int64_t axis = axisArgument(node, "dim", Emitter::rank(x));
  int64_t index = node.i64("index");
  if (node.failed())
    return failure();
  index = node.axis(index, Emitter::shape(x)[axis]);
  return node.failed() ? failure()
                       : node.result(squeezeDim(
                             node.e, slice(node.e, x, axis, index, 1), axis));
}

LogicalResult importSlice(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> begin = node.i64s("begin"), size = node.i64s("size");
  if (node.failed())
    return failure();
  if (int64_t(begin.size()) != Emitter::rank(x) || size.size() != begin.size())
    return node.error() << "has " << begin.size() << " starts and "
                        << size.size() << " sizes for " << x.getType();
  SmallVector<SliceRange> ranges;
  for (auto [d, extent] : llvm::enumerate(Emitter::shape(x)))
    ranges.push_back(
        {begin[d], size[d] == -1 ? extent - begin[d] : size[d], 1});
  return node.result(sliceAll(node.e, x, ranges));
}

LogicalResult importSliceExt(Node &node) {
  Value x = node.in(0);
  int64_t axis = axisArgument(node, "dim", Emitter::rank(x), 0);
  int64_t start = node.i64("start", 0), end = node.i64("end", INT64_MAX);
  int64_t step = node.i64("step", 1);
  if (node.failed())
    return failure();
  if (step <= 0)
    return node.error() << "step " << step << " is not positive";
  SmallVector<SliceRange> ranges = wholeRanges(x);
  ranges[axis] = sliceRange(Emitter::shape(x)[axis], start, end, step);
  return node.result(sliceAll(node.e, x, ranges));
}

namespace {
/// The masks of StridedSlice say of entry i by bit i what it is.
struct StridedSliceMasks {
  explicit StridedSliceMasks(Node &node)
      : begin(node.i64("begin_mask", 0)), end(node.i64("end_mask", 0)),
        ellipsis(node.i64("ellipsis_mask", 0)),
        newAxis(node.i64("new_axis_mask", 0)),
        shrink(node.i64("shrink_axis_mask", 0)) {}
  static bool has(int64_t mask, size_t i) { return i < 63 && (mask >> i & 1); }
  int64_t begin, end, ellipsis, newAxis, shrink;
};
} // namespace

/// TensorFlow's StridedSlice: entry i is an index range of the next dimension,
/// all of it, one index that drops it, a new dimension, or the ellipsis.
LogicalResult importStridedSlice(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> begin = node.i64s("begin"), end = node.i64s("end");
  SmallVector<int64_t> strides =
      node.i64s("strides", SmallVector<int64_t>(begin.size(), 1));
  StridedSliceMasks masks(node);
  if (node.failed())
    return failure();
  size_t count = begin.size();
  if (end.size() != count || strides.size() != count)
    return node.error() << "has " << count << " begins, " << end.size()
                        << " ends and " << strides.size() << " strides";
  int64_t used = 0; // dimensions that the entries name
  for (size_t i = 0; i < count; ++i)
    used += !masks.has(masks.ellipsis, i) && !masks.has(masks.newAxis, i);
  ArrayRef<int64_t> extents = Emitter::shape(x);
  if (used > int64_t(extents.size()))
    return node.error() << "names " << used << " dimensions of " << x.getType();
  SmallVector<SliceRange> ranges = wholeRanges(x);
  SmallVector<int64_t> shape;
  size_t d = 0;
  auto keep = [&](int64_t dims) {
    for (; dims > 0; --dims)
      shape.push_back(ranges[d++].size);
  };
  for (size_t i = 0; i < count; ++i) {
    if (masks.has(masks.ellipsis, i)) {
      keep(extents.size() - used);
      used = extents.size(); // a second ellipsis stands for nothing
      continue;
    }
    if (masks.has(masks.newAxis, i)) {
      shape.push_back(1);
      continue;
    }
    if (masks.has(masks.shrink, i)) {
      ranges[d] = {node.axis(begin[i], extents[d]), 1, 1};
      if (node.failed())
        return failure();
      ++d;
      continue;
    }
    if (strides[i] == 0)
      return node.error() << "stride " << i << " is 0";
    bool isForward = strides[i] > 0;
    int64_t first =
        masks.has(masks.begin, i) ? (isForward ? 0 : INT64_MAX) : begin[i];
    int64_t last =
        masks.has(masks.end, i) ? (isForward ? INT64_MAX : INT64_MIN) : end[i];
    ranges[d] = sliceRange(extents[d], first, last, strides[i]);
    keep(1);
  }
  keep(extents.size() - d);
  return node.result(reshape(node.e, sliceAll(node.e, x, ranges), shape));
}

/// x with x[begin:end:strides] = value.
LogicalResult importTensorCopySlices(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> begin = node.i64s("begin"), end = node.i64s("end"),
                       strides = node.i64s("strides");
  if (node.failed())
    return failure();
  if (begin.size() > Emitter::shape(x).size() || end.size() != begin.size() ||
      strides.size() != begin.size())
    return node.error() << "has " << begin.size() << " begins, " << end.size()
                        << " ends and " << strides.size() << " strides for "
                        << x.getType();
  SmallVector<SliceRange> ranges = wholeRanges(x);
  SmallVector<int64_t> starts, sizes;
  bool isBlock = true;
  for (size_t d = 0; d < begin.size(); ++d) {
    if (strides[d] == 0)
      return node.error() << "stride " << d << " is 0";
    ranges[d] = sliceRange(Emitter::shape(x)[d], begin[d], end[d], strides[d]);
  }
  for (const SliceRange &range : ranges) {
    starts.push_back(range.start);
    sizes.push_back(range.size);
    isBlock &= range.step == 1;
  }
  Value update = broadcastTo(e, node.in(1, Emitter::element(x)), sizes);
  if (isBlock)
    return node.result(
        e.emit<ms::DynamicUpdateSliceOp>({x, update, e.ints(starts, e.i64())}));
  // The positions as a slice of [0, 1, ...] in x's shape.
  int64_t count = Emitter::type(x).getNumElements();
  Value positions = sliceAll(
      e, reshape(e, iota(e, count, e.i64()), Emitter::shape(x)), ranges);
  int64_t updates = Emitter::type(update).getNumElements();
  Value result = e.emit<ms::ScatterElementsOp>(
      {reshape(e, x, {count}), reshape(e, positions, {updates}),
       reshape(e, update, {updates})},
      {{"axis", 0}});
  return node.result(reshape(e, result, Emitter::shape(x)));
}

// Repetition.

LogicalResult importBroadcastTo(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> shape = node.i64s("shape");
  if (node.failed())
    return failure();
  int64_t skip = int64_t(shape.size()) - Emitter::rank(x);
  for (auto [d, extent] : llvm::enumerate(shape))
    if (extent == -1 && int64_t(d) >= skip)
      extent = Emitter::shape(x)[d - skip];
  return node.result(broadcastTo(node.e, x, shape));
}

LogicalResult importTile(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> repeats = node.i64s("dims");
  if (node.failed())
    return failure();
  x = expandToRank(node.e, x, repeats.size());
  if (int64_t(repeats.size()) < Emitter::rank(x))
    repeats.insert(repeats.begin(), Emitter::rank(x) - repeats.size(), 1);
  return node.result(tile(node.e, x, repeats));
}

LogicalResult importRepeatInterleave(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> repeats = node.i64s("repeats");
  int64_t axis = 0;
  if (node.hasAttr("dim"))
    axis = axisArgument(node, "dim", Emitter::rank(x));
  else
    x = reshape(e, x, {Emitter::type(x).getNumElements()});
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[axis];
  repeats = repeated(repeats, extent);
  if (int64_t(repeats.size()) != extent ||
      llvm::any_of(repeats, [](int64_t r) { return r < 0; }))
    return node.error() << "cannot repeat " << extent << " elements ["
                        << repeats << "] times";
  SmallVector<int64_t> positions;
  for (auto [i, repeat] : llvm::enumerate(repeats))
    positions.append(repeat, i);
  return node.result(gather(e, x, e.ints(positions, e.i64()), axis));
}

LogicalResult importMeshgrid(Node &node) {
  Emitter &e = node.e;
  SmallVector<Value> tensors = tensorsOf(node, 0);
  Attribute indexing = node.attr("indexing");
  auto word = dyn_cast_if_present<StringAttr>(indexing);
  bool swapped = !indexing || (word ? word == "xy" : node.i64("indexing") == 1);
  if (node.failed())
    return failure();
  swapped &= tensors.size() > 1;
  SmallVector<int64_t> shape;
  for (Value tensor : tensors)
    shape.push_back(Emitter::type(tensor).getNumElements());
  if (swapped)
    std::swap(shape[0], shape[1]);
  SmallVector<Value> grids;
  for (auto [i, tensor] : llvm::enumerate(tensors)) {
    SmallVector<int64_t> line(shape.size(), 1);
    line[swapped && i < 2 ? 1 - i : i] = Emitter::type(tensor).getNumElements();
    grids.push_back(broadcastTo(e, reshape(e, tensor, line), shape));
  }
  return node.result(tupleOf(grids));
}

} // namespace msc::import::mindir

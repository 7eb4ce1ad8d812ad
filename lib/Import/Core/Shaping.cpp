// SPDX-License-Identifier: Apache-2.0
//
/// \file Short forms of the shape and indexing ops for the mappings.
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import {

int64_t product(Emitter &e, ArrayRef<int64_t> extents) {
  int64_t result = 1;
  for (int64_t extent : extents)
    if (extent < 0 || llvm::MulOverflow(result, extent, result)) {
      e.error() << "shape [" << extents << "] is not the shape of a tensor";
      return 1;
    }
  return result;
}

Value reshape(Emitter &e, Value v, ArrayRef<int64_t> shape) {
  if (Emitter::shape(v) == shape)
    return v;
  if (product(e, shape) != Emitter::type(v).getNumElements() && !e.failed)
    e.error() << "cannot reshape " << v.getType() << " to [" << shape << "]";
  return e.emitTyped<ms::ReshapeOp>(Emitter::type(v).clone(shape), v);
}

Value transpose(Emitter &e, Value v, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation) &&
      int64_t(permutation.size()) == Emitter::rank(v))
    return v;
  return e.emit<ms::TransposeOp>(v, {{"permutation", permutation}});
}

/// Whether \p axis is below \p end; an error about \p v where it is not.
static bool hasAxis(Emitter &e, Value v, int64_t axis, int64_t end) {
  if (axis >= 0 && axis < end)
    return true;
  if (!e.failed)
    e.error() << v.getType() << " has no dimension " << axis;
  return false;
}

Value moveDim(Emitter &e, Value v, int64_t from, int64_t to) {
  if (!hasAxis(e, v, std::max(from, to), Emitter::rank(v)))
    return e.poison();
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(0, Emitter::rank(v)));
  permutation.erase(permutation.begin() + from);
  permutation.insert(permutation.begin() + to, from);
  return transpose(e, v, permutation);
}

Value expandDim(Emitter &e, Value v, int64_t axis) {
  if (!hasAxis(e, v, axis, Emitter::rank(v) + 1))
    return e.poison();
  SmallVector<int64_t> shape(Emitter::shape(v));
  shape.insert(shape.begin() + axis, 1);
  return reshape(e, v, shape);
}

Value expandToRank(Emitter &e, Value v, int64_t rank) {
  SmallVector<int64_t> shape(Emitter::shape(v));
  if (int64_t(shape.size()) < rank)
    shape.insert(shape.begin(), rank - shape.size(), 1);
  return reshape(e, v, shape);
}

Value squeezeDim(Emitter &e, Value v, int64_t axis) {
  if (!hasAxis(e, v, axis, Emitter::rank(v)))
    return e.poison();
  SmallVector<int64_t> shape(Emitter::shape(v));
  shape.erase(shape.begin() + axis);
  return reshape(e, v, shape);
}

Value broadcastTo(Emitter &e, Value v, ArrayRef<int64_t> shape) {
  if (Emitter::shape(v) == shape)
    return v;
  product(e, shape);
  return e.emitTyped<ms::BroadcastToOp>(
      RankedTensorType::get(e.failed ? ArrayRef<int64_t>() : shape,
                            Emitter::element(v)),
      v);
}

Value concat(Emitter &e, ArrayRef<Value> values, int64_t axis) {
  return values.size() == 1 ? values[0]
                            : e.emit<ms::ConcatOp>(values, {{"axis", axis}});
}

Value slice(Emitter &e, Value v, int64_t axis, int64_t start, int64_t size,
            int64_t step) {
  if (!hasAxis(e, v, axis, Emitter::rank(v)))
    return e.poison();
  if (start == 0 && step == 1 && size == Emitter::shape(v)[axis])
    return v;
  SmallVector<int64_t> starts(Emitter::rank(v), 0), steps(Emitter::rank(v), 1);
  SmallVector<int64_t> sizes(Emitter::shape(v));
  starts[axis] = start;
  sizes[axis] = size;
  steps[axis] = step;
  return e.emit<ms::SliceOp>(
      v, {{"starts", starts}, {"sizes", sizes}, {"steps", steps}});
}

SmallVector<Value> split(Emitter &e, Value v, int64_t axis,
                         ArrayRef<int64_t> sizes) {
  SmallVector<Value> parts;
  int64_t start = 0;
  for (int64_t size : sizes) {
    parts.push_back(slice(e, v, axis, start, size));
    if (llvm::AddOverflow(start, size, start))
      break;
  }
  if (hasAxis(e, v, axis, Emitter::rank(v)) && !e.failed &&
      start != Emitter::shape(v)[axis])
    e.error() << "parts [" << sizes << "] do not add up to the extent "
              << Emitter::shape(v)[axis];
  return parts;
}

Value pad(Emitter &e, Value v, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
          StringRef mode, Value value) {
  if (int64_t(low.size()) != Emitter::rank(v) || low.size() != high.size()) {
    if (!e.failed)
      e.error() << "pads " << low.size() << " and " << high.size()
                << " dimensions of " << v.getType();
    return e.poison();
  }
  SmallVector<int64_t> starts, sizes(Emitter::shape(v)), steps(low.size(), 1);
  SmallVector<int64_t> before, after;
  bool crops = false, pads = false;
  for (auto [d, amounts] : llvm::enumerate(llvm::zip_equal(low, high))) {
    auto [l, h] = amounts;
    starts.push_back(std::max<int64_t>(-l, 0));
    sizes[d] -= starts[d] + std::max<int64_t>(-h, 0);
    before.push_back(std::max<int64_t>(l, 0));
    after.push_back(std::max<int64_t>(h, 0));
    crops |= l < 0 || h < 0;
    pads |= l > 0 || h > 0;
  }
  if (crops)
    v = e.emit<ms::SliceOp>(
        v, {{"starts", starts}, {"sizes", sizes}, {"steps", steps}});
  if (!pads)
    return v;
  SmallVector<Value> operands{v};
  if (value)
    operands.push_back(value);
  return e.emit<ms::PadOp>(operands,
                           {{"low", before}, {"high", after}, {"mode", mode}});
}

Value reverse(Emitter &e, Value v, ArrayRef<int64_t> axes) {
  return axes.empty() ? v : e.emit<ms::ReverseOp>(v, {{"axes", axes}});
}

Value tile(Emitter &e, Value v, ArrayRef<int64_t> repeats) {
  if (llvm::all_of(repeats, [](int64_t r) { return r == 1; }))
    return v;
  return e.emit<ms::TileOp>(v, {{"repeats", repeats}});
}

/// Longer sequences are computed instead of stored.
static constexpr int64_t constantLimit = 1 << 16;

Value iota(Emitter &e, int64_t n, Type element) {
  if (n > constantLimit)
    return e.emitTyped<ms::IotaOp>(RankedTensorType::get({n}, element), {},
                                   {{"axis", 0}});
  return e.ints(llvm::to_vector(llvm::seq<int64_t>(0, n)), element);
}

Value iotaDim(Emitter &e, int64_t n, Type element, int64_t axis, int64_t rank) {
  SmallVector<int64_t> shape(rank, 1);
  shape[axis] = n;
  return reshape(e, iota(e, n, element), shape);
}

Value full(Emitter &e, double value, ArrayRef<int64_t> shape, Type element) {
  int64_t count = product(e, shape);
  if (e.failed)
    return e.poison();
  if (count > constantLimit)
    return broadcastTo(e, e.scalar(value, element), shape);
  return e.splat(value, RankedTensorType::get(shape, element));
}

Value triangle(Emitter &e, int64_t rows, int64_t columns, int64_t diagonal,
               bool lower) {
  Value row =
      e.add(iotaDim(e, rows, e.i64(), 0, 2), e.ints({diagonal}, e.i64()));
  Value column = iotaDim(e, columns, e.i64(), 1, 2);
  return lower ? e.emit<ms::LessEqualOp>({column, row})
               : e.emit<ms::GreaterEqualOp>({column, row});
}

Value gather(Emitter &e, Value v, Value indices, int64_t axis,
             int64_t batchDims) {
  return e.emit<ms::GatherOp>({v, indices},
                              {{"axis", axis}, {"batch_dims", batchDims}});
}

Value asIndices(Emitter &e, Value v) {
  Type element = Emitter::element(v);
  return element.isSignlessInteger(32) ? v : e.cast(v, e.i64());
}

Value reverseSequence(Emitter &e, Value v, Value lengths, int64_t time,
                      int64_t batch) {
  // Time and batch in front: [batch, time, ...].
  SmallVector<int64_t> order{batch, time}, back(Emitter::rank(v));
  for (int64_t d = 0; d < Emitter::rank(v); ++d)
    if (d != batch && d != time)
      order.push_back(d);
  for (auto [i, d] : llvm::enumerate(order))
    back[d] = i;
  Value front = transpose(e, v, order);
  Value position = iotaDim(e, Emitter::shape(v)[time], e.i64(), 1, 2);
  Value length = expandDim(e, e.cast(lengths, e.i64()), 1);
  Value mirrored = e.sub(e.sub(length, 1), position);
  Value indices =
      e.select(e.emit<ms::LessOp>({position, length}), mirrored, position);
  return transpose(e, gather(e, front, indices, 1, 1), back);
}

RankedTensorType packed(RankedTensorType type) {
  return RankedTensorType::get(
      (type.getNumElements() + 1) / 2,
      IntegerType::get(type.getContext(), 8, IntegerType::Unsigned));
}

Value unpackNibbles(Emitter &e, Value v, RankedTensorType type) {
  Type byte = Emitter::element(v);
  Value low = e.emit<ms::BitwiseAndOp>({v, e.scalar(15, byte)});
  Value high = e.emit<ms::ShiftRightOp>({v, e.scalar(4, byte)});
  Value pairs = concat(e, {expandDim(e, low, 1), expandDim(e, high, 1)}, 1);
  int64_t count = type.getNumElements();
  Value result =
      slice(e, reshape(e, pairs, {2 * Emitter::shape(v)[0]}), 0, 0, count);
  if (!type.getElementType().isUnsignedInteger()) {
    // Bit 3 is the sign: (v ^ 8) - 8.
    result = e.emit<ms::BitwiseXorOp>({result, e.scalar(8, byte)});
    result = e.sub(e.cast(result, e.builder.getI8Type()), 8.0);
  }
  return reshape(e, result, type.getShape());
}

} // namespace msc::import

// SPDX-License-Identifier: Apache-2.0
//
/// \file Which tensors have a size that depends on data, and which ops can work
/// on them. Such a tensor lies densely at the start of a buffer for the largest
/// case, so ops that work slice by slice along its first dimension (of those
/// that are not one) may compute on the whole buffer: what they make of the
/// rest is again behind the end.
#include "msc/Import/Shaping.h"
#include "msc/Reference/Reference.h"

using namespace mlir;

namespace msc::import {

using Size = Emitter::Size;

/// Whether slices along \p dim are contiguous blocks one after the other.
static bool isLeading(ArrayRef<int64_t> shape, int64_t dim) {
  return llvm::all_of(shape.take_front(dim), [](int64_t n) { return n == 1; });
}

/// The result dimension that has the operand's extent, with the same number of
/// elements on each side.
static std::optional<int64_t> reshapedDim(ArrayRef<int64_t> from, int64_t dim,
                                          ArrayRef<int64_t> to) {
  for (int64_t d = 0; d < int64_t(to.size()); ++d)
    if (to[d] == from[dim] && isLeading(to, d))
      return d;
  return std::nullopt;
}

/// The dimension of \p op's result that operand \p i's dimension `size.dim`
/// becomes, or nothing where the op does not keep it apart.
static std::optional<int64_t> resultDim(Operation *op, unsigned i, Size size) {
  ArrayRef<int64_t> from = ms::tensorType(op->getOperand(i)).getShape();
  ArrayRef<int64_t> to = ms::tensorType(op->getResult(0)).getShape();
  if (op->hasTrait<ms::Elementwise>()) {
    int64_t dim = size.dim + int64_t(to.size() - from.size());
    return to[dim] == from[size.dim] ? std::optional(dim) : std::nullopt;
  }
  if (isa<ms::ReshapeOp>(op))
    return reshapedDim(from, size.dim, to);
  if (auto gather = dyn_cast<ms::GatherOp>(op)) {
    int64_t axis = gather.getAxis();
    if (i == 1)
      return gather.getBatchDims() == 0 ? std::optional(axis + size.dim)
                                        : std::nullopt;
    return axis > size.dim ? std::optional(size.dim) : std::nullopt;
  }
  if (auto gather = dyn_cast<ms::GatherNdOp>(op))
    return i == 1 && gather.getBatchDims() == 0 &&
                   size.dim + 1 < int64_t(from.size())
               ? std::optional(size.dim)
               : std::nullopt;
  if (auto slice = dyn_cast<ms::SliceOp>(op))
    return to[size.dim] == from[size.dim] && slice.getSteps()[size.dim] == 1
               ? std::optional(size.dim)
               : std::nullopt;
  if (auto transpose = dyn_cast<ms::TransposeOp>(op))
    return llvm::find(transpose.getPermutation(), size.dim) -
           transpose.getPermutation().begin();
  if (auto concat = dyn_cast<ms::ConcatOp>(op))
    return int64_t(concat.getAxis()) != size.dim ? std::optional(size.dim)
                                                 : std::nullopt;
  return std::nullopt;
}

/// Whether operand \p i, of no special size, serves every slice of \p dim.
static bool servesAll(Operation *op, unsigned i, int64_t dim) {
  if (isa<ms::ConcatOp>(op))
    return false;
  if (!op->hasTrait<ms::Elementwise>())
    return true;
  ArrayRef<int64_t> shape = ms::tensorType(op->getOperand(i)).getShape();
  int64_t own = dim - (ms::tensorType(op->getResult(0)).getRank() -
                       int64_t(shape.size()));
  return own < 0 || shape[own] == 1;
}

Value Emitter::sized(Value v, int64_t dim, Value count) {
  if (failed)
    return v;
  DenseElementsAttr known = literal(count), value = literal(v);
  if (!known || !value) {
    sizes[v] = {dim, count};
    return v;
  }
  reference::Tensor whole = reference::fromAttr(value);
  SmallVector<int64_t> shape(whole.shape());
  shape[dim] = known.getSplatValue<APInt>().getSExtValue();
  auto type = RankedTensorType::get(shape, whole.element());
  whole.data.resize(type.getNumElements() *
                    reference::elementBytes(whole.element()));
  return constant(reference::toAttr(reference::Tensor(type, whole.data)));
}

Value shapeOf(Emitter &e, Value v, int64_t start, int64_t end) {
  ArrayRef<int64_t> shape = Emitter::shape(v).slice(start, end - start);
  std::optional<Size> size = e.sizeOf(v);
  if (!size || size->dim < start || size->dim >= end)
    return e.ints(shape, e.i64());
  SmallVector<Value> parts;
  for (auto [d, extent] : llvm::enumerate(shape))
    parts.push_back(start + int64_t(d) == size->dim
                        ? reshape(e, size->count, {1})
                        : e.ints(extent, e.i64()));
  return concat(e, parts, 0);
}

bool Emitter::expectFixedSize(ValueRange values) {
  for (Value v : values)
    if (std::optional<Size> size = sizeOf(v)) {
      error() << "a tensor whose size depends on data (" << type(v)
              << " at most, dimension " << size->dim
              << ") cannot be carried by control flow or state";
      return false;
    }
  return true;
}

void Emitter::propagateSizes(Operation *op) {
  if (sizes.empty())
    return;
  std::optional<Size> result;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    std::optional<Size> size = sizeOf(operand);
    if (!size)
      continue;
    std::optional<int64_t> dim = resultDim(op, i, *size);
    bool fits =
        dim && isLeading(type(operand).getShape(), size->dim) &&
        isLeading(type(op->getResult(0)).getShape(), *dim) &&
        (!result || (result->dim == *dim && result->count == size->count));
    if (!fits) {
      error() << "'" << op->getName() << "' of a tensor whose size depends on "
              << "data (" << type(operand) << " at most, dimension "
              << size->dim << ") is not supported";
      return;
    }
    result = Size{*dim, size->count};
  }
  if (!result)
    return;
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (!sizeOf(operand) && !servesAll(op, i, result->dim)) {
      error() << "'" << op->getName()
              << "' of tensors with a size that depends on data and with a "
                 "fixed one is not supported";
      return;
    }
  sizes[op->getResult(0)] = *result;
}

} // namespace msc::import

// SPDX-License-Identifier: Apache-2.0
//
/// \file What convolutions and pools share.
#include "lib/Conversion/MSToLinalg/Windows.h"

using namespace mlir;

namespace msc {

Value buildInsert(OpBuilder &b, Location loc, Value source, Value dest,
                  ArrayRef<int64_t> offsets, ArrayRef<int64_t> steps) {
  SmallVector<OpFoldResult> at, sizes, by;
  for (auto [offset, size, step] :
       llvm::zip_equal(offsets, rankedType(source).getShape(), steps)) {
    at.push_back(b.getIndexAttr(offset));
    sizes.push_back(b.getIndexAttr(size));
    by.push_back(b.getIndexAttr(step));
  }
  // A loop that writes into the slice, so that no buffer is copied.
  Value slice = b.create<tensor::ExtractSliceOp>(loc, rankedType(source), dest,
                                                 at, sizes, by);
  Value copy = b.create<linalg::CopyOp>(loc, source, slice).getResult(0);
  return b.create<tensor::InsertSliceOp>(loc, copy, dest, at, sizes, by);
}

/// The map with which \p tensor reads another one, all of it in another order
/// of dimensions; null where it is no such copy.
static AffineMap transposedFrom(Value tensor) {
  auto copy = tensor.getDefiningOp<linalg::GenericOp>();
  if (!copy || copy.getNumDpsInputs() != 1 || copy.getNumReductionLoops() != 0)
    return {};
  Block &body = copy.getRegion().front();
  AffineMap map = copy.getMatchingIndexingMap(copy.getDpsInputOperand(0));
  bool isCopy =
      body.getTerminator()->getOperand(0) == body.getArgument(0) &&
      copy.getMatchingIndexingMap(copy.getDpsInitOperand(0)).isIdentity();
  return isCopy && map.isPermutation() ? map : AffineMap();
}

Value buildPadded(OpBuilder &b, Location loc, Value tensor,
                  ArrayRef<int64_t> pads, double value) {
  if (llvm::all_of(pads, [](int64_t pad) { return pad == 0; }))
    return tensor;
  RankedTensorType type = rankedType(tensor);
  size_t rank = pads.size() / 2;
  SmallVector<int64_t> shape(type.getShape()), stored, offsets,
      steps(type.getRank(), 1);
  for (size_t d = 0; d < rank; ++d)
    shape[2 + d] += pads[d] + pads[rank + d];
  // The elements stay in the order of what the tensor copies.
  AffineMap copied = transposedFrom(tensor);
  AffineMap map = copied ? copied : b.getMultiDimIdentityMap(type.getRank());
  Value source = copied ? tensor.getDefiningOp()->getOperand(0) : tensor;
  for (AffineExpr expr : map.getResults()) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    stored.push_back(shape[dim]);
    offsets.push_back(dim < 2 ? 0 : pads[dim - 2]);
  }
  Value padded =
      buildInsert(b, loc, source, buildFill(b, loc, type.clone(stored), value),
                  offsets, steps);
  return copied ? buildReindexed(b, loc, type.clone(shape), padded,
                                 map.getResults())
                : padded;
}

Value buildSplitGroups(OpBuilder &b, Location loc, Value tensor, unsigned axis,
                       int64_t groups) {
  RankedTensorType type = rankedType(tensor);
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] /= groups;
  shape.insert(shape.begin() + axis, groups);
  SmallVector<ReassociationIndices> parts;
  for (unsigned d = 0; d < shape.size(); ++d)
    if (d == axis + 1)
      parts.back().push_back(d);
    else
      parts.push_back({int64_t(d)});
  return b.create<tensor::ExpandShapeOp>(loc, type.clone(shape), tensor, parts);
}

Value buildJoinGroups(OpBuilder &b, Location loc, Value tensor,
                      RankedTensorType type) {
  SmallVector<ReassociationIndices> parts{{0}, {1, 2}};
  for (int64_t d = 3; d < rankedType(tensor).getRank(); ++d)
    parts.push_back({d});
  return b.create<tensor::CollapseShapeOp>(loc, type, tensor, parts);
}

WindowLoops::WindowLoops(MLIRContext *ctx, unsigned outer, unsigned inner,
                         ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations)
    : ctx(ctx), outerCount(outer), innerCount(inner), strides(strides),
      dilations(dilations) {}

AffineExpr WindowLoops::outer(unsigned i) const {
  return getAffineDimExpr(i, ctx);
}

AffineExpr WindowLoops::out(unsigned d) const {
  return getAffineDimExpr(d + 1 == rank() ? count() - 1 : outerCount + d, ctx);
}

AffineExpr WindowLoops::inner(unsigned i) const {
  return getAffineDimExpr(outerCount + rank() - 1 + i, ctx);
}

AffineExpr WindowLoops::tap(unsigned d) const { return inner(innerCount + d); }

AffineExpr WindowLoops::position(unsigned d) const {
  return out(d) * strides[d] + tap(d) * dilations[d];
}

SmallVector<AffineExpr> WindowLoops::outs() const {
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d < rank(); ++d)
    exprs.push_back(out(d));
  return exprs;
}

SmallVector<AffineExpr> WindowLoops::taps() const {
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d < rank(); ++d)
    exprs.push_back(tap(d));
  return exprs;
}

SmallVector<AffineExpr> WindowLoops::positions() const {
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d < rank(); ++d)
    exprs.push_back(position(d));
  return exprs;
}

AffineMap WindowLoops::map(ArrayRef<AffineExpr> exprs) const {
  return AffineMap::get(count(), 0, exprs, ctx);
}

SmallVector<utils::IteratorType> WindowLoops::iterators() const {
  SmallVector<utils::IteratorType> kinds(outerCount + rank() - 1,
                                         utils::IteratorType::parallel);
  kinds.append(innerCount + rank(), utils::IteratorType::reduction);
  kinds.push_back(utils::IteratorType::parallel);
  return kinds;
}

} // namespace msc

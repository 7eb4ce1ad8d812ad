// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the shape ops: copies through affine maps, so that the
/// innermost loop runs along the result's last dimension.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;

namespace msc {

static Value empty(OpBuilder &b, Location loc, RankedTensorType type) {
  return b.create<tensor::EmptyOp>(loc, type.getShape(), type.getElementType());
}

/// target[targetMap(d...)] = input[inputMap(d...)] for all loop indices d.
static Value buildCopy(OpBuilder &b, Location loc, Value input,
                       AffineMap inputMap, Value target, AffineMap targetMap) {
  SmallVector<utils::IteratorType> iterators(targetMap.getNumDims(),
                                             utils::IteratorType::parallel);
  auto op = b.create<linalg::GenericOp>(
      loc, target.getType(), input, target,
      ArrayRef<AffineMap>{inputMap, targetMap}, iterators,
      [](OpBuilder &nested, Location l, ValueRange args) {
        nested.create<linalg::YieldOp>(l, args[0]);
      });
  return op.getResult(0);
}

Value buildReindexed(OpBuilder &b, Location loc, RankedTensorType type,
                     Value input, ArrayRef<AffineExpr> exprs) {
  if (type.getNumElements() == 0)
    return empty(b, loc, type);
  AffineMap map = AffineMap::get(type.getRank(), 0, exprs, b.getContext());
  return buildCopy(b, loc, input, map, empty(b, loc, type),
                   b.getMultiDimIdentityMap(type.getRank()));
}

Value buildReshape(OpBuilder &b, Location loc, Value input,
                   ArrayRef<int64_t> shape) {
  RankedTensorType from = rankedType(input), to = from.clone(shape);
  if (from == to)
    return input;
  if (std::optional<SmallVector<ReassociationIndices>> groups =
          from.getRank() == to.getRank()
              ? std::nullopt
              : getReassociationIndicesForReshape(from, to)) {
    if (from.getRank() > to.getRank())
      return b.create<tensor::CollapseShapeOp>(loc, to, input, *groups);
    return b.create<tensor::ExpandShapeOp>(loc, to, input, *groups);
  }
  // Through one dimension.
  auto all = [](int64_t rank) {
    ReassociationIndices group =
        llvm::to_vector<2>(llvm::seq<int64_t>(0, rank));
    return SmallVector<ReassociationIndices>{group};
  };
  RankedTensorType flat = from.clone({from.getNumElements()});
  if (from.getRank() == 0)
    input = b.create<tensor::ExpandShapeOp>(loc, flat, input,
                                            ArrayRef<ReassociationIndices>{});
  else if (from.getRank() > 1)
    input = b.create<tensor::CollapseShapeOp>(loc, flat, input,
                                              all(from.getRank()));
  if (to.getRank() == 0)
    return b.create<tensor::CollapseShapeOp>(loc, to, input,
                                             ArrayRef<ReassociationIndices>{});
  return to.getRank() == 1 ? input
                           : b.create<tensor::ExpandShapeOp>(loc, to, input,
                                                             all(to.getRank()))
                                 .getResult();
}

Value buildInsert(OpBuilder &b, Location loc, Value input, Value target,
                  ArrayRef<OpFoldResult> offsets) {
  RankedTensorType type = rankedType(input);
  if (type.getNumElements() == 0)
    return target;
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(b.getContext(), type.getShape());
  SmallVector<OpFoldResult> steps(type.getRank(), b.getIndexAttr(1));
  AffineMap identity = b.getMultiDimIdentityMap(type.getRank());
  Value part = b.create<tensor::ExtractSliceOp>(loc, type, target, offsets,
                                                sizes, steps);
  part = buildCopy(b, loc, input, identity, part, identity);
  return b.create<tensor::InsertSliceOp>(loc, part, target, offsets, sizes,
                                         steps);
}

namespace {
struct ConvertReshape : OpConversionPattern<ms::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::ReshapeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    if (!op.getType().hasStaticShape() ||
        !rankedType(adaptor.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(op,
                       buildReshape(rewriter, op.getLoc(), adaptor.getInput(),
                                    op.getType().getShape()));
    return success();
  }
};

/// Ops whose result element d... is the input element map(d...).
template <typename OpT> struct ConvertCopy : OpConversionPattern<OpT> {
  using MakeExprs = SmallVector<AffineExpr> (*)(OpT op, OpBuilder &b);
  ConvertCopy(const TypeConverter &converter, MLIRContext *ctx,
              MakeExprs makeExprs)
      : OpConversionPattern<OpT>(converter, ctx), makeExprs(makeExprs) {}

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = cast<RankedTensorType>(
        this->getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape() ||
        !rankedType(adaptor.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(op, buildReindexed(rewriter, op.getLoc(), type,
                                          adaptor.getInput(),
                                          makeExprs(op, rewriter)));
    return success();
  }
  MakeExprs makeExprs;
};

struct ConvertConcat : OpConversionPattern<ms::ConcatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Value result = empty(rewriter, op.getLoc(), type);
    SmallVector<int64_t> start(type.getRank(), 0);
    for (Value input : adaptor.getInputs()) {
      result = buildInsert(rewriter, op.getLoc(), input, result,
                           getAsIndexOpFoldResult(getContext(), start));
      start[op.getAxis()] += rankedType(input).getDimSize(op.getAxis());
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// result as [r0, n0, r1, n1, ...] = input[n0, n1, ...], then collapsed.
struct ConvertTile : OpConversionPattern<ms::TileOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::TileOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    SmallVector<int64_t> shape;
    SmallVector<AffineExpr> exprs;
    for (auto [d, extent] :
         llvm::enumerate(op.getInput().getType().getShape())) {
      if (op.getRepeats()[d] != 1)
        shape.push_back(op.getRepeats()[d]);
      exprs.push_back(rewriter.getAffineDimExpr(shape.size()));
      shape.push_back(extent);
    }
    Value result = buildReindexed(rewriter, op.getLoc(), type.clone(shape),
                                  adaptor.getInput(), exprs);
    rewriter.replaceOp(
        op, buildReshape(rewriter, op.getLoc(), result, type.getShape()));
    return success();
  }
};

struct ConvertPad : OpConversionPattern<ms::PadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(
        op, op.getMode() == "constant"
                ? buildConstant(op, adaptor, type, rewriter)
                : buildMirrored(op, adaptor.getInput(), type, rewriter));
    return success();
  }

private:
  static Value buildConstant(ms::PadOp op, OpAdaptor adaptor,
                             RankedTensorType type, OpBuilder &b) {
    ScalarBuilder s(b, op.getLoc());
    Value fill = s.constant(0, type.getElementType());
    if (Value value = adaptor.getValue())
      fill = s.at(value,
                  SmallVector<Value>(rankedType(value).getRank(), s.index(0)));
    Value result =
        b.create<linalg::FillOp>(op.getLoc(), fill, empty(b, op.getLoc(), type))
            .getResult(0);
    return buildInsert(b, op.getLoc(), adaptor.getInput(), result,
                       getAsIndexOpFoldResult(b.getContext(), op.getLow()));
  }

  /// The input's position for the result's position i + \p low.
  static Value sourceIndex(ScalarBuilder &s, StringRef mode, Value i,
                           int64_t low, int64_t n) {
    Value position = s.sub(i, s.index(low));
    if (mode == "edge")
      return s.min(s.max(position, s.index(0)), s.index(n - 1));
    int64_t period = mode == "wrap"        ? n
                     : mode == "symmetric" ? 2 * n
                                           : std::max<int64_t>(2 * n - 2, 1);
    // Shifted by whole periods, so that the remainder is that of a positive
    // number.
    int64_t shift = llvm::divideCeil(low, period) * period;
    Value k = s.b.create<arith::RemSIOp>(s.loc, s.add(position, s.index(shift)),
                                         s.index(period));
    if (mode == "wrap")
      return k;
    return s.min(
        k, s.sub(s.index(mode == "symmetric" ? 2 * n - 1 : 2 * n - 2), k));
  }

  static Value buildMirrored(ms::PadOp op, Value input, RankedTensorType type,
                             OpBuilder &b) {
    return buildMap(
        b, op.getLoc(), type, [&](ScalarBuilder &s, ValueRange index) {
          SmallVector<Value> source;
          for (auto [d, extent] : llvm::enumerate(rankedType(input).getShape()))
            source.push_back(op.getLow()[d] || op.getHigh()[d]
                                 ? sourceIndex(s, op.getMode(), index[d],
                                               op.getLow()[d], extent)
                                 : index[d]);
          return s.at(input, source);
        });
  }
};

struct ConvertBroadcastTo : OpConversionPattern<ms::BroadcastToOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::BroadcastToOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(
        op, buildElementwise(
                rewriter, op.getLoc(), type, adaptor.getInput(),
                [](ScalarBuilder &, ValueRange args) { return args[0]; }));
    return success();
  }
};

struct ConvertIota : OpConversionPattern<ms::IotaOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::IotaOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(op, buildMap(rewriter, op.getLoc(), type,
                                    [&](ScalarBuilder &s, ValueRange index) {
                                      return s.fromIndex(index[op.getAxis()],
                                                         type.getElementType());
                                    }));
    return success();
  }
};
} // namespace

static SmallVector<AffineExpr> transposeExprs(ms::TransposeOp op,
                                              OpBuilder &b) {
  SmallVector<AffineExpr> exprs(op.getPermutation().size());
  for (auto [k, axis] : llvm::enumerate(op.getPermutation()))
    exprs[axis] = b.getAffineDimExpr(k);
  return exprs;
}

static SmallVector<AffineExpr> unpackExprs(ms::UnpackPanelsOp op,
                                           OpBuilder &b) {
  int64_t axis = op.getAxis(),
          panel = ms::tensorType(op.getInput()).getShape().back();
  AffineExpr along = b.getAffineDimExpr(axis);
  SmallVector<AffineExpr> exprs{along.floorDiv(panel)};
  for (int64_t d = 0; d < ms::tensorType(op).getRank(); ++d)
    if (d != axis)
      exprs.push_back(b.getAffineDimExpr(d));
  exprs.push_back(along % panel);
  return exprs;
}

namespace {
/// slice ~> extract_slice with positive steps, then reversal of the dimensions
/// whose step is negative.
struct ConvertSlice : OpConversionPattern<ms::SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape() ||
        !rankedType(adaptor.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    SmallVector<OpFoldResult> offsets, sizes, steps;
    SmallVector<AffineExpr> from;
    bool reversed = false;
    for (int64_t d = 0; d < type.getRank(); ++d) {
      int64_t start = op.getStarts()[d], size = op.getSizes()[d];
      int64_t step = size == 1 ? 1 : op.getSteps()[d];
      AffineExpr dim = rewriter.getAffineDimExpr(d);
      bool backwards = step < 0 && size > 1;
      offsets.push_back(rewriter.getIndexAttr(size == 0 ? 0
                                              : backwards
                                                  ? start + (size - 1) * step
                                                  : start));
      sizes.push_back(rewriter.getIndexAttr(size));
      steps.push_back(rewriter.getIndexAttr(std::abs(step)));
      from.push_back(backwards ? size - 1 - dim : dim);
      reversed |= backwards;
    }
    Location loc = op.getLoc();
    Value part = rewriter.create<tensor::ExtractSliceOp>(
        loc, type, adaptor.getInput(), offsets, sizes, steps);
    if (reversed) {
      AffineMap map = AffineMap::get(type.getRank(), 0, from, getContext());
      AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
      Value empty = rewriter.create<tensor::EmptyOp>(loc, type.getShape(),
                                                     type.getElementType());
      part = buildCopy(rewriter, loc, part, map, empty, identity);
    }
    rewriter.replaceOp(op, part);
    return success();
  }
};
} // namespace

static SmallVector<AffineExpr> reverseExprs(ms::ReverseOp op, OpBuilder &b) {
  SmallVector<AffineExpr> exprs;
  for (int64_t d = 0; d < op.getType().getRank(); ++d)
    exprs.push_back(b.getAffineDimExpr(d));
  for (int64_t axis : op.getAxes())
    exprs[axis] = op.getType().getDimSize(axis) - 1 - b.getAffineDimExpr(axis);
  return exprs;
}

void populateMSToLinalgShapePatterns(TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  MLIRContext *ctx = patterns.getContext();
  patterns.add<ConvertReshape, ConvertConcat, ConvertSlice, ConvertTile,
               ConvertPad, ConvertBroadcastTo, ConvertIota>(converter, ctx);
  patterns.add<ConvertCopy<ms::TransposeOp>>(converter, ctx, transposeExprs);
  patterns.add<ConvertCopy<ms::UnpackPanelsOp>>(converter, ctx, unpackExprs);
  patterns.add<ConvertCopy<ms::ReverseOp>>(converter, ctx, reverseExprs);
}

} // namespace msc

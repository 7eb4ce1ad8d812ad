// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the normalization ops: sums over dimensions, then one
/// elementwise pass.
#include "lib/Conversion/MSToLinalg/Windows.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;

namespace msc {

using ScalarBody = llvm::function_ref<Value(ScalarBuilder &, ValueRange)>;

/// Folds \p body(operands..., accumulator) over the dimensions [from, to) of
/// the first operand, to which the others broadcast; the result lacks them.
static Value buildFold(OpBuilder &b, Location loc, ValueRange operands,
                       int64_t from, int64_t to, double init, ScalarBody body) {
  RankedTensorType type = rankedType(operands[0]);
  int64_t rank = type.getRank();
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    SmallVector<AffineExpr> exprs;
    for (auto [d, extent] : llvm::enumerate(rankedType(operand).getShape()))
      exprs.push_back(extent == type.getDimSize(d)
                          ? b.getAffineDimExpr(d)
                          : b.getAffineConstantExpr(0));
    maps.push_back(AffineMap::get(rank, 0, exprs, b.getContext()));
  }
  SmallVector<AffineExpr> kept;
  SmallVector<int64_t> shape;
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  for (int64_t d = 0; d < rank; ++d)
    if (d < from || d >= to) {
      iterators[d] = utils::IteratorType::parallel;
      kept.push_back(b.getAffineDimExpr(d));
      shape.push_back(type.getDimSize(d));
    }
  maps.push_back(AffineMap::get(rank, 0, kept, b.getContext()));
  Type element = ScalarBuilder::accumulator(type.getElementType());
  Value start = buildFill(b, loc, RankedTensorType::get(shape, element), init);
  auto fold = b.create<linalg::GenericOp>(
      loc, start.getType(), operands, start, maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        SmallVector<Value> wide(args);
        for (Value &arg : wide)
          arg = s.cast(arg, element);
        Value v = body(s, wide);
        nested.create<linalg::YieldOp>(l, v);
      });
  return fold.getResult(0);
}

/// Inserts extents of one, to get \p shape.
static Value buildExpanded(OpBuilder &b, Location loc, Value tensor,
                           ArrayRef<int64_t> shape) {
  RankedTensorType from = rankedType(tensor), to = from.clone(shape);
  if (from == to)
    return tensor;
  return b.create<tensor::ExpandShapeOp>(
      loc, to, tensor, *getReassociationIndicesForReshape(from, to));
}

/// \p shape with the extents [from, to) replaced by one.
static SmallVector<int64_t> onesFrom(ArrayRef<int64_t> shape, int64_t from,
                                     int64_t to) {
  SmallVector<int64_t> result(shape);
  std::fill(result.begin() + from, result.begin() + to, 1);
  return result;
}

/// buildElementwise in the arithmetic of \p type's accumulator.
static Value buildWide(OpBuilder &b, Location loc, RankedTensorType type,
                       ValueRange operands, ScalarBody body) {
  Type element = ScalarBuilder::accumulator(type.getElementType());
  return buildElementwise(b, loc, type, operands,
                          [&](ScalarBuilder &s, ValueRange args) {
                            SmallVector<Value> wide(args);
                            for (Value &arg : wide)
                              arg = s.cast(arg, element);
                            return s.cast(body(s, wide), type.getElementType());
                          });
}

namespace {
template <typename OpT> struct ConvertSoftmax : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  using OpAdaptor = typename OpT::Adaptor;

  LogicalResult
  matchAndRewrite(OpT op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    Value x = adaptor.getInput();
    int64_t axis = op.getAxis();
    SmallVector<int64_t> kept = onesFrom(type.getShape(), axis, axis + 1);
    RankedTensorType wide =
        type.clone(ScalarBuilder::accumulator(type.getElementType()));
    Value max = buildFold(
        rewriter, loc, x, axis, axis + 1,
        -std::numeric_limits<double>::infinity(),
        [](ScalarBuilder &s, ValueRange v) { return s.max(v[1], v[0]); });
    max = buildExpanded(rewriter, loc, max, kept);
    bool isLog = std::is_same_v<OpT, ms::LogSoftmaxOp>;
    Value shifted = buildWide(
        rewriter, loc, wide, {x, max}, [&](ScalarBuilder &s, ValueRange v) {
          Value difference = s.sub(v[0], v[1]);
          return isLog ? difference : s.weight(difference);
        });
    Value sum =
        buildFold(rewriter, loc, shifted, axis, axis + 1, 0,
                  [&](ScalarBuilder &s, ValueRange v) {
                    return s.add(v[1], isLog ? s.call("exp", v[0]) : v[0]);
                  });
    sum = buildExpanded(rewriter, loc, sum, kept);
    rewriter.replaceOp(op, buildWide(rewriter, loc, type, {shifted, sum},
                                     [&](ScalarBuilder &s, ValueRange v) {
                                       return isLog ? s.sub(v[0],
                                                            s.call("log", v[1]))
                                                    : s.div(v[0], v[1]);
                                     }));
    return success();
  }
};
} // namespace

/// Mean over the dimensions from \p axis on; \p mean, when given, is subtracted
/// and the result squared first. Without those dimensions.
static Value buildMean(OpBuilder &b, Location loc, Value x, int64_t axis,
                       bool squares, Value mean) {
  SmallVector<Value> operands{x};
  if (mean)
    operands.push_back(mean);
  RankedTensorType type = rankedType(x);
  Value sum =
      buildFold(b, loc, operands, axis, type.getRank(), 0,
                [&](ScalarBuilder &s, ValueRange v) {
                  Value term = mean ? s.sub(v[0], v[1]) : v[0];
                  return s.add(v.back(), squares ? s.mul(term, term) : term);
                });
  double count = ShapedType::getNumElements(type.getShape().drop_front(axis));
  return buildWide(b, loc, rankedType(sum), sum,
                   [&](ScalarBuilder &s, ValueRange v) {
                     return s.div(v[0], s.constant(count, v[0].getType()));
                   });
}

/// 1 / sqrt(x + epsilon)
static Value buildInverseRoot(OpBuilder &b, Location loc, Value x,
                              const APFloat &epsilon) {
  return buildWide(
      b, loc, rankedType(x), x, [&](ScalarBuilder &s, ValueRange v) {
        Type t = v[0].getType();
        Value shifted = s.add(v[0], s.constant(epsilon.convertToDouble(), t));
        return s.div(s.constant(1, t),
                     s.b.create<math::SqrtOp>(s.loc, shifted));
      });
}

/// (x - mean) * inv * scale + bias, where all but x and inv may be absent.
static Value buildNormalized(OpBuilder &b, Location loc, Value x, Value mean,
                             Value inv, ValueRange affine) {
  SmallVector<Value> operands{x, inv};
  operands.append(affine.begin(), affine.end());
  if (mean)
    operands.push_back(mean);
  return buildWide(b, loc, rankedType(x), operands,
                   [&](ScalarBuilder &s, ValueRange v) {
                     Value y = mean ? s.sub(v[0], v.back()) : v[0];
                     y = s.mul(y, v[1]);
                     if (!affine.empty())
                       y = s.mul(y, v[2]);
                     return affine.size() > 1 ? s.add(y, v[3]) : y;
                   });
}

namespace {
struct ConvertLayerNorm : OpConversionPattern<ms::LayerNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::LayerNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = ms::tensorType(op.getInput());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    Value x = adaptor.getInput();
    int64_t axis = op.getAxis();
    SmallVector<int64_t> kept = onesFrom(type.getShape(), axis, type.getRank());
    Value mean = buildMean(rewriter, loc, x, axis, false, {});
    mean = buildExpanded(rewriter, loc, mean, kept);
    Value variance = buildMean(rewriter, loc, x, axis, true, mean);
    Value inv = buildInverseRoot(rewriter, loc, variance, op.getEpsilon());
    inv = buildExpanded(rewriter, loc, inv, kept);
    rewriter.replaceOp(
        op, {buildNormalized(rewriter, loc, x, mean, inv, adaptor.getAffine()),
             mean, inv});
    return success();
  }
};

struct ConvertRMSNorm : OpConversionPattern<ms::RMSNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::RMSNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = ms::tensorType(op.getInput());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    Value x = adaptor.getInput();
    Value squares = buildMean(rewriter, loc, x, op.getAxis(), true, {});
    Value inv = buildInverseRoot(rewriter, loc, squares, op.getEpsilon());
    inv =
        buildExpanded(rewriter, loc, inv,
                      onesFrom(type.getShape(), op.getAxis(), type.getRank()));
    rewriter.replaceOp(
        op,
        {buildNormalized(rewriter, loc, x, {}, inv, adaptor.getAffine()), inv});
    return success();
  }
};

struct ConvertGroupNorm : OpConversionPattern<ms::GroupNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::GroupNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = ms::tensorType(op.getInput());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    Value x =
        buildSplitGroups(rewriter, loc, adaptor.getInput(), 1, op.getGroups());
    int64_t rank = rankedType(x).getRank();
    SmallVector<int64_t> kept = onesFrom(rankedType(x).getShape(), 2, rank);
    Value mean = buildMean(rewriter, loc, x, 2, false, {});
    Value meanKept = buildExpanded(rewriter, loc, mean, kept);
    Value variance = buildMean(rewriter, loc, x, 2, true, meanKept);
    Value inv = buildInverseRoot(rewriter, loc, variance, op.getEpsilon());
    // [C] ~> [groups, C/groups, 1...]
    SmallVector<Value> affine;
    SmallVector<int64_t> split =
        onesFrom(rankedType(x).getShape().drop_front(), 2, rank - 1);
    for (Value v : adaptor.getAffine())
      affine.push_back(rewriter.create<tensor::ExpandShapeOp>(
          loc, rankedType(v).clone(split), v,
          ReassociationIndices(
              llvm::to_vector<2>(llvm::seq<int64_t>(0, rank - 1)))));
    Value y = buildNormalized(rewriter, loc, x, meanKept,
                              buildExpanded(rewriter, loc, inv, kept), affine);
    rewriter.replaceOp(op,
                       {buildJoinGroups(rewriter, loc, y, type), mean, inv});
    return success();
  }
};

struct ConvertBatchNorm : OpConversionPattern<ms::BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::BatchNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    SmallVector<int64_t> channels(type.getRank() - 1, 1);
    channels[0] = type.getDimSize(1);
    auto perChannel = [&](Value v) {
      return buildExpanded(rewriter, loc, v, channels);
    };
    Type wide = ScalarBuilder::accumulator(type.getElementType());
    Value variance =
        convertElements(rewriter, loc, adaptor.getVariance(), wide);
    Value inv = buildInverseRoot(rewriter, loc, variance, op.getEpsilon());
    Value factor = buildWide(
        rewriter, loc, rankedType(inv), {inv, adaptor.getScale()},
        [](ScalarBuilder &s, ValueRange v) { return s.mul(v[0], v[1]); });
    SmallVector<Value> operands{
        adaptor.getInput(), perChannel(adaptor.getMean()), perChannel(factor),
        perChannel(adaptor.getBias())};
    rewriter.replaceOp(
        op, buildWide(rewriter, loc, type, operands,
                      [](ScalarBuilder &s, ValueRange v) {
                        return s.add(s.mul(s.sub(v[0], v[1]), v[2]), v[3]);
                      }));
    return success();
  }
};

struct ConvertLRN : OpConversionPattern<ms::LRNOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::LRNOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Value sums = buildSquareSums(rewriter, op, adaptor.getInput());
    double alpha = op.getAlpha().convertToDouble(),
           beta = op.getBeta().convertToDouble();
    double bias = op.getBias().convertToDouble();
    rewriter.replaceOp(
        op, buildWide(rewriter, op.getLoc(), type, {adaptor.getInput(), sums},
                      [&](ScalarBuilder &s, ValueRange v) {
                        Type t = v[0].getType();
                        Value base = s.add(s.mul(v[1], s.constant(alpha, t)),
                                           s.constant(bias, t));
                        return s.mul(
                            v[0], s.call("pow", {base, s.constant(-beta, t)}));
                      }));
    return success();
  }

  /// Sums of squares over neighbouring channels: loops [n, c, neighbour, ...].
  static Value buildSquareSums(OpBuilder &b, ms::LRNOp op, Value x) {
    RankedTensorType type = rankedType(x);
    Location loc = op.getLoc();
    int64_t last = std::max<int64_t>(type.getDimSize(1) - 1, 0);
    int64_t low = std::min<int64_t>(op.getLow(), last),
            high = std::min<int64_t>(op.getHigh(), last);
    SmallVector<int64_t> shape(type.getShape()), offsets(type.getRank(), 0),
        ones(type.getRank(), 1);
    shape[1] += low + high;
    offsets[1] = low;
    Value padded = buildInsert(
        b, loc, x, buildFill(b, loc, type.clone(shape), 0), offsets, ones);
    unsigned loops = type.getRank() + 1;
    SmallVector<AffineExpr> in{b.getAffineDimExpr(0),
                               b.getAffineDimExpr(1) + b.getAffineDimExpr(2)};
    SmallVector<AffineExpr> out{b.getAffineDimExpr(0), b.getAffineDimExpr(1)};
    for (unsigned d = 3; d < loops; ++d) {
      in.push_back(b.getAffineDimExpr(d));
      out.push_back(b.getAffineDimExpr(d));
    }
    auto mapOf = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(loops, 0, exprs, b.getContext());
    };
    SmallVector<utils::IteratorType> iterators(loops,
                                               utils::IteratorType::parallel);
    iterators[2] = utils::IteratorType::reduction;
    Value domain =
        b.create<tensor::EmptyOp>(loc, low + high + 1, b.getI1Type());
    Type element = ScalarBuilder::accumulator(type.getElementType());
    Value zero = buildFill(b, loc, type.clone(element), 0);
    auto sums = b.create<linalg::GenericOp>(
        loc, zero.getType(), ValueRange{padded, domain}, zero,
        ArrayRef<AffineMap>{mapOf(in), mapOf(b.getAffineDimExpr(2)),
                            mapOf(out)},
        iterators, [&](OpBuilder &nested, Location l, ValueRange args) {
          ScalarBuilder s(nested, l);
          Value v = s.cast(args[0], element);
          nested.create<linalg::YieldOp>(l, s.add(args[2], s.mul(v, v)));
        });
    return sums.getResult(0);
  }
};
} // namespace

void populateMSToLinalgNormalizationPatterns(TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<ConvertSoftmax<ms::SoftmaxOp>, ConvertSoftmax<ms::LogSoftmaxOp>,
               ConvertLayerNorm, ConvertRMSNorm, ConvertGroupNorm,
               ConvertBatchNorm, ConvertLRN>(converter, patterns.getContext());
}

} // namespace msc

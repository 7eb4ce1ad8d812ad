// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the reduction ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

static bool isUnsigned(Value v) {
  return getElementTypeOrSelf(v.getType()).isUnsignedInteger();
}

/// The neutral element of a maximum (\p lowest) or minimum of \p type.
static Value extreme(ScalarBuilder &s, Type type, bool lowest,
                     bool isUnsigned) {
  if (isa<FloatType>(type))
    return s.constant(lowest ? -INFINITY : INFINITY, type);
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value = isUnsigned || width == 1 ? (lowest ? APInt::getZero(width)
                                                   : APInt::getAllOnes(width))
                : lowest                 ? APInt::getSignedMinValue(width)
                                         : APInt::getSignedMaxValue(width);
  return s.b.create<arith::ConstantOp>(s.loc, s.b.getIntegerAttr(type, value));
}

/// The accumulator before the first element.
static Value neutral(Operation *op, ScalarBuilder &s, Type type,
                     bool isUnsigned) {
  if (isa<ms::ReduceProdOp, ms::ReduceAllOp>(op))
    return s.constant(type.isInteger(1) ? -1 : 1, type);
  if (isa<ms::ReduceMaxOp>(op))
    return extreme(s, type, true, isUnsigned);
  if (isa<ms::ReduceMinOp>(op))
    return extreme(s, type, false, isUnsigned);
  return s.constant(0, type);
}

static Value combine(Operation *op, ScalarBuilder &s, Value acc, Value x,
                     bool isUnsigned) {
  bool boolean = x.getType().isInteger(1);
  if (isa<ms::ReduceProdOp>(op))
    return s.mul(acc, x);
  if (isa<ms::ReduceAllOp>(op))
    return s.land(acc, x);
  if (isa<ms::ReduceAnyOp>(op))
    return s.b.create<arith::OrIOp>(s.loc, acc, x);
  if (isa<ms::ReduceMaxOp>(op))
    return s.max(acc, x, isUnsigned || boolean);
  if (isa<ms::ReduceMinOp>(op))
    return s.min(acc, x, isUnsigned || boolean);
  return s.add(acc, x);
}

namespace {
/// reduce(x, axes) ~> linalg.generic over x with an accumulator tensor, then a
/// division for means and a cast back where the accumulator is wider.
template <typename OpT> struct ConvertReduce : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    RankedTensorType in = rankedType(input);
    auto result = cast<RankedTensorType>(
        this->getTypeConverter()->convertType(op.getType()));
    if (!in.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    bool isUns = isUnsigned(op.getInput());
    Type acc = ScalarBuilder::accumulator(in.getElementType());
    if (isa<ms::ReduceMeanOp>(op.getOperation()) && acc.isIntOrIndex())
      acc = rewriter.getI64Type();
    RankedTensorType accType = RankedTensorType::get(result.getShape(), acc);
    ScalarBuilder outer(rewriter, loc);
    Value empty =
        rewriter.create<tensor::EmptyOp>(loc, accType.getShape(), acc);
    Value start =
        rewriter
            .create<linalg::FillOp>(loc, neutral(op, outer, acc, isUns), empty)
            .getResult(0);

    SmallVector<utils::IteratorType> iterators(in.getRank(),
                                               utils::IteratorType::parallel);
    for (int64_t axis : op.getAxes())
      iterators[axis] = utils::IteratorType::reduction;
    SmallVector<AffineExpr> to;
    for (int64_t d = 0; d < in.getRank(); ++d)
      if (iterators[d] == utils::IteratorType::parallel)
        to.push_back(rewriter.getAffineDimExpr(d));
      else if (op.getKeepDims())
        to.push_back(rewriter.getAffineConstantExpr(0));
    SmallVector<AffineMap> maps{
        rewriter.getMultiDimIdentityMap(in.getRank()),
        AffineMap::get(in.getRank(), 0, to, rewriter.getContext())};
    Value sum = rewriter
                    .create<linalg::GenericOp>(
                        loc, accType, input, start, maps, iterators,
                        [&](OpBuilder &b, Location l, ValueRange args) {
                          ScalarBuilder s(b, l);
                          Value x = s.cast(args[0], acc, isUns);
                          b.create<linalg::YieldOp>(
                              l, combine(op, s, args[1], x, isUns));
                        })
                    .getResult(0);
    rewriter.replaceOp(op, finish(op, rewriter, sum, in, result, isUns));
    return success();
  }

  /// Divides means by the count and casts to the result type.
  Value finish(OpT op, OpBuilder &b, Value sum, RankedTensorType in,
               RankedTensorType result, bool isUns) const {
    Location loc = op.getLoc();
    bool mean = isa<ms::ReduceMeanOp>(op.getOperation());
    if (!mean)
      return convertElements(b, loc, sum, result.getElementType());
    double count = 1;
    for (int64_t axis : op.getAxes())
      count *= double(in.getDimSize(axis));
    return buildElementwise(
        b, loc, result, sum, [&](ScalarBuilder &s, ValueRange args) {
          Type type = args[0].getType();
          Value n = s.constant(
              type.isIntOrIndex() ? std::max(count, 1.0) : count, type);
          return s.cast(s.div(args[0], n), result.getElementType(), isUns,
                        isUns);
        });
  }
};

/// Scans and arg-reductions walk one axis in order: an scf.for over the axis
/// would serialise the lines, so each result element runs its own loop.
template <typename OpT> struct ConvertArgReduce : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    RankedTensorType in = rankedType(input);
    if (!in.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    bool isUns = isUnsigned(op.getInput()) || in.getElementType().isInteger(1);
    int64_t axis = op.getAxis();
    auto result = cast<RankedTensorType>(op.getType());
    ScalarBuilder outer(rewriter, loc);
    auto lineIndex = [&](ScalarBuilder &s, ValueRange index, Value k) {
      SmallVector<Value> at;
      for (int64_t d = 0, from = 0; d < in.getRank(); ++d) {
        if (d == axis) {
          at.push_back(k);
          from += op.getKeepDims();
        } else {
          at.push_back(index[from++]);
        }
      }
      return at;
    };
    Value init = outer.constant(0, rewriter.getI64Type());
    rewriter.replaceOp(
        op,
        buildReduction(
            rewriter, loc, result, {in.getDimSize(axis)}, init,
            [&](ScalarBuilder &s, ValueRange index, ValueRange reduced,
                Value best) {
              Value x = s.at(input, lineIndex(s, index, reduced[0]));
              Value y = s.at(input, lineIndex(s, index, s.toIndex(best)));
              bool max = std::is_same_v<OpT, ms::ArgMaxOp>;
              Value better = max ? s.lt(y, x, isUns) : s.lt(x, y, isUns);
              auto orOp = [&](Value a, Value b) -> Value {
                return s.b.template create<arith::OrIOp>(s.loc, a, b);
              };
              if (op.getLast())
                better = orOp(better, s.eq(x, y));
              if (isa<FloatType>(x.getType())) {
                auto nan = [&](Value v) -> Value {
                  return s.b.template create<arith::CmpFOp>(
                      s.loc, arith::CmpFPredicate::UNO, v, v);
                };
                Value yNan = nan(y), xNan = nan(x);
                Value yes =
                    op.getLast()
                        ? xNan
                        : Value(s.land(
                              xNan,
                              s.eq(yNan, s.constant(0, s.b.getI1Type()))));
                better = orOp(
                    yes,
                    s.land(better, s.eq(yNan, s.constant(0, s.b.getI1Type()))));
              }
              return s.select(better, s.fromIndex(reduced[0], s.b.getI64Type()),
                              best);
            }));
    return success();
  }
};

/// scan(x) ~> result[i] = fold of x over the elements before i: quadratic in
/// the axis but parallel; the loop nest keeps the axis innermost.
template <typename OpT> struct ConvertScan : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;

  Value neutralScan(ScalarBuilder &s, Type type, bool isUns) const {
    if (std::is_same_v<OpT, ms::CumProdOp>)
      return s.constant(1, type);
    if (std::is_same_v<OpT, ms::CumMaxOp>)
      return extreme(s, type, true, isUns);
    if (std::is_same_v<OpT, ms::CumMinOp>)
      return extreme(s, type, false, isUns);
    return s.constant(std::is_same_v<OpT, ms::CumLogSumExpOp> ? -INFINITY : 0.0,
                      type);
  }

  Value combineScan(ScalarBuilder &s, Value acc, Value x, bool isUns) const {
    if (std::is_same_v<OpT, ms::CumProdOp>)
      return s.mul(acc, x);
    if (std::is_same_v<OpT, ms::CumMaxOp>)
      return s.max(acc, x, isUns);
    if (std::is_same_v<OpT, ms::CumMinOp>)
      return s.min(acc, x, isUns);
    if (!std::is_same_v<OpT, ms::CumLogSumExpOp>)
      return s.add(acc, x);
    Value high = s.max(acc, x), low = s.min(acc, x);
    Value sum = s.add(high, s.call("log1p", s.call("exp", s.sub(low, high))));
    Value isLowest = s.eq(high, s.constant(-INFINITY, high.getType()));
    return s.select(isLowest, high, sum);
  }

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    RankedTensorType in = rankedType(input);
    if (!in.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    bool isUns = isUnsigned(op.getInput());
    int64_t axis = op.getAxis();
    Type acc = ScalarBuilder::accumulator(in.getElementType());
    ScalarBuilder outer(rewriter, loc);
    Value sum = buildReduction(
        rewriter, loc, RankedTensorType::get(in.getShape(), acc),
        {in.getDimSize(axis)}, neutralScan(outer, acc, isUns),
        [&](ScalarBuilder &s, ValueRange index, ValueRange reduced,
            Value total) {
          // Walk in scan order, so that rounding is that of a running sum.
          Value k = reduced[0];
          if (op.getReverse())
            k = s.sub(s.index(in.getDimSize(axis) - 1), k);
          SmallVector<Value> at(index);
          at[axis] = k;
          Value x = s.cast(s.at(input, at), acc, isUns);
          Value i = index[axis];
          auto predicate =
              op.getReverse() ? (op.getExclusive() ? arith::CmpIPredicate::ugt
                                                   : arith::CmpIPredicate::uge)
                              : (op.getExclusive() ? arith::CmpIPredicate::ult
                                                   : arith::CmpIPredicate::ule);
          Value part =
              s.b.template create<arith::CmpIOp>(s.loc, predicate, k, i);
          return s.select(part, combineScan(s, total, x, isUns), total);
        });
    rewriter.replaceOp(
        op, convertElements(rewriter, loc, sum, in.getElementType()));
    return success();
  }
};
} // namespace

void populateMSToLinalgReductionPatterns(TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ConvertReduce<ms::ReduceSumOp>, ConvertReduce<ms::ReduceMeanOp>,
               ConvertReduce<ms::ReduceMaxOp>, ConvertReduce<ms::ReduceMinOp>,
               ConvertReduce<ms::ReduceProdOp>, ConvertReduce<ms::ReduceAllOp>,
               ConvertReduce<ms::ReduceAnyOp>, ConvertArgReduce<ms::ArgMaxOp>,
               ConvertArgReduce<ms::ArgMinOp>, ConvertScan<ms::CumSumOp>,
               ConvertScan<ms::CumProdOp>, ConvertScan<ms::CumMaxOp>,
               ConvertScan<ms::CumMinOp>, ConvertScan<ms::CumLogSumExpOp>>(
      converter, patterns.getContext());
}

} // namespace msc

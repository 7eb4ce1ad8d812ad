// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of attention and of rotary embeddings.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

/// Folds \p body(element, accumulator) over the last dimension of \p x, from
/// \p init. That dimension stays, with extent one.
static Value
buildRowFold(OpBuilder &b, Location loc, Value x, double init,
             llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
  RankedTensorType type = rankedType(x);
  int64_t rank = type.getRank();
  SmallVector<int64_t> shape(type.getShape());
  shape.back() = 1;
  SmallVector<AffineExpr> kept;
  for (int64_t d = 0; d + 1 < rank; ++d)
    kept.push_back(b.getAffineDimExpr(d));
  kept.push_back(b.getAffineConstantExpr(0));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators.back() = utils::IteratorType::reduction;
  auto fold = b.create<linalg::GenericOp>(
      loc, type.clone(shape), x, buildFill(b, loc, type.clone(shape), init),
      ArrayRef<AffineMap>{b.getMultiDimIdentityMap(rank),
                          AffineMap::get(rank, 0, kept, b.getContext())},
      iterators, [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value v = body(s, args);
        nested.create<linalg::YieldOp>(l, v);
      });
  return fold.getResult(0);
}

namespace {
/// ms.attention ~> two products with a softmax between. Query heads are split
/// into [key heads K, group G]; the loops of a product are [B, K, G, L, ...].
class AttentionBuilder {
public:
  AttentionBuilder(ms::AttentionOp op, ms::AttentionOp::Adaptor adaptor,
                   OpBuilder &b)
      : op(op), adaptor(adaptor), b(b), loc(op.getLoc()) {
    RankedTensorType query = rankedType(adaptor.getQuery());
    RankedTensorType key = rankedType(adaptor.getKey());
    wide = ScalarBuilder::accumulator(query.getElementType());
    split.assign({query.getDimSize(0), key.getDimSize(1),
                  query.getDimSize(1) / key.getDimSize(1),
                  query.getDimSize(2)});
    keys = key.getDimSize(2);
  }

  Value build() {
    Value scores = buildMasked(buildScores());
    double lowest = -std::numeric_limits<double>::infinity();
    Value best = buildRowFold(
        b, loc, scores, lowest,
        [](ScalarBuilder &s, ValueRange v) { return s.max(v[1], v[0]); });
    auto weights =
        buildElementwise(b, loc, rankedType(scores), {scores, best},
                         [&](ScalarBuilder &s, ValueRange v) {
                           // Rows of nothing but -inf give zeros.
                           Type t = v[1].getType();
                           Value blind = s.eq(v[1], s.constant(lowest, t));
                           Value shift =
                               s.select(blind, s.constant(0, t), v[1]);
                           return s.weight(s.sub(v[0], shift));
                         });
    Value sum =
        buildRowFold(b, loc, weights, 0, [](ScalarBuilder &s, ValueRange v) {
          return s.add(v[1], v[0]);
        });
    Value product = buildValues(weights);
    RankedTensorType type = rankedType(product);
    Type element = rankedType(adaptor.getQuery()).getElementType();
    Value y = buildElementwise(b, loc, type.clone(element), {product, sum},
                               [&](ScalarBuilder &s, ValueRange v) {
                                 Type t = v[1].getType();
                                 Value blind = s.eq(v[1], s.constant(0, t));
                                 Value divisor =
                                     s.select(blind, s.constant(1, t), v[1]);
                                 return s.cast(s.div(v[0], divisor), element);
                               });
    return buildReshape(b, loc, y, op.getType().getShape());
  }

private:
  SmallVector<int64_t> shapeWith(int64_t last) {
    SmallVector<int64_t> shape(split);
    shape.push_back(last);
    return shape;
  }
  AffineMap mapOf(ArrayRef<unsigned> dims) {
    SmallVector<AffineExpr> exprs;
    for (unsigned d : dims)
      exprs.push_back(b.getAffineDimExpr(d));
    return AffineMap::get(6, 0, exprs, b.getContext());
  }
  /// The sum over loop \p reduced of \p lhs * \p rhs.
  Value buildContraction(Value lhs, Value rhs, ArrayRef<AffineMap> maps,
                         unsigned reduced, int64_t last) {
    SmallVector<utils::IteratorType> iterators(6,
                                               utils::IteratorType::parallel);
    iterators[reduced] = utils::IteratorType::reduction;
    auto type = RankedTensorType::get(shapeWith(last), wide);
    auto sum = b.create<linalg::GenericOp>(
        loc, type, ValueRange{lhs, rhs}, buildFill(b, loc, type, 0), maps,
        iterators, [&](OpBuilder &nested, Location l, ValueRange args) {
          ScalarBuilder s(nested, l);
          Value product = s.mul(s.cast(args[0], wide), s.cast(args[1], wide));
          Value v = s.add(args[2], product);
          nested.create<linalg::YieldOp>(l, v);
        });
    return sum.getResult(0);
  }

  /// query key^T. For one query the keys are read as they lie; for more they
  /// are transposed first, so that the innermost loop runs along them.
  Value buildScores() {
    int64_t features = op.getQuery().getType().getShape().back();
    Value query = buildReshape(b, loc, adaptor.getQuery(), shapeWith(features));
    if (split[3] == 1)
      return buildContraction(
          query, adaptor.getKey(),
          {mapOf({0, 1, 2, 3, 5}), mapOf({0, 1, 4, 5}), mapOf({0, 1, 2, 3, 4})},
          5, keys);
    return buildContraction(
        query, buildTransposed(b, loc, adaptor.getKey()),
        {mapOf({0, 1, 2, 3, 4}), mapOf({0, 1, 4, 5}), mapOf({0, 1, 2, 3, 5})},
        4, keys);
  }
  Value buildValues(Value weights) {
    return buildContraction(
        weights, adaptor.getValue(),
        {mapOf({0, 1, 2, 3, 4}), mapOf({0, 1, 4, 5}), mapOf({0, 1, 2, 3, 5})},
        4, op.getType().getShape().back());
  }

  /// The mask as [B, K, G, L, S], with extents of one where it broadcasts.
  Value splitMask() {
    SmallVector<int64_t> shape(rankedType(adaptor.getMask()).getShape());
    shape.insert(shape.begin(), 4 - shape.size(), 1);
    bool perHead = shape[1] != 1;
    shape[1] = perHead ? split[1] : 1;
    shape.insert(shape.begin() + 2, perHead ? split[2] : 1);
    return buildReshape(b, loc, adaptor.getMask(), shape);
  }

  /// Scales, caps and masks the scores.
  Value buildMasked(Value scores) {
    SmallVector<Value> operands{scores};
    if (op.getMask())
      operands.push_back(splitMask());
    return buildElementwise(
        b, loc, rankedType(scores), operands,
        [&](ScalarBuilder &s, ValueRange v) {
          auto c = [&](double x) { return s.constant(x, wide); };
          Value lowest = c(-std::numeric_limits<double>::infinity());
          Value x = s.mul(v[0], c(op.getScale().convertToDouble()));
          if (op.getSoftcap()) {
            Value cap = c(op.getSoftcap()->convertToDouble());
            x = s.mul(cap, s.call("tanh", s.div(x, cap)));
          }
          if (op.getMask())
            x = v[1].getType().isInteger(1) ? s.select(v[1], x, lowest)
                                            : s.add(x, s.cast(v[1], wide));
          return emitBand(s, x, lowest);
        });
  }
  Value emitBand(ScalarBuilder &s, Value x, Value lowest) {
    if (!op.getBandLow() && !op.getBandHigh())
      return x;
    Value distance = s.sub(s.b.create<linalg::IndexOp>(s.loc, 4),
                           s.b.create<linalg::IndexOp>(s.loc, 3));
    if (op.getBandLow())
      x = s.select(s.lt(distance, s.index(*op.getBandLow())), lowest, x);
    if (op.getBandHigh())
      x = s.select(s.lt(s.index(*op.getBandHigh()), distance), lowest, x);
    return x;
  }

  ms::AttentionOp op;
  ms::AttentionOp::Adaptor adaptor;
  OpBuilder &b;
  Location loc;
  Type wide;
  SmallVector<int64_t> split; // B, K, G, L
  int64_t keys;
};

struct ConvertAttention : OpConversionPattern<ms::AttentionOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::AttentionOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    for (Value v : adaptor.getOperands())
      if (!rankedType(v).hasStaticShape())
        return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(op, AttentionBuilder(op, adaptor, rewriter).build());
    return success();
  }
};

/// ms.rotary_embedding ~> an elementwise op on [..., 2, R/2] (or [..., R/2, 2])
/// that also reads the other one of a pair.
struct ConvertRotaryEmbedding : OpConversionPattern<ms::RotaryEmbeddingOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::RotaryEmbeddingOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    int64_t turned = op.getCos().getType().getShape().back();
    bool whole = turned == type.getShape().back();
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = turned;
    SmallVector<OpFoldResult> sizes,
        offsets(shape.size(), rewriter.getIndexAttr(0)),
        steps(shape.size(), rewriter.getIndexAttr(1));
    for (int64_t extent : shape)
      sizes.push_back(rewriter.getIndexAttr(extent));
    Value x = adaptor.getInput();
    if (!whole)
      x = rewriter.create<tensor::ExtractSliceOp>(loc, type.clone(shape), x,
                                                  offsets, sizes, steps);
    Value y = buildTurned(rewriter, op, x, adaptor.getCos(), adaptor.getSin());
    if (!whole)
      y = rewriter.create<tensor::InsertSliceOp>(loc, y, adaptor.getInput(),
                                                 offsets, sizes, steps);
    rewriter.replaceOp(op, y);
    return success();
  }

  /// Splits the last dimension of \p v into pairs.
  static Value splitPairs(OpBuilder &b, ms::RotaryEmbeddingOp op, Value v) {
    SmallVector<int64_t> shape(rankedType(v).getShape());
    int64_t half = shape.pop_back_val() / 2;
    if (op.getInterleaved())
      shape.append({half, 2});
    else
      shape.append({2, half});
    return buildReshape(b, op.getLoc(), v, shape);
  }

  static Value buildTurned(OpBuilder &b, ms::RotaryEmbeddingOp op, Value input,
                           Value cos, Value sin) {
    Value x = splitPairs(b, op, input);
    RankedTensorType type = rankedType(x);
    unsigned rank = type.getRank(), pair = rank - (op.getInterleaved() ? 1 : 2);
    SmallVector<Value> operands{x, x, splitPairs(b, op, cos),
                                splitPairs(b, op, sin)};
    SmallVector<AffineExpr> other, angle;
    for (unsigned d = 0; d < rank; ++d) {
      AffineExpr dim = b.getAffineDimExpr(d);
      other.push_back(d == pair ? 1 - dim : dim);
      bool repeats =
          rankedType(operands[2]).getDimSize(d) == 1 && type.getDimSize(d) != 1;
      angle.push_back(repeats ? b.getAffineConstantExpr(0) : dim);
    }
    AffineMap same = b.getMultiDimIdentityMap(rank),
              angles = AffineMap::get(rank, 0, angle, b.getContext());
    SmallVector<AffineMap> maps{same,
                                AffineMap::get(rank, 0, other, b.getContext()),
                                angles, angles, same};
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    Value empty = b.create<tensor::EmptyOp>(op.getLoc(), type.getShape(),
                                            type.getElementType());
    Type element = type.getElementType(),
         wide = ScalarBuilder::accumulator(element);
    auto turned = b.create<linalg::GenericOp>(
        op.getLoc(), type, operands, empty, maps, iterators,
        [&](OpBuilder &nested, Location l, ValueRange args) {
          ScalarBuilder s(nested, l);
          SmallVector<Value> v;
          for (Value arg : args.drop_back())
            v.push_back(s.cast(arg, wide));
          Value first =
              s.eq(nested.create<linalg::IndexOp>(l, pair), s.index(0));
          Value own = s.mul(v[0], v[2]), cross = s.mul(v[1], v[3]);
          Value y = s.select(first, s.sub(own, cross), s.add(own, cross));
          nested.create<linalg::YieldOp>(l, s.cast(y, element));
        });
    return buildReshape(b, op.getLoc(), turned.getResult(0),
                        rankedType(input).getShape());
  }
};
} // namespace

void populateMSToLinalgAttentionPatterns(TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ConvertAttention, ConvertRotaryEmbedding>(converter,
                                                         patterns.getContext());
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the pooling ops.
#include "lib/Conversion/MSToLinalg/Windows.h"

#include <numeric>

using namespace mlir;

namespace msc {

static bool isUnsigned(Operation *op) {
  return getElementTypeOrSelf(op->getOperand(0).getType()).isUnsignedInteger();
}

/// The neutral element of maxima: what \p element holds below everything else.
static double lowest(Type element, bool isUnsigned) {
  if (isa<FloatType>(element))
    return -std::numeric_limits<double>::infinity();
  return isUnsigned ? 0 : -std::ldexp(1, element.getIntOrFloatBitWidth() - 1);
}

/// Two outer loops (n, c) and the window's.
template <typename OpT> static WindowLoops loopsOf(OpT op) {
  return WindowLoops(op.getContext(), 2, 0, op.getStrides(), op.getDilations());
}

/// Folds \p body over the windows of \p padded, from \p init. The kernel's
/// loops get their extents from an operand that is never read.
template <typename OpT>
static Value
buildWindows(OpBuilder &b, OpT op, Value padded, Value init,
             llvm::function_ref<Value(ScalarBuilder &, Value, Value)> body) {
  Location loc = op.getLoc();
  WindowLoops loops = loopsOf(op);
  SmallVector<AffineExpr> in{loops.outer(0), loops.outer(1)}, out(in);
  in.append(loops.positions());
  out.append(loops.outs());
  Value domain = b.create<tensor::EmptyOp>(loc, op.getKernel(), b.getI1Type());
  auto generic = b.create<linalg::GenericOp>(
      loc, init.getType(), ValueRange{padded, domain}, init,
      ArrayRef<AffineMap>{loops.map(in), loops.map(loops.taps()),
                          loops.map(out)},
      loops.iterators(), [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value v = body(s, args[0], args[2]);
        nested.create<linalg::YieldOp>(l, v);
      });
  return generic.getResult(0);
}

namespace {
struct ConvertMaxPool : OpConversionPattern<ms::MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::MaxPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    bool noSign = isUnsigned(op);
    double low = lowest(type.getElementType(), noSign);
    Value padded = buildPadded(rewriter, op.getLoc(), adaptor.getInput(),
                               op.getPads(), low);
    Value init = buildFill(rewriter, op.getLoc(), type, low);
    rewriter.replaceOp(op,
                       buildWindows(rewriter, op, padded, init,
                                    [&](ScalarBuilder &s, Value x, Value max) {
                                      return s.max(max, x, noSign);
                                    }));
    return success();
  }
};

/// How many of the window's positions at \p out count, per dimension.
static Value buildCounts(OpBuilder &b, ms::AvgPoolOp op, unsigned d,
                         Type element) {
  size_t rank = op.getKernel().size();
  ArrayRef<int64_t> in = ms::tensorType(op.getInput()).getShape().drop_front(2);
  std::optional<ArrayRef<int64_t>> counted = op.getCountedPads();
  int64_t first = counted ? -(*counted)[d] : 0,
          end = in[d] + (counted ? (*counted)[rank + d] : 0);
  SmallVector<Attribute> counts;
  for (int64_t y = 0; y < op.getType().getDimSize(2 + d); ++y) {
    int64_t count = 0;
    for (int64_t t = 0; t < op.getKernel()[d]; ++t) {
      int64_t x =
          y * op.getStrides()[d] - op.getPads()[d] + t * op.getDilations()[d];
      count += x >= first && x < end;
    }
    counts.push_back(
        b.getFloatAttr(element, double(std::max<int64_t>(count, 1))));
  }
  auto type = RankedTensorType::get({int64_t(counts.size())}, element);
  return b.create<arith::ConstantOp>(op.getLoc(),
                                     DenseElementsAttr::get(type, counts));
}

/// Divides \p sums by the counts, which are a product over the dimensions.
static Value divideByCounts(OpBuilder &b, ms::AvgPoolOp op, Value sums) {
  RankedTensorType type = rankedType(sums);
  SmallVector<Value> operands{sums};
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(type.getRank())};
  for (unsigned d = 0; d < op.getKernel().size(); ++d) {
    operands.push_back(buildCounts(b, op, d, type.getElementType()));
    maps.push_back(
        AffineMap::get(type.getRank(), 0, b.getAffineDimExpr(2 + d)));
  }
  maps.push_back(maps.front());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  Type element = op.getType().getElementType();
  Value empty =
      b.create<tensor::EmptyOp>(op.getLoc(), type.getShape(), element);
  auto means = b.create<linalg::GenericOp>(
      op.getLoc(), empty.getType(), operands, empty, maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value count = args[1];
        for (Value factor : args.drop_front(2).drop_back())
          count = s.mul(count, factor);
        Value mean = s.cast(s.div(args[0], count), element);
        nested.create<linalg::YieldOp>(l, mean);
      });
  return means.getResult(0);
}

struct ConvertAvgPool : OpConversionPattern<ms::AvgPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::AvgPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape() ||
        !ms::tensorType(op.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Type element = ScalarBuilder::accumulator(type.getElementType());
    Value padded =
        buildPadded(rewriter, op.getLoc(), adaptor.getInput(), op.getPads(), 0);
    Value zero = buildFill(rewriter, op.getLoc(), type.clone(element), 0);
    Value sums = buildWindows(rewriter, op, padded, zero,
                              [&](ScalarBuilder &s, Value x, Value sum) {
                                return s.add(sum, s.cast(x, element));
                              });
    rewriter.replaceOp(op, divideByCounts(rewriter, op, sums));
    return success();
  }
};

/// The state of a search for a maximum: the value and its position, -1 before
/// the first one.
struct Found {
  Value value, position;
};
} // namespace

/// \p found, or \p x at \p position where that is \p valid and larger.
static Found updateMaximum(ScalarBuilder &s, Found found, Value x,
                           Value position, Value valid, bool noSign) {
  Value larger;
  if (isa<FloatType>(x.getType())) {
    // NaN wins, the first one.
    Value above = s.b.create<arith::CmpFOp>(s.loc, arith::CmpFPredicate::UGT, x,
                                            found.value);
    Value ordered = s.b.create<arith::CmpFOp>(s.loc, arith::CmpFPredicate::ORD,
                                              found.value, found.value);
    larger = s.land(above, ordered);
  } else {
    larger = s.lt(found.value, x, noSign);
  }
  Value none = s.lt(found.position, s.constant(0, position.getType()));
  Value take = s.land(valid, s.b.create<arith::OrIOp>(s.loc, larger, none));
  return {s.select(take, x, found.value),
          s.select(take, position, found.position)};
}

/// Turns positions of -1, from windows outside the input, into 0.
static Value buildClampedPositions(OpBuilder &b, Location loc,
                                   Value positions) {
  return buildElementwise(b, loc, rankedType(positions), positions,
                          [](ScalarBuilder &s, ValueRange args) {
                            return s.max(args[0],
                                         s.constant(0, args[0].getType()));
                          });
}

/// 0 <= x < extent, for index values.
static Value isInside(ScalarBuilder &s, Value x, int64_t extent) {
  return s.lt(x, s.index(extent), /*isUnsigned=*/true);
}

namespace {
struct ConvertMaxPoolWithIndices
    : OpConversionPattern<ms::MaxPoolWithIndicesOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::MaxPoolWithIndicesOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Type converted = getTypeConverter()->convertType(op.getResult().getType());
    auto type = cast<RankedTensorType>(converted);
    auto input = ms::tensorType(op.getInput());
    if (!type.hasStaticShape() || !input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    bool noSign = isUnsigned(op);
    double low = lowest(type.getElementType(), noSign);
    Value padded =
        buildPadded(rewriter, loc, adaptor.getInput(), op.getPads(), low);
    WindowLoops loops = loopsOf(op);
    SmallVector<AffineExpr> in{loops.outer(0), loops.outer(1)}, out(in);
    in.append(loops.positions());
    out.append(loops.outs());
    Value domain = rewriter.create<tensor::EmptyOp>(loc, op.getKernel(),
                                                    rewriter.getI1Type());
    SmallVector<Value> inits{
        buildFill(rewriter, loc, type, low),
        buildFill(rewriter, loc, type.clone(rewriter.getI64Type()), -1)};
    auto body = [&](OpBuilder &nested, Location l, ValueRange args) {
      ScalarBuilder s(nested, l);
      SmallVector<Value> x = positions(s, op, loops);
      Value valid = isInside(s, x[0], input.getDimSize(2)), position = x[0];
      for (size_t d = 1; d < x.size(); ++d) {
        int64_t extent = input.getDimSize(2 + d);
        valid = s.land(valid, isInside(s, x[d], extent));
        position = s.add(s.mul(position, s.index(extent)), x[d]);
      }
      position = s.fromIndex(position, nested.getI64Type());
      Found found = updateMaximum(s, {args[2], args[3]}, args[0], position,
                                  valid, noSign);
      nested.create<linalg::YieldOp>(l,
                                     ValueRange{found.value, found.position});
    };
    auto generic = rewriter.create<linalg::GenericOp>(
        loc, TypeRange(ValueRange(inits)), ValueRange{padded, domain}, inits,
        ArrayRef<AffineMap>{loops.map(in), loops.map(loops.taps()),
                            loops.map(out), loops.map(out)},
        loops.iterators(), body);
    rewriter.replaceOp(
        op, {generic.getResult(0),
             buildClampedPositions(rewriter, loc, generic.getResult(1))});
    return success();
  }

  /// The window's spatial position in the input, which may lie outside of it.
  static SmallVector<Value> positions(ScalarBuilder &s,
                                      ms::MaxPoolWithIndicesOp op,
                                      const WindowLoops &loops) {
    SmallVector<Value> result;
    for (unsigned d = 0; d < op.getKernel().size(); ++d) {
      auto loop = [&](AffineExpr expr) -> Value {
        return s.b.create<linalg::IndexOp>(
            s.loc, cast<AffineDimExpr>(expr).getPosition());
      };
      Value out = s.mul(loop(loops.out(d)), s.index(op.getStrides()[d]));
      Value tap = s.mul(loop(loops.tap(d)), s.index(op.getDilations()[d]));
      result.push_back(s.add(s.add(out, tap), s.index(-op.getPads()[d])));
    }
    return result;
  }
};
} // namespace

/// Adaptive pools: loops [n, c, out..., kernel...] over the largest window, of
/// which smaller ones skip the rest.
namespace {
class AdaptiveWindows {
public:
  template <typename OpT>
  explicit AdaptiveWindows(OpT op)
      : in(ms::tensorType(op.getInput()).getShape().drop_front(2)),
        size(op.getOutputSize()) {
    for (auto [extent, out] : llvm::zip_equal(in, size)) {
      int64_t longest = 0;
      for (int64_t i = 0; i < out; ++i)
        longest = std::max(longest, ((i + 1) * extent + out - 1) / out -
                                        i * extent / out);
      kernel.push_back(longest);
    }
  }

  /// The input position of \p tap in the window \p index, clamped to the
  /// window, and whether it is in the window.
  std::pair<SmallVector<Value>, Value>
  positions(ScalarBuilder &s, ValueRange index, ValueRange tap) const {
    SmallVector<Value> at{index[0], index[1]};
    Value valid;
    for (size_t d = 0; d < in.size(); ++d) {
      auto [start, end] = bounds(s, index[2 + d], d);
      Value x = s.add(start, tap[d]);
      Value inside = s.lt(x, end);
      valid = valid ? s.land(valid, inside) : inside;
      at.push_back(s.select(inside, x, start));
    }
    return {at, valid};
  }

  /// First position and end of window \p i of dimension \p d.
  std::pair<Value, Value> bounds(ScalarBuilder &s, Value i, size_t d) const {
    Value extent = s.index(in[d]), out = s.index(size[d]);
    Value start = divide(s, s.mul(i, extent), out);
    Value next = s.mul(s.add(i, s.index(1)), extent);
    return {start, divide(s, s.add(next, s.index(size[d] - 1)), out)};
  }

  static Value divide(ScalarBuilder &s, Value x, Value y) {
    return s.b.create<arith::DivUIOp>(s.loc, x, y);
  }

  SmallVector<int64_t> in, size, kernel;
};

struct ConvertAdaptiveAvgPool : OpConversionPattern<ms::AdaptiveAvgPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::AdaptiveAvgPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape() ||
        !ms::tensorType(op.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    AdaptiveWindows windows(op);
    Location loc = op.getLoc();
    Type sumType = ScalarBuilder::accumulator(type.getElementType());
    Value zero = ScalarBuilder(rewriter, loc).constant(0, sumType);
    Value sums = buildReduction(
        rewriter, loc, type.clone(sumType), windows.kernel, zero,
        [&](ScalarBuilder &s, ValueRange index, ValueRange tap, Value sum) {
          auto [at, valid] = windows.positions(s, index, tap);
          Value x = s.cast(s.at(adaptor.getInput(), at), sumType);
          return s.select(valid, s.add(sum, x), sum);
        });
    auto means =
        buildMap(rewriter, loc, type, [&](ScalarBuilder &s, ValueRange index) {
          Value count = s.index(1);
          for (size_t d = 0; d < windows.in.size(); ++d) {
            auto [start, end] = windows.bounds(s, index[2 + d], d);
            count = s.mul(count, s.sub(end, start));
          }
          return s.cast(s.div(s.at(sums, index), s.cast(count, sumType)),
                        type.getElementType());
        });
    rewriter.replaceOp(op, means);
    return success();
  }
};

struct ConvertAdaptiveMaxPool : OpConversionPattern<ms::AdaptiveMaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::AdaptiveMaxPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult().getType()));
    if (!type.hasStaticShape() ||
        !ms::tensorType(op.getInput()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    AdaptiveWindows windows(op);
    Location loc = op.getLoc();
    bool noSign = isUnsigned(op);
    // The position is searched for; the value is then read from there.
    Value none =
        ScalarBuilder(rewriter, loc).constant(-1, rewriter.getI64Type());
    Value positions = buildReduction(
        rewriter, loc, type.clone(rewriter.getI64Type()), windows.kernel, none,
        [&](ScalarBuilder &s, ValueRange index, ValueRange tap, Value best) {
          auto [at, valid] = windows.positions(s, index, tap);
          Value x = s.at(adaptor.getInput(), at), position = at[2];
          for (size_t d = 1; d < windows.in.size(); ++d)
            position =
                s.add(s.mul(position, s.index(windows.in[d])), at[2 + d]);
          position = s.fromIndex(position, s.b.getI64Type());
          Value bestValue =
              s.at(adaptor.getInput(), unflatten(s, windows, index, best));
          return updateMaximum(s, {bestValue, best}, x, position, valid, noSign)
              .position;
        });
    Value values =
        buildMap(rewriter, loc, type, [&](ScalarBuilder &s, ValueRange index) {
          return s.at(adaptor.getInput(),
                      unflatten(s, windows, index, s.at(positions, index)));
        });
    rewriter.replaceOp(
        op, {values, buildClampedPositions(rewriter, loc, positions)});
    return success();
  }

  /// The input index of \p position (at least 0 is read) in the plane of \p
  /// index.
  static SmallVector<Value> unflatten(ScalarBuilder &s,
                                      const AdaptiveWindows &windows,
                                      ValueRange index, Value position) {
    Value rest = s.toIndex(s.max(position, s.constant(0, position.getType())));
    SmallVector<Value> at(2 + windows.in.size());
    at[0] = index[0];
    at[1] = index[1];
    for (size_t d = windows.in.size(); d-- > 0;) {
      Value extent = s.index(windows.in[d]);
      at[2 + d] = s.b.create<arith::RemUIOp>(s.loc, rest, extent);
      rest = s.b.create<arith::DivUIOp>(s.loc, rest, extent);
    }
    return at;
  }
};
} // namespace

void populateMSToLinalgPoolingPatterns(TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<ConvertMaxPool, ConvertMaxPoolWithIndices, ConvertAvgPool,
               ConvertAdaptiveAvgPool, ConvertAdaptiveMaxPool>(
      converter, patterns.getContext());
}

} // namespace msc

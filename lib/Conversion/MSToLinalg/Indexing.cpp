// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the indexing ops. Reads are maps over the result; writes
/// are sequential loops over the updates, because positions may repeat.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc {

/// \p index counted from the front of a dimension of \p extent.
static Value fromEnd(ScalarBuilder &s, Value index, int64_t extent) {
  Value i = s.toIndex(index);
  return s.select(s.lt(i, s.index(0)), s.add(i, s.index(extent)), i);
}

/// \p index inside [0, \p limit).
static Value clampTo(ScalarBuilder &s, Value index, int64_t limit) {
  return s.min(s.max(index, s.index(0)), s.index(limit - 1));
}

static Value clamped(ScalarBuilder &s, Value index, int64_t extent) {
  return clampTo(s, fromEnd(s, index, extent), extent);
}

/// The element at index zero of a tensor of one element.
static Value onlyElement(ScalarBuilder &s, Value tensor) {
  return s.at(tensor,
              SmallVector<Value>(rankedType(tensor).getRank(), s.index(0)));
}

static Value buildCopy(OpBuilder &b, Location loc, Value input) {
  return buildElementwise(
      b, loc, rankedType(input), input,
      [](ScalarBuilder &, ValueRange args) { return args[0]; });
}

namespace {
/// The gathering ops: result[index] = input[source(index)].
template <typename OpT> struct ConvertGather : OpConversionPattern<OpT> {
  /// The source position of result position \p index; \p indices is converted.
  using Source = SmallVector<Value> (*)(OpT op, ScalarBuilder &s, Value indices,
                                        ArrayRef<Value> index);
  ConvertGather(const TypeConverter &converter, MLIRContext *ctx, Source source)
      : OpConversionPattern<OpT>(converter, ctx), source(source) {}

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = cast<RankedTensorType>(
        this->getTypeConverter()->convertType(op.getType()));
    RankedTensorType input = rankedType(adaptor.getInput());
    if (!type.hasStaticShape() || !input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    if (input.getNumElements() == 0) {
      rewriter.replaceOp(op, buildFill(rewriter, op.getLoc(), type, 0));
      return success();
    }
    rewriter.replaceOp(
        op,
        buildMap(rewriter, op.getLoc(), type,
                 [&](ScalarBuilder &s, ValueRange index) {
                   SmallVector<Value> position(index);
                   return s.at(adaptor.getInput(),
                               source(op, s, adaptor.getIndices(), position));
                 }));
    return success();
  }
  Source source;
};
} // namespace

static SmallVector<Value> gatherSource(ms::GatherOp op, ScalarBuilder &s,
                                       Value indices, ArrayRef<Value> index) {
  int64_t axis = op.getAxis(), batch = op.getBatchDims();
  int64_t after = axis + rankedType(indices).getRank() - batch;
  SmallVector<Value> at(index.take_front(batch));
  llvm::append_range(at, index.slice(axis, after - axis));
  SmallVector<Value> source(index.take_front(axis));
  source.push_back(
      clamped(s, s.at(indices, at), op.getInput().getType().getDimSize(axis)));
  llvm::append_range(source, index.drop_front(after));
  return source;
}

static SmallVector<Value> gatherElementsSource(ms::GatherElementsOp op,
                                               ScalarBuilder &s, Value indices,
                                               ArrayRef<Value> index) {
  SmallVector<Value> source(index);
  source[op.getAxis()] =
      clamped(s, s.at(indices, index),
              op.getInput().getType().getDimSize(op.getAxis()));
  return source;
}

static SmallVector<Value> gatherNdSource(ms::GatherNdOp op, ScalarBuilder &s,
                                         Value indices, ArrayRef<Value> index) {
  int64_t batch = op.getBatchDims(), prefix = rankedType(indices).getRank() - 1;
  SmallVector<Value> source(index.take_front(batch)),
      at(index.take_front(prefix));
  at.push_back(Value());
  for (int64_t j = 0; j < rankedType(indices).getShape().back(); ++j) {
    at.back() = s.index(j);
    source.push_back(clamped(s, s.at(indices, at),
                             op.getInput().getType().getDimSize(batch + j)));
  }
  llvm::append_range(source, index.drop_front(prefix));
  return source;
}

/// Nested loops over \p extents that carry one tensor; \p body gives its next
/// value.
static Value
buildLoops(ScalarBuilder &s, ArrayRef<int64_t> extents,
           SmallVector<Value> &index, Value carried,
           llvm::function_ref<Value(ScalarBuilder &, Value)> body) {
  if (extents.empty())
    return body(s, carried);
  auto loop = s.b.create<scf::ForOp>(
      s.loc, s.index(0), s.index(extents[0]), s.index(1), carried,
      [&](OpBuilder &nested, Location l, Value i, ValueRange args) {
        ScalarBuilder inner(nested, l);
        index.push_back(i);
        Value next =
            buildLoops(inner, extents.drop_front(), index, args[0], body);
        index.pop_back();
        nested.create<scf::YieldOp>(l, next);
      });
  return loop.getResult(0);
}

/// x / y of integers as ms.div: towards zero, x / 0 is 0, -2^n / -1 wraps.
static Value divideInt(ScalarBuilder &s, Value x, Value y, bool isUnsigned) {
  Value zero = s.constant(0, x.getType()), one = s.constant(1, x.getType());
  Value isZero = s.eq(y, zero), safe = s.select(isZero, one, y);
  if (isUnsigned)
    return s.select(isZero, zero, s.b.create<arith::DivUIOp>(s.loc, x, safe));
  Value isMinusOne = s.eq(y, s.constant(-1, x.getType()));
  Value quotient = s.div(x, s.select(isMinusOne, one, safe));
  return s.select(isZero, zero, s.select(isMinusOne, s.sub(zero, x), quotient));
}

static Value combine(ScalarBuilder &s, StringRef reduction, Value x, Value y,
                     bool isUnsigned) {
  if (reduction == "none")
    return y;
  Type type = x.getType();
  bool isFloat = isa<FloatType>(type);
  if (isFloat) {
    x = s.cast(x, ScalarBuilder::accumulator(type));
    y = s.cast(y, ScalarBuilder::accumulator(type));
  }
  Value v = reduction == "add"   ? s.add(x, y)
            : reduction == "sub" ? s.sub(x, y)
            : reduction == "mul" ? s.mul(x, y)
            : reduction == "max" ? s.max(x, y, isUnsigned)
            : reduction == "min" ? s.min(x, y, isUnsigned)
            : isFloat            ? s.div(x, y)
                                 : divideInt(s, x, y, isUnsigned);
  return isFloat ? s.cast(v, type) : v;
}

/// \p carried after the update with element \p value at \p target, of which
/// \p isInside says whether it exists; \p target itself is always inside.
static Value buildUpdate(ScalarBuilder &s, Value carried,
                         ArrayRef<Value> target, Value isInside,
                         llvm::function_ref<Value(Value)> next) {
  Value old = s.at(carried, target);
  return s.b.create<tensor::InsertOp>(s.loc, s.select(isInside, next(old), old),
                                      carried, target);
}

/// Adds one index to a target position: its clamped form and whether it was
/// inside.
static void addTarget(ScalarBuilder &s, Value raw, int64_t extent,
                      Value &position, Value &isInside) {
  Value i = fromEnd(s, raw, extent);
  // Unsigned: negative indices are large.
  Value inside = s.lt(i, s.index(extent), /*isUnsigned=*/true);
  isInside = isInside ? s.land(isInside, inside) : inside;
  position = clampTo(s, i, extent);
}

namespace {
struct ConvertScatterElements : OpConversionPattern<ms::ScatterElementsOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::ScatterElementsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = rankedType(adaptor.getInput());
    RankedTensorType indices = rankedType(adaptor.getIndices());
    if (!type.hasStaticShape() || !indices.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Value result = buildCopy(rewriter, op.getLoc(), adaptor.getInput());
    ScalarBuilder s(rewriter, op.getLoc());
    bool isUnsigned = op.getType().getElementType().isUnsignedInteger();
    int64_t axis = op.getAxis();
    SmallVector<Value> index;
    if (type.getNumElements() != 0 && indices.getNumElements() != 0)
      result = buildLoops(
          s, indices.getShape(), index, result,
          [&](ScalarBuilder &s, Value carried) {
            SmallVector<Value> target(index);
            Value isInside;
            addTarget(s, s.at(adaptor.getIndices(), index),
                      type.getDimSize(axis), target[axis], isInside);
            Value update = s.at(adaptor.getUpdates(), index);
            return buildUpdate(s, carried, target, isInside, [&](Value old) {
              return combine(s, op.getReduction(), old, update, isUnsigned);
            });
          });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct ConvertScatterNd : OpConversionPattern<ms::ScatterNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::ScatterNdOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = rankedType(adaptor.getInput());
    RankedTensorType updates = rankedType(adaptor.getUpdates());
    if (!type.hasStaticShape() || !updates.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Value result = buildCopy(rewriter, op.getLoc(), adaptor.getInput());
    ScalarBuilder s(rewriter, op.getLoc());
    if (type.getNumElements() != 0 && updates.getNumElements() != 0)
      result = buildSlices(s, op, adaptor, result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// Loops over the index tuples around loops over the slice of each.
  static Value buildSlices(ScalarBuilder &s, ms::ScatterNdOp op,
                           OpAdaptor adaptor, Value result) {
    RankedTensorType type = rankedType(result),
                     indices = rankedType(adaptor.getIndices());
    ArrayRef<int64_t> tuples = indices.getShape().drop_back();
    int64_t k = indices.getShape().back();
    bool isUnsigned = op.getType().getElementType().isUnsignedInteger();
    SmallVector<Value> index;
    return buildLoops(
        s, tuples, index, result, [&](ScalarBuilder &s, Value carried) {
          SmallVector<Value> tuple(index), start(k);
          Value isInside = k == 0 ? s.constant(1, s.b.getI1Type()) : Value();
          for (int64_t j = 0; j < k; ++j) {
            SmallVector<Value> at(tuple);
            at.push_back(s.index(j));
            addTarget(s, s.at(adaptor.getIndices(), at), type.getDimSize(j),
                      start[j], isInside);
          }
          ArrayRef<int64_t> slice = type.getShape().drop_front(k);
          return buildLoops(
              s, slice, index, carried, [&](ScalarBuilder &s, Value inner) {
                SmallVector<Value> target(start);
                llvm::append_range(
                    target, ArrayRef<Value>(index).drop_front(tuple.size()));
                Value update = s.at(adaptor.getUpdates(), index);
                return buildUpdate(s, inner, target, isInside, [&](Value old) {
                  return combine(s, op.getReduction(), old, update, isUnsigned);
                });
              });
        });
  }
};
} // namespace

/// Where a block of shape \p sizes starts, moved inside \p input.
static SmallVector<Value> blockStart(ScalarBuilder &s, Value starts,
                                     ArrayRef<int64_t> sizes,
                                     RankedTensorType input) {
  SmallVector<Value> result;
  for (auto [d, extent] : llvm::enumerate(input.getShape())) {
    Value start = fromEnd(s, s.at(starts, s.index(d)), extent);
    result.push_back(clampTo(s, start, extent - sizes[d] + 1));
  }
  return result;
}

namespace {
struct ConvertDynamicSlice : OpConversionPattern<ms::DynamicSliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::DynamicSliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    RankedTensorType input = rankedType(adaptor.getInput());
    if (!type.hasStaticShape() || !input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    ScalarBuilder outer(rewriter, op.getLoc());
    SmallVector<Value> start =
        blockStart(outer, adaptor.getStarts(), op.getSizes(), input);
    rewriter.replaceOp(op, buildMap(rewriter, op.getLoc(), type,
                                    [&](ScalarBuilder &s, ValueRange index) {
                                      SmallVector<Value> source;
                                      for (auto [offset, i] :
                                           llvm::zip_equal(start, index))
                                        source.push_back(s.add(offset, i));
                                      return s.at(adaptor.getInput(), source);
                                    }));
    return success();
  }
};

struct ConvertDynamicUpdateSlice
    : OpConversionPattern<ms::DynamicUpdateSliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::DynamicUpdateSliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType input = rankedType(adaptor.getInput());
    RankedTensorType update = rankedType(adaptor.getUpdate());
    if (!input.hasStaticShape() || !update.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    ScalarBuilder s(rewriter, op.getLoc());
    SmallVector<Value> start =
        blockStart(s, adaptor.getStarts(), update.getShape(), input);
    Value result = buildCopy(rewriter, op.getLoc(), adaptor.getInput());
    rewriter.replaceOp(op,
                       buildInsert(rewriter, op.getLoc(), adaptor.getUpdate(),
                                   result, getAsOpFoldResult(start)));
    return success();
  }
};

struct ConvertOneHot : OpConversionPattern<ms::OneHotOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::OneHotOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    int64_t axis = op.getAxis();
    bool isUnsigned =
        op.getIndices().getType().getElementType().isUnsignedInteger();
    ScalarBuilder outer(rewriter, op.getLoc());
    Value on = onlyElement(outer, adaptor.getOn()),
          off = onlyElement(outer, adaptor.getOff());
    rewriter.replaceOp(
        op, buildMap(rewriter, op.getLoc(), type,
                     [&](ScalarBuilder &s, ValueRange index) {
                       SmallVector<Value> at(index);
                       at.erase(at.begin() + axis);
                       Value wanted = s.cast(s.at(adaptor.getIndices(), at),
                                             s.b.getI64Type(), isUnsigned);
                       Value isOn = s.eq(
                           wanted, s.fromIndex(index[axis], s.b.getI64Type()));
                       return s.select(isOn, on, off);
                     }));
    return success();
  }
};

struct ConvertSearchSorted : OpConversionPattern<ms::SearchSortedOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::SearchSortedOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType(),
                     sequence = rankedType(adaptor.getSequence());
    if (!type.hasStaticShape() || !sequence.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(
        op, buildMap(rewriter, op.getLoc(), type,
                     [&](ScalarBuilder &s, ValueRange index) {
                       Value count = buildSearch(s, op, adaptor, index);
                       return s.fromIndex(count, type.getElementType());
                     }));
    return success();
  }

private:
  /// Binary search without branches: \p count grows by falling powers of two
  /// while the last element counted still comes before the value.
  static Value buildSearch(ScalarBuilder &s, ms::SearchSortedOp op,
                           OpAdaptor adaptor, ValueRange index) {
    RankedTensorType sequence = rankedType(adaptor.getSequence());
    int64_t n = sequence.getShape().back();
    bool isUnsigned =
        op.getValues().getType().getElementType().isUnsignedInteger();
    Value value = s.at(adaptor.getValues(), index), count = s.index(0);
    SmallVector<Value> at;
    if (sequence.getRank() > 1)
      llvm::append_range(at, index.drop_back());
    at.push_back(Value());
    for (int64_t step = n ? llvm::bit_floor(uint64_t(n)) : 0; step > 0;
         step /= 2) {
      Value next = s.add(count, s.index(step));
      at.back() = s.sub(s.min(next, s.index(n)), s.index(1));
      Value element = s.at(adaptor.getSequence(), at);
      Value isBefore = op.getRight() ? s.ge(value, element, isUnsigned)
                                     : s.lt(element, value, isUnsigned);
      Value fits = s.lt(next, s.index(n + 1));
      count = s.select(s.land(fits, isBefore), next, count);
    }
    return count;
  }
};

/// ms.sort and ms.top_k. \p scalars adds what the function takes behind the
/// extents, and returns the number of (key, index) pairs that it works on.
template <typename OpT> struct ConvertSort : OpConversionPattern<OpT> {
  using Scalars = int64_t (*)(OpT op, ScalarBuilder &s,
                              SmallVector<Value> &scalars);
  ConvertSort(const TypeConverter &converter, MLIRContext *ctx, StringRef name,
              Scalars scalars)
      : OpConversionPattern<OpT>(converter, ctx), name(name), scalars(scalars) {
  }

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType input = rankedType(adaptor.getInput());
    if (!input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    SmallVector<RankedTensorType> types;
    for (Type type : op->getResultTypes())
      types.push_back(
          cast<RankedTensorType>(this->getTypeConverter()->convertType(type)));
    ScalarBuilder s(rewriter, op.getLoc());
    SmallVector<Value> args =
        buildAxisExtents(rewriter, op.getLoc(), input.getShape(), op.getAxis());
    int64_t pairs = scalars(op, s, args);
    Type element = op.getInput().getType().getElementType();
    rewriter.replaceOp(
        op, buildDeviceCall(rewriter, op.getLoc(),
                            {(name + "_" + deviceSuffix(element)).str(),
                             adaptor.getInput(), types, args,
                             std::max<int64_t>(pairs, 1) * sortPairBytes}));
    return success();
  }

private:
  StringRef name;
  Scalars scalars;
};
} // namespace

static int64_t sortScalars(ms::SortOp op, ScalarBuilder &s,
                           SmallVector<Value> &scalars) {
  scalars.push_back(s.constant(op.getDescending(), s.b.getI1Type()));
  return 2 * op.getInput().getType().getDimSize(op.getAxis());
}

static int64_t topKScalars(ms::TopKOp op, ScalarBuilder &s,
                           SmallVector<Value> &scalars) {
  scalars.push_back(s.constant(double(op.getK()), s.b.getI64Type()));
  scalars.push_back(s.constant(!op.getSmallest(), s.b.getI1Type()));
  scalars.push_back(s.constant(1, s.b.getI1Type())); // best first
  return op.getK();
}

void populateMSToLinalgIndexingPatterns(TypeConverter &converter,
                                        RewritePatternSet &patterns) {
  MLIRContext *ctx = patterns.getContext();
  patterns.add<ConvertGather<ms::GatherOp>>(converter, ctx, gatherSource);
  patterns.add<ConvertGather<ms::GatherElementsOp>>(converter, ctx,
                                                    gatherElementsSource);
  patterns.add<ConvertGather<ms::GatherNdOp>>(converter, ctx, gatherNdSource);
  patterns.add<ConvertScatterElements, ConvertScatterNd, ConvertDynamicSlice,
               ConvertDynamicUpdateSlice, ConvertOneHot, ConvertSearchSorted>(
      converter, ctx);
  patterns.add<ConvertSort<ms::SortOp>>(converter, ctx, "msc_sort",
                                        sortScalars);
  patterns.add<ConvertSort<ms::TopKOp>>(converter, ctx, "msc_top_k",
                                        topKScalars);
}

} // namespace msc

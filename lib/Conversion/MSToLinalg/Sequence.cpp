// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the recurrences: the projection of the whole input as
/// one matrix product, then scf.for over time with the states as destinations.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc {

/// \p init [..., N] + \p lhs [..., K] * \p rhs [K, N]: loops [..., k, n], so
/// that rows of rhs are added up.
static Value buildProduct(OpBuilder &b, Location loc, Value lhs, Value rhs,
                          Value init) {
  unsigned outer = rankedType(lhs).getRank() - 1, loops = outer + 2;
  SmallVector<AffineExpr> left, out;
  for (unsigned d = 0; d < outer; ++d)
    left.push_back(b.getAffineDimExpr(d));
  out = left;
  AffineExpr k = b.getAffineDimExpr(outer), n = b.getAffineDimExpr(outer + 1);
  left.push_back(k);
  out.push_back(n);
  auto mapOf = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(loops, 0, exprs, b.getContext());
  };
  SmallVector<utils::IteratorType> iterators(loops,
                                             utils::IteratorType::parallel);
  iterators[outer] = utils::IteratorType::reduction;
  auto op = b.create<linalg::GenericOp>(
      loc, init.getType(), ValueRange{lhs, rhs}, init,
      ArrayRef<AffineMap>{mapOf(left), mapOf({k, n}), mapOf(out)}, iterators,
      [](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value sum = s.add(args[2], s.mul(args[0], args[1]));
        nested.create<linalg::YieldOp>(l, sum);
      });
  return op.getResult(0);
}

/// \p row [N] as each row of a tensor of \p shape.
static Value buildRows(OpBuilder &b, Location loc, Value row,
                       ArrayRef<int64_t> shape) {
  RankedTensorType type =
      RankedTensorType::get(shape, rankedType(row).getElementType());
  return buildElementwise(b, loc, type, row,
                          [](ScalarBuilder &, ValueRange v) { return v[0]; });
}

/// The block [from, from + size) of dimension \p dim; a block of size 0 is the
/// element \p from without the dimension.
static Value buildBlock(OpBuilder &b, Location loc, Value v, int64_t dim,
                        OpFoldResult from, int64_t size) {
  RankedTensorType type = rankedType(v);
  SmallVector<int64_t> shape(type.getShape());
  SmallVector<OpFoldResult> offsets(shape.size(), b.getIndexAttr(0)),
      steps(shape.size(), b.getIndexAttr(1)), sizes;
  offsets[dim] = from;
  shape[dim] = std::max<int64_t>(size, 1);
  for (int64_t extent : shape)
    sizes.push_back(b.getIndexAttr(extent));
  if (size == 0)
    shape.erase(shape.begin() + dim);
  return b.create<tensor::ExtractSliceOp>(loc, type.clone(shape), v, offsets,
                                          sizes, steps);
}

static Value emitActivation(ScalarBuilder &s, const ms::Activation &f,
                            Value x) {
  Type type = x.getType();
  auto c = [&](double v) { return s.constant(v, type); };
  auto abs = [&](Value v) -> Value {
    return s.b.create<math::AbsFOp>(s.loc, v);
  };
  if (f.name == "sigmoid")
    return s.div(c(1), s.add(c(1), s.call("exp", s.sub(c(0), x))));
  if (f.name == "tanh")
    return s.call("tanh", x);
  if (f.name == "relu")
    return s.max(x, c(0));
  if (f.name == "affine")
    return s.add(s.mul(c(f.alpha), x), c(f.beta));
  if (f.name == "leaky_relu")
    return s.select(s.ge(x, c(0)), x, s.mul(c(f.alpha), x));
  if (f.name == "thresholded_relu")
    return s.select(s.ge(x, c(f.alpha)), x, c(0));
  if (f.name == "scaled_tanh")
    return s.mul(c(f.alpha), s.call("tanh", s.mul(c(f.beta), x)));
  if (f.name == "hard_sigmoid")
    return s.min(s.max(s.add(s.mul(c(f.alpha), x), c(f.beta)), c(0)), c(1));
  if (f.name == "elu")
    return s.select(s.ge(x, c(0)), x, s.mul(c(f.alpha), s.call("expm1", x)));
  if (f.name == "softsign")
    return s.div(x, s.add(c(1), abs(x)));
  // softplus
  Value tail = s.call("log1p", s.call("exp", s.sub(c(0), abs(x))));
  return s.add(s.max(x, c(0)), tail);
}

namespace {
/// An elementwise op over [B, H] whose operands are blocks of H columns.
class Cell {
public:
  Cell(OpBuilder &b, Location loc, int64_t hidden)
      : b(b), loc(loc), hidden(hidden) {}

  /// Adds the blocks of H in the last dimension of \p v ([B, n * H] or [n *
  /// H]).
  void addBlocks(Value v) {
    RankedTensorType type = rankedType(v);
    int64_t rank = type.getRank(), count = type.getShape().back() / hidden;
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = count;
    shape.push_back(hidden);
    SmallVector<ReassociationIndices> parts;
    for (int64_t d = 0; d + 1 < rank; ++d)
      parts.push_back({d});
    parts.push_back({rank - 1, rank});
    Value split =
        b.create<tensor::ExpandShapeOp>(loc, type.clone(shape), v, parts);
    for (int64_t i = 0; i < count; ++i) {
      SmallVector<AffineExpr> exprs{b.getAffineConstantExpr(i),
                                    b.getAffineDimExpr(1)};
      if (rank == 2)
        exprs.insert(exprs.begin(), b.getAffineDimExpr(0));
      add(split, exprs);
    }
  }
  /// Adds a number per row.
  void addRows(Value v) { add(v, b.getAffineDimExpr(0)); }

  /// Computes \p inits anew; the last arguments of the body are their old
  /// elements.
  SmallVector<Value>
  build(ValueRange inits,
        llvm::function_ref<SmallVector<Value>(ScalarBuilder &, ValueRange)>
            body) {
    maps.append(inits.size(), b.getMultiDimIdentityMap(2));
    SmallVector<utils::IteratorType> iterators(2,
                                               utils::IteratorType::parallel);
    auto op = b.create<linalg::GenericOp>(
        loc, inits.getTypes(), operands, inits, maps, iterators,
        [&](OpBuilder &nested, Location l, ValueRange args) {
          ScalarBuilder s(nested, l);
          SmallVector<Value> results = body(s, args);
          nested.create<linalg::YieldOp>(l, results);
        });
    return llvm::to_vector_of<Value>(op.getResults());
  }

private:
  void add(Value v, ArrayRef<AffineExpr> exprs) {
    operands.push_back(v);
    maps.push_back(AffineMap::get(2, 0, exprs, b.getContext()));
  }
  OpBuilder &b;
  Location loc;
  int64_t hidden;
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
};

/// One step of the loop over time.
struct Step {
  OpBuilder &b;
  Value time;               ///< index
  Value projected;          ///< x_t W + bias [B, gates * H]
  SmallVector<Value> inits; ///< rows of the output, then the states: [B, H]
};

/// What the conversions of the recurrences share.
template <typename OpT> struct ConvertRecurrence : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  using OpAdaptor = typename OpT::Adaptor;

  /// New rows of the output and states. \p recurrence is in the arithmetic of
  /// the step.
  virtual SmallVector<Value> buildStep(OpT op, OpAdaptor adaptor,
                                       Value recurrence, Step &step) const = 0;
  virtual SmallVector<Value> initialStates(OpAdaptor adaptor) const = 0;

  LogicalResult
  matchAndRewrite(OpT op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = op.getOutput().getType();
    auto input = rankedType(adaptor.getInput());
    if (!type.hasStaticShape() || !input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Location loc = op.getLoc();
    Type element = ScalarBuilder::accumulator(type.getElementType());
    auto wide = [&](Value v) {
      return convertElements(rewriter, loc, v, element);
    };
    Value recurrence = wide(adaptor.getRecurrence()),
          bias = wide(adaptor.getBias());
    SmallVector<int64_t> shape(type.getShape());
    shape[2] *= OpT::gates;
    Value projected = buildProduct(rewriter, loc, wide(adaptor.getInput()),
                                   wide(adaptor.getWeight()),
                                   buildRows(rewriter, loc, bias, shape));
    SmallVector<Value> carried{
        rewriter.create<tensor::EmptyOp>(loc, type.getShape(), element)};
    for (Value state : initialStates(adaptor))
      carried.push_back(wide(state));
    ScalarBuilder s(rewriter, loc);
    int64_t time = type.getDimSize(0);
    auto loop = rewriter.create<scf::ForOp>(
        loc, s.index(0), s.index(time), s.index(1), carried,
        [&](OpBuilder &b, Location l, Value i, ValueRange args) {
          Value t = i;
          if (op.getReverse())
            t = b.create<arith::SubIOp>(
                l, b.create<arith::ConstantIndexOp>(l, time - 1), i);
          Step step{b, t, buildBlock(b, l, projected, 0, t, 0),
                    llvm::to_vector_of<Value>(args)};
          step.inits[0] = buildBlock(b, l, args[0], 0, t, 0);
          SmallVector<Value> next = buildStep(op, adaptor, recurrence, step);
          next[0] = insertRows(b, l, next[0], args[0], t);
          b.create<scf::YieldOp>(l, next);
        });
    SmallVector<Value> results;
    for (Value result : loop.getResults())
      results.push_back(
          convertElements(rewriter, loc, result, type.getElementType()));
    rewriter.replaceOp(op, results);
    return success();
  }

protected:
  /// Blocks of the cell's first operands, then (if there are) the lengths.
  static Cell newCell(OpT op, OpAdaptor adaptor, Step &step,
                      ArrayRef<Value> blocks) {
    Cell cell(step.b, op.getLoc(), op.getOutput().getType().getDimSize(2));
    for (Value v : blocks)
      cell.addBlocks(v);
    if (adaptor.getLengths())
      cell.addRows(adaptor.getLengths());
    return cell;
  }
  /// Zero and the old \p states past the end of a sequence, else \p next. Where
  /// there are no lengths, the states are still read under a condition that
  /// holds: a destination that is not read would be replaced by another buffer.
  static SmallVector<Value> masked(OpT op, ScalarBuilder &s, Step &step,
                                   Value length, SmallVector<Value> next,
                                   ValueRange states) {
    bool hasLengths = bool(op.getLengths());
    int64_t time = op.getOutput().getType().getDimSize(0);
    Value end = hasLengths ? s.toIndex(length) : s.index(time);
    Value active = s.lt(step.time, end);
    if (hasLengths)
      next[0] = s.select(active, next[0], s.constant(0, next[0].getType()));
    for (auto [value, old] :
         llvm::zip(MutableArrayRef<Value>(next).drop_front(), states))
      value = s.select(active, value, old);
    return next;
  }
  static Value activate(OpT op, ScalarBuilder &s, size_t which, Value x) {
    if (op.getClip()) {
      double clip = op.getClip()->convertToDouble();
      x = s.max(x, s.constant(-clip, x.getType()));
      x = s.min(x, s.constant(clip, x.getType()));
    }
    return emitActivation(s, op.functions()[which], x);
  }

private:
  static Value insertRows(OpBuilder &b, Location loc, Value rows, Value output,
                          Value t) {
    ArrayRef<int64_t> shape = rankedType(output).getShape();
    SmallVector<OpFoldResult> offsets(3, b.getIndexAttr(0)),
        steps(3, b.getIndexAttr(1)),
        sizes{b.getIndexAttr(1), b.getIndexAttr(shape[1]),
              b.getIndexAttr(shape[2])};
    offsets[0] = t;
    return b.create<tensor::InsertSliceOp>(loc, rows, output, offsets, sizes,
                                           steps);
  }
};

struct ConvertLSTM : ConvertRecurrence<ms::LSTMOp> {
  using ConvertRecurrence::ConvertRecurrence;

  SmallVector<Value> initialStates(OpAdaptor adaptor) const final {
    return {adaptor.getInitialHidden(), adaptor.getInitialCell()};
  }

  SmallVector<Value> buildStep(ms::LSTMOp op, OpAdaptor adaptor,
                               Value recurrence, Step &step) const final {
    Location loc = op.getLoc();
    SmallVector<Value> blocks{
        buildProduct(step.b, loc, step.inits[1], recurrence, step.projected)};
    Type element = rankedType(recurrence).getElementType();
    bool peeps = bool(adaptor.getPeephole());
    if (peeps)
      blocks.push_back(
          convertElements(step.b, loc, adaptor.getPeephole(), element));
    Cell cell = newCell(op, adaptor, step, blocks);
    return cell.build(step.inits, [&](ScalarBuilder &s, ValueRange v) {
      Value c = v.back(), h = v.end()[-2];
      auto gate = [&](unsigned block, unsigned peephole, Value state) {
        Value x = v[block];
        if (peeps)
          x = s.add(x, s.mul(v[4 + peephole], state));
        return activate(op, s, 0, x);
      };
      Value i = gate(0, 0, c);
      Value forget = op.getInputForget() ? s.sub(s.constant(1, i.getType()), i)
                                         : gate(1, 1, c);
      Value next = s.add(s.mul(forget, c), s.mul(i, activate(op, s, 1, v[2])));
      Value o = gate(3, 2, next);
      Value out = s.mul(o, emitActivation(s, op.functions()[2], next));
      return masked(op, s, step, v.end()[-4], {out, out, next}, {h, c});
    });
  }
};

struct ConvertGRU : ConvertRecurrence<ms::GRUOp> {
  using ConvertRecurrence::ConvertRecurrence;

  SmallVector<Value> initialStates(OpAdaptor adaptor) const final {
    return {adaptor.getInitialHidden()};
  }

  /// \p state times the \p count blocks of columns from block \p from on, plus
  /// their bias.
  static Value recur(ms::GRUOp op, OpAdaptor adaptor, Value recurrence,
                     Step &step, Value state, int64_t from, int64_t count) {
    OpBuilder &b = step.b;
    Location loc = op.getLoc();
    ArrayRef<int64_t> rows = rankedType(state).getShape();
    Type element = rankedType(recurrence).getElementType();
    Value bias = convertElements(b, loc, adaptor.getRecurrenceBias(), element);
    auto block = [&](Value v, int64_t dim) {
      return count == 3
                 ? v
                 : buildBlock(b, loc, v, dim, b.getIndexAttr(from * rows[1]),
                              count * rows[1]);
    };
    Value init = buildRows(b, loc, block(bias, 0), {rows[0], count * rows[1]});
    return buildProduct(b, loc, state, block(recurrence, 1), init);
  }

  SmallVector<Value> buildStep(ms::GRUOp op, OpAdaptor adaptor,
                               Value recurrence, Step &step) const final {
    Value h = step.inits[1];
    if (op.getResetAfter()) {
      Value all = recur(op, adaptor, recurrence, step, h, 0, 3);
      Cell cell = newCell(op, adaptor, step, {step.projected, all});
      return cell.build(step.inits, [&](ScalarBuilder &s, ValueRange v) {
        Value r = activate(op, s, 0, s.add(v[0], v[3]));
        Value z = activate(op, s, 0, s.add(v[1], v[4]));
        Value n = activate(op, s, 1, s.add(v[2], s.mul(r, v[5])));
        return blend(op, s, step, v, n, z);
      });
    }
    // The candidate needs all of r * h first.
    Value gates = recur(op, adaptor, recurrence, step, h, 0, 2);
    Location loc = op.getLoc();
    Cell first(step.b, loc, rankedType(h).getDimSize(1));
    first.addBlocks(step.projected);
    first.addBlocks(gates);
    first.addBlocks(h);
    Value empty = step.b.create<tensor::EmptyOp>(
        loc, rankedType(h).getShape(), rankedType(h).getElementType());
    Value reset = first.build(empty, [&](ScalarBuilder &s, ValueRange v) {
      Value r = activate(op, s, 0, s.add(v[0], v[3]));
      return SmallVector<Value>{s.mul(r, v[5])};
    })[0];
    Value inner = recur(op, adaptor, recurrence, step, reset, 2, 1);
    Cell cell = newCell(op, adaptor, step, {step.projected, gates, inner});
    return cell.build(step.inits, [&](ScalarBuilder &s, ValueRange v) {
      Value z = activate(op, s, 0, s.add(v[1], v[4]));
      Value n = activate(op, s, 1, s.add(v[2], v[5]));
      return blend(op, s, step, v, n, z);
    });
  }

  /// (1 - z) * n + z * h
  static SmallVector<Value> blend(ms::GRUOp op, ScalarBuilder &s, Step &step,
                                  ValueRange v, Value n, Value z) {
    Value h = v.back(), rest = s.sub(s.constant(1, z.getType()), z);
    Value out = s.add(s.mul(rest, n), s.mul(z, h));
    return masked(op, s, step, v.end()[-3], {out, out}, h);
  }
};

struct ConvertRNN : ConvertRecurrence<ms::RNNOp> {
  using ConvertRecurrence::ConvertRecurrence;

  SmallVector<Value> initialStates(OpAdaptor adaptor) const final {
    return {adaptor.getInitialHidden()};
  }

  SmallVector<Value> buildStep(ms::RNNOp op, OpAdaptor adaptor,
                               Value recurrence, Step &step) const final {
    Value sum = buildProduct(step.b, op.getLoc(), step.inits[1], recurrence,
                             step.projected);
    Cell cell = newCell(op, adaptor, step, sum);
    return cell.build(step.inits, [&](ScalarBuilder &s, ValueRange v) {
      Value out = activate(op, s, 0, v[0]);
      return masked(op, s, step, v.end()[-3], {out, out}, v.back());
    });
  }
};
} // namespace

void populateMSToLinalgSequencePatterns(TypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<ConvertLSTM, ConvertGRU, ConvertRNN>(converter,
                                                    patterns.getContext());
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Transposes behind the ops that move data whole, where they meet.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/MSOps.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_MOVETRANSPOSES
#include "msc/Transforms/Passes.h.inc"

/// values[d] for the dimension that \p order puts at d, back in its place.
static SmallVector<int64_t> stored(ArrayRef<int64_t> values,
                                   ArrayRef<int64_t> order) {
  SmallVector<int64_t> result(values.size());
  for (auto [d, axis] : llvm::enumerate(order))
    result[axis] = values[d];
  return result;
}

namespace {
/// transpose(transpose(x, p), q) ~> transpose(x, p[q]), or x
struct ComposeTransposes : OpRewritePattern<ms::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::TransposeOp op,
                                PatternRewriter &rewriter) const final {
    auto inner = op.getInput().getDefiningOp<ms::TransposeOp>();
    if (!inner)
      return failure();
    SmallVector<int64_t> order;
    for (int64_t axis : op.getPermutation())
      order.push_back(inner.getPermutation()[axis]);
    if (llvm::equal(order, llvm::seq<int64_t>(0, order.size())))
      rewriter.replaceOp(op, inner.getInput());
    else
      rewriter.replaceOpWithNewOp<ms::TransposeOp>(op, inner.getInput(), order);
    return success();
  }
};

/// concat(transpose(x, p), transpose(y, p), z) ~>
/// transpose(concat(x, y, transpose(z, inverse of p)), p), where more is
/// transposed than not
struct MoveBehindConcat : OpRewritePattern<ms::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::ConcatOp op,
                                PatternRewriter &rewriter) const final {
    ArrayRef<int64_t> order;
    int64_t transposed = 0, others = 0; // elements
    for (Value input : op.getInputs()) {
      RankedTensorType type = ms::tensorType(input);
      auto transpose = input.getDefiningOp<ms::TransposeOp>();
      if (!type.hasStaticShape() ||
          (transpose && !order.empty() && transpose.getPermutation() != order))
        return failure();
      (transpose ? transposed : others) += type.getNumElements();
      if (transpose)
        order = transpose.getPermutation();
    }
    if (transposed <= others)
      return failure();
    SmallVector<int64_t> inverse = invertPermutationVector(order);
    SmallVector<Value> inputs;
    for (Value input : op.getInputs())
      if (auto transpose = input.getDefiningOp<ms::TransposeOp>())
        inputs.push_back(transpose.getInput());
      else
        inputs.push_back(
            rewriter.create<ms::TransposeOp>(op.getLoc(), input, inverse));
    Value joined =
        rewriter.create<ms::ConcatOp>(op.getLoc(), inputs, order[op.getAxis()]);
    rewriter.replaceOpWithNewOp<ms::TransposeOp>(op, joined, order);
    return success();
  }
};

/// slice(transpose(x, p)) ~> transpose(slice(x), p)
struct MoveBehindSlice : OpRewritePattern<ms::SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::SliceOp op,
                                PatternRewriter &rewriter) const final {
    auto transpose = op.getInput().getDefiningOp<ms::TransposeOp>();
    if (!transpose)
      return failure();
    ArrayRef<int64_t> order = transpose.getPermutation();
    Value part = rewriter.create<ms::SliceOp>(
        op.getLoc(), transpose.getInput(), stored(op.getStarts(), order),
        stored(op.getSizes(), order), stored(op.getSteps(), order));
    rewriter.replaceOpWithNewOp<ms::TransposeOp>(op, part, order);
    return success();
  }
};

/// gather(transpose(x, p), i) ~> transpose(gather(x, i), p) for i of rank 1
struct MoveBehindGather : OpRewritePattern<ms::GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::GatherOp op,
                                PatternRewriter &rewriter) const final {
    auto transpose = op.getInput().getDefiningOp<ms::TransposeOp>();
    if (!transpose || ms::tensorType(op.getIndices()).getRank() != 1)
      return failure();
    ArrayRef<int64_t> order = transpose.getPermutation();
    auto gathered = cast<ms::GatherOp>(rewriter.clone(*op));
    rewriter.modifyOpInPlace(gathered, [&] {
      gathered.getInputMutable().assign(transpose.getInput());
      gathered.setAxis(order[op.getAxis()]);
      SmallVector<int64_t> shape = stored(ms::tensorType(op).getShape(), order);
      gathered.getResult().setType(ms::tensorType(op).clone(shape));
    });
    rewriter.replaceOpWithNewOp<ms::TransposeOp>(op, gathered.getResult(),
                                                 order);
    return success();
  }
};

/// f(transpose(x, p), transpose(y, p), 1) ~> transpose(f(x, y, 1), p)
struct MoveBehindElementwise : RewritePattern {
  explicit MoveBehindElementwise(MLIRContext *ctx)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, ctx) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const final {
    if (!op->hasTrait<ms::Elementwise>() || op->getNumResults() != 1)
      return failure();
    SmallVector<Value> operands;
    ArrayRef<int64_t> order;
    for (Value operand : op->getOperands()) {
      auto transpose = operand.getDefiningOp<ms::TransposeOp>();
      if (transpose && (order.empty() || transpose.getPermutation() == order)) {
        order = transpose.getPermutation();
        operands.push_back(transpose.getInput());
      } else if (ms::tensorType(operand).getRank() == 0) {
        operands.push_back(operand);
      } else {
        return failure();
      }
    }
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (order.empty() || !type || type.getRank() != int64_t(order.size()))
      return failure();
    Operation *moved = rewriter.clone(*op);
    moved->setOperands(operands);
    moved->getResult(0).setType(type.clone(stored(type.getShape(), order)));
    rewriter.replaceOpWithNewOp<ms::TransposeOp>(op, moved->getResult(0),
                                                 order);
    return success();
  }
};

struct MoveTransposes : impl::MoveTransposesBase<MoveTransposes> {
  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposeTransposes, MoveBehindConcat, MoveBehindSlice,
                 MoveBehindGather, MoveBehindElementwise>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

} // namespace msc

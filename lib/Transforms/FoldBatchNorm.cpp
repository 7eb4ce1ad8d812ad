// SPDX-License-Identifier: Apache-2.0
//
/// \file Batch normalization by parameters, as work of the bind function.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/MSOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "msc/Transforms/Passes.h.inc"

/// Ops between a parameter and its use that are looked through.
static constexpr unsigned maxDepth = 8;

/// Whether \p value depends on parameters and constants alone.
static bool isBound(Value value, unsigned depth = 0) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == maxDepth)
    return false;
  if (isa<ms::ParameterOp, ms::ConstantOp>(op))
    return true;
  return op->getNumRegions() == 0 && op->getNumOperands() > 0 &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isBound(operand, depth + 1);
         });
}

/// \p perChannel of shape [C] as [C, 1, ...] of \p rank dimensions.
static Value expand(OpBuilder &b, Value perChannel, int64_t rank) {
  RankedTensorType type = ms::tensorType(perChannel);
  SmallVector<int64_t> shape(rank, 1);
  shape[0] = type.getDimSize(0);
  return b.create<ms::ReshapeOp>(perChannel.getLoc(), type.clone(shape),
                                 perChannel);
}

namespace {
/// batch_norm(x, scale, bias, mean, variance) ~> x * factor + shift
///   factor = scale / sqrt(variance + epsilon), shift = bias - mean * factor
/// batch_norm(conv(x, w), ...) ~> conv(x, w * factor) + shift
struct FoldIntoProduct : OpRewritePattern<ms::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::BatchNormOp op,
                                PatternRewriter &b) const final {
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape() || !type.getElementType().isF32() ||
        !llvm::all_of(op->getOperands().drop_front(),
                      [](Value value) { return isBound(value); }))
      return failure();
    Location loc = op.getLoc();
    auto channels = ms::tensorType(op.getVariance());
    Value epsilon = b.create<ms::ConstantOp>(
        loc, DenseElementsAttr::get(channels,
                                    float(op.getEpsilon().convertToDouble())));
    Value deviation = b.create<ms::SqrtOp>(
        loc, b.create<ms::AddOp>(loc, op.getVariance(), epsilon));
    Value factor = b.create<ms::DivOp>(loc, op.getScale(), deviation);
    Value shift = b.create<ms::SubOp>(
        loc, op.getBias(), b.create<ms::MulOp>(loc, op.getMean(), factor));
    Value scaled = scale(b, op.getInput(), factor, type.getRank());
    b.replaceOpWithNewOp<ms::AddOp>(op, scaled,
                                    expand(b, shift, type.getRank() - 1));
    return success();
  }

  static Value scale(PatternRewriter &b, Value input, Value factor,
                     int64_t rank) {
    Location loc = input.getLoc();
    auto conv = input.getDefiningOp<ms::ConvOp>();
    if (!conv || !conv->hasOneUse() || conv.getElement() ||
        !ms::tensorType(conv.getWeight()).getElementType().isF32() ||
        !isBound(conv.getWeight()))
      return b.create<ms::MulOp>(loc, input, expand(b, factor, rank - 1));
    Value weight =
        b.create<ms::MulOp>(loc, conv.getWeight(), expand(b, factor, rank));
    IRMapping map;
    map.map(conv.getWeight(), weight);
    return b.clone(*conv, map)->getResult(0);
  }
};

struct FoldBatchNorm : impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldIntoProduct>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

} // namespace msc

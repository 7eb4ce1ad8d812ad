// SPDX-License-Identifier: Apache-2.0
//
/// \file Errors that kernels report.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "msc/Conversion/MSToLinalg.h"

using namespace mlir;

namespace msc {

/// The conjunction of all elements of \p condition, as an i1. The condition is
/// read elementwise, so that what computes it is fused into the loop.
static Value buildAll(OpBuilder &b, Location loc, Value condition) {
  unsigned rank = rankedType(condition).getRank();
  Value yes =
      b.create<arith::ConstantOp>(loc, b.getIntegerAttr(b.getI1Type(), 1));
  Value empty =
      b.create<tensor::EmptyOp>(loc, ArrayRef<int64_t>(), b.getI1Type());
  Value init = b.create<linalg::FillOp>(loc, yes, empty).getResult(0);
  AffineMap maps[] = {b.getMultiDimIdentityMap(rank),
                      AffineMap::get(rank, 0, b.getContext())};
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::reduction);
  auto all = b.create<linalg::GenericOp>(
      loc, init.getType(), condition, init, maps, loops,
      [](OpBuilder &nested, Location l, ValueRange args) {
        Value both = nested.create<arith::AndIOp>(l, args[0], args[1]);
        nested.create<linalg::YieldOp>(l, both);
      });
  return b.create<tensor::ExtractOp>(loc, all.getResult(0), ValueRange());
}

namespace {
struct ConvertAssert : OpConversionPattern<ms::AssertOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::AssertOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto code = op->getAttrOfType<IntegerAttr>(errorCodeAttr);
    if (!code)
      return rewriter.notifyMatchFailure(op, "has no error code");
    Location loc = op.getLoc();
    Value all = buildAll(rewriter, loc, adaptor.getCondition());
    Value yes = rewriter.create<arith::ConstantOp>(
        loc, rewriter.getIntegerAttr(rewriter.getI1Type(), 1));
    Value fails = rewriter.create<arith::XOrIOp>(loc, all, yes);
    rewriter.create<scf::IfOp>(loc, fails, [&](OpBuilder &b, Location l) {
      Value value = b.create<arith::ConstantOp>(l, code);
      b.create<func::CallOp>(l, reportErrorFunction, TypeRange(), value);
      b.create<scf::YieldOp>(l);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void populateMSToLinalgControlPatterns(TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<ConvertAssert>(converter, patterns.getContext());
}

} // namespace msc

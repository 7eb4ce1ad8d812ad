// SPDX-License-Identifier: Apache-2.0
//
/// \file Selection ops as calls of the device library.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace msc {

namespace {
template <typename OpT> class Selection : public OpConversionPattern<OpT> {
public:
  using OpConversionPattern<OpT>::OpConversionPattern;

protected:
  /// Replaces \p op by \p call, which fills all its results but the last, the
  /// count, which it returns.
  LogicalResult replace(OpT op, ConversionPatternRewriter &rewriter,
                        DeviceCall call) const {
    SmallVector<RankedTensorType> types;
    for (Type type : op->getResultTypes())
      types.push_back(
          cast<RankedTensorType>(this->getTypeConverter()->convertType(type)));
    types.pop_back();
    call.results = types;
    call.returnsCount = true;
    rewriter.replaceOp(op, buildDeviceCall(rewriter, op.getLoc(), call));
    return success();
  }
  static Value i64(OpBuilder &b, Location loc, int64_t value) {
    return b.create<arith::ConstantIntOp>(loc, value, 64);
  }
  static Value flag(OpBuilder &b, Location loc, bool value) {
    return b.create<arith::ConstantIntOp>(loc, value, 1);
  }
};

struct ConvertNonZero : Selection<ms::NonZeroOp> {
  using Selection::Selection;
  LogicalResult
  matchAndRewrite(ms::NonZeroOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    auto input = cast<RankedTensorType>(op.getInput().getType());
    Value shape = rewriter.create<arith::ConstantOp>(
        loc, rewriter.getI64TensorAttr(input.getShape()));
    Value inputs[] = {adaptor.getInput(), shape};
    Value scalars[] = {flag(rewriter, loc, op.getByDimension())};
    // The shape comes before the rank, the results behind both.
    Value parameters[] = {i64(rewriter, loc, input.getRank())};
    return replace(op, rewriter,
                   {"msc_nonzero_" + deviceSuffix(input.getElementType()),
                    inputs,
                    {},
                    scalars,
                    input.getRank() * 8,
                    parameters});
  }
};

struct ConvertCompress : Selection<ms::CompressOp> {
  using Selection::Selection;
  LogicalResult
  matchAndRewrite(ms::CompressOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    auto input = cast<RankedTensorType>(op.getInput().getType());
    auto mask = cast<RankedTensorType>(op.getMask().getType());
    unsigned bits = std::max(input.getElementTypeBitWidth(), 8u);
    Value inputs[] = {adaptor.getInput(), adaptor.getMask()};
    Value parameters[] = {i64(rewriter, loc, mask.getDimSize(0))};
    SmallVector<Value> scalars =
        buildAxisExtents(rewriter, loc, input.getShape(), op.getAxis());
    return replace(op, rewriter,
                   {"msc_compress_b" + std::to_string(bits),
                    inputs,
                    {},
                    scalars,
                    /*workspace=*/0,
                    parameters});
  }
};

struct ConvertUnique : Selection<ms::UniqueOp> {
  using Selection::Selection;
  LogicalResult
  matchAndRewrite(ms::UniqueOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    auto input = cast<RankedTensorType>(op.getInput().getType());
    SmallVector<Value> scalars =
        buildAxisExtents(rewriter, loc, input.getShape(), op.getAxis());
    scalars.push_back(flag(rewriter, loc, op.getSorted()));
    return replace(
        op, rewriter,
        {"msc_unique_" + deviceSuffix(input.getElementType()),
         adaptor.getInput(),
         {},
         scalars,
         input.getDimSize(op.getAxis()) * (2 * sortPairBytes + 3 * 8)});
  }
};

struct ConvertNonMaxSuppression : Selection<ms::NonMaxSuppressionOp> {
  using Selection::Selection;
  LogicalResult
  matchAndRewrite(ms::NonMaxSuppressionOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Location loc = op.getLoc();
    auto scores = cast<RankedTensorType>(op.getScores().getType());
    auto load = [&](Value scalar) -> Value {
      return rewriter.create<tensor::ExtractOp>(loc, scalar, ValueRange());
    };
    Value limit = i64(rewriter, loc, op.getLimit());
    SmallVector<Value> scalars;
    for (int64_t extent : scores.getShape())
      scalars.push_back(i64(rewriter, loc, extent));
    scalars.push_back(rewriter.create<arith::MinSIOp>(
        loc, load(adaptor.getMaxPerClass()), limit));
    scalars.push_back(load(adaptor.getIouThreshold()));
    scalars.push_back(load(adaptor.getScoreThreshold()));
    scalars.push_back(flag(rewriter, loc, op.getCenterPointBox()));
    Value inputs[] = {adaptor.getBoxes(), adaptor.getScores()};
    return replace(op, rewriter,
                   {"msc_non_max_suppression",
                    inputs,
                    {},
                    scalars,
                    scores.getDimSize(2) * 2 * sortPairBytes});
  }
};
} // namespace

void populateMSToLinalgSelectionPatterns(TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ConvertNonZero, ConvertCompress, ConvertUnique,
               ConvertNonMaxSuppression>(converter, patterns.getContext());
}

} // namespace msc

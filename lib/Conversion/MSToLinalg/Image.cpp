// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the image ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

namespace {
struct ConvertRoiAlign : OpConversionPattern<ms::RoiAlignOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::RoiAlignOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType input = rankedType(adaptor.getInput());
    RankedTensorType type = op.getType();
    if (!type.hasStaticShape() || !input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    if (input.getNumElements() == 0) {
      rewriter.replaceOp(op, buildFill(rewriter, op.getLoc(), type, 0));
      return success();
    }
    ScalarBuilder s(rewriter, op.getLoc());
    SmallVector<int64_t> extents(input.getShape());
    extents.append({type.getDimSize(0), type.getDimSize(2), type.getDimSize(3),
                    int64_t(op.getSamples())});
    SmallVector<Value> scalars;
    for (int64_t extent : extents)
      scalars.push_back(s.constant(double(extent), rewriter.getI64Type()));
    scalars.push_back(
        s.constant(op.getScale().convertToDouble(), rewriter.getF64Type()));
    scalars.push_back(s.constant(op.getAligned(), rewriter.getI1Type()));
    scalars.push_back(s.constant(op.getMax(), rewriter.getI1Type()));
    rewriter.replaceOp(
        op,
        buildDeviceCall(rewriter, op.getLoc(),
                        {"msc_roi_align_" + deviceSuffix(type.getElementType()),
                         adaptor.getOperands(), type, scalars}));
    return success();
  }
};
} // namespace

void populateMSToLinalgImagePatterns(TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<ConvertRoiAlign>(converter, patterns.getContext());
}

} // namespace msc

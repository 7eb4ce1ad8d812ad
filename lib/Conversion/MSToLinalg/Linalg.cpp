// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the linalg ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

/// Bytes that msc_fft may need for \p n values: roots, two copies, and for
/// lengths with large factors a convolution of a power of two.
static int64_t fftWorkspace(int64_t n) {
  constexpr int64_t complexBytes = 16;
  return (n + 4 * int64_t(llvm::PowerOf2Ceil(2 * n))) * complexBytes;
}

namespace {
struct ConvertFft : OpConversionPattern<ms::FftOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::FftOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    RankedTensorType type = rankedType(adaptor.getInput());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    ScalarBuilder s(rewriter, op.getLoc());
    ArrayRef<int64_t> shape = type.getShape().drop_back();
    SmallVector<Value> scalars =
        buildAxisExtents(rewriter, op.getLoc(), shape, op.getAxis());
    scalars.push_back(s.constant(op.getInverse(), rewriter.getI1Type()));
    scalars.push_back(
        s.constant(op.getScale().convertToDouble(), rewriter.getF64Type()));
    rewriter.replaceOp(
        op, buildDeviceCall(rewriter, op.getLoc(),
                            {"msc_fft_" + deviceSuffix(type.getElementType()),
                             adaptor.getInput(), type, scalars,
                             fftWorkspace(shape[op.getAxis()])}));
    return success();
  }
};
} // namespace

void populateMSToLinalgLinalgPatterns(TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<ConvertFft>(converter, patterns.getContext());
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file The conversion pass: types and legality. Patterns live in the files
/// named after the op categories.
#include "msc/Conversion/MSToLinalg.h"

#include "lib/Conversion/MSToLinalg/Patterns.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc {

static Type signless(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer ? IntegerType::get(type.getContext(), integer.getWidth())
                 : type;
}

namespace {
struct ConvertConstant : OpConversionPattern<ms::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ms::ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto value = dyn_cast<DenseElementsAttr>(op.getValue());
    if (!value)
      return rewriter.notifyMatchFailure(op, "needs dense elements");
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, type, value.bitcast(type.getElementType()));
    return success();
  }
};

struct MSToLinalgPass : PassWrapper<MSToLinalgPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MSToLinalgPass)
  StringRef getArgument() const final { return "msc-convert-ms-to-linalg"; }
  StringRef getDescription() const final {
    return "Converts ms ops to linalg on tensors";
  }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<arith::ArithDialect, bufferization::BufferizationDialect,
                    func::FuncDialect, linalg::LinalgDialect, math::MathDialect,
                    memref::MemRefDialect, scf::SCFDialect,
                    tensor::TensorDialect>();
  }

  void runOnOperation() final {
    MLIRContext *ctx = &getContext();
    TypeConverter converter;
    converter.addConversion([](Type type) { return signless(type); });
    converter.addConversion([](RankedTensorType type) {
      return RankedTensorType::get(
          type.getShape(), signless(type.getElementType()), type.getEncoding());
    });
    converter.addConversion([](MemRefType type) {
      return MemRefType::get(type.getShape(), signless(type.getElementType()),
                             type.getLayout(), type.getMemorySpace());
    });
    auto materialize = [](OpBuilder &b, Type type, ValueRange values,
                          Location loc) -> Value {
      return b.create<UnrealizedConversionCastOp>(loc, type, values)
          .getResult(0);
    };
    converter.addSourceMaterialization(materialize);
    converter.addTargetMaterialization(materialize);
    RewritePatternSet patterns(ctx);
    patterns.add<ConvertConstant>(converter, ctx);
    populateMSToLinalgAttentionPatterns(converter, patterns);
    populateMSToLinalgControlPatterns(converter, patterns);
    populateMSToLinalgElementwisePatterns(converter, patterns);
    populateMSToLinalgImagePatterns(converter, patterns);
    populateMSToLinalgIndexingPatterns(converter, patterns);
    populateMSToLinalgLinalgPatterns(converter, patterns);
    populateMSToLinalgLinearPatterns(converter, patterns);
    populateMSToLinalgNormalizationPatterns(converter, patterns);
    populateMSToLinalgPoolingPatterns(converter, patterns);
    populateMSToLinalgReductionPatterns(converter, patterns);
    populateMSToLinalgSelectionPatterns(converter, patterns);
    populateMSToLinalgSequencePatterns(converter, patterns);
    populateMSToLinalgShapePatterns(converter, patterns);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                   converter);
    populateReturnOpTypeConversionPattern(patterns, converter);

    ConversionTarget target(*ctx);
    target.addLegalDialect<arith::ArithDialect, linalg::LinalgDialect,
                           math::MathDialect, memref::MemRefDialect,
                           scf::SCFDialect, tensor::TensorDialect,
                           bufferization::BufferizationDialect>();
    target.addIllegalDialect<ms::MSDialect>();
    target.addLegalOp<func::CallOp>();
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType()) &&
             converter.isLegal(&op.getBody());
    });
    target.addDynamicallyLegalOp<func::ReturnOp>(
        [&](func::ReturnOp op) { return converter.isLegal(op); });
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      return signalPassFailure();
    declareCalled();
  }

  /// Declares the functions of the device library that patterns call: bodies
  /// are built before they are part of a module.
  void declareCalled() {
    OpBuilder b(getOperation().getBodyRegion());
    getOperation().walk([&](func::CallOp call) {
      if (getOperation().lookupSymbol(call.getCallee()))
        return;
      b.create<func::FuncOp>(call.getLoc(), call.getCallee(),
                             call.getCalleeType())
          .setPrivate();
    });
  }
};
} // namespace

std::unique_ptr<Pass> createConvertMSToLinalgPass() {
  return std::make_unique<MSToLinalgPass>();
}

} // namespace msc

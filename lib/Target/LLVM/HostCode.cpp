// SPDX-License-Identifier: Apache-2.0
//
/// \file The host program as LLVM IR: fields of mscrt_call, launches, copies.
#include "msc/Target/HostCode.h"

#include "dialects/MSRT/IR/MSRTOps.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mscrt/abi.h"
#include <cstddef>

using namespace mlir;

namespace msc::target {

namespace {
/// Emits LLVM ops for one host program. `call` is its mscrt_call argument.
class Emitter {
public:
  Emitter(OpBuilder &b, Location loc, Value call)
      : b(b), loc(loc), call(call),
        ptr(LLVM::LLVMPointerType::get(b.getContext())) {}

  /// GEP operands are 32 bits wide; offsets may not be.
  Value at(Value base, int64_t bytes) {
    if (bytes == 0)
      return base;
    Value index = b.create<LLVM::ConstantOp>(loc, b.getI64Type(), bytes);
    return b.create<LLVM::GEPOp>(loc, ptr, b.getI8Type(), base,
                                 ArrayRef<LLVM::GEPArg>{index}, true);
  }
  Value field(int64_t bytes, Type type) {
    return b.create<LLVM::LoadOp>(loc, type, at(call, bytes));
  }
  Value pointerField(int64_t bytes) { return field(bytes, ptr); }
  /// Pointer \p i of the list that the field at \p bytes points to.
  Value listItem(int64_t bytes, int64_t i) {
    return b.create<LLVM::LoadOp>(loc, ptr, at(pointerField(bytes), i * 8));
  }

  OpBuilder &b;
  Location loc;
  Value call;
  LLVM::LLVMPointerType ptr;
};

template <typename OpT> class Pattern : public OpConversionPattern<OpT> {
public:
  using OpConversionPattern<OpT>::OpConversionPattern;

protected:
  Emitter emitter(Operation *op, OpBuilder &b) const {
    return Emitter(b, op->getLoc(),
                   op->getParentOfType<func::FuncOp>().getArgument(0));
  }
};

/// The pointer to a caller's buffer, from one of the lists of mscrt_call.
template <typename OpT, size_t list> struct ConvertBuffer : Pattern<OpT> {
  using Pattern<OpT>::Pattern;
  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    rewriter.replaceOp(
        op, this->emitter(op, rewriter).listItem(list, op.getIndex()));
    return success();
  }
};

/// A byte offset into one of the blocks of mscrt_call.
template <typename OpT, size_t field> struct ConvertBlock : Pattern<OpT> {
  using Pattern<OpT>::Pattern;
  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Emitter e = this->emitter(op, rewriter);
    rewriter.replaceOp(op, e.at(e.pointerField(field), op.getIndex()));
    return success();
  }
};

struct ConvertConstant : Pattern<msrt::ConstantOp> {
  using Pattern::Pattern;
  LogicalResult
  matchAndRewrite(msrt::ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto module = op->getParentOfType<ModuleOp>();
    auto dense = cast<DenseElementsAttr>(op.getValue());
    Type element = dense.getElementType();
    unsigned width = element.isInteger(1) ? 8 : element.getIntOrFloatBitWidth();
    int64_t count = dense.getNumElements();
    // As integers of the element's width, bool as bytes.
    SmallVector<APInt> bits;
    if (isa<FloatType>(element))
      for (APFloat v : dense.getValues<APFloat>())
        bits.push_back(v.bitcastToAPInt());
    else
      for (APInt v : dense.getValues<APInt>())
        bits.push_back(v.zextOrTrunc(width));
    Type integer = rewriter.getIntegerType(width);
    auto value =
        DenseElementsAttr::get(RankedTensorType::get({count}, integer), bits);
    auto type = LLVM::LLVMArrayType::get(integer, count);
    OpBuilder b(module.getBodyRegion());
    std::string name = "constant." + std::to_string(counter(module));
    auto global = b.create<LLVM::GlobalOp>(
        op.getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
        value, MSCRT_ALIGNMENT);
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(op, global);
    return success();
  }
  static size_t counter(ModuleOp module) {
    return module.getBody()->getOperations().size();
  }
};

/// What one launch passes, on the stack: a launch is over when it returns, so
/// all of a function use the same. Made by addLaunchSpace.
struct LaunchSpace {
  Value buffers, args;
};

constexpr StringLiteral launchSpaceAttr = "msc.launch_space";

LaunchSpace findLaunchSpace(func::FuncOp function) {
  LaunchSpace space;
  for (auto op : function.getBody().front().getOps<LLVM::AllocaOp>()) {
    if (!op->hasAttr(launchSpaceAttr))
      continue;
    (space.buffers ? space.args : space.buffers) = op;
    if (space.args) // both stand first in a long block
      break;
  }
  return space;
}

/// Adds the space for the launch of \p function with the most buffers.
void addLaunchSpace(func::FuncOp function) {
  int64_t most = 0;
  function.walk([&](msrt::LaunchOp op) {
    most = std::max<int64_t>({most, int64_t(op.getBuffers().size()), 1});
  });
  if (most == 0)
    return;
  Location loc = function.getLoc();
  OpBuilder b = OpBuilder::atBlockBegin(&function.getBody().front());
  auto ptr = LLVM::LLVMPointerType::get(b.getContext());
  for (int64_t count : {most, int64_t(2)}) { // pointers, mscrt_kernel_args
    Value size = b.create<LLVM::ConstantOp>(loc, b.getI64Type(), count);
    auto space = b.create<LLVM::AllocaOp>(loc, ptr, ptr, size, 8);
    space->setAttr(launchSpaceAttr, b.getUnitAttr());
  }
}

struct ConvertLaunch : Pattern<msrt::LaunchOp> {
  using Pattern::Pattern;
  LogicalResult
  matchAndRewrite(msrt::LaunchOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Emitter e = emitter(op, rewriter);
    Location loc = op.getLoc();
    auto [buffers, args] = findLaunchSpace(op->getParentOfType<func::FuncOp>());
    for (auto [i, buffer] : llvm::enumerate(adaptor.getBuffers()))
      rewriter.create<LLVM::StoreOp>(loc, buffer, e.at(buffers, i * 8));
    rewriter.create<LLVM::StoreOp>(
        loc, buffers, e.at(args, offsetof(mscrt_kernel_args, buffers)));
    rewriter.create<LLVM::StoreOp>(
        loc, e.at(e.call, offsetof(mscrt_call, error)),
        e.at(args, offsetof(mscrt_kernel_args, error)));
    Value services = e.pointerField(offsetof(mscrt_call, services));
    Value launch = rewriter.create<LLVM::LoadOp>(
        loc, e.ptr, e.at(services, offsetof(mscrt_services, launch)));
    Value stage = rewriter.create<LLVM::ConstantOp>(loc, rewriter.getI32Type(),
                                                    int64_t(op.getStage()));
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(getContext()),
                                    {e.ptr, rewriter.getI32Type(), e.ptr});
    rewriter.create<LLVM::CallOp>(loc, type,
                                  ValueRange{launch, e.call, stage, args});
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertCopy : Pattern<msrt::CopyOp> {
  using Pattern::Pattern;
  LogicalResult
  matchAndRewrite(msrt::CopyOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Value bytes = rewriter.create<LLVM::ConstantOp>(
        op.getLoc(), rewriter.getI64Type(), int64_t(op.getBytes()));
    rewriter.replaceOpWithNewOp<LLVM::MemcpyOp>(op, adaptor.getTo(),
                                                adaptor.getFrom(), bytes,
                                                /*isVolatile=*/false);
    return success();
  }
};

struct ConvertStoreExtent : Pattern<msrt::StoreExtentOp> {
  using Pattern::Pattern;
  LogicalResult
  matchAndRewrite(msrt::StoreExtentOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Emitter e = emitter(op, rewriter);
    Location loc = op.getLoc();
    Value shape =
        e.listItem(offsetof(mscrt_call, output_shapes), op.getOutput());
    Value extent = rewriter.create<LLVM::LoadOp>(loc, rewriter.getI64Type(),
                                                 adaptor.getFrom());
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(
        op, extent, e.at(shape, op.getDimension() * 8));
    return success();
  }
};

/// A condition is false once a stage has reported an error: loops end.
struct ConvertLoadBool : Pattern<msrt::LoadBoolOp> {
  using Pattern::Pattern;
  LogicalResult
  matchAndRewrite(msrt::LoadBoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    Emitter e = emitter(op, rewriter);
    Location loc = op.getLoc();
    Value byte = rewriter.create<LLVM::LoadOp>(loc, rewriter.getI8Type(),
                                               adaptor.getFrom());
    Value zero8 =
        rewriter.create<LLVM::ConstantOp>(loc, rewriter.getI8Type(), 0);
    Value zero32 =
        rewriter.create<LLVM::ConstantOp>(loc, rewriter.getI32Type(), 0);
    Value set = rewriter.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::ne,
                                              byte, zero8);
    Value error = e.field(offsetof(mscrt_call, error), rewriter.getI32Type());
    Value fine = rewriter.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::eq,
                                               error, zero32);
    rewriter.replaceOpWithNewOp<LLVM::AndOp>(op, set, fine);
    return success();
  }
};

/// Gives host programs their C signature, then converts their ops.
struct HostToLLVM : PassWrapper<HostToLLVM, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(HostToLLVM)

  void addSignature(func::FuncOp function) {
    OpBuilder b(function.getContext());
    auto ptr = LLVM::LLVMPointerType::get(b.getContext());
    addLaunchSpace(function);
    Block &entry = function.getBody().front();
    entry.addArgument(ptr, function.getLoc());
    function.setFunctionType(b.getFunctionType({ptr}, {b.getI32Type()}));
    function.walk([&](func::ReturnOp op) {
      b.setInsertionPoint(op);
      Emitter e(b, op.getLoc(), entry.getArgument(0));
      Value error = e.field(offsetof(mscrt_call, error), b.getI32Type());
      b.create<func::ReturnOp>(op.getLoc(), error);
      op.erase();
    });
  }

  void runOnOperation() final {
    for (auto function : getOperation().getOps<func::FuncOp>())
      addSignature(function);
    MLIRContext *ctx = &getContext();
    TypeConverter converter;
    converter.addConversion([](Type type) { return type; });
    converter.addConversion([](msrt::BufferType type) {
      return LLVM::LLVMPointerType::get(type.getContext());
    });
    RewritePatternSet patterns(ctx);
    patterns.add<ConvertBuffer<msrt::InputOp, offsetof(mscrt_call, inputs)>,
                 ConvertBuffer<msrt::OutputOp, offsetof(mscrt_call, outputs)>,
                 ConvertConstant, ConvertLaunch, ConvertCopy,
                 ConvertStoreExtent, ConvertLoadBool,
                 ConvertBlock<msrt::WeightsOp, offsetof(mscrt_call, weights)>,
                 ConvertBlock<msrt::StateOp, offsetof(mscrt_call, state)>,
                 ConvertBlock<msrt::AllocOp, offsetof(mscrt_call, arena)>>(
        converter, ctx);
    ConversionTarget target(*ctx);
    target.addLegalDialect<LLVM::LLVMDialect>();
    target.addIllegalDialect<msrt::MSRTDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<llvm::Module> lowerHostPrograms(ModuleOp module,
                                                llvm::LLVMContext &ctx) {
  PassManager pm(module.getContext());
  pm.addPass(std::make_unique<HostToLLVM>());
  pm.addPass(createConvertSCFToCFPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  if (failed(pm.run(module)))
    return nullptr;
  return translateModuleToLLVMIR(module, ctx);
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file From an ms.kernel to functions on buffers, and on to LLVM's dialect.
#include "lib/Target/CPU/KernelModule.h"

#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"
#include "msc/Conversion/MSToLinalg.h"

using namespace mlir;

namespace msc::target {

static Type signless(Type type) {
  return isa<IntegerType>(type)
             ? IntegerType::get(type.getContext(), type.getIntOrFloatBitWidth())
             : type;
}

static MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), signless(tensor.getElementType()));
}

/// \p v as \p type, which has the same shape and width.
static Value castTensor(OpBuilder &b, Location loc, Value v, Type type) {
  if (v.getType() == type)
    return v;
  return b.create<UnrealizedConversionCastOp>(loc, type, v).getResult(0);
}

OwningOpRef<ModuleOp> buildKernelModule(ms::KernelOp kernel, StringRef symbol) {
  Location loc = UnknownLoc::get(kernel.getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  OpBuilder b(module->getBodyRegion());
  SmallVector<Type> types;
  for (Type type : kernel.getInputs().getTypes())
    types.push_back(bufferType(type));
  for (Type type : kernel.getOutputs().getTypes())
    types.push_back(bufferType(type));
  auto function =
      b.create<func::FuncOp>(loc, symbol, b.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  b.setInsertionPointToStart(body);
  IRMapping map;
  Block &region = kernel.getBody().front();
  for (auto [argument, buffer] :
       llvm::zip(region.getArguments(), body->getArguments())) {
    Value tensor =
        b.create<bufferization::ToTensorOp>(loc, buffer, /*restrict=*/true);
    map.map(argument, castTensor(b, loc, tensor, argument.getType()));
  }
  for (Operation &op : region.without_terminator())
    b.clone(op, map);
  auto outputs = body->getArguments().drop_front(kernel.getInputs().size());
  for (auto [value, buffer] :
       llvm::zip(region.getTerminator()->getOperands(), outputs)) {
    auto type = cast<MemRefType>(buffer.getType());
    Value tensor = castTensor(
        b, loc, map.lookup(value),
        RankedTensorType::get(type.getShape(), type.getElementType()));
    auto store = b.create<bufferization::MaterializeInDestinationOp>(
        loc, tensor, buffer);
    store.setRestrict(true);
    store.setWritable(true);
  }
  b.create<func::ReturnOp>(loc);
  return module;
}

namespace {
/// Rewrites tensor ops that have no bufferisation of their own, and copies.
struct DecomposeTensors
    : PassWrapper<DecomposeTensors, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(DecomposeTensors)
  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    patterns.add<linalg::GeneralizePadOpPattern>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

/// Gives each use of tensor.empty one of its own, and each use of a filled
/// tensor. The elimination of empty tensors puts one buffer in the place of all
/// uses, which is right only if there is one: shared by CSE they are not one
/// value. A filled tensor that two ops overwrite would be copied.
struct SeparateEmptyTensors
    : PassWrapper<SeparateEmptyTensors, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SeparateEmptyTensors)
  void runOnOperation() final {
    separate([](Operation *op) {
      auto generic = dyn_cast<linalg::GenericOp>(op);
      return generic && filledWith(generic);
    });
    separate([](Operation *op) { return isa<tensor::EmptyOp>(op); });
  }

private:
  /// A copy of its own for each use of what \p isShareable holds for.
  void separate(llvm::function_ref<bool(Operation *)> isShareable) {
    SmallVector<Operation *> shared;
    getOperation().walk([&](Operation *op) {
      if (isShareable(op) && !op->use_empty() && !op->hasOneUse())
        shared.push_back(op);
    });
    for (Operation *op : shared) {
      for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
        OpBuilder b(use.getOwner());
        use.set(b.clone(*op)->getResult(0));
      }
      op->erase();
    }
  }
};

/// Computes what values are inserted into before those values: only then can
/// they be computed in place.
struct HoistDestinations
    : PassWrapper<HoistDestinations, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(HoistDestinations)
  void runOnOperation() final {
    getOperation().walk([](tensor::InsertSliceOp op) {
      Operation *producer = op.getSource().getDefiningOp();
      if (producer && producer->getBlock() == op->getBlock())
        hoist(op.getDest(), producer);
    });
  }

private:
  /// Moves what computes \p value before \p place, if that is a filled tensor.
  static void hoist(Value value, Operation *place) {
    auto fill = value.getDefiningOp<linalg::GenericOp>();
    if (!fill || fill.getNumDpsInputs() != 0 || fill.getNumDpsInits() != 1 ||
        fill->getBlock() != place->getBlock() || !place->isBeforeInBlock(fill))
      return;
    auto empty = fill.getDpsInits()[0].getDefiningOp<tensor::EmptyOp>();
    bool isConstant = fill.getRegion()
                          .walk([&](Operation *op) {
                            for (Value operand : op->getOperands())
                              if (Operation *def = operand.getDefiningOp();
                                  def && def->getBlock() == place->getBlock() &&
                                  !def->isBeforeInBlock(place))
                                return WalkResult::interrupt();
                            return WalkResult::advance();
                          })
                          .wasInterrupted() == false;
    if (!empty || !isConstant)
      return;
    empty->moveBefore(place);
    fill->moveBefore(place);
  }
};

/// memref.copy ~> linalg.generic, so that copies are vectorised and shared out
/// like everything else.
struct CopiesToLinalg : PassWrapper<CopiesToLinalg, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CopiesToLinalg)
  void runOnOperation() final {
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp op) { copies.push_back(op); });
    for (memref::CopyOp op : copies) {
      OpBuilder b(op);
      if (op.getSource() != op.getTarget())
        linalg::makeMemRefCopyOp(b, op.getLoc(), op.getSource(),
                                 op.getTarget());
      op.erase();
    }
  }
};
} // namespace

LogicalResult lowerToBuffers(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createConvertMSToLinalgPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(std::make_unique<DecomposeTensors>());
  pm.addNestedPass<func::FuncOp>(createLinalgGeneralizeNamedOpsPass());
  pm.addPass(createLinalgElementwiseOpFusionPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(std::make_unique<SeparateEmptyTensors>());
  pm.addPass(std::make_unique<HoistDestinations>());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizationOptions options;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  pm.addPass(memref::createFoldMemRefAliasOpsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(std::make_unique<CopiesToLinalg>());
  pm.addNestedPass<func::FuncOp>(bufferization::createBufferHoistingPass());
  return pm.run(module);
}

LogicalResult lowerToLLVM(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  SmallVector<std::string> narrow{"bf16", "f16"};
  emulate.sourceTypeStrs = narrow;
  emulate.targetTypeStr = "f32";
  pm.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
  pm.addPass(createConvertSCFToCFPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  FinalizeMemRefToLLVMConversionPassOptions memrefs;
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(memrefs));
  ConvertFuncToLLVMPassOptions functions;
  functions.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(functions));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(module);
}

} // namespace msc::target

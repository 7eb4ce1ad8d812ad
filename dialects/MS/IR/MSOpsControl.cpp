// SPDX-License-Identifier: Apache-2.0
//
/// \file Verifiers of constants, control flow and kernels.
#include "dialects/MS/IR/MSOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsControl.cpp.inc"

void MSDialect::registerControlOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsControl.cpp.inc"
      >();
}

LogicalResult ConstantOp::inferReturnTypes(MLIRContext *,
                                           std::optional<Location>,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  types.push_back(adaptor.getValue().getType());
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult AssertOp::canonicalize(AssertOp op, PatternRewriter &rewriter) {
  DenseElementsAttr value;
  if (!matchPattern(op.getCondition(), m_Constant(&value)) ||
      !llvm::all_of(value.getValues<bool>(), [](bool holds) { return holds; }))
    return rewriter.notifyMatchFailure(op,
                                       "the condition is not known to hold");
  rewriter.eraseOp(op);
  return success();
}

/// Reports a difference between what \p region yields and \p expected.
static LogicalResult verifyYield(Operation *op, Region &region,
                                 TypeRange expected, StringRef what) {
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield)
    return op->emitOpError(what) << " does not end with ms.yield";
  if (yield.getValues().getTypes() != expected)
    return op->emitOpError(what) << " yields (" << yield.getValues().getTypes()
                                 << "), expected (" << expected << ")";
  return success();
}

static LogicalResult verifyCondition(Operation *op, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  if (!tensor.getElementType().isInteger(1) || tensor.getNumElements() != 1)
    return op->emitOpError("expects a condition of one bool, got ") << type;
  return success();
}

LogicalResult IfOp::verify() {
  if (failed(verifyCondition(*this, getCondition().getType()))) // C1
    return failure();
  if (failed(verifyYield(*this, getThenRegion(), getResultTypes(),
                         "then region"))) // C2
    return failure();
  return verifyYield(*this, getElseRegion(), getResultTypes(), "else region");
}

LogicalResult WhileOp::verify() {
  TypeRange types = getInits().getTypes();
  if (getBefore().getArgumentTypes() != types ||
      getBody().getArgumentTypes() != types || getResultTypes() != types) // C1
    return emitOpError("changes the types of loop-carried values (")
           << types << ")";
  auto yield = dyn_cast<YieldOp>(getBefore().front().getTerminator());
  if (!yield || yield.getValues().size() != 1)
    return emitOpError("condition region does not yield one value"); // C2
  if (failed(verifyCondition(*this, yield.getValues()[0].getType())))
    return failure();
  return verifyYield(*this, getBody(), types, "body"); // C3
}

/// The element type of a buffer that holds elements of \p type.
static Type bufferElement(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer ? IntegerType::get(type.getContext(), integer.getWidth())
                 : type;
}

/// Verifies the arguments of the stages of \p op: its values, then workspace.
static LogicalResult verifyBuffers(KernelOp op) {
  Block::BlockArgListType buffers = op.getStages().getArguments();
  SmallVector<Type> values(op.getInputs().getTypes());
  llvm::append_range(values, op.getOutputs().getTypes());
  if (buffers.size() < values.size())
    return op.emitOpError("has ")
           << values.size() << " operands and results, but its stages take "
           << buffers.size() << " buffers";
  for (BlockArgument buffer : buffers) {
    auto type = dyn_cast<MemRefType>(buffer.getType());
    if (!type || !type.hasStaticShape())
      return op.emitOpError("stages take ")
             << buffer.getType() << ", expected a memref of static shape";
    if (buffer.getArgNumber() >= values.size())
      continue;
    auto value = cast<RankedTensorType>(values[buffer.getArgNumber()]);
    if (type.getElementType() != bufferElement(value.getElementType()) ||
        (value.hasStaticShape() &&
         type.getNumElements() < value.getNumElements()))
      return op.emitOpError("buffer ")
             << buffer.getArgNumber() << " is " << type
             << ", which does not hold " << value;
  }
  return success();
}

/// Verifies that nothing in \p stage allocates memory that outlives a scope.
static LogicalResult verifyNoAllocation(StageOp stage) {
  WalkResult result = stage.getBody().walk([](Operation *op) {
    SmallVector<MemoryEffects::EffectInstance> effects;
    if (auto interface = dyn_cast<MemoryEffectOpInterface>(op))
      interface.getEffects(effects);
    for (const MemoryEffects::EffectInstance &effect : effects)
      if (isa<MemoryEffects::Allocate>(effect.getEffect()) &&
          effect.getResource() !=
              SideEffects::AutomaticAllocationScopeResource::get())
        return op->emitOpError("allocates in a stage: make it workspace"),
               WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static LogicalResult verifyStages(KernelOp op) {
  if (failed(verifyBuffers(op))) // C2
    return failure();
  Block &block = op.getStages().front();
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getValues().size() || // C3
      llvm::hasSingleElement(block) ||
      !llvm::all_of(block.without_terminator(),
                    [](Operation &stage) { return isa<StageOp>(stage); }))
    return op.emitOpError(
        "expects ms.stage ops and an empty ms.yield in its stages");
  for (StageOp stage : block.getOps<StageOp>())
    if (failed(verifyNoAllocation(stage))) // C4
      return failure();
  return success();
}

LogicalResult StageOp::verify() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 3 ||
      !llvm::all_of(block.getArgumentTypes(),
                    [](Type type) { return type.isIndex(); })) // C1
    return emitOpError("region takes (")
           << block.getArgumentTypes() << "), expected the point of the grid, "
           << "(index, index, index)";
  if (getGrid().size() != 3 ||
      llvm::any_of(getGrid(), [](int64_t extent) { return extent < 1; })) // C2
    return emitOpError("grid [")
           << getGrid() << "] is not three positive extents";
  return success();
}

LogicalResult KernelOp::verify() {
  if (getBody().getArgumentTypes() != getInputs().getTypes())
    return emitOpError("region takes (")
           << getBody().getArgumentTypes() << "), operands are ("
           << getInputs().getTypes() << ")";
  if (failed(verifyYield(*this, getBody(), getResultTypes(), "region")))
    return failure(); // C1
  return getStages().empty() ? success() : verifyStages(*this);
}

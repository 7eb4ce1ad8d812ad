// SPDX-License-Identifier: Apache-2.0
//
/// \file Verifiers of constants, control flow and kernels.
#include "dialects/MS/IR/MSOps.h"

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

LogicalResult KernelOp::verify() {
  if (getBody().getArgumentTypes() != getInputs().getTypes())
    return emitOpError("region takes (")
           << getBody().getArgumentTypes() << "), operands are ("
           << getInputs().getTypes() << ")";
  return verifyYield(*this, getBody(), getResultTypes(), "region");
}

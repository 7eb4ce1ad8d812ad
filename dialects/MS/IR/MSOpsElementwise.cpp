// SPDX-License-Identifier: Apache-2.0
//
/// \file Verifiers of the elementwise ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsElementwise.cpp.inc"

void MSDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsElementwise.cpp.inc"
      >();
}

LogicalResult SelectOp::verify() {
  Type lhs = tensorType(getLhs()).getElementType();
  Type rhs = tensorType(getRhs()).getElementType();
  if (lhs != rhs) // C1
    return emitOpError("chooses between element types ")
           << lhs << " and " << rhs;
  return success();
}

LogicalResult BitcastOp::verify() {
  Type from = tensorType(getInput()).getElementType();
  Type to = getType().getElementType();
  if (from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth()) // C1
    return emitOpError("cannot reinterpret ") << from << " as " << to;
  return success();
}

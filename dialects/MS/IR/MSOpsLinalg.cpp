// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the linalg ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsLinalg.cpp.inc"

void MSDialect::registerLinalgOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsLinalg.cpp.inc"
      >();
}

LogicalResult FftOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), last = input.getRank() - 1;
  if (last < 0 ||
      (input.getDimSize(last) != 2 && !input.isDynamicDim(last))) // C1
    return emitOptionalError(loc, "the last dimension of ", input,
                             " is not 2: real and imaginary part");
  if (axis < 0 || axis >= last) // C2
    return emitOptionalError(loc, "axis ", axis, " is out of range [0, ", last,
                             ")");
  if (input.getDimSize(axis) == 0) // C3
    return emitOptionalError(loc, "axis ", axis, " of ", input, " is empty");
  types.push_back(input);
  return success();
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference of the selection ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsSelection.cpp.inc"

void MSDialect::registerSelectionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsSelection.cpp.inc"
      >();
}

static LogicalResult checkStatic(std::optional<Location> loc, Value value) {
  if (tensorType(value).hasStaticShape())
    return success();
  return emitOptionalError(loc, "needs a static shape, got ",
                           tensorType(value));
}

static LogicalResult checkAxis(std::optional<Location> loc, Value input,
                               int64_t axis) {
  if (axis >= 0 && axis < tensorType(input).getRank())
    return checkStatic(loc, input);
  return emitOptionalError(loc, "axis ", axis, " is out of range [0, ",
                           tensorType(input).getRank(), ")");
}

static RankedTensorType indexType(MLIRContext *ctx, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, IntegerType::get(ctx, 64));
}

LogicalResult NonZeroOp::inferReturnTypes(MLIRContext *ctx,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (failed(checkStatic(loc, adaptor.getInput())))
    return failure();
  if (input.getRank() == 0)
    return emitOptionalError(loc, "needs a rank of one or more, got ", input);
  int64_t shape[] = {input.getNumElements(), input.getRank()};
  if (adaptor.getByDimension())
    std::swap(shape[0], shape[1]);
  types.assign({indexType(ctx, shape), indexType(ctx, {})});
  return success();
}

LogicalResult CompressOp::inferReturnTypes(MLIRContext *ctx,
                                           std::optional<Location> loc,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   mask = tensorType(adaptor.getMask());
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(loc, adaptor.getInput(), axis)) ||
      failed(checkStatic(loc, adaptor.getMask())))
    return failure();
  if (mask.getRank() != 1)
    return emitOptionalError(loc, "the mask is ", mask, ", expected rank 1");
  if (mask.getDimSize(0) > input.getDimSize(axis))
    return emitOptionalError(loc, "the mask has ", mask.getDimSize(0),
                             " elements, axis ", axis, " only ",
                             input.getDimSize(axis));
  SmallVector<int64_t> shape(input.getShape());
  shape[axis] = mask.getDimSize(0);
  types.assign({RankedTensorType::get(shape, input.getElementType()),
                indexType(ctx, {})});
  return success();
}

LogicalResult UniqueOp::inferReturnTypes(MLIRContext *ctx,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (failed(checkAxis(loc, adaptor.getInput(), adaptor.getAxis())))
    return failure();
  Type list = indexType(ctx, input.getDimSize(adaptor.getAxis()));
  types.assign({input, list, list, list, indexType(ctx, {})});
  return success();
}

LogicalResult NonMaxSuppressionOp::inferReturnTypes(
    MLIRContext *ctx, std::optional<Location> loc, Adaptor adaptor,
    SmallVectorImpl<Type> &types) {
  RankedTensorType boxes = tensorType(adaptor.getBoxes()),
                   scores = tensorType(adaptor.getScores());
  if (failed(checkStatic(loc, adaptor.getBoxes())) ||
      failed(checkStatic(loc, adaptor.getScores())))
    return failure();
  if (boxes.getRank() != 3 || scores.getRank() != 3 ||
      boxes.getDimSize(2) != 4 || boxes.getDimSize(0) != scores.getDimSize(0) ||
      boxes.getDimSize(1) != scores.getDimSize(2))
    return emitOptionalError(
        loc,
        "expected boxes [batches, n, 4] and scores [batches, classes, n],"
        " got ",
        boxes, " and ", scores);
  if (adaptor.getLimit() < 0)
    return emitOptionalError(loc, "limit ", adaptor.getLimit(), " is negative");
  int64_t perClass = std::min<int64_t>(adaptor.getLimit(), boxes.getDimSize(1));
  int64_t shape[] = {scores.getDimSize(0) * scores.getDimSize(1) * perClass, 3};
  types.assign({indexType(ctx, shape), indexType(ctx, {})});
  return success();
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference of the normalization ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsNormalization.cpp.inc"

void MSDialect::registerNormalizationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsNormalization.cpp.inc"
      >();
}

/// The element type of statistics of \p element.
static Type statisticsElement(Type element) {
  return element.getIntOrFloatBitWidth() < 32
             ? Type(Float32Type::get(element.getContext()))
             : element;
}

static LogicalResult verifyAxis(std::optional<Location> loc, int64_t axis,
                                int64_t rank) {
  if (axis < 0 || axis >= rank) // C1
    return emitOptionalError(loc, "axis ", axis, " is out of range [0, ", rank,
                             ")");
  return success();
}

static LogicalResult verifyAffineCount(std::optional<Location> loc,
                                       size_t count, size_t limit) {
  if (count > limit) // C2
    return emitOptionalError(loc, "has ", count,
                             " affine operands, expected at most ", limit);
  return success();
}

/// At most \p limit affine operands, which broadcast to \p input.
static LogicalResult verifyAffine(std::optional<Location> loc,
                                  RankedTensorType input, ValueRange affine,
                                  size_t limit) {
  if (failed(verifyAffineCount(loc, affine.size(), limit)))
    return failure();
  for (Value operand : affine) {
    ArrayRef<int64_t> shape = tensorType(operand).getShape();
    FailureOr<SmallVector<int64_t>> joined =
        broadcastShapes(loc, input.getShape(), shape);
    if (failed(joined))
      return failure();
    if (!llvm::equal(*joined, input.getShape()))
      return emitOptionalError(loc, "affine operand ", operand.getType(),
                               " does not broadcast to ", input);
  }
  return success();
}

/// A vector of \p channels.
static LogicalResult verifyChannels(std::optional<Location> loc, Value v,
                                    int64_t channels) {
  RankedTensorType type = tensorType(v);
  if (type.getRank() != 1 ||
      (type.getDimSize(0) != channels && !ShapedType::isDynamic(channels) &&
       !type.isDynamicDim(0)))
    return emitOptionalError(loc, "has an operand of type ", type,
                             ", expected shape [", channels, "]");
  return success();
}

LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  types.push_back(input);
  return verifyAxis(loc, adaptor.getAxis(), input.getRank());
}

LogicalResult LogSoftmaxOp::inferReturnTypes(MLIRContext *,
                                             std::optional<Location> loc,
                                             Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  types.push_back(input);
  return verifyAxis(loc, adaptor.getAxis(), input.getRank());
}

/// The type of a statistic of \p input over the dimensions from \p axis on.
static RankedTensorType statisticsType(RankedTensorType input, int64_t axis) {
  SmallVector<int64_t> shape(input.getShape());
  std::fill(shape.begin() + axis, shape.end(), 1);
  return RankedTensorType::get(shape,
                               statisticsElement(input.getElementType()));
}

LogicalResult LayerNormOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (failed(verifyAxis(loc, adaptor.getAxis(), input.getRank())) ||
      failed(verifyAffine(loc, input, adaptor.getAffine(), 2)))
    return failure();
  RankedTensorType statistics = statisticsType(input, adaptor.getAxis());
  types.append({input, statistics, statistics});
  return success();
}

LogicalResult RMSNormOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (failed(verifyAxis(loc, adaptor.getAxis(), input.getRank())) ||
      failed(verifyAffine(loc, input, adaptor.getAffine(), 1)))
    return failure();
  types.append({input, statisticsType(input, adaptor.getAxis())});
  return success();
}

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (input.getRank() < 2) // C1
    return emitOptionalError(loc, "normalizes ", input,
                             ", expected a rank of 2 or more");
  for (Value v : adaptor.getOperands().drop_front())
    if (failed(verifyChannels(loc, v, input.getDimSize(1))))
      return failure();
  types.push_back(input);
  return success();
}

LogicalResult GroupNormOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (input.getRank() < 2) // C1
    return emitOptionalError(loc, "normalizes ", input,
                             ", expected a rank of 2 or more");
  int64_t channels = input.getDimSize(1), groups = adaptor.getGroups();
  if (groups < 1 ||
      (!ShapedType::isDynamic(channels) && channels % groups != 0)) // C1
    return emitOptionalError(loc, "groups ", groups, " do not divide ",
                             channels, " channels");
  if (failed(verifyAffineCount(loc, adaptor.getAffine().size(), 2)))
    return failure();
  for (Value v : adaptor.getAffine())
    if (failed(verifyChannels(loc, v, channels)))
      return failure();
  auto statistics = RankedTensorType::get(
      {input.getDimSize(0), groups}, statisticsElement(input.getElementType()));
  types.append({input, statistics, statistics});
  return success();
}

LogicalResult LRNOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  int64_t low = adaptor.getLow(), high = adaptor.getHigh();
  if (input.getRank() < 2 || low < 0 || high < 0 || low > INT32_MAX ||
      high > INT32_MAX) // C1
    return emitOptionalError(
        loc, "normalizes ", input, " over ", low, " channels before and ", high,
        " after, expected a rank of 2 or more and 0 or more channels");
  types.push_back(input);
  return success();
}

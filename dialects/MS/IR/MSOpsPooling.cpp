// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference of the pooling ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsPooling.cpp.inc"

void MSDialect::registerPoolingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsPooling.cpp.inc"
      >();
}

/// The type of a pool with a window, from the attributes all of them have.
template <typename Adaptor>
static FailureOr<RankedTensorType> inferWindowPool(std::optional<Location> loc,
                                                   Adaptor adaptor) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (input.getRank() < 3) // C1
    return emitOptionalError(loc, "pools ", input,
                             ", expected a rank of 3 or more");
  Window window{adaptor.getKernel(), adaptor.getStrides(), adaptor.getPads(),
                adaptor.getDilations()};
  if (failed(verifyWindow(loc, input.getRank() - 2, window))) // C2
    return failure();
  FailureOr<SmallVector<int64_t>> extents =
      windowExtents(loc, input.getShape().drop_front(2), window); // C3
  if (failed(extents))
    return failure();
  extents->insert(extents->begin(), {input.getDimSize(0), input.getDimSize(1)});
  return RankedTensorType::get(*extents, input.getElementType());
}

template <typename Adaptor>
static FailureOr<RankedTensorType>
inferAdaptivePool(std::optional<Location> loc, Adaptor adaptor) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> size = adaptor.getOutputSize();
  if (size.empty() || input.getRank() != int64_t(size.size()) + 2) // C1
    return emitOptionalError(loc, "pools ", input, " to [", size,
                             "], expected a rank of ", size.size() + 2);
  if (llvm::is_contained(input.getShape().drop_front(2), 0)) // C3
    return emitOptionalError(loc, "pools ", input,
                             ", which has an empty spatial dimension");
  SmallVector<int64_t> shape{input.getDimSize(0), input.getDimSize(1)};
  for (int64_t extent : size) {
    if (extent < 1 || extent > INT32_MAX) // C2
      return emitOptionalError(loc, "output_size holds ", extent,
                               ", expected 1 or more");
    shape.push_back(extent);
  }
  return RankedTensorType::get(shape, input.getElementType());
}

/// Adds \p type, and that of the indices when \p withIndices.
static LogicalResult addTypes(FailureOr<RankedTensorType> type,
                              bool withIndices, SmallVectorImpl<Type> &types) {
  if (failed(type))
    return failure();
  types.push_back(*type);
  if (withIndices)
    types.push_back(type->clone(IntegerType::get(type->getContext(), 64)));
  return success();
}

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return addTypes(inferWindowPool(loc, adaptor), false, types);
}

LogicalResult MaxPoolWithIndicesOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
    SmallVectorImpl<Type> &types) {
  return addTypes(inferWindowPool(loc, adaptor), true, types);
}

LogicalResult AvgPoolOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  std::optional<ArrayRef<int64_t>> counted = adaptor.getCountedPads();
  size_t pads = adaptor.getPads().size();
  if (counted &&
      (counted->size() != pads || llvm::any_of(*counted, [](int64_t v) {
         return v < 0 || v > INT32_MAX;
       }))) // C4
    return emitOptionalError(loc, "counted_pads [", *counted, "] must hold ",
                             pads, " numbers of 0 or more");
  return addTypes(inferWindowPool(loc, adaptor), false, types);
}

LogicalResult
AdaptiveAvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                    Adaptor adaptor,
                                    SmallVectorImpl<Type> &types) {
  return addTypes(inferAdaptivePool(loc, adaptor), false, types);
}

LogicalResult
AdaptiveMaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                    Adaptor adaptor,
                                    SmallVectorImpl<Type> &types) {
  return addTypes(inferAdaptivePool(loc, adaptor), true, types);
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the indexing ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsIndexing.cpp.inc"

void MSDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsIndexing.cpp.inc"
      >();
}

static bool differ(int64_t a, int64_t b) {
  return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a != b;
}

static bool exceeds(int64_t a, int64_t b) {
  return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a > b;
}

/// Reports batch dimensions of different extents.
static LogicalResult checkBatch(std::optional<Location> loc, int64_t batch,
                                RankedTensorType input,
                                RankedTensorType indices) {
  for (int64_t d = 0; d < batch; ++d)
    if (differ(input.getDimSize(d), indices.getDimSize(d)))
      return emitOptionalError(loc, "batch dimension ", d, " is ",
                               input.getDimSize(d), " in the input and ",
                               indices.getDimSize(d), " in the indices");
  return success();
}

static LogicalResult checkAxis(std::optional<Location> loc, int64_t axis,
                               int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return emitOptionalError(loc, "axis ", axis, " is out of range [0, ", rank,
                           ")");
}

static LogicalResult checkReduction(std::optional<Location> loc,
                                    StringRef reduction,
                                    RankedTensorType input) {
  static constexpr StringRef words[] = {"none", "add", "sub", "mul",
                                        "div",  "max", "min"};
  if (!llvm::is_contained(words, reduction))
    return emitOptionalError(loc, "reduction '", reduction,
                             "' is not none, add, sub, mul, div, max or min");
  if (reduction != "none" && input.getElementType().isInteger(1))
    return emitOptionalError(loc, "reduction '", reduction,
                             "' needs numbers, got ", input);
  return success();
}

LogicalResult GatherOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType indices = tensorType(adaptor.getIndices());
  int64_t axis = adaptor.getAxis(), batch = adaptor.getBatchDims();
  if (failed(checkAxis(loc, axis, input.getRank()))) // C1
    return failure();
  if (batch < 0 || batch > axis || batch > indices.getRank()) // C1, C2
    return emitOptionalError(loc, "batch_dims ", batch, " is out of range [0, ",
                             std::min(axis, indices.getRank()), "]");
  if (failed(checkBatch(loc, batch, input, indices))) // C3
    return failure();
  SmallVector<int64_t> shape(input.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape().drop_front(batch));
  llvm::append_range(shape, input.getShape().drop_front(axis + 1));
  types.push_back(input.clone(shape));
  return success();
}

/// C1 to C3 of gather_elements, C1, C3 and C5 of scatter_elements.
static LogicalResult checkElements(std::optional<Location> loc,
                                   RankedTensorType input,
                                   RankedTensorType indices, int64_t axis) {
  if (failed(checkAxis(loc, axis, input.getRank())))
    return failure();
  bool fits = input.getRank() == indices.getRank();
  for (int64_t d = 0; fits && d < input.getRank(); ++d)
    fits = d == axis || !exceeds(indices.getDimSize(d), input.getDimSize(d));
  if (!fits)
    return emitOptionalError(loc, "indices ", indices, " do not fit ", input,
                             " except along axis ", axis);
  return success();
}

LogicalResult GatherElementsOp::inferReturnTypes(MLIRContext *,
                                                 std::optional<Location> loc,
                                                 Adaptor adaptor,
                                                 SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType indices = tensorType(adaptor.getIndices());
  if (failed(checkElements(loc, input, indices, adaptor.getAxis())))
    return failure();
  types.push_back(input.clone(indices.getShape()));
  return success();
}

/// The extent of the index tuples, or failure unless it is in [0, \p limit].
static FailureOr<int64_t> tupleExtent(std::optional<Location> loc,
                                      RankedTensorType indices, int64_t limit) {
  if (indices.getRank() == 0)
    return emitOptionalError(loc, "indices have rank 0, expected at least 1");
  int64_t extent = indices.getShape().back();
  if (ShapedType::isDynamic(extent) || extent > limit)
    return emitOptionalError(loc, "index tuples ", indices, " have more than ",
                             limit, " entries or an unknown number");
  return extent;
}

LogicalResult GatherNdOp::inferReturnTypes(MLIRContext *,
                                           std::optional<Location> loc,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType indices = tensorType(adaptor.getIndices());
  int64_t batch = adaptor.getBatchDims();
  if (batch < 0 || batch >= input.getRank() + (batch == 0) ||
      batch >= indices.getRank()) // C1
    return emitOptionalError(loc, "batch_dims ", batch,
                             " is not below the ranks ", input.getRank(),
                             " and ", indices.getRank());
  FailureOr<int64_t> k =
      tupleExtent(loc, indices, input.getRank() - batch);          // C2
  if (failed(k) || failed(checkBatch(loc, batch, input, indices))) // C3
    return failure();
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, input.getShape().drop_front(batch + *k));
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult
ScatterElementsOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                    Adaptor adaptor,
                                    SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType indices = tensorType(adaptor.getIndices());
  RankedTensorType updates = tensorType(adaptor.getUpdates());
  if (failed(checkElements(loc, input, indices, adaptor.getAxis())) ||
      failed(checkReduction(loc, adaptor.getReduction(), input))) // C2
    return failure();
  bool fits = updates.getRank() == indices.getRank() &&
              updates.getElementType() == input.getElementType();
  for (int64_t d = 0; fits && d < updates.getRank(); ++d)
    fits = !differ(updates.getDimSize(d), indices.getDimSize(d));
  if (!fits) // C4, C6
    return emitOptionalError(loc, "updates ", updates, " do not fit indices ",
                             indices, " of ", input);
  types.push_back(input);
  return success();
}

LogicalResult ScatterNdOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType indices = tensorType(adaptor.getIndices());
  RankedTensorType updates = tensorType(adaptor.getUpdates());
  FailureOr<int64_t> k = tupleExtent(loc, indices, input.getRank()); // C1
  if (failed(k) ||
      failed(checkReduction(loc, adaptor.getReduction(), input))) // C2
    return failure();
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, input.getShape().drop_front(*k));
  bool fits = updates.getRank() == int64_t(shape.size()) &&
              updates.getElementType() == input.getElementType();
  for (int64_t d = 0; fits && d < updates.getRank(); ++d)
    fits = !differ(updates.getDimSize(d), shape[d]);
  if (!fits) // C3, C4
    return emitOptionalError(loc, "updates are ", updates, ", expected ",
                             input.clone(shape));
  types.push_back(input);
  return success();
}

/// Reports starts that are not one index per dimension of \p input.
static LogicalResult checkStarts(std::optional<Location> loc,
                                 RankedTensorType starts,
                                 RankedTensorType input) {
  if (starts.getRank() == 1 && !differ(starts.getDimSize(0), input.getRank()))
    return success();
  return emitOptionalError(loc, "starts ", starts,
                           " are not one index per dimension of ", input);
}

static LogicalResult checkBlock(std::optional<Location> loc,
                                ArrayRef<int64_t> sizes,
                                RankedTensorType input) {
  bool fits = int64_t(sizes.size()) == input.getRank();
  for (size_t d = 0; fits && d < sizes.size(); ++d)
    fits = (sizes[d] >= 0 || ShapedType::isDynamic(sizes[d])) &&
           !exceeds(sizes[d], input.getDimSize(d));
  if (fits)
    return success();
  return emitOptionalError(loc, "a block of [", sizes, "] does not fit ",
                           input);
}

LogicalResult DynamicSliceOp::inferReturnTypes(MLIRContext *,
                                               std::optional<Location> loc,
                                               Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> sizes = adaptor.getSizes();
  if (failed(checkBlock(loc, sizes, input)) || // C1, C2
      failed(checkStarts(loc, tensorType(adaptor.getStarts()), input))) // C3
    return failure();
  types.push_back(input.clone(sizes));
  return success();
}

LogicalResult DynamicUpdateSliceOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
    SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  RankedTensorType update = tensorType(adaptor.getUpdate());
  if (update.getElementType() != input.getElementType()) // C1
    return emitOptionalError(loc, "cannot write ", update, " into ", input);
  if (failed(checkBlock(loc, update.getShape(), input)) ||              // C2
      failed(checkStarts(loc, tensorType(adaptor.getStarts()), input))) // C3
    return failure();
  types.push_back(input);
  return success();
}

LogicalResult OneHotOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  RankedTensorType indices = tensorType(adaptor.getIndices());
  RankedTensorType on = tensorType(adaptor.getOn()),
                   off = tensorType(adaptor.getOff());
  int64_t depth = adaptor.getDepth(), axis = adaptor.getAxis();
  if (depth < 0) // C1
    return emitOptionalError(loc, "depth ", depth, " is negative");
  if (failed(checkAxis(loc, axis, indices.getRank() + 1))) // C2
    return failure();
  for (RankedTensorType type : {on, off})
    if ((type.hasStaticShape() && type.getNumElements() != 1) ||
        type.getElementType() != on.getElementType()) // C3, C4
      return emitOptionalError(loc, "on and off are ", on, " and ", off,
                               ", expected one element each of one type");
  SmallVector<int64_t> shape(indices.getShape());
  shape.insert(shape.begin() + axis, depth);
  types.push_back(RankedTensorType::get(shape, on.getElementType()));
  return success();
}

LogicalResult SearchSortedOp::verify() {
  RankedTensorType sequence = tensorType(getSequence()),
                   values = tensorType(getValues());
  bool fits = sequence.getElementType() == values.getElementType() &&
              sequence.getRank() > 0;   // C2
  if (fits && sequence.getRank() > 1) { // C1
    fits = sequence.getRank() == values.getRank();
    for (int64_t d = 0; fits && d + 1 < sequence.getRank(); ++d)
      fits = !differ(sequence.getDimSize(d), values.getDimSize(d));
  }
  if (!fits)
    return emitOpError("cannot look ") << values << " up in " << sequence;
  if (failed(verifyCompatibleShape(values, getType()))) // C3
    return emitOpError("gives ") << getType() << " for values " << values;
  return success();
}

LogicalResult SortOp::inferReturnTypes(MLIRContext *ctx,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  if (failed(checkAxis(loc, adaptor.getAxis(), input.getRank()))) // C1
    return failure();
  types.push_back(input);
  types.push_back(input.clone(IntegerType::get(ctx, 64)));
  return success();
}

LogicalResult TopKOp::inferReturnTypes(MLIRContext *ctx,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), k = adaptor.getK();
  if (failed(checkAxis(loc, axis, input.getRank()))) // C1
    return failure();
  if (k < 0 || exceeds(k, input.getDimSize(axis))) // C2
    return emitOptionalError(loc, "k ", k, " is out of range [0, ",
                             input.getDimSize(axis), "]");
  SmallVector<int64_t> shape(input.getShape());
  shape[axis] = k;
  types.push_back(input.clone(shape));
  types.push_back(input.clone(shape, IntegerType::get(ctx, 64)));
  return success();
}

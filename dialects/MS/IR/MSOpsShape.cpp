// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the shape ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsShape.cpp.inc"

void MSDialect::registerShapeOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsShape.cpp.inc"
      >();
}

/// Reports a list attribute that has not one entry per dimension of \p type.
static LogicalResult checkEntries(std::optional<Location> loc, StringRef name,
                                  ArrayRef<int64_t> entries,
                                  RankedTensorType type) {
  if (int64_t(entries.size()) == type.getRank())
    return success();
  return emitOptionalError(loc, name, " has ", entries.size(),
                           " entries for a tensor of rank ", type.getRank());
}

static LogicalResult checkAxis(std::optional<Location> loc, int64_t axis,
                               int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return emitOptionalError(loc, "axis ", axis, " is out of range [0, ", rank,
                           ")");
}

/// a + b, saturated so that absurd attributes cannot overflow.
static int64_t addExtents(int64_t a, int64_t b) {
  int64_t sum;
  return llvm::AddOverflow(a, b, sum) ? INT64_MAX : sum;
}

LogicalResult ReshapeOp::verify() {
  RankedTensorType from = tensorType(getInput()), to = getType();
  if (from.getElementType() != to.getElementType()) // C1
    return emitOpError("keeps the element type, got ")
           << from.getElementType() << " and " << to.getElementType();
  if (from.hasStaticShape() && to.hasStaticShape() &&
      from.getNumElements() != to.getNumElements()) // C2
    return emitOpError("keeps the number of elements, got ")
           << from.getNumElements() << " and " << to.getNumElements();
  return success();
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  if (failed(checkEntries(loc, "permutation", permutation, input)))
    return failure();
  SmallVector<bool> seen(permutation.size());
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation) { // C1
    if (axis < 0 || axis >= input.getRank() || seen[axis])
      return emitOptionalError(loc, "[", permutation,
                               "] is not a permutation of ", input.getRank(),
                               " axes");
    seen[axis] = true;
    shape.push_back(input.getDimSize(axis));
  }
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult UnpackPanelsOp::inferReturnTypes(MLIRContext *,
                                               std::optional<Location> loc,
                                               Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), extent = adaptor.getExtent();
  if (input.getRank() < 2) // C2
    return emitOptionalError(loc, "expects panels of rank 2 or more, not ",
                             input);
  if (failed(checkAxis(loc, axis, input.getRank() - 1))) // C1
    return failure();
  int64_t panel = input.getShape().back(), panels = input.getDimSize(0);
  if (!input.hasStaticShape() || panel == 0 || extent < 0 ||
      llvm::divideCeil(extent, panel) != uint64_t(panels)) // C3
    return emitOptionalError(loc, extent, " elements are not ", panels,
                             " panels of ", panel);
  SmallVector<int64_t> shape(input.getShape().drop_front().drop_back());
  shape.insert(shape.begin() + axis, extent);
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  if (adaptor.getInputs().empty()) // C2
    return emitOptionalError(loc, "expects at least one input");
  RankedTensorType first = tensorType(adaptor.getInputs().front());
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(loc, axis, first.getRank()))) // C1
    return failure();
  SmallVector<int64_t> shape(first.getShape());
  for (Value input : adaptor.getInputs().drop_front()) {
    RankedTensorType type = tensorType(input);
    bool fits = type.getRank() == first.getRank() &&
                type.getElementType() == first.getElementType();
    for (int64_t d = 0; fits && d < type.getRank(); ++d) {
      int64_t extent = type.getDimSize(d);
      bool isKnown =
          !ShapedType::isDynamic(extent) && !ShapedType::isDynamic(shape[d]);
      if (d == axis)
        shape[d] =
            isKnown ? addExtents(shape[d], extent) : ShapedType::kDynamic;
      else if (ShapedType::isDynamic(shape[d]))
        shape[d] = extent;
      else
        fits = !isKnown || extent == shape[d];
    }
    if (!fits) // C3
      return emitOptionalError(loc, "cannot join ", first, " and ", type,
                               " along axis ", axis);
  }
  types.push_back(first.clone(shape));
  return success();
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *,
                                        std::optional<Location> loc,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> starts = adaptor.getStarts(), sizes = adaptor.getSizes(),
                    steps = adaptor.getSteps();
  if (failed(checkEntries(loc, "starts", starts, input)) ||
      failed(checkEntries(loc, "sizes", sizes, input)) ||
      failed(checkEntries(loc, "steps", steps, input))) // C1
    return failure();
  for (int64_t d = 0; d < input.getRank(); ++d) {
    if (steps[d] == 0 || sizes[d] < 0) // C2
      return emitOptionalError(loc, "dimension ", d, " takes ", sizes[d],
                               " elements in steps of ", steps[d]);
    if (sizes[d] == 0)
      continue;
    int64_t extent = input.getDimSize(d), span, last;
    bool fits = starts[d] >= 0 &&
                !llvm::MulOverflow(sizes[d] - 1, steps[d], span) &&
                !llvm::AddOverflow(starts[d], span, last) && last >= 0;
    if (fits && !ShapedType::isDynamic(extent))
      fits = starts[d] < extent && last < extent;
    if (!fits) // C3
      return emitOptionalError(loc, "dimension ", d, " takes ", sizes[d],
                               " elements from ", starts[d], " in steps of ",
                               steps[d], ", outside an extent of ", extent);
  }
  types.push_back(input.clone(sizes));
  return success();
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  StringRef mode = adaptor.getMode();
  if (failed(checkEntries(loc, "low", low, input)) ||
      failed(checkEntries(loc, "high", high, input))) // C1
    return failure();
  if (!llvm::is_contained({"constant", "edge", "reflect", "symmetric", "wrap"},
                          mode)) // C3
    return emitOptionalError(
        loc, "mode '", mode,
        "' is not constant, edge, reflect, symmetric or wrap");
  if (Value value = adaptor.getValue()) { // C4
    RankedTensorType type = tensorType(value);
    bool isOne = !type.hasStaticShape() || type.getNumElements() == 1;
    if (!isOne || type.getElementType() != input.getElementType() ||
        mode != "constant")
      return emitOptionalError(loc, "mode '", mode, "' cannot fill ", input,
                               " with ", type);
  }
  SmallVector<int64_t> shape;
  for (auto [d, extent] : llvm::enumerate(input.getShape())) {
    if (low[d] < 0 || high[d] < 0) // C2
      return emitOptionalError(loc, "dimension ", d, " is padded by ", low[d],
                               " and ", high[d]);
    if (extent == 0 && (low[d] || high[d]) && mode != "constant") // C5
      return emitOptionalError(loc, "dimension ", d,
                               " of extent 0 cannot be padded with '", mode,
                               "'");
    shape.push_back(ShapedType::isDynamic(extent)
                        ? extent
                        : addExtents(extent, addExtents(low[d], high[d])));
  }
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult BroadcastToOp::verify() {
  RankedTensorType from = tensorType(getInput()), to = getType();
  if (from.getElementType() != to.getElementType()) // C2
    return emitOpError("keeps the element type, got ")
           << from.getElementType() << " and " << to.getElementType();
  int64_t skip = to.getRank() - from.getRank();
  bool fits = skip >= 0;
  for (int64_t d = 0; fits && d < from.getRank(); ++d) {
    int64_t extent = from.getDimSize(d), target = to.getDimSize(skip + d);
    fits = extent == 1 || extent == target || ShapedType::isDynamic(extent) ||
           ShapedType::isDynamic(target);
  }
  if (!fits) // C1
    return emitOpError("cannot repeat ") << from << " to " << to;
  return success();
}

LogicalResult TileOp::inferReturnTypes(MLIRContext *,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  ArrayRef<int64_t> repeats = adaptor.getRepeats();
  if (failed(checkEntries(loc, "repeats", repeats, input))) // C1
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  for (auto [d, repeat] : llvm::enumerate(repeats)) {
    if (repeat < 0) // C2
      return emitOptionalError(loc, "dimension ", d, " is repeated ", repeat,
                               " times");
    if (!ShapedType::isDynamic(shape[d]) &&
        llvm::MulOverflow(shape[d], repeat, shape[d]))
      return emitOptionalError(loc, "dimension ", d, " repeated ", repeat,
                               " times overflows");
  }
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult ReverseOp::inferReturnTypes(MLIRContext *,
                                          std::optional<Location> loc,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput());
  for (int64_t axis : adaptor.getAxes())
    if (failed(checkAxis(loc, axis, input.getRank()))) // C1
      return failure();
  types.push_back(input);
  return success();
}

LogicalResult IotaOp::verify() {
  if (int64_t(getAxis()) < 0 || int64_t(getAxis()) >= getType().getRank()) // C1
    return emitOpError("axis ") << int64_t(getAxis()) << " is out of range [0, "
                                << getType().getRank() << ")";
  return success();
}

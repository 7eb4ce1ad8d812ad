// SPDX-License-Identifier: Apache-2.0
//
/// \file Shape rules shared by the ops' type inference.
#include "dialects/MS/IR/MSInference.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace msc::ms {

FailureOr<SmallVector<int64_t>> broadcastShapes(std::optional<Location> loc,
                                                ArrayRef<int64_t> a,
                                                ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> result(a);
  size_t skip = a.size() - b.size();
  for (auto [i, extent] : llvm::enumerate(b)) {
    int64_t &r = result[skip + i];
    if (r == extent || extent == 1)
      continue;
    if (r == 1 || (ShapedType::isDynamic(r) && extent != 1)) {
      r = extent;
      continue;
    }
    if (!ShapedType::isDynamic(extent))
      return emitOptionalError(loc, "shapes [", a, "] and [", b,
                               "] do not broadcast: extents ", r, " and ",
                               extent);
  }
  return result;
}

LogicalResult inferBroadcast(std::optional<Location> loc, ValueRange operands,
                             SmallVectorImpl<Type> &types, Type element) {
  SmallVector<int64_t> shape(tensorType(operands.front()).getShape());
  for (Value operand : operands.drop_front()) {
    FailureOr<SmallVector<int64_t>> joined =
        broadcastShapes(loc, shape, tensorType(operand).getShape());
    if (failed(joined))
      return failure();
    shape = *joined;
  }
  if (!element)
    element = tensorType(operands.front()).getElementType();
  types.push_back(RankedTensorType::get(shape, element));
  return success();
}

FailureOr<int64_t> normalizeAxis(std::optional<Location> loc, int64_t axis,
                                 int64_t rank) {
  if (axis < -rank || axis >= rank)
    return emitOptionalError(loc, "axis ", axis, " is out of range [", -rank,
                             ", ", rank, ")");
  return axis < 0 ? axis + rank : axis;
}

LogicalResult verifyWindow(std::optional<Location> loc, int64_t rank,
                           const Window &window, int64_t minPad) {
  auto check = [&](StringRef name, ArrayRef<int64_t> values, int64_t count,
                   int64_t low) -> LogicalResult {
    if (int64_t(values.size()) != count)
      return emitOptionalError(loc, name, " has ", values.size(),
                               " elements, expected ", count);
    for (int64_t value : values)
      if (value < low || value > INT32_MAX)
        return emitOptionalError(loc, name, " holds ", value, ", expected ",
                                 low, " to ", int64_t(INT32_MAX));
    return success();
  };
  return success(succeeded(check("kernel", window.kernel, rank, 1)) &&
                 succeeded(check("strides", window.strides, rank, 1)) &&
                 succeeded(check("pads", window.pads, 2 * rank, minPad)) &&
                 succeeded(check("dilations", window.dilations, rank, 1)));
}

FailureOr<SmallVector<int64_t>> windowExtents(std::optional<Location> loc,
                                              ArrayRef<int64_t> spatial,
                                              const Window &window) {
  SmallVector<int64_t> result;
  size_t rank = spatial.size();
  for (auto [d, extent] : llvm::enumerate(spatial)) {
    if (ShapedType::isDynamic(extent)) {
      result.push_back(extent);
      continue;
    }
    int64_t padded = extent + window.pads[d] + window.pads[rank + d];
    int64_t covered = window.dilations[d] * (window.kernel[d] - 1) + 1;
    if (covered > padded)
      return emitOptionalError(loc, "the kernel covers ", covered,
                               " positions of spatial dimension ", d,
                               ", which has ", padded, " with pads");
    result.push_back((padded - covered) / window.strides[d] + 1);
  }
  return result;
}

LogicalResult inferReduction(std::optional<Location> loc, Value input,
                             ArrayRef<int64_t> axes, bool keepDims,
                             Type element, SmallVectorImpl<Type> &types) {
  RankedTensorType type = tensorType(input);
  llvm::SmallBitVector reduced(type.getRank());
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= type.getRank())
      return emitOptionalError(loc, "axis ", axis, " is out of range [0, ",
                               type.getRank(), ")");
    if (reduced.test(axis))
      return emitOptionalError(loc, "axis ", axis, " is given twice");
    reduced.set(axis);
  }
  SmallVector<int64_t> shape;
  for (auto [d, extent] : llvm::enumerate(type.getShape())) {
    if (!reduced.test(d))
      shape.push_back(extent);
    else if (keepDims)
      shape.push_back(1);
  }
  types.push_back(
      RankedTensorType::get(shape, element ? element : type.getElementType()));
  return success();
}

LogicalResult inferArgReduction(std::optional<Location> loc, Value input,
                                int64_t axis, bool keepDims,
                                SmallVectorImpl<Type> &types) {
  if (failed(inferReduction(loc, input, axis, keepDims,
                            IntegerType::get(input.getContext(), 64), types)))
    return failure();
  if (tensorType(input).getDimSize(axis) == 0)
    return emitOptionalError(loc, "axis ", axis,
                             " is empty: it has no extreme element");
  return success();
}

} // namespace msc::ms

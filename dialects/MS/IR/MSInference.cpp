// SPDX-License-Identifier: Apache-2.0
//
/// \file Shape rules shared by the ops' type inference.
#include "dialects/MS/IR/MSInference.h"

using namespace mlir;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace msc::ms {

FailureOr<SmallVector<int64_t>>
broadcastShapes(std::optional<Location> loc, ArrayRef<int64_t> a,
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

} // namespace msc::ms

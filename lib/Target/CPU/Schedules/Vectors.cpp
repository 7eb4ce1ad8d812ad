// SPDX-License-Identifier: Apache-2.0
//
/// \file Vectors in buffers of one dimension.
#include "lib/Target/CPU/Schedules/Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

Value leadingLanes(OpBuilder &b, Location loc, int64_t width, int64_t count) {
  SmallVector<bool> bits(width, false);
  std::fill(bits.begin(), bits.begin() + count, true);
  auto type = VectorType::get({width}, b.getI1Type());
  return b.create<arith::ConstantOp>(loc, DenseElementsAttr::get(type, bits));
}

Value loadVector(OpBuilder &b, Location loc, VectorType type, Value buffer,
                 Value position, int64_t count) {
  int64_t width = type.getNumElements();
  if (count == width)
    return b.create<vector::LoadOp>(loc, type, buffer, position);
  Value zeros = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  return b.create<vector::MaskedLoadOp>(
      loc, type, buffer, position, leadingLanes(b, loc, width, count), zeros);
}

void storeVector(OpBuilder &b, Location loc, Value vector, Value buffer,
                 Value position, int64_t count) {
  int64_t width = cast<VectorType>(vector.getType()).getNumElements();
  if (count == width)
    b.create<vector::StoreOp>(loc, vector, buffer, position);
  else
    b.create<vector::MaskedStoreOp>(loc, buffer, position,
                                    leadingLanes(b, loc, width, count), vector);
}

} // namespace msc::target

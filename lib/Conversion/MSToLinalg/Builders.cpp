// SPDX-License-Identifier: Apache-2.0
//
/// \file The shapes that most conversions to linalg have.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace msc {

static Value empty(OpBuilder &b, Location loc, RankedTensorType type) {
  return b.create<tensor::EmptyOp>(loc, type.getShape(), type.getElementType());
}

static SmallVector<Value> indices(OpBuilder &b, Location loc, unsigned from,
                                  unsigned count) {
  SmallVector<Value> result;
  for (unsigned i = 0; i < count; ++i)
    result.push_back(b.create<linalg::IndexOp>(loc, from + i));
  return result;
}

Value buildMap(OpBuilder &b, Location loc, RankedTensorType type,
               llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
  unsigned rank = type.getRank();
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto op = b.create<linalg::GenericOp>(
      loc, type, ValueRange{}, empty(b, loc, type), maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange) {
        ScalarBuilder s(nested, l);
        Value v = body(s, indices(nested, l, 0, rank));
        nested.create<linalg::YieldOp>(l, v);
      });
  return op.getResult(0);
}

Value buildReduction(
    OpBuilder &b, Location loc, RankedTensorType type,
    ArrayRef<int64_t> extents, Value init,
    llvm::function_ref<Value(ScalarBuilder &, ValueRange, ValueRange, Value)>
        body) {
  unsigned rank = type.getRank(), reduced = extents.size(),
           loops = rank + reduced;
  Value start =
      b.create<linalg::FillOp>(loc, init, empty(b, loc, type)).getResult(0);
  // The domain of the reduction dims comes from an operand that is never read.
  Value domain = b.create<tensor::EmptyOp>(loc, extents, b.getI1Type());
  SmallVector<AffineExpr> outer, inner;
  for (unsigned d = 0; d < rank; ++d)
    outer.push_back(b.getAffineDimExpr(d));
  for (unsigned d = 0; d < reduced; ++d)
    inner.push_back(b.getAffineDimExpr(rank + d));
  SmallVector<AffineMap> maps{AffineMap::get(loops, 0, inner, b.getContext()),
                              AffineMap::get(loops, 0, outer, b.getContext())};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators.append(reduced, utils::IteratorType::reduction);
  auto op = b.create<linalg::GenericOp>(
      loc, type, domain, start, maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value v = body(s, indices(nested, l, 0, rank),
                       indices(nested, l, rank, reduced), args[1]);
        nested.create<linalg::YieldOp>(l, v);
      });
  return op.getResult(0);
}

Value buildElementwise(
    OpBuilder &b, Location loc, RankedTensorType type, ValueRange operands,
    llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
  unsigned rank = type.getRank();
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    ArrayRef<int64_t> shape = rankedType(operand).getShape();
    SmallVector<AffineExpr> exprs;
    unsigned skip = rank - shape.size();
    for (auto [d, extent] : llvm::enumerate(shape))
      exprs.push_back(extent == 1 && type.getDimSize(skip + d) != 1
                          ? b.getAffineConstantExpr(0)
                          : b.getAffineDimExpr(skip + d));
    maps.push_back(AffineMap::get(rank, 0, exprs, b.getContext()));
  }
  maps.push_back(b.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto op = b.create<linalg::GenericOp>(
      loc, type, operands, empty(b, loc, type), maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        ScalarBuilder s(nested, l);
        Value v = body(s, args.drop_back());
        nested.create<linalg::YieldOp>(l, v);
      });
  return op.getResult(0);
}

Value convertElements(OpBuilder &b, Location loc, Value tensor, Type element) {
  RankedTensorType type = rankedType(tensor);
  if (type.getElementType() == element)
    return tensor;
  return buildElementwise(b, loc,
                          RankedTensorType::get(type.getShape(), element),
                          tensor, [&](ScalarBuilder &s, ValueRange args) {
                            return s.cast(args[0], element);
                          });
}

Value buildFill(OpBuilder &b, Location loc, RankedTensorType type,
                double value) {
  Value scalar = ScalarBuilder(b, loc).constant(value, type.getElementType());
  return b.create<linalg::FillOp>(loc, scalar, empty(b, loc, type))
      .getResult(0);
}

static MemRefType bufferType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

SmallVector<Value> buildDeviceCall(OpBuilder &b, Location loc,
                                   const DeviceCall &call) {
  SmallVector<Value> args, outputs;
  for (Value input : call.inputs)
    args.push_back(b.create<bufferization::ToMemrefOp>(
        loc, bufferType(rankedType(input)), input,
        /*read_only=*/true));
  llvm::append_range(args, call.parameters);
  for (RankedTensorType type : call.results) {
    outputs.push_back(b.create<memref::AllocOp>(loc, bufferType(type)));
    if (call.returnsCount) // what follows the count is zero
      b.create<linalg::FillOp>(
          loc,
          ValueRange(ScalarBuilder(b, loc).constant(0, type.getElementType())),
          ValueRange(outputs.back()));
    args.push_back(outputs.back());
  }
  llvm::append_range(args, call.scalars);
  if (call.workspace > 0)
    args.push_back(b.create<memref::AllocOp>(
        loc, MemRefType::get({call.workspace}, b.getI8Type())));
  SmallVector<Type> returned;
  if (call.returnsCount)
    returned.push_back(b.getI64Type());
  auto count = b.create<func::CallOp>(loc, call.name, returned, args);
  SmallVector<Value> tensors;
  for (Value output : outputs)
    tensors.push_back(
        b.create<bufferization::ToTensorOp>(loc, output, /*restrict=*/true));
  if (call.returnsCount)
    tensors.push_back(b.create<tensor::FromElementsOp>(
        loc, RankedTensorType::get({}, b.getI64Type()), count.getResult(0)));
  return tensors;
}

std::string deviceSuffix(Type type) {
  if (type.isBF16())
    return "bf16";
  std::string width = std::to_string(type.getIntOrFloatBitWidth());
  if (isa<FloatType>(type))
    return "f" + width;
  if (type.isInteger(1))
    return "bool";
  return (type.isUnsignedInteger() ? "u" : "i") + width;
}

SmallVector<Value> buildAxisExtents(OpBuilder &b, Location loc,
                                    ArrayRef<int64_t> shape, int64_t axis) {
  SmallVector<Value> extents;
  for (int64_t extent :
       {ShapedType::getNumElements(shape.take_front(axis)), shape[axis],
        ShapedType::getNumElements(shape.drop_front(axis + 1))})
    extents.push_back(b.create<arith::ConstantIntOp>(loc, extent, 64));
  return extents;
}

Value buildTransposed(OpBuilder &b, Location loc, Value input) {
  RankedTensorType type = rankedType(input);
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  std::swap(order.end()[-1], order.end()[-2]);
  SmallVector<int64_t> shape(type.getShape());
  std::swap(shape.end()[-1], shape.end()[-2]);
  Value init = b.create<tensor::EmptyOp>(loc, shape, type.getElementType());
  return b.create<linalg::TransposeOp>(loc, input, init, order)->getResult(0);
}

} // namespace msc

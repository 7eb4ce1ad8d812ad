// SPDX-License-Identifier: Apache-2.0
//
/// \file The instructions of AMX, by the numbers of the tile registers.
#include "lib/Target/CPU/Schedules/AMXTiles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace msc::target {

Value AMXTiles::number(int64_t value, unsigned bits) {
  Type type = b.getIntegerType(bits);
  return b.create<LLVM::ConstantOp>(loc, type, b.getIntegerAttr(type, value));
}

void AMXTiles::call(StringRef name, ValueRange arguments) {
  b.create<LLVM::CallIntrinsicOp>(loc, TypeRange(), b.getStringAttr(name),
                                  arguments, LLVM::FastmathFlagsAttr());
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value AMXTiles::pointer(Value buffer, int64_t offset) {
  auto type = cast<MemRefType>(buffer.getType());
  Value address = b.create<memref::ExtractAlignedPointerAsIndexOp>(loc, buffer);
  Value integer = b.create<arith::IndexCastOp>(loc, b.getI64Type(), address);
  Value first = b.create<LLVM::IntToPtrOp>(
      loc, LLVM::LLVMPointerType::get(b.getContext()), integer);
  return advance(first, offset * (type.getElementTypeBitWidth() / 8));
}

Value AMXTiles::advance(Value pointer, Value bytes) {
  Value offset = b.create<arith::IndexCastOp>(loc, b.getI64Type(), bytes);
  return b.create<LLVM::GEPOp>(loc, pointer.getType(), b.getI8Type(), pointer,
                               ArrayRef<LLVM::GEPArg>(offset),
                               /*inbounds=*/true);
}

Value AMXTiles::advance(Value pointer, int64_t bytes) {
  if (bytes == 0)
    return pointer;
  return b.create<LLVM::GEPOp>(
      loc, pointer.getType(), b.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>(LLVM::GEPArg(int32_t(bytes))), /*inbounds=*/true);
}

void AMXTiles::prefetch(Value pointer) {
  constexpr unsigned read = 0, secondCache = 2, data = 1;
  b.create<LLVM::Prefetch>(loc, pointer, read, secondCache, data);
}

Value AMXTiles::toBF16(Value low, Value high) {
  auto type = VectorType::get({32}, b.getBF16Type());
  return b
      .create<LLVM::CallIntrinsicOp>(
          loc, TypeRange(type),
          b.getStringAttr("llvm.x86.avx512bf16.cvtne2ps2bf16.512"),
          ValueRange{high, low}, LLVM::FastmathFlagsAttr())
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

Value AMXTiles::makeConfig(const TileShape &shape) {
  SmallVector<int8_t> bytes(64, 0);
  bytes[0] = 1; // palette
  auto set = [&](unsigned tile, int64_t rows, int64_t columns) {
    if (rows == 0 || columns == 0)
      return;
    bytes[16 + 2 * tile] = int8_t(4 * columns);
    bytes[48 + tile] = int8_t(rows);
  };
  for (unsigned i = 0; i < 4; ++i)
    set(i, shape.rows[i / 2], shape.columns[i % 2]);
  for (unsigned i = 0; i < 2; ++i) {
    set(4 + i, shape.rows[i], 16);
    set(6 + i, 16, shape.columns[i]);
  }
  OpBuilder::InsertionGuard guard(b);
  auto function =
      b.getInsertionBlock()->getParentOp()->getParentOfType<func::FuncOp>();
  if (!function)
    function = cast<func::FuncOp>(b.getInsertionBlock()->getParentOp());
  b.setInsertionPointToStart(&function.getBody().front());
  auto type = VectorType::get({64}, b.getI8Type());
  Value place = b.create<memref::AllocaOp>(
      loc, MemRefType::get({64}, b.getI8Type()), b.getI64IntegerAttr(64));
  Value content = b.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, ArrayRef<int8_t>(bytes)));
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  b.create<vector::StoreOp>(loc, content, place, zero);
  return pointer(place);
}

void AMXTiles::configure(Value config) { call("llvm.x86.ldtilecfg", config); }

void AMXTiles::release() { call("llvm.x86.tilerelease", {}); }

void AMXTiles::zero(unsigned tile) {
  call("llvm.x86.tilezero", number(tile, 8));
}

void AMXTiles::load(unsigned tile, Value pointer, int64_t pitch) {
  call("llvm.x86.tileloadd64", {number(tile, 8), pointer, number(pitch, 64)});
}

void AMXTiles::store(unsigned tile, Value pointer, int64_t pitch) {
  call("llvm.x86.tilestored64", {number(tile, 8), pointer, number(pitch, 64)});
}

void AMXTiles::multiply(unsigned sum, unsigned left, unsigned right) {
  call("llvm.x86.tdpbf16ps",
       {number(sum, 8), number(left, 8), number(right, 8)});
}

} // namespace msc::target

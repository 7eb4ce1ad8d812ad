// SPDX-License-Identifier: Apache-2.0
//
/// \file Matrices copied to another order, in vectors.
#include "lib/Target/CPU/Schedules/Packing.h"

#include "lib/Target/CPU/Schedules/Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc::target {

namespace {
class Packer {
public:
  Packer(OpBuilder &b, Location loc, Matrix from, Matrix to, int64_t width)
      : b(b), loc(loc), from(from), to(to), width(width),
        type(VectorType::get(
            {width},
            cast<MemRefType>(from.buffer.getType()).getElementType())) {}

  /// body(first, count) for parts of \p extent of \p step, the last one
  /// smaller.
  void forParts(int64_t extent, int64_t step,
                llvm::function_ref<void(Value, int64_t)> body) {
    int64_t whole = extent - extent % step;
    if (whole > 0) {
      auto loop =
          b.create<scf::ForOp>(loc, index(0), index(whole), index(step));
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      body(loop.getInductionVar(), step);
    }
    if (whole < extent)
      body(index(whole), extent - whole);
  }

  Value load(Value row, int64_t more, Value column, int64_t count) {
    return loadVector(b, loc, type, from.buffer,
                      position(from, row, more, column), count);
  }
  void store(Value value, Value row, int64_t more, Value column,
             int64_t count) {
    storeVector(b, loc, value, to.buffer, position(to, row, more, column),
                count);
  }

  /// A square of vectors with rows and columns exchanged.
  void transpose(MutableArrayRef<Value> rows) {
    for (int64_t step = 1; step < width; step *= 2)
      for (int64_t i = 0; i < width; ++i) {
        if (i & step)
          continue;
        SmallVector<int64_t> low, high;
        for (int64_t lane = 0; lane < width; ++lane) {
          low.push_back(lane & step ? width + lane - step : lane);
          high.push_back(lane & step ? width + lane : lane + step);
        }
        Value first = rows[i], second = rows[i + step];
        rows[i] = b.create<vector::ShuffleOp>(loc, first, second, low);
        rows[i + step] = b.create<vector::ShuffleOp>(loc, first, second, high);
      }
  }
  Value zeros() {
    return b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  }

private:
  Value index(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  /// The element in row `row + more`.
  Value position(const Matrix &matrix, Value row, int64_t more, Value column) {
    auto nsw = arith::IntegerOverflowFlags::nsw;
    Value moved = b.create<arith::MulIOp>(loc, row, index(matrix.pitch), nsw);
    Value at = b.create<arith::AddIOp>(loc, matrix.base, moved, nsw);
    at = b.create<arith::AddIOp>(loc, at, column, nsw);
    return b.create<arith::AddIOp>(loc, at, index(more * matrix.pitch), nsw);
  }

  OpBuilder &b;
  Location loc;
  Matrix from, to;
  int64_t width;
  VectorType type;
};
} // namespace

void emitCopied(OpBuilder &b, Location loc, Matrix from, Matrix to,
                int64_t rows, int64_t columns, int64_t width) {
  Packer packer(b, loc, from, to, width);
  packer.forParts(rows, 1, [&](Value row, int64_t) {
    packer.forParts(columns, width, [&](Value column, int64_t count) {
      packer.store(packer.load(row, 0, column, count), row, 0, column, count);
    });
  });
}

void emitTransposed(OpBuilder &b, Location loc, Matrix from, Matrix to,
                    int64_t rows, int64_t columns, int64_t width) {
  Packer packer(b, loc, from, to, width);
  packer.forParts(rows, width, [&](Value row, int64_t height) {
    packer.forParts(columns, width, [&](Value column, int64_t count) {
      SmallVector<Value> square;
      for (int64_t i = 0; i < width; ++i)
        square.push_back(i < height ? packer.load(row, i, column, count)
                                    : packer.zeros());
      packer.transpose(square);
      for (int64_t i = 0; i < count; ++i)
        packer.store(square[i], column, i, row, height);
    });
  });
}

} // namespace msc::target

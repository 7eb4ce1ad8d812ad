// SPDX-License-Identifier: Apache-2.0
//
/// \file What becomes of the sums of a tile: the epilogue, and how they are
/// stored.
#include "lib/Target/CPU/Schedules/TileEmitter.h"

#include "lib/Target/CPU/VectorFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc::target {

/// Whether every op of the epilogue works on vectors as on numbers. Vectors of
/// i1 have a bit per element in memory, buffers a byte.
bool TileEmitter::epilogueVectorises() const {
  for (const Access &access : flat)
    if (access.type().getElementType().isInteger(1))
      return false;
  linalg::GenericOp epilogue = c.epilogue;
  return llvm::all_of(epilogue.getRegion().front().without_terminator(),
                      [](Operation &op) { return worksOnVectors(&op); });
}

/// \p op of the epilogue's body on vectors.
Value TileEmitter::apply(Operation *op, IRMapping &map) {
  auto vector = [&](Value value) {
    if (Value mapped = map.lookupOrNull(value))
      return mapped;
    return Value(
        b.create<vector::BroadcastOp>(loc, vectorOf(value.getType()), value));
  };
  if (isa<arith::ConstantOp>(op))
    return vector(b.clone(*op)->getResult(0));
  return applyToVectors(b, loc, op,
                        llvm::map_to_vector(op->getOperands(), vector));
}

/// What the body of \p op yields on vectors.
Value TileEmitter::yieldOf(linalg::GenericOp op, IRMapping &map) {
  Block &body = op.getRegion().front();
  for (Operation &inner : body.without_terminator())
    map.map(inner.getResult(0), apply(&inner, map));
  Value yielded = body.getTerminator()->getOperand(0);
  if (Value mapped = map.lookupOrNull(yielded))
    return mapped;
  return b.create<vector::BroadcastOp>(loc, vectorOf(yielded.getType()),
                                       yielded);
}

void TileEmitter::finish(Values sums) {
  if (c.epilogue && !epilogueVectorises())
    return storeAndApply(std::move(sums));
  if (linalg::GenericOp epilogue = c.epilogue;
      epilogue && rows() > 1 &&
      !epilogue.getRegion().getOps<func::CallOp>().empty())
    return storeAndFinishRows(std::move(sums));
  applyAndStore(std::move(sums));
}

void TileEmitter::storeSums(const Values &sums) {
  size_t sum = numInputs();
  const Access &result = flat[sum];
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t v = 0; v < vectors(); ++v)
      store(result, starts[sum] + offsetOf(result, row, v),
            sums[row * vectors() + v], active(v));
}

/// Stores the tile and begins a loop over its rows, the tile at hand from there
/// on.
void TileEmitter::storeAndEnterRows(const Values &sums) {
  storeSums(sums);
  auto enter = [&](int64_t extent, auto stride) {
    auto loop = b.create<scf::ForOp>(loc, index(0), index(extent), index(1));
    b.setInsertionPointToStart(loop.getBody());
    for (auto [access, start] : llvm::zip(flat, starts))
      start = advance(start, loop.getInductionVar(), stride(access));
  };
  enter(height, [&](const Access &access) { return rowStride(access); });
  if (inside > 1)
    enter(inside, [&](const Access &access) { return insideStride(access); });
  height = inside = 1;
}

/// The tile through memory, for epilogues that need many registers: a loop over
/// its rows computes each on its vectors.
void TileEmitter::storeAndFinishRows(Values sums) {
  OpBuilder::InsertionGuard guard(b);
  storeAndEnterRows(sums);
  size_t sum = numInputs();
  const Access &result = flat[sum];
  Values row;
  for (int64_t v = 0; v < vectors(); ++v)
    row.push_back(
        load(result, starts[sum] + offsetOf(result, 0, v), active(v)));
  applyAndStore(std::move(row));
}

/// Stores the epilogue of the tile.
void TileEmitter::applyAndStore(Values sums) {
  size_t sum = numInputs();
  const Access &result = flat[sum];
  SmallVector<Held> held(flat.size());
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t v = 0; v < vectors(); ++v) {
      Value value = sums[row * vectors() + v];
      if (linalg::GenericOp epilogue = c.epilogue) {
        Block &body = epilogue.getRegion().front();
        IRMapping map;
        size_t other = sum + 1;
        for (auto [i, input] : llvm::enumerate(epilogue.getInputs())) {
          Value given = value;
          if (input != epilogue.getOutputs()[0]) {
            given = element(flat[other], starts[other], row, v, held[other]);
            ++other;
          }
          map.map(body.getArgument(i), given);
        }
        value = yieldOf(epilogue, map);
      }
      store(result, starts[sum] + offsetOf(result, row, v), value, active(v));
    }
}

/// The tile through memory: for epilogues that call functions, which become
/// vector code when loops are vectorised.
void TileEmitter::storeAndApply(Values sums) {
  OpBuilder::InsertionGuard guard(b);
  storeAndEnterRows(sums);
  size_t sum = numInputs();
  auto columns = b.create<scf::ForOp>(loc, index(0), index(lanes), index(1));
  b.setInsertionPointToStart(columns.getBody());
  auto position = [&](size_t i) {
    return at(
        advance(starts[i], columns.getInductionVar(), laneStride(flat[i])));
  };
  linalg::GenericOp epilogue = c.epilogue;
  Block &body = epilogue.getRegion().front();
  IRMapping map;
  size_t other = sum + 1;
  for (auto [i, input] : llvm::enumerate(epilogue.getInputs())) {
    size_t from = input == epilogue.getOutputs()[0] ? sum : other++;
    map.map(body.getArgument(i),
            b.create<memref::LoadOp>(loc, flat[from].buffer,
                                     ValueRange{position(from)}));
  }
  for (Operation &op : body.without_terminator())
    b.clone(op, map);
  b.create<memref::StoreOp>(
      loc, map.lookupOrDefault(body.getTerminator()->getOperand(0)),
      flat[sum].buffer, ValueRange{position(sum)});
}

} // namespace msc::target

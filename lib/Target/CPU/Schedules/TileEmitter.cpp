// SPDX-License-Identifier: Apache-2.0
//
/// \file The code of one tile of a contraction.
#include "lib/Target/CPU/Schedules/TileEmitter.h"

#include "lib/Target/CPU/Schedules/Vectors.h"
#include "lib/Target/CPU/VectorFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace msc::target {

/// Terms of a sum per iteration of its innermost loop, and multiply-adds that
/// may stand in a row there.
static constexpr int64_t maxTerms = 4;
static constexpr int64_t maxUnrolled = 256;

TileEmitter::TileEmitter(OpBuilder &b, Location loc, const Contraction &c,
                         const RegisterTile &tile, const CPUInfo &cpu)
    : b(b), loc(loc), c(c), tile(tile),
      width(cpu.lanes(c.result().type().getElementTypeBitWidth())) {
  for (const Access &access : c.nest.accesses)
    flat.push_back(flatten(b, loc, c.nest, access));
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (loop.isReduction && !tile.covers(i))
      reductions.push_back(i);
}

Value TileEmitter::index(int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}

Value TileEmitter::at(Address address) {
  if (address.offset == 0)
    return address.base;
  return b.create<arith::AddIOp>(loc, address.base, index(address.offset),
                                 arith::IntegerOverflowFlags::nsw);
}

/// \p address after \p i steps of \p stride.
TileEmitter::Address TileEmitter::advance(Address address, Value i,
                                          int64_t stride) {
  Value moved = b.create<arith::MulIOp>(loc, i, index(stride),
                                        arith::IntegerOverflowFlags::nsw);
  return {b.create<arith::AddIOp>(loc, address.base, moved,
                                  arith::IntegerOverflowFlags::nsw),
          address.offset};
}

//===----------------------------------------------------------------------===//
// Vectors in memory
//===----------------------------------------------------------------------===//

Value TileEmitter::loadContiguous(const Access &access, Address address,
                                  int64_t count) {
  return loadVector(b, loc, vectorOf(access.type().getElementType()),
                    access.buffer, at(address), count);
}

/// Elements 0, 2, 4 ... from two vectors, without reading behind the last one.
Value TileEmitter::loadEverySecond(const Access &access, Address address,
                                   int64_t count) {
  int64_t half = width / 2;
  Value low = loadContiguous(access, address, std::min(width, 2 * count - 1));
  Value high = low;
  if (count > half)
    high = loadContiguous(access, address + (width - 1), 2 * count - width);
  SmallVector<int64_t> lanesOf;
  for (int64_t lane = 0; lane < half; ++lane)
    lanesOf.push_back(2 * lane);
  for (int64_t lane = 0; lane < half; ++lane)
    lanesOf.push_back(width + 1 + 2 * lane);
  return b.create<vector::ShuffleOp>(loc, low, high, lanesOf);
}

Value TileEmitter::load(const Access &access, Address address, int64_t count) {
  int64_t stride = laneStride(access);
  VectorType type = vectorOf(access.type().getElementType());
  if (stride == 1)
    return loadContiguous(access, address, count);
  if (stride == 2 && width > 1)
    return loadEverySecond(access, address, count);
  if (stride == 0) {
    Value scalar =
        b.create<memref::LoadOp>(loc, access.buffer, ValueRange{at(address)});
    return b.create<vector::BroadcastOp>(loc, type, scalar);
  }
  Value result = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  for (int64_t lane = 0; lane < count; ++lane) {
    Value scalar = b.create<memref::LoadOp>(
        loc, access.buffer, ValueRange{at(address + lane * stride)});
    result = b.create<vector::InsertOp>(loc, scalar, result, lane);
  }
  return result;
}

void TileEmitter::store(const Access &access, Address address, Value vector,
                        int64_t count) {
  int64_t stride = laneStride(access);
  if (stride == 1) {
    storeVector(b, loc, vector, access.buffer, at(address), count);
    return;
  }
  for (int64_t lane = 0; lane < count; ++lane)
    b.create<memref::StoreOp>(
        loc, b.create<vector::ExtractOp>(loc, vector, lane), access.buffer,
        ValueRange{at(address + lane * stride)});
}

int64_t TileEmitter::offsetOf(const Access &access, int64_t row,
                              int64_t v) const {
  int64_t lane = v * width;
  int64_t offset =
      row / inside * rowStride(access) + row % inside * insideStride(access);
  if (!access.panel)
    return offset + lane * laneStride(access);
  return offset + lane / access.panel->width * access.panel->stride +
         lane % access.panel->width * laneStride(access);
}

Value TileEmitter::element(const Access &access, Address address, int64_t row,
                           int64_t v, Held &held) {
  held.perRow = rowStride(access) != 0 || insideStride(access) != 0;
  held.perVector = laneStride(access) != 0;
  held.values.resize(rows() * vectors());
  Value &value = held.values[(held.perRow ? row : 0) * vectors() +
                             (held.perVector ? v : 0)];
  if (!value)
    value = load(access, address + offsetOf(access, row, v),
                 held.perVector && !access.panel ? active(v) : width);
  return value;
}

//===----------------------------------------------------------------------===//
// The sum
//===----------------------------------------------------------------------===//

TileEmitter::Values TileEmitter::step(const Addresses &inputs, Values sums) {
  SmallVector<Held> held(numInputs());
  linalg::GenericOp op = c.sum;
  Block &body = op.getRegion().front();
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t v = 0; v < vectors(); ++v) {
      Value &sum = sums[row * vectors() + v];
      IRMapping map;
      for (auto [i, argument] : llvm::enumerate(c.read))
        map.map(body.getArgument(argument),
                element(flat[i], inputs[i], row, v, held[i]));
      map.map(body.getArguments().back(), sum);
      sum = yieldOf(op, map);
    }
  return sums;
}

/// The terms along the loop that lanes run along.
TileEmitter::Values TileEmitter::stepAlongLanes(const Addresses &inputs,
                                                Values sums) {
  unsigned loop = tile.lanesLoop;
  int64_t extent = c.nest.loops[loop].extent, steps = extent / width;
  auto take = [&](const Addresses &from, int64_t count, Values values) {
    for (int64_t i = 0; i < count; ++i)
      values = step(skip(from, i * width, loop), std::move(values));
    return values;
  };
  int64_t unroll = std::min(maxTerms, steps), whole = steps - steps % unroll;
  if (whole > unroll)
    sums = emitLoop(loop, whole * width, unroll * width, inputs,
                    std::move(sums), [&](const Addresses &from, Values values) {
                      return take(from, unroll, std::move(values));
                    });
  else
    whole = 0;
  sums =
      take(skip(inputs, whole * width, loop), steps - whole, std::move(sums));
  if (extent % width == 0)
    return sums;
  lanes = extent % width;
  sums = take(skip(inputs, steps * width, loop), 1, std::move(sums));
  lanes = width;
  return sums;
}

/// Terms per iteration of \p loop. Rows that read what the next term of their
/// neighbour reads are not unrolled: LLVM would keep those values, and spill.
int64_t TileEmitter::unrolled(unsigned loop) const {
  if (tile.sumsLanes)
    return 1; // the loop along the lanes is
  int64_t terms = std::min(maxTerms, c.nest.loops[loop].extent);
  for (const Access &access : ArrayRef(flat).take_front(numInputs())) {
    int64_t step = access.strides[loop];
    for (int64_t row : {rowStride(access), insideStride(access)})
      if (step > 0 && row > 0 && row % step == 0)
        terms = std::min(terms, row / step);
  }
  while (terms > 1 && terms * rows() * vectors() > maxUnrolled)
    --terms;
  return terms;
}

/// Notes which part of the next panel the tile at \p place fetches.
void TileEmitter::fetchFrom(const TilePlace &place) {
  ahead.reset();
  for (size_t i = 0; i < numInputs() && place.passes > 1; ++i) {
    if (!flat[i].panel)
      continue;
    int64_t size = offsetOf(flat[i], 0, tile.vectors);
    int64_t part = llvm::divideCeil(size, place.passes);
    Address next = advance(starts[i] + size, place.pass, part);
    ahead = Ahead{i, at(next), place.passes};
  }
}

/// Fetches as much of the next panel as \p terms terms of all tiles that pass
/// over this one have to.
void TileEmitter::fetchAhead(const Addresses &inputs, int64_t terms) {
  if (!ahead)
    return;
  const Access &panel = flat[ahead->access];
  int64_t line = 64 * 8 / panel.type().getElementTypeBitWidth();
  Value done = b.create<arith::SubIOp>(loc, inputs[ahead->access].base,
                                       starts[ahead->access].base);
  Value share = b.create<arith::DivUIOp>(loc, done, index(ahead->passes));
  Address from{b.create<arith::AddIOp>(loc, ahead->base, share), 0};
  int64_t elements =
      llvm::divideCeil(terms * tile.vectors * width, ahead->passes);
  for (int64_t at0 = 0; at0 < elements; at0 += line)
    b.create<memref::PrefetchOp>(loc, panel.buffer, ValueRange{at(from + at0)},
                                 /*isWrite=*/false, /*localityHint=*/2,
                                 /*isDataCache=*/true);
}

/// Iterations of the loop at \p level that make a partial sum of its own; 0
/// where sums go on.
int64_t TileEmitter::partialSum(size_t level) const {
  int64_t inner = 1, extent = c.nest.loops[reductions[level]].extent;
  for (unsigned loop : ArrayRef(reductions).drop_front(level + 1))
    inner *= c.nest.loops[loop].extent;
  if (inner > tile.partialTerms || inner * extent <= tile.partialTerms)
    return 0;
  return tile.partialTerms / inner;
}

TileEmitter::Addresses TileEmitter::advanceAll(const Addresses &inputs, Value i,
                                               unsigned loop) {
  Addresses moved;
  for (auto [address, access] : llvm::zip(inputs, flat))
    moved.push_back(advance(address, i, access.strides[loop]));
  return moved;
}

TileEmitter::Addresses TileEmitter::skip(const Addresses &inputs,
                                         int64_t iterations,
                                         unsigned loop) const {
  Addresses moved;
  for (auto [address, access] : llvm::zip(inputs, flat))
    moved.push_back(address + iterations * access.strides[loop]);
  return moved;
}

/// body(inputs, values) for every \p step iterations of \p loop, of \p extent.
TileEmitter::Values TileEmitter::emitLoop(
    unsigned loop, int64_t extent, int64_t step, const Addresses &inputs,
    Values values, llvm::function_ref<Values(const Addresses &, Values)> body) {
  auto op =
      b.create<scf::ForOp>(loc, index(0), index(extent), index(step), values);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  Values next = body(advanceAll(inputs, op.getInductionVar(), loop),
                     llvm::to_vector_of<Value>(op.getRegionIterArgs()));
  b.create<scf::YieldOp>(loc, next);
  return llvm::to_vector_of<Value>(op.getResults());
}

/// Adds \p extent iterations of the loop at \p level to \p sums.
TileEmitter::Values TileEmitter::reduceAlong(size_t level, int64_t extent,
                                             const Addresses &inputs,
                                             Values sums) {
  unsigned loop = reductions[level];
  auto terms = [&](const Addresses &from, int64_t count, Values values) {
    for (int64_t i = 0; i < count; ++i)
      values = reduce(level + 1, skip(from, i, loop), values);
    return values;
  };
  bool isInnermost = level + 1 == reductions.size();
  int64_t unroll = isInnermost ? std::min(unrolled(loop), extent) : 1;
  int64_t whole = extent - extent % unroll;
  sums = emitLoop(loop, whole, unroll, inputs, std::move(sums),
                  [&](const Addresses &moved, Values values) {
                    if (isInnermost)
                      fetchAhead(moved, unroll);
                    return terms(moved, unroll, std::move(values));
                  });
  return terms(skip(inputs, whole, loop), extent - whole, std::move(sums));
}

TileEmitter::Values TileEmitter::reduce(size_t level, const Addresses &inputs,
                                        Values sums) {
  if (level == reductions.size())
    return tile.sumsLanes ? stepAlongLanes(inputs, std::move(sums))
                          : step(inputs, std::move(sums));
  unsigned loop = reductions[level];
  int64_t extent = c.nest.loops[loop].extent, count = partialSum(level);
  if (count == 0)
    return reduceAlong(level, extent, inputs, std::move(sums));
  auto addPart = [&](const Addresses &from, int64_t iterations, Values values) {
    Value zero = b.create<arith::ConstantOp>(
        loc, b.getZeroAttr(values.front().getType()));
    Values part =
        reduceAlong(level, iterations, from, Values(values.size(), zero));
    for (auto [value, more] : llvm::zip(values, part))
      value = b.create<arith::AddFOp>(loc, value, more);
    return values;
  };
  int64_t whole = extent - extent % count;
  sums = emitLoop(loop, whole, count, inputs, std::move(sums),
                  [&](const Addresses &moved, Values values) {
                    return addPart(moved, count, std::move(values));
                  });
  return whole == extent ? sums
                         : addPart(skip(inputs, whole, loop), extent - whole,
                                   std::move(sums));
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

TileEmitter::Address TileEmitter::start(const Access &access,
                                        const TilePlace &place,
                                        Value firstRow) {
  Value sum = index(0);
  auto add = [&](Value i, int64_t stride) {
    if (!i || stride == 0)
      return;
    sum = b.create<arith::AddIOp>(
        loc, sum, b.create<arith::MulIOp>(loc, i, index(stride)));
  };
  for (auto [i, stride] : llvm::zip(place.plain, access.strides))
    add(i, stride);
  add(firstRow, rowStride(access));
  add(place.lanesTile, offsetOf(access, 0, tile.vectors));
  return {sum, 0};
}

/// What the sum in vector \p v of row \p row starts from.
Value TileEmitter::initial(int64_t row, int64_t v, Held &held) {
  size_t sum = numInputs();
  if (!c.init || part == Part::Epilogue)
    return load(flat[sum], starts[sum] + offsetOf(flat[sum], row, v),
                active(v));
  if (c.start)
    return element(flat[*c.start], starts[*c.start], row, v, held);
  linalg::GenericOp init = c.init;
  IRMapping map;
  Operation *value =
      init.getRegion().front().getTerminator()->getOperand(0).getDefiningOp();
  return apply(value, map);
}

/// left * data * transpose(right), and of that one row after the other stored.
void TileEmitter::emitSeparable(const Separable &transform) {
  const Access &data = flat[transform.data];
  Address from = starts[transform.data];
  SmallVector<Values> half(transform.left.rows);
  for (int64_t j = 0; j < transform.right.columns; ++j) {
    Values column;
    for (int64_t i = 0; i < transform.left.columns; ++i)
      column.push_back(load(data,
                            from + (i * data.strides[transform.rowTerms] +
                                    j * data.strides[transform.insideTerms]),
                            active(0)));
    for (auto [r, value] :
         llvm::enumerate(emitProduct(b, loc, transform.left, column)))
      half[r].push_back(value);
  }
  SmallVector<Address> first = starts;
  for (int64_t r = 0; r < transform.left.rows; ++r) {
    height = 1;
    inside = transform.right.rows;
    for (auto [start, origin, access] : llvm::zip(starts, first, flat))
      start = origin + r * rowStride(access);
    finish(emitProduct(b, loc, transform.right, half[r]));
  }
}

/// Rows of sums in the lanes of a vector each, which become a row of results.
void TileEmitter::emitDots(const Addresses &inputs) {
  VectorType type = vectorOf(flat[numInputs()].type().getElementType());
  Value none = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  Values sums = reduce(0, inputs, Values(rows(), none));
  Value row = none;
  for (auto [i, sum] : llvm::enumerate(sums)) {
    Value total = b.create<vector::ReductionOp>(
        loc, vector::CombiningKind::ADD, sum, arith::FastMathFlags::reassoc);
    row = b.create<vector::InsertOp>(loc, total, row, int64_t(i));
  }
  lanes = rows();
  height = 1;
  hasRowInLanes = true;
  Held held;
  finish({b.create<arith::AddFOp>(loc, initial(0, 0, held), row)});
  hasRowInLanes = false;
}

void TileEmitter::emitTile(const TilePlace &place, int64_t tileHeight,
                           Value firstRow, int64_t tileLanes) {
  height = tileHeight;
  lanes = tileLanes;
  inside = tile.insideLoop ? c.nest.loops[*tile.insideLoop].extent : 1;
  starts.clear();
  for (const Access &access : flat)
    starts.push_back(start(access, place, firstRow));
  if (tile.separable)
    return emitSeparable(*tile.separable);
  Addresses inputs(starts.begin(), starts.begin() + numInputs());
  if (tile.sumsLanes)
    return emitDots(inputs);
  fetchFrom(place);
  Values sums;
  Held held;
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t v = 0; v < vectors(); ++v)
      sums.push_back(initial(row, v, held));
  if (part == Part::Start)
    return storeSums(sums);
  if (part == Part::Epilogue)
    return finish(std::move(sums));
  finish(reduce(0, inputs, std::move(sums)));
}

void TileEmitter::emitStart(const TilePlace &place) {
  part = Part::Start;
  emit(place);
  part = Part::All;
}

void TileEmitter::emitEpilogue(const TilePlace &place) {
  part = Part::Epilogue;
  emit(place);
  part = Part::All;
}

void TileEmitter::emitRows(const TilePlace &place, int64_t tileLanes) {
  if (!tile.rowsLoop)
    return emitTile(place, 1, Value(), tileLanes);
  RowTiles rows(c.nest.loops[*tile.rowsLoop].extent, tile.height);
  Value first =
      b.create<arith::MulIOp>(loc, place.rowsTile, index(rows.height));
  if (rows.taller == 0)
    return emitTile(place, rows.height, first, tileLanes);
  Value taller = index(rows.taller);
  first = b.create<arith::AddIOp>(
      loc, first, b.create<arith::MinSIOp>(loc, place.rowsTile, taller));
  Value isTaller = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                           place.rowsTile, taller);
  auto branch = b.create<scf::IfOp>(loc, isTaller, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emitTile(place, rows.height + 1, first, tileLanes);
  b.setInsertionPointToStart(branch.elseBlock());
  emitTile(place, rows.height, first, tileLanes);
}

void TileEmitter::emit(const TilePlace &place) {
  int64_t extent = c.nest.loops[tile.lanesLoop].extent;
  int64_t full = tile.vectors * width;
  if (tile.sumsLanes)
    return emitRows(place, full);
  if (extent < full || extent % full == 0)
    return emitRows(place, std::min(extent, full));
  Value isFull = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                         place.lanesTile, index(extent / full));
  auto branch = b.create<scf::IfOp>(loc, isFull, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emitRows(place, full);
  b.setInsertionPointToStart(branch.elseBlock());
  emitRows(place, extent % full);
}

} // namespace msc::target

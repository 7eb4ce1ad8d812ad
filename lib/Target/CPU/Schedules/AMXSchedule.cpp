// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "amx": matrix products on AMX tiles. Weights are parts of
/// bf16 already (PackWeights); a first stage splits the left operand, a second
/// one multiplies.
#include "lib/Target/CPU/Schedules/AMXProduct.h"
#include "lib/Target/CPU/Schedules/AMXTiles.h"
#include "lib/Target/CPU/Schedules/Schedule.h"
#include "lib/Target/CPU/Schedules/TileEmitter.h"
#include "lib/Target/CPU/Schedules/Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// Panels for which a block of the left operand is worth to be fetched.
static constexpr int64_t fewestPanels = 6;
/// Of a product of two tiles, with what else the loops do, and of splitting an
/// element into one part.
static constexpr double tileCycles = 24, splitCycles = 0.15;
static constexpr int64_t tileBytes = 1024;

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  if (!options.cpu.hasTiles || !options.anyOrder)
    return 0;
  std::optional<AMXProduct> product = readAMXProduct(ops);
  return product ? numOps(product->c) : 0;
}

static StageNeeds needs(ArrayRef<Operation *> ops,
                        const ScheduleOptions &options) {
  return {2, AMXBlocks(*readAMXProduct(ops), options.cpu).bytes()};
}

//===----------------------------------------------------------------------===//
// The left operand
//===----------------------------------------------------------------------===//

namespace {
/// What both stages write with.
class AMXEmitter {
protected:
  AMXEmitter(StageBuilder &stage, const AMXProduct &p, Location loc)
      : stage(stage), b(stage.rewriter), p(p), loc(loc),
        blocks(p, stage.options.cpu), tiles(b, loc) {}

  Value index(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value add(Value x, Value y) { return b.create<arith::AddIOp>(loc, x, y); }
  Value multiply(Value x, int64_t by) {
    return b.create<arith::MulIOp>(loc, x, index(by));
  }
  /// A loop that code is written into from here on.
  scf::ForOp enter(Value from, Value to) {
    auto loop = b.create<scf::ForOp>(loc, from, to, index(1));
    b.setInsertionPointToStart(loop.getBody());
    return loop;
  }
  scf::ForOp enter(int64_t extent) { return enter(index(0), index(extent)); }

  StageBuilder &stage;
  RewriterBase &b;
  const AMXProduct &p;
  Location loc;
  AMXBlocks blocks;
  AMXTiles tiles;
};

/// Writes the stage that stores the parts of the left operand.
class SplitEmitter : AMXEmitter {
public:
  SplitEmitter(StageBuilder &stage, const AMXProduct &p, Location loc)
      : AMXEmitter(stage, p, loc) {}

  void emit();

private:
  void emitStep(Value at, Value to, int64_t count);
  Value half(Value numbers, int64_t first);

  Access left;
};
} // namespace

void SplitEmitter::emit() {
  left = flatten(b, loc, p.c.nest, p.left());
  Value workspace = tiles.pointer(stage.workspace);
  int64_t rows = p.extent(p.rows), steps = p.steps();
  scf::ForOp loop = enter(rows);
  Value row = loop.getInductionVar();
  Value tile = b.create<arith::DivUIOp>(loc, row, index(tileRows)),
        inTile = b.create<arith::RemUIOp>(loc, row, index(tileRows));
  Value to = tiles.advance(workspace, add(multiply(tile, blocks.perRowTile),
                                          multiply(inTile, 2 * tileDepth)));
  Value from = multiply(row, left.strides[p.rows]);
  auto place = [&](Value step) {
    Value block = b.create<arith::DivUIOp>(loc, step, index(blocks.steps)),
          inBlock = b.create<arith::RemUIOp>(loc, step, index(blocks.steps));
    return tiles.advance(to, add(multiply(block, blocks.perStepBlock),
                                 multiply(inBlock, blocks.perStep)));
  };
  int64_t whole = p.extent(p.depth) / tileDepth;
  if (whole > 0) {
    OpBuilder::InsertionGuard guard(b);
    Value i = enter(whole).getInductionVar();
    emitStep(add(from, multiply(i, tileDepth)), place(i), tileDepth);
  }
  if (whole < steps)
    emitStep(add(from, index(whole * tileDepth)), place(index(whole)),
             p.extent(p.depth) - whole * tileDepth);
  stage.shareOut({loop}, {rows},
                 splitCycles * double(p.parts.size()) *
                     double(rows * steps * tileDepth));
}

/// 16 of the 32 \p numbers of bf16 as f32.
Value SplitEmitter::half(Value numbers, int64_t first) {
  auto as = [&](Type type) { return VectorType::get({16}, type); };
  Value bits = b.create<vector::ExtractStridedSliceOp>(
      loc, numbers, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{16},
      ArrayRef<int64_t>{1});
  bits = b.create<vector::BitCastOp>(loc, as(b.getI16Type()), bits);
  bits = b.create<arith::ExtUIOp>(loc, as(b.getI32Type()), bits);
  Value shift = b.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(as(b.getI32Type()), int32_t(16)));
  bits = b.create<arith::ShLIOp>(loc, bits, shift);
  return b.create<vector::BitCastOp>(loc, as(b.getF32Type()), bits);
}

/// The parts of \p count numbers at \p at, with zeros behind them.
void SplitEmitter::emitStep(Value at, Value to, int64_t count) {
  auto store = [&](Value numbers, size_t part) {
    b.create<LLVM::StoreOp>(loc, numbers,
                            tiles.advance(to, int64_t(part) * tileBytes), 64);
  };
  Type element = left.type().getElementType();
  if (element.isBF16())
    return store(loadVector(b, loc, VectorType::get({32}, element), left.buffer,
                            at, count),
                 0);
  auto type = VectorType::get({16}, element);
  Value rest[2];
  for (int64_t i = 0; i < 2; ++i) {
    int64_t here = std::clamp<int64_t>(count - 16 * i, 0, 16);
    rest[i] =
        here == 0
            ? b.create<arith::ConstantOp>(loc, b.getZeroAttr(type)).getResult()
            : loadVector(b, loc, type, left.buffer, add(at, index(16 * i)),
                         here);
  }
  for (size_t part = 0; part < p.parts.size(); ++part) {
    Value numbers = tiles.toBF16(rest[0], rest[1]);
    store(numbers, part);
    if (part + 1 == p.parts.size())
      break;
    for (int64_t i = 0; i < 2; ++i)
      rest[i] = b.create<arith::SubFOp>(loc, rest[i], half(numbers, 16 * i));
  }
}

//===----------------------------------------------------------------------===//
// The product
//===----------------------------------------------------------------------===//

/// A row of a panel: what sums start from and their epilogue are computed row
/// by row.
static RegisterTile oneRow(unsigned columns) {
  RegisterTile tile;
  tile.lanesLoop = columns;
  tile.vectors = 2;
  return tile;
}

namespace {
/// Writes the stage that multiplies: blocks of rows, blocks of the sum, panels
/// of 32 columns, and in them two by two tiles from the first row to the last.
class ProductEmitter : AMXEmitter {
public:
  ProductEmitter(StageBuilder &stage, const AMXProduct &p, Location loc)
      : AMXEmitter(stage, p, loc), rowTile(oneRow(p.columns)),
        rowEmitter(b, loc, p.c, rowTile, stage.options.cpu) {}

  void emit();

private:
  double cycles() const;
  void findOperands();
  void emitPanel(int64_t width);
  /// With \p pass, the number of the block in its block of rows, it fetches a
  /// share of the next panel.
  void emitBlock(Value row, const TileShape &shape, Value pass);
  void emitSums(Value row, const TileShape &shape, Value pass);
  void emitStep(Value step, Value leftAt, const TileShape &shape);
  void emitPrefetch(Value step, Value pass);
  void startTiles(Value row, const TileShape &shape);
  void emitRows(Value row, const TileShape &shape,
                void (TileEmitter::*emitRow)(const TilePlace &));
  Value resultOf(Value row);
  void forEachTile(const TileShape &shape, Value at, int64_t pitch,
                   llvm::function_ref<void(unsigned tile, Value at)> visit);
  void zeroTiles(const TileShape &shape);
  void storeTiles(const TileShape &shape, Value at, int64_t pitch);
  void addTiles(const TileShape &shape, Value row);

  Value isEqual(Value x, int64_t y) {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, index(y));
  }
  Value smaller(Value x, int64_t y) {
    return b.create<arith::MinSIOp>(loc, x, index(y));
  }
  void branch(Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise);

  RegisterTile rowTile;
  TileEmitter rowEmitter;

  Access result;
  Value left, resultAt; ///< pointers
  Value scratch;        ///< a block of sums
  SmallVector<Value, 3> parts;
  bool isUniform = true; ///< all blocks have one shape
  // Of the place at hand.
  Value rowBlock, stepBlock, firstStep, endStep, panel;
};
} // namespace

void ProductEmitter::branch(Value condition, llvm::function_ref<void()> then,
                            llvm::function_ref<void()> otherwise) {
  auto op = b.create<scf::IfOp>(loc, condition, bool(otherwise));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.thenBlock());
  then();
  if (!otherwise)
    return;
  b.setInsertionPointToStart(op.elseBlock());
  otherwise();
}

void ProductEmitter::findOperands() {
  left = tiles.pointer(stage.workspace);
  result = flatten(b, loc, p.c.nest, p.c.result());
  resultAt = tiles.pointer(p.c.result().buffer, p.c.result().offset);
  if (blocks.stepBlocks > 1)
    scratch = b.create<memref::AllocaOp>(
        loc, MemRefType::get({4 * tileRows * tileColumns}, b.getF32Type()),
        b.getI64IntegerAttr(64));
  for (Value part : p.parts)
    parts.push_back(tiles.pointer(part));
}

/// Of all tiles.
double ProductEmitter::cycles() const {
  auto tilesAlong = [&](unsigned loop, int64_t size) {
    return double(llvm::divideCeil(p.extent(loop), size));
  };
  return tileCycles * double(partProducts(p.parts.size()).size()) *
         tilesAlong(p.rows, tileRows) * tilesAlong(p.columns, tileColumns) *
         double(p.steps());
}

void ProductEmitter::emit() {
  findOperands();
  int64_t rows = p.extent(p.rows), columns = p.extent(p.columns);
  constexpr int64_t width = 2 * tileColumns;
  int64_t panels = llvm::divideCeil(columns, width),
          perGroup = blocks.stepBlocks > 1 ? fewestPanels : 1,
          groups = llvm::divideCeil(panels, perGroup);
  isUniform = rows % (2 * tileRows) == 0 && columns % width == 0;
  if (isUniform)
    tiles.configure(tiles.makeConfig(TileShape(2 * tileRows, width)));
  Operation *outermost;
  {
    OpBuilder::InsertionGuard guard(b);
    scf::ForOp rowLoop = enter(blocks.rowBlocks);
    outermost = rowLoop;
    rowBlock = rowLoop.getInductionVar();
    // Each of them passes over all blocks of the sum.
    scf::ForOp groupLoop = enter(groups);
    Value first = multiply(groupLoop.getInductionVar(), perGroup);
    stepBlock = enter(blocks.stepBlocks).getInductionVar();
    firstStep = multiply(stepBlock, blocks.steps);
    endStep = smaller(add(firstStep, index(blocks.steps)), p.steps());
    Value end = smaller(add(first, index(perGroup)), panels);
    panel = enter(first, end).getInductionVar();
    if (columns % width == 0)
      emitPanel(width);
    else
      branch(
          isEqual(panel, panels - 1), [&] { emitPanel(columns % width); },
          [&] { emitPanel(width); });
    stage.shareOut({rowLoop, groupLoop}, {blocks.rowBlocks, groups}, cycles());
  }
  b.setInsertionPointAfter(outermost);
  tiles.release();
}

/// The panel's blocks, the last one of its own height.
void ProductEmitter::emitPanel(int64_t width) {
  constexpr int64_t height = 2 * tileRows;
  int64_t whole = p.extent(p.rows) / height, rest = p.extent(p.rows) % height,
          perBlock = blocks.rows / height;
  auto configure = [&](const TileShape &shape) {
    if (!isUniform)
      tiles.configure(tiles.makeConfig(shape));
  };
  Value first = multiply(rowBlock, perBlock);
  Value end = smaller(add(first, index(perBlock)), whole);
  if (whole > 0) {
    TileShape shape(height, width);
    configure(shape);
    OpBuilder::InsertionGuard guard(b);
    Value block = enter(first, end).getInductionVar();
    emitBlock(multiply(block, height), shape,
              b.create<arith::SubIOp>(loc, block, first));
  }
  if (rest > 0)
    branch(
        isEqual(rowBlock, blocks.rowBlocks - 1),
        [&] {
          TileShape shape(rest, width);
          configure(shape);
          emitBlock(index(whole * height), shape, Value());
        },
        nullptr);
}

/// Where the block from \p row on begins in the result.
Value ProductEmitter::resultOf(Value row) {
  return tiles.advance(resultAt, add(multiply(row, result.strides[p.rows] * 4),
                                     multiply(panel, 2 * tileColumns * 4)));
}

/// Calls \p visit with each tile of sums and where it is from \p at on.
void ProductEmitter::forEachTile(
    const TileShape &shape, Value at, int64_t pitch,
    llvm::function_ref<void(unsigned tile, Value at)> visit) {
  for (unsigned i = 0; i < 4; ++i)
    if (shape.has(i))
      visit(i, tiles.advance(at, int64_t(i / 2) * tileRows * pitch +
                                     int64_t(i % 2) * tileColumns * 4));
}

/// Stores the tiles side by side from \p at on.
void ProductEmitter::storeTiles(const TileShape &shape, Value at,
                                int64_t pitch) {
  forEachTile(shape, at, pitch, [&](unsigned tile, Value place) {
    tiles.store(tile, place, pitch);
  });
}

void ProductEmitter::zeroTiles(const TileShape &shape) {
  for (unsigned i = 0; i < 4; ++i)
    if (shape.has(i))
      tiles.zero(i);
}

/// What the sums of the block start from, through memory; zero in all blocks of
/// the sum but the first.
void ProductEmitter::startTiles(Value row, const TileShape &shape) {
  if (!p.c.start)
    return zeroTiles(shape);
  auto load = [&] {
    int64_t pitch = result.strides[p.rows] * 4;
    emitRows(row, shape, &TileEmitter::emitStart);
    forEachTile(shape, resultOf(row), pitch, [&](unsigned tile, Value place) {
      tiles.load(tile, place, pitch);
    });
  };
  if (blocks.stepBlocks == 1)
    return load();
  branch(isEqual(stepBlock, 0), load, [&] { zeroTiles(shape); });
}

/// Adds the tiles to what the block has from earlier terms of the sum.
void ProductEmitter::addTiles(const TileShape &shape, Value row) {
  constexpr int64_t width = 2 * tileColumns;
  storeTiles(shape, tiles.pointer(scratch), width * 4);
  OpBuilder::InsertionGuard guard(b);
  Value i = enter(shape.rows[0] + shape.rows[1]).getInductionVar();
  Value to = add(multiply(add(row, i), result.strides[p.rows]),
                 multiply(panel, width));
  Value from = multiply(i, width);
  auto type = VectorType::get({tileColumns}, b.getF32Type());
  for (int64_t j = 0; j < 2; ++j) {
    int64_t count = shape.columns[j];
    if (count == 0)
      continue;
    Value place = add(to, index(j * tileColumns));
    Value sum = b.create<arith::AddFOp>(
        loc, loadVector(b, loc, type, result.buffer, place, count),
        loadVector(b, loc, type, scratch, add(from, index(j * tileColumns)),
                   tileColumns));
    storeVector(b, loc, sum, result.buffer, place, count);
  }
}

/// Sums over many terms are added up block by block: f32 keeps more of them.
void ProductEmitter::emitBlock(Value row, const TileShape &shape, Value pass) {
  startTiles(row, shape);
  emitSums(row, shape, pass);
  auto store = [&] {
    storeTiles(shape, resultOf(row), result.strides[p.rows] * 4);
  };
  if (blocks.stepBlocks == 1)
    store();
  else
    branch(isEqual(stepBlock, 0), store, [&] { addTiles(shape, row); });
  if (!p.c.epilogue)
    return;
  auto finish = [&] { emitRows(row, shape, &TileEmitter::emitEpilogue); };
  if (blocks.stepBlocks == 1)
    return finish();
  branch(isEqual(stepBlock, blocks.stepBlocks - 1), finish, nullptr);
}

void ProductEmitter::emitSums(Value row, const TileShape &shape, Value pass) {
  OpBuilder::InsertionGuard guard(b);
  Value leftAt =
      tiles.advance(left, add(multiply(stepBlock, blocks.perStepBlock),
                              multiply(row, blocks.perRowTile / tileRows)));
  Value step = enter(firstStep, endStep).getInductionVar();
  if (pass)
    emitPrefetch(step, pass);
  emitStep(step, leftAt, shape);
}

void ProductEmitter::emitStep(Value step, Value leftAt,
                              const TileShape &shape) {
  Value inBlock = b.create<arith::SubIOp>(loc, step, firstStep);
  Value leftStep = tiles.advance(leftAt, multiply(inBlock, blocks.perStep));
  Value rightStep =
      add(multiply(panel, 2 * p.strip * 2), multiply(step, tileBytes));
  unsigned inLeft = ~0u, inRight = ~0u;
  for (auto [l, r] : partProducts(p.parts.size())) {
    for (unsigned i = 0; i < 2; ++i) {
      if (l != inLeft && shape.rows[i])
        tiles.load(
            4 + i,
            tiles.advance(leftStep, i * blocks.perRowTile + l * tileBytes),
            2 * tileDepth);
      if (r != inRight && shape.columns[i])
        tiles.load(
            6 + i,
            tiles.advance(tiles.advance(parts[r], rightStep), i * p.strip * 2),
            4 * tileColumns);
    }
    inLeft = l;
    inRight = r;
    for (unsigned i = 0; i < 4; ++i)
      if (shape.has(i))
        tiles.multiply(i, 4 + i / 2, 6 + i % 2);
  }
}

/// Fetches the \p pass-th share of what the step reads of the next panel.
void ProductEmitter::emitPrefetch(Value step, Value pass) {
  constexpr int64_t line = 64, lines = tileBytes / line;
  int64_t passes = blocks.rows / (2 * tileRows);
  int64_t share = llvm::divideCeil(lines, passes);
  Value first = smaller(multiply(pass, share * line), (lines - share) * line);
  Value next = multiply(add(panel, index(1)), 2 * p.strip * 2);
  Value at = add(add(next, multiply(step, tileBytes)), first);
  for (Value part : parts)
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t at0 = 0; at0 < share; ++at0)
        tiles.prefetch(tiles.advance(tiles.advance(part, at),
                                     i * p.strip * 2 + at0 * line));
}

/// \p emitRow of each row of the block.
void ProductEmitter::emitRows(Value row, const TileShape &shape,
                              void (TileEmitter::*emitRow)(const TilePlace &)) {
  OpBuilder::InsertionGuard guard(b);
  Value end = add(row, index(shape.rows[0] + shape.rows[1]));
  TilePlace place(p.c.nest.loops.size());
  place.plain[p.rows] = enter(row, end).getInductionVar();
  place.lanesTile = panel;
  (rowEmitter.*emitRow)(place);
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  AMXProduct product = *readAMXProduct(ops);
  stage.rewriter.setInsertionPointAfter(ops.back());
  Location loc = product.c.sum.getLoc();
  if (stage.number == 0)
    SplitEmitter(stage, product, loc).emit();
  else
    ProductEmitter(stage, product, loc).emit();
  for (Operation *op : llvm::reverse(ops))
    stage.rewriter.eraseOp(op);
}

const Schedule amxSchedule = {"amx", match, emit, nullptr, needs};

} // namespace msc::target

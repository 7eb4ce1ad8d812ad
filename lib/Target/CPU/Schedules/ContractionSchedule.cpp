// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "contraction": matrix products and convolutions, on buffers
/// of any strides. Tiles of results are held in registers while the sum runs
/// over all of its terms, in their order, or over part after part of them; the
/// epilogue is computed on the tile.
#include "lib/Target/CPU/Schedules/Contraction.h"
#include "lib/Target/CPU/Schedules/Schedule.h"
#include "lib/Target/CPU/Schedules/TileEmitter.h"
#include "msc/Target/Target.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// Products below which code for tiles is not worth its size.
static constexpr int64_t fewProducts = 4096;

/// Terms of the partial sums of strict code, which is measured by its error.
static constexpr int64_t strictPartialTerms = 64;

/// What the generic schedule takes: two loads and a store for a vector of
/// terms, or for each of them where no loop is contiguous in all operands. The
/// lanes of a sum are added up whenever its innermost loop ends.
static double genericCycles(const Contraction &c, const CPUInfo &cpu,
                            bool anyOrder) {
  constexpr double laneSum = 20;
  double width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  double products = double(c.products()), least = 1.5 * products;
  for (auto [i, loop] : llvm::enumerate(c.nest.loops)) {
    bool isContiguous = c.result().strides[i] == (loop.isReduction ? 0 : 1) &&
                        (anyOrder || !loop.isReduction) &&
                        llvm::all_of(c.inputs(), [i = i](const Access &a) {
                          return a.strides[i] <= 1;
                        });
    double sums = loop.isReduction ? products / double(loop.extent) : 0;
    if (isContiguous)
      least = std::min(least, 1.5 * products / width + laneSum * sums);
  }
  return least;
}

/// Sums over one loop of elements that are read once each, with results side by
/// side: the generic schedule would read a sum back from memory for each term.
static bool isColumnSum(const Contraction &c, const RegisterTile &tile) {
  const Access &in = c.inputs()[0];
  if (c.read.size() != 1 || c.result().strides[tile.lanesLoop] != 1 ||
      in.strides[tile.lanesLoop] != 1)
    return false;
  int64_t sums = 0, reach = 0; // how far the terms of a sum are apart
  for (auto [loop, stride] : llvm::zip(c.nest.loops, in.strides))
    if (loop.isReduction) {
      ++sums;
      reach = loop.extent * stride;
    }
  auto overlaps = [&](unsigned i) {
    return !c.nest.loops[i].isReduction && i != tile.lanesLoop &&
           in.strides[i] < reach;
  };
  return sums == 1 &&
         llvm::none_of(llvm::seq<unsigned>(0, c.nest.loops.size()), overlaps);
}

/// Several tiles in the place of the only one, where they only read: several
/// threads do that faster.
static void narrow(const Contraction &c, const CPUInfo &cpu,
                   RegisterTile &tile) {
  constexpr int64_t parts = 4;
  int64_t width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  auto covered = [&](unsigned i) {
    return i == tile.lanesLoop    ? tile.vectors * width
           : i == tile.rowsLoop   ? tile.height
           : i == tile.insideLoop ? c.nest.loops[i].extent
                                  : 1;
  };
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (!loop.isReduction && loop.extent > covered(unsigned(i)))
      return;
  if (c.read.size() == 1 && !c.hasPanels() && isWorthSharing(tile.cycles))
    tile.vectors = llvm::divideCeil(tile.vectors, parts);
}

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  const CPUInfo &cpu = options.cpu;
  std::optional<Contraction> c = readContraction(ops, options.anyOrder);
  if (!c)
    return 0;
  std::optional<RegisterTile> tile = chooseTile(*c, cpu);
  if (!tile)
    return 0;
  if (c->hasPanels()) // stored for this schedule
    return numOps(*c);
  return c->products() >= fewProducts &&
                 (isColumnSum(*c, *tile) ||
                  tile->cycles <= genericCycles(*c, cpu, options.anyOrder))
             ? numOps(*c)
             : 0;
}

static std::string whyNot(ArrayRef<Operation *> ops,
                          const ScheduleOptions &options) {
  std::optional<Contraction> c = readContraction(ops, options.anyOrder);
  if (!c)
    return "";
  if (!chooseTile(*c, options.cpu))
    return "no loop of results that the lanes of vectors could run along";
  if (c->products() < fewProducts)
    return std::to_string(c->products()) +
           " products are too few for tiles in registers";
  return "tiles in registers are estimated to be slower";
}

namespace {
/// A loop around the tiles.
struct OuterLoop {
  enum Kind { Plain, Lanes, Rows } kind;
  unsigned loop; ///< of the nest
  int64_t extent;
};

/// The loops around tiles, without an order.
struct OuterLoops {
  SmallVector<OuterLoop> plain;
  OuterLoop lanes;
  std::optional<OuterLoop> rows;
};
} // namespace

static OuterLoops outerLoops(const Contraction &c, const RegisterTile &tile,
                             const CPUInfo &cpu) {
  unsigned bits = c.result().type().getElementTypeBitWidth();
  auto count = [&](unsigned loop, int64_t size) -> int64_t {
    return llvm::divideCeil(c.nest.loops[loop].extent, size);
  };
  OuterLoops result;
  result.lanes = {OuterLoop::Lanes, tile.lanesLoop,
                  tile.sumsLanes
                      ? 1
                      : count(tile.lanesLoop, tile.vectors * cpu.lanes(bits))};
  if (tile.rowsLoop)
    result.rows = {OuterLoop::Rows, *tile.rowsLoop,
                   count(*tile.rowsLoop, tile.height)};
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (!loop.isReduction && !tile.covers(i))
      result.plain.push_back({OuterLoop::Plain, unsigned(i), loop.extent});
  return result;
}

/// Whether an operand leaves no room for others in the second level cache.
static bool isTooLarge(const Contraction &c, const CPUInfo &cpu) {
  int64_t bytes = c.result().type().getElementTypeBitWidth() / 8;
  return c.nest.footprint(c.largest()) * bytes > cpu.l2Bytes / 2;
}

/// Orders the loops around tiles. What is read again and again should come from
/// the second level cache: if an operand is too large for that, the loops that
/// it moves along go outside, so that its part for one tile stays there.
static SmallVector<OuterLoop>
orderLoops(const Contraction &c, const RegisterTile &tile, const CPUInfo &cpu) {
  OuterLoops loops = outerLoops(c, tile, cpu);
  SmallVector<OuterLoop> order;
  if (!loops.rows) {
    order = loops.plain;
    order.push_back(loops.lanes);
    return order;
  }
  const Access &large = c.largest();
  bool isPerRow = large.strides[*tile.rowsLoop] != 0;
  OuterLoop outer = isPerRow ? *loops.rows : loops.lanes,
            inner = isPerRow ? loops.lanes : *loops.rows;
  if (!isTooLarge(c, cpu)) {
    order = loops.plain;
    order.append({loops.lanes, *loops.rows});
    return order;
  }
  for (const OuterLoop &loop : loops.plain)
    if (large.strides[loop.loop])
      order.push_back(loop);
  order.push_back(outer);
  for (const OuterLoop &loop : loops.plain)
    if (!large.strides[loop.loop])
      order.push_back(loop);
  order.push_back(inner);
  return order;
}

/// Lets the tiles that use the same panel of large weights, those of the \p
/// loops inside of the one over panels, fetch the next one.
static void fetchPanels(OpBuilder &b, Location loc, const Contraction &c,
                        const CPUInfo &cpu, ArrayRef<OuterLoop> order,
                        ArrayRef<scf::ForOp> loops, TilePlace &place) {
  int64_t size = c.result().type().getElementTypeBitWidth() / 8;
  bool isLarge = llvm::any_of(c.inputs(), [&](const Access &access) {
    return access.panel && c.nest.footprint(access) * size > cpu.l2Bytes / 2;
  });
  if (!isLarge)
    return;
  bool isInside = false;
  Value pass;
  for (auto [outer, loop] : llvm::zip(order, loops)) {
    if (isInside) {
      Value extent = b.create<arith::ConstantIndexOp>(loc, outer.extent);
      Value i = scf::ForOp(loop).getInductionVar();
      pass = pass ? b.create<arith::AddIOp>(
                        loc, b.create<arith::MulIOp>(loc, pass, extent), i)
                  : i;
      place.passes *= outer.extent;
    }
    isInside |= outer.kind == OuterLoop::Lanes;
  }
  place.pass = pass;
}

/// Threads share the results along the loop that moves through them in the
/// longest steps, as those of other kernels do: what a thread reads is then
/// mostly what it has written itself. An operand that is too large for the
/// second cache is shared instead, in the order of the loops.
static SmallVector<unsigned> sharingOrder(const Contraction &c,
                                          ArrayRef<OuterLoop> order,
                                          const CPUInfo &cpu) {
  auto sorted = llvm::to_vector(llvm::seq<unsigned>(0, order.size()));
  if (!isTooLarge(c, cpu))
    llvm::sort(sorted, [&](unsigned a, unsigned b) {
      const auto &strides = c.result().strides;
      return std::pair(-strides[order[a].loop], a) <
             std::pair(-strides[order[b].loop], b);
    });
  return sorted;
}

std::optional<double> transformFlops(const Contraction &c,
                                     const RegisterTile &tile) {
  if (!tile.separable)
    return std::nullopt;
  const Separable &transform = *tile.separable;
  double terms =
      double(transform.left.values.size() * transform.right.values.size());
  return double(c.products()) / terms * double(transform.operations());
}

void adjustTile(const Contraction &c, const CPUInfo &cpu, bool anyOrder,
                RegisterTile &tile) {
  narrow(c, cpu, tile);
  if (!anyOrder && addsUp(c))
    tile.partialTerms = strictPartialTerms;
}

TileLoops emitTiles(RewriterBase &rewriter, const Contraction &c,
                    const RegisterTile &tile, const CPUInfo &cpu) {
  linalg::GenericOp sum = c.sum;
  Location loc = sum.getLoc();
  TileEmitter emitter(rewriter, loc, c, tile, cpu);
  Value zero = rewriter.create<arith::ConstantIndexOp>(loc, 0),
        one = rewriter.create<arith::ConstantIndexOp>(loc, 1);
  TileLoops result;
  TilePlace place(c.nest.loops.size());
  SmallVector<OuterLoop> order = orderLoops(c, tile, cpu);
  for (const OuterLoop &outer : order) {
    Value extent = rewriter.create<arith::ConstantIndexOp>(loc, outer.extent);
    auto loop = rewriter.create<scf::ForOp>(loc, zero, extent, one);
    rewriter.setInsertionPointToStart(loop.getBody());
    result.loops.push_back(loop);
    result.extents.push_back(outer.extent);
    if (outer.kind == OuterLoop::Lanes)
      place.lanesTile = loop.getInductionVar();
    else if (outer.kind == OuterLoop::Rows)
      place.rowsTile = loop.getInductionVar();
    else
      place.plain[outer.loop] = loop.getInductionVar();
  }
  fetchPanels(rewriter, loc, c, cpu, order, result.loops, place);
  emitter.emit(place);
  result.sharing = sharingOrder(c, order, cpu);
  return result;
}

/// The tile that \p stage asks for.
static RegisterTile chosenTile(StageBuilder &stage, const Contraction &c) {
  SmallVector<RegisterTile> tiles = candidateTiles(c, stage.options.cpu);
  stage.candidates = tiles.size();
  if (stage.candidate == 0 || stage.candidate >= tiles.size())
    return tiles.front();
  const RegisterTile &tile = tiles[stage.candidate];
  stage.note = tunedNote.str() + describeTile(tile) + ", not " +
               describeTile(tiles.front());
  return tile;
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  const CPUInfo &cpu = stage.options.cpu;
  Contraction c = *readContraction(ops, stage.options.anyOrder);
  RegisterTile tile = chosenTile(stage, c);
  adjustTile(c, cpu, stage.options.anyOrder, tile);
  stage.rewriter.setInsertionPointAfter(ops.back());
  TileLoops tiles = emitTiles(stage.rewriter, c, tile, cpu);
  for (Operation *op : llvm::reverse(ops))
    stage.rewriter.eraseOp(op);
  stage.flops = transformFlops(c, tile);
  SmallVector<scf::ForOp> loops;
  SmallVector<int64_t> extents;
  for (unsigned i : tiles.sharing) {
    loops.push_back(tiles.loops[i]);
    extents.push_back(tiles.extents[i]);
  }
  stage.shareOut(loops, extents, tile.cycles);
}

const Schedule contractionSchedule = {"contraction", match, emit, whyNot};

} // namespace msc::target

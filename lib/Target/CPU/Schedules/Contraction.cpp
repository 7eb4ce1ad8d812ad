// SPDX-License-Identifier: Apache-2.0
//
/// \file Reductions: which ops they are, and the tile in registers.
#include "lib/Target/CPU/Schedules/Contraction.h"

#include "lib/Target/CPU/VectorFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;

namespace msc::target {

/// How many tiles of a contraction are worth measuring, of one shape in how
/// many heights, and how much slower than the fastest by the estimate.
static constexpr size_t mostCandidates = 8, mostHeights = 2;
static constexpr double worstCandidate = 1.5;

int64_t Contraction::products() const {
  int64_t count = 1;
  for (const Loop &loop : nest.loops)
    count *= loop.extent;
  return count;
}

int64_t Contraction::depth() const {
  int64_t count = 1;
  for (const Loop &loop : nest.loops)
    count *= loop.isReduction ? loop.extent : 1;
  return count;
}

size_t numOps(const Contraction &contraction) {
  return 1 + bool(contraction.init) + bool(contraction.epilogue);
}

static Value yielded(linalg::GenericOp op) {
  return op.getRegion().front().getTerminator()->getOperand(0);
}

/// out + lhs * rhs, which is one instruction.
static bool isProductSum(linalg::GenericOp op) {
  auto sum = yielded(op).getDefiningOp<arith::AddFOp>();
  Block &body = op.getRegion().front();
  Value out = body.getArguments().back();
  if (!sum || (sum.getLhs() != out && sum.getRhs() != out))
    return false;
  Value other = sum.getLhs() == out ? sum.getRhs() : sum.getLhs();
  return other.getDefiningOp<arith::MulFOp>() &&
         body.getOperations().size() == 3;
}

bool addsUp(const Contraction &contraction) {
  linalg::GenericOp op = contraction.sum;
  Value out = op.getRegion().front().getArguments().back();
  auto sum = yielded(op).getDefiningOp<arith::AddFOp>();
  return sum && out.hasOneUse() && (sum.getLhs() == out || sum.getRhs() == out);
}

static double vectorOperations(linalg::GenericOp op) {
  return isProductSum(op)
             ? 1
             : double(op.getRegion().front().getOperations().size() - 1);
}

/// Whether a body works on vectors as on numbers, all of one type.
static bool vectorises(linalg::GenericOp op) {
  Type type = op.getRegion().front().getArguments().back().getType();
  for (BlockArgument argument : op.getRegion().front().getArguments())
    if (!argument.use_empty() && argument.getType() != type)
      return false;
  for (Operation &inner : op.getRegion().front().without_terminator())
    if (isa<func::CallOp>(inner) || !worksOnVectors(&inner))
      return false;
  return type.isF32() || type.isF64();
}

static bool isReduction(linalg::GenericOp op) {
  return op.getNumDpsInputs() > 0 && op.getNumDpsInits() == 1 &&
         op.getNumReductionLoops() > 0 && vectorises(op);
}

/// Copies one buffer to the one that \p sum adds to.
static bool isStartOf(linalg::GenericOp op, linalg::GenericOp sum) {
  return op.getNumDpsInputs() == 1 && op.getNumDpsInits() == 1 &&
         op.getNumReductionLoops() == 0 &&
         isa<MemRefType>(op.getDpsInputs()[0].getType()) &&
         yielded(op) == op.getRegion().front().getArgument(0) &&
         rootOf(op.getDpsInits()[0]) == rootOf(sum.getDpsInits()[0]) &&
         rootOf(op.getDpsInputs()[0]) != rootOf(sum.getDpsInits()[0]);
}

/// Stores a constant to the whole of the buffer that \p sum adds to.
static bool isInitOf(linalg::GenericOp op, linalg::GenericOp sum) {
  return filledWith(op) && op.getDpsInits()[0] == sum.getDpsInits()[0] &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity();
}

/// Computes each element of the result of \p sum from itself and others.
static bool isEpilogueOf(linalg::GenericOp op, linalg::GenericOp sum) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0 ||
      !op.getRegion().front().getArguments().back().use_empty() ||
      !op.getRegion().getOps<linalg::IndexOp>().empty())
    return false;
  Value root = rootOf(sum.getDpsInits()[0]);
  if (rootOf(op.getDpsInits()[0]) != root)
    return false;
  bool readsSum = false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (rootOf(input->get()) != root)
      continue;
    if (readsSum || input->get() != op.getDpsInits()[0] ||
        op.getMatchingIndexingMap(input) !=
            op.getMatchingIndexingMap(op.getDpsInitOperand(0)))
      return false;
    readsSum = true;
  }
  return readsSum;
}

/// How the loops of \p nest move through \p access of \p other, where both
/// nests pass through one buffer, by \p here and \p there.
static std::optional<Access> translate(const LoopNest &nest, const Access &here,
                                       const LoopNest &other,
                                       const Access &there,
                                       const Access &access) {
  Access result = access;
  result.strides.assign(nest.loops.size(), 0);
  for (size_t p = 0; p < nest.loops.size(); ++p) {
    int64_t step = here.strides[p];
    if (nest.loops[p].isReduction || nest.loops[p].extent == 1)
      continue;
    std::optional<size_t> along;
    for (size_t e = 0; e < other.loops.size(); ++e)
      if (other.loops[e].extent > 1 && there.strides[e] > 0 &&
          there.strides[e] <= step &&
          (!along || there.strides[e] > there.strides[*along]))
        along = e;
    if (!along || step % there.strides[*along] != 0)
      return std::nullopt;
    int64_t factor = step / there.strides[*along];
    if ((nest.loops[p].extent - 1) * factor >= other.loops[*along].extent)
      return std::nullopt;
    result.strides[p] = factor * access.strides[*along];
  }
  return result;
}

/// Adds what \p op, which stores to all of the sum's result, reads besides it
/// to the nest, which is not coalesced yet.
static bool addOperands(Contraction &c, linalg::GenericOp op) {
  LoopNest &nest = c.nest;
  std::optional<LoopNest> other = readLoopNest(op);
  if (!other)
    return false;
  const Access sum = c.result();
  const Access &there = other->accesses.back();
  if (there.offset != sum.offset ||
      other->footprint(there) != nest.footprint(sum))
    return false;
  SmallVector<Access> added;
  for (const Access &access : ArrayRef<Access>(other->accesses).drop_back()) {
    if (access.buffer == there.buffer)
      continue;
    if (access.panel)
      return false;
    auto translated = translate(nest, sum, *other, there, access);
    if (!translated)
      return false;
    added.push_back(std::move(*translated));
  }
  llvm::append_range(nest.accesses, added);
  return true;
}

const Access &Contraction::largest() const {
  const Access *large = &inputs()[0];
  for (const Access &access : inputs())
    if (nest.footprint(access) > nest.footprint(*large))
      large = &access;
  return *large;
}

/// Sorts the reduction loops by the steps of the largest operand, longest
/// first.
static void orderReductions(Contraction &c) {
  LoopNest &nest = c.nest;
  const Access large = c.largest();
  SmallVector<unsigned> order =
      llvm::to_vector(llvm::seq<unsigned>(0, nest.loops.size()));
  llvm::sort(order, [&](unsigned a, unsigned b) {
    auto key = [&](unsigned i) {
      bool isReduction = nest.loops[i].isReduction;
      return std::tuple(isReduction, isReduction ? -large.strides[i] : 0, i);
    };
    return key(a) < key(b);
  });
  nest.permute(order);
}

bool readVectorSum(Contraction &c) {
  if (!isReduction(c.sum))
    return false;
  std::optional<LoopNest> nest = readLoopNest(c.sum);
  if (!nest)
    return false;
  c.nest.loops = nest->loops;
  Block &body = c.sum.getRegion().front();
  for (auto [i, access] : llvm::enumerate(nest->accesses)) {
    bool isInput = i + 1 < nest->accesses.size();
    if (isInput && body.getArgument(i).use_empty())
      continue;
    c.nest.accesses.push_back(access);
    if (isInput)
      c.read.push_back(i);
  }
  return !c.read.empty();
}

std::optional<Contraction> readContraction(ArrayRef<Operation *> ops,
                                           bool anyOrder, ReadSum readSum,
                                           CutLoops cut) {
  auto generic = [&](size_t i) {
    return i < ops.size() ? dyn_cast<linalg::GenericOp>(ops[i])
                          : linalg::GenericOp();
  };
  Contraction c;
  c.anyOrder = anyOrder;
  size_t at = 0;
  if (generic(0) && generic(1) && generic(1).getNumReductionLoops() > 0 &&
      (isInitOf(generic(0), generic(1)) || isStartOf(generic(0), generic(1))))
    c.init = generic(at++);
  c.sum = generic(at++);
  if (!c.sum || !readSum(c))
    return std::nullopt;
  if (generic(at) && isEpilogueOf(generic(at), c.sum) &&
      addOperands(c, generic(at)))
    c.epilogue = generic(at);
  if (c.init && !filledWith(c.init)) {
    if (!addOperands(c, c.init))
      return std::nullopt;
    c.start = c.nest.accesses.size() - 1;
  }
  // The loops that schedules write count up.
  for (const Access &access : c.nest.accesses)
    if (llvm::any_of(access.strides, [](int64_t step) { return step < 0; }))
      return std::nullopt;
  if (cut)
    cut(c);
  if (anyOrder)
    orderReductions(c);
  c.nest.coalesce();
  return c;
}

int64_t contractionPanel(const CPUInfo &cpu) { return 2 * cpu.lanes(32); }

RowTiles::RowTiles(int64_t rows, int64_t maxHeight)
    : count(llvm::divideCeil(rows, maxHeight)), height(rows / count),
      taller(rows % count) {}

namespace {
/// Estimates cycles of tiles of one contraction along given loops.
class TileCost {
public:
  TileCost(const Contraction &c, const CPUInfo &cpu, unsigned lanes,
           std::optional<unsigned> rows, std::optional<unsigned> inside)
      : c(c), cpu(cpu), lanes(lanes), rows(rows), inside(inside),
        rowsInside(inside ? c.nest.loops[*inside].extent : 1),
        depth(double(c.depth())), operations(vectorOperations(c.sum)),
        width(cpu.lanes(c.result().type().getElementTypeBitWidth())) {}

  bool fits(int64_t height, int64_t vectors) const;
  double total(int64_t height, int64_t vectors) const;

private:
  int64_t along(const Access &access, std::optional<unsigned> loop) const {
    return loop ? access.strides[*loop] : 0;
  }
  /// How many different rows of \p access \p height iterations read.
  int64_t rowsOf(const Access &access, int64_t height) const {
    return (along(access, rows) ? height : 1) *
           (along(access, inside) ? rowsInside : 1);
  }
  /// Loads, or work as long as that many, of \p access per step of the sum.
  double loads(const Access &access, int64_t height, int64_t vectors) const;
  /// Cycles per step in which \p access comes from behind the first cache.
  double transfer(const Access &access, int64_t height, int64_t vectors) const;
  double tile(int64_t height, int64_t vectors) const;
  /// Of rows that are far apart: more lines in few sets, more pages.
  double distance(int64_t vectors) const;

  const Contraction &c;
  const CPUInfo &cpu;
  unsigned lanes;
  std::optional<unsigned> rows, inside;
  int64_t rowsInside;       ///< an iteration of rows
  double depth, operations; ///< terms of a sum, vector operations per term
  int64_t width;
};
} // namespace

bool TileCost::fits(int64_t height, int64_t vectors) const {
  for (const Access &access : c.nest.accesses)
    if (access.panel && (access.panel->loop != lanes ||
                         vectors * width % access.panel->width != 0))
      return false;
  // Operands that all rows share stay in registers for a step.
  int64_t held = 0;
  for (const Access &access : c.inputs())
    if (along(access, rows) == 0 && along(access, inside) == 0)
      held += access.strides[lanes] ? vectors : 1;
  // LLVM loads ahead: without room for that it spills results.
  int64_t ahead = 1 + cpu.vectorRegisters / 16;
  return height * rowsInside * vectors + held + ahead <= cpu.vectorRegisters;
}

double TileCost::loads(const Access &access, int64_t height,
                       int64_t vectors) const {
  int64_t step = access.strides[lanes];
  double one = step <= 1 ? 1 : step == 2 ? 3 : 2.0 * double(width);
  return one * double(rowsOf(access, height) * (step ? vectors : 1));
}

double TileCost::transfer(const Access &access, int64_t height,
                          int64_t vectors) const {
  double size = access.type().getElementTypeBitWidth() / 8.0;
  double bytes = size * double(rowsOf(access, height) *
                               (access.strides[lanes] ? vectors * width : 1));
  if (bytes * depth <= double(cpu.l1Bytes) / 2)
    return 0;
  bool isReused = rows && (!along(access, rows) || !access.strides[lanes]);
  bool fits = size * double(c.nest.footprint(access)) <= double(cpu.l2Bytes);
  return bytes /
         (isReused || fits ? cpu.l2BytesPerCycle : cpu.farBytesPerCycle);
}

double TileCost::tile(int64_t height, int64_t vectors) const {
  double results = double(height * rowsInside * vectors);
  double products = operations * results / cpu.fmaPerCycle;
  double reads = 0, transfers = 0;
  for (const Access &access : c.inputs()) {
    reads += loads(access, height, vectors) / cpu.loadsPerCycle;
    transfers += transfer(access, height, vectors);
  }
  double step = std::max({products, reads, transfers, cpu.fmaLatency});
  double store = c.result().strides[lanes] == 1 ? 2 : 2.0 * width;
  return depth * step + store * results + 20;
}

double TileCost::distance(int64_t vectors) const {
  double factor = 1;
  for (const Access &access :
       ArrayRef(c.nest.accesses).take_front(c.read.size() + 1)) {
    // Of rows of numbers, and of those of vectors, which are read piece by
    // piece.
    bool hasVectors = access.strides[lanes] == 1;
    int64_t step = along(access, rows), next = along(access, inside);
    if (hasVectors && next > 0)
      step = step > 0 ? std::min(step, next) : next;
    int64_t piece = hasVectors ? vectors * width : width;
    if (step > piece)
      factor +=
          (hasVectors ? 0.03 : 0.01) * std::log2(double(step) / double(piece));
  }
  return factor;
}

double TileCost::total(int64_t height, int64_t vectors) const {
  int64_t extent = c.nest.loops[lanes].extent;
  int64_t full = extent / (vectors * width),
          rest = llvm::divideCeil(extent % (vectors * width), width);
  RowTiles tiles(rows ? c.nest.loops[*rows].extent : 1, height);
  auto column = [&](int64_t n) {
    return double(tiles.taller) * tile(tiles.height + 1, n) +
           double(tiles.count - tiles.taller) * tile(tiles.height, n);
  };
  double others = 1;
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (!loop.isReduction && i != lanes && rows != i && inside != i)
      others *= double(loop.extent);
  return others * distance(vectors) *
         (double(full) * column(vectors) + (rest ? column(rest) : 0));
}

/// Cycles of rows of sums whose lanes run along \p lanes, and are added up.
static double dotCycles(const Contraction &c, const CPUInfo &cpu,
                        unsigned lanes, unsigned rows, int64_t height) {
  double width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  double extent = double(c.nest.loops[lanes].extent);
  double steps = double(c.depth()) / extent * std::ceil(extent / width);
  auto tile = [&](double results) {
    double reads = 0;
    for (const Access &access : c.inputs())
      reads += access.strides[rows] ? results : 1;
    double step = std::max(
        {results / cpu.fmaPerCycle, reads / cpu.loadsPerCycle, cpu.fmaLatency});
    return steps * step + 10 * results + 20;
  };
  RowTiles tiles(c.nest.loops[rows].extent, height);
  double others = double(c.products()) / double(c.depth()) /
                  double(c.nest.loops[rows].extent);
  return others *
         (double(tiles.taller) * tile(double(tiles.height) + 1) +
          double(tiles.count - tiles.taller) * tile(double(tiles.height)));
}

/// Rows of dot products, for sums whose terms lie side by side.
static std::optional<RegisterTile> dotTile(const Contraction &c,
                                           const CPUInfo &cpu) {
  std::optional<RegisterTile> best;
  unsigned lanes = unsigned(c.nest.loops.size());
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (loop.isReduction)
      lanes = unsigned(i);
  int64_t width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  if (!c.anyOrder || c.hasPanels() || !isProductSum(c.sum) ||
      lanes == c.nest.loops.size() || c.nest.loops[lanes].extent < width ||
      !llvm::all_of(
          c.inputs(), [&](const Access &a) { return a.strides[lanes] == 1; }))
    return best;
  // One register more for what all rows share, two for what is loaded ahead.
  int64_t most = std::min<int64_t>(width, cpu.vectorRegisters - 3);
  for (auto [rows, loop] : llvm::enumerate(c.nest.loops))
    for (int64_t height = 1; height <= most && !loop.isReduction; ++height) {
      double cycles = dotCycles(c, cpu, lanes, unsigned(rows), height);
      if (best && best->cycles <= cycles)
        continue;
      best.emplace();
      best->lanesLoop = lanes;
      best->rowsLoop = rows;
      best->height = height;
      best->sumsLanes = true;
      best->cycles = cycles;
    }
  return best;
}

/// A whole tile of the result of \p transform, one vector wide.
static std::optional<RegisterTile>
transformedTile(const Contraction &c, Separable transform, const CPUInfo &cpu) {
  for (auto [i, loop] : llvm::enumerate(c.nest.loops)) {
    if (loop.isReduction || c.result().strides[i] != 1)
      continue;
    RegisterTile tile;
    tile.lanesLoop = unsigned(i);
    tile.rowsLoop = transform.rows;
    tile.insideLoop = transform.inside;
    tile.height = transform.left.rows;
    double width = cpu.lanes(c.result().type().getElementTypeBitWidth());
    double terms =
        double(transform.left.values.size() * transform.right.values.size());
    double elements = double(transform.left.columns * transform.right.columns +
                             transform.left.rows * transform.right.rows);
    tile.cycles = double(c.products()) / terms / width * 3 * elements;
    tile.separable = std::move(transform);
    return tile;
  }
  return std::nullopt;
}

/// A whole tile where the sum is a transform.
static std::optional<RegisterTile> separableTile(const Contraction &c,
                                                 const CPUInfo &cpu) {
  if (c.init && matchPattern(yielded(c.init), m_AnyZeroFloat()))
    if (std::optional<Separable> transform = readSeparable(c.sum, c.nest))
      return transformedTile(c, std::move(*transform), cpu);
  return std::nullopt;
}

/// Calls \p use for every tile along the loops of \p tile that fits into
/// registers.
static void forEachSize(const Contraction &c, const CPUInfo &cpu,
                        RegisterTile tile,
                        llvm::function_ref<void(const RegisterTile &)> use) {
  TileCost cost(c, cpu, tile.lanesLoop, tile.rowsLoop, tile.insideLoop);
  for (int64_t vectors : {1, 2, 3, 4, 6, 8, 12, 16})
    for (int64_t height = 1;
         height <= (tile.rowsLoop ? cpu.vectorRegisters : 1); ++height) {
      if (!cost.fits(height, vectors))
        break; // no taller one does
      tile.vectors = vectors;
      tile.height = height;
      tile.cycles = cost.total(height, vectors);
      use(tile);
    }
}

/// Calls \p use for every tile that fits into registers.
static void forEachTile(const Contraction &c, const CPUInfo &cpu,
                        llvm::function_ref<void(const RegisterTile &)> use) {
  SmallVector<unsigned> parallel;
  for (auto [i, loop] : llvm::enumerate(c.nest.loops))
    if (!loop.isReduction)
      parallel.push_back(i);
  auto isLong = [&](unsigned loop) { return c.nest.loops[loop].extent > 1; };
  auto along = [&](unsigned lanes, std::optional<unsigned> rows,
                   std::optional<unsigned> inside) {
    RegisterTile tile;
    tile.lanesLoop = lanes;
    tile.rowsLoop = rows;
    tile.insideLoop = inside;
    forEachSize(c, cpu, tile, use);
  };
  for (unsigned lanes : parallel) {
    along(lanes, std::nullopt, std::nullopt);
    for (unsigned rows : parallel)
      if (rows != lanes)
        along(lanes, rows, std::nullopt);
    for (unsigned rows : parallel)
      for (unsigned inside : parallel)
        if (rows != lanes && inside != lanes && rows != inside &&
            isLong(rows) && isLong(inside))
          along(lanes, rows, inside);
  }
  if (std::optional<RegisterTile> dots = dotTile(c, cpu))
    use(*dots);
}

std::optional<RegisterTile> chooseTile(const Contraction &c,
                                       const CPUInfo &cpu) {
  std::optional<RegisterTile> best = separableTile(c, cpu);
  if (!best)
    forEachTile(c, cpu, [&](const RegisterTile &tile) {
      if (!best || tile.cycles < best->cycles)
        best = tile;
    });
  return best;
}

/// What tells tiles apart that compute in different ways, besides their rows:
/// vectors behind the end of their loop are left out.
static auto shapeOf(const Contraction &c, const CPUInfo &cpu,
                    const RegisterTile &tile) {
  int64_t width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  int64_t most = llvm::divideCeil(c.nest.loops[tile.lanesLoop].extent, width);
  auto rows = tile.rowsLoop;
  if (rows && c.nest.loops[*rows].extent == 1 && !tile.insideLoop)
    rows = std::nullopt;
  return std::tuple(tile.lanesLoop, rows, tile.insideLoop,
                    std::min(tile.vectors, most));
}

/// Heights are balanced: those of as many tiles are the same.
static int64_t rowTiles(const Contraction &c, const RegisterTile &tile) {
  int64_t rows = tile.rowsLoop ? c.nest.loops[*tile.rowsLoop].extent : 1;
  return RowTiles(rows, tile.height).count;
}

SmallVector<RegisterTile> candidateTiles(const Contraction &c,
                                         const CPUInfo &cpu) {
  if (std::optional<RegisterTile> transform = separableTile(c, cpu))
    return {*transform};
  std::vector<RegisterTile> tiles;
  std::vector<std::pair<double, size_t>> order; // of equals the first
  forEachTile(c, cpu, [&](const RegisterTile &tile) {
    order.emplace_back(tile.cycles, tiles.size());
    tiles.push_back(tile);
  });
  llvm::sort(order);
  SmallVector<RegisterTile> candidates;
  for (auto [cycles, number] : order) {
    if (candidates.size() == mostCandidates ||
        cycles > worstCandidate * order.front().first)
      break;
    const RegisterTile &tile = tiles[number];
    unsigned heights = 0;
    // Sums in lanes have other bits.
    bool isNew = tile.sumsLanes == tiles[order.front().second].sumsLanes;
    for (const RegisterTile &other : candidates)
      if (shapeOf(c, cpu, other) == shapeOf(c, cpu, tile)) {
        ++heights;
        isNew &= rowTiles(c, other) != rowTiles(c, tile);
      }
    if (isNew && heights < mostHeights)
      candidates.push_back(tile);
  }
  return candidates;
}

std::string describeTile(const RegisterTile &tile) {
  std::string text = std::to_string(tile.height) + " x " +
                     std::to_string(tile.vectors) + " vectors along loop " +
                     std::to_string(tile.lanesLoop) +
                     (tile.sumsLanes ? " of the sum" : "");
  if (tile.rowsLoop)
    text += ", rows along loop " + std::to_string(*tile.rowsLoop);
  if (tile.insideLoop)
    text += " and loop " + std::to_string(*tile.insideLoop);
  return text;
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "strips": contractions of which each reads what the one
/// before has computed, as the three steps of a convolution by Winograd's
/// tiles. A strip of rows passes through all of them before the next one
/// begins, so what lies between them stays in the second cache.
#include "lib/Target/CPU/Schedules/Contraction.h"
#include "lib/Target/CPU/Schedules/Schedule.h"
#include "lib/Target/CPU/StageCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace msc::target {

namespace {
/// A buffer between two contractions, of which a strip is held at a time.
struct Between {
  Value buffer;    ///< of the kernel's own
  unsigned dim;    ///< that strips cut
  uint64_t offset; ///< of the strip in the scratch memory, bytes

  MemRefType type() const { return cast<MemRefType>(buffer.getType()); }
  int64_t elementBytes() const { return type().getElementTypeBitWidth() / 8; }
  int64_t bytes() const { return type().getNumElements() * elementBytes(); }
  /// Elements in one step of `dim`.
  int64_t step() const {
    int64_t count = 1;
    for (int64_t size : type().getShape().drop_front(dim + 1))
      count *= size;
    return count;
  }
};

/// Contractions that follow each other, and how strips run through them.
struct Chain {
  SmallVector<ArrayRef<Operation *>> ops; ///< per contraction
  SmallVector<unsigned> loops;            ///< per contraction: of its sum
  SmallVector<Between> between;
  int64_t extent = 0; ///< of all strips
  int64_t height = 0; ///< of one

  size_t numOps() const;
  int64_t strips() const { return extent / height; }
  uint64_t scratch() const;
};
} // namespace

size_t Chain::numOps() const {
  size_t count = 0;
  for (ArrayRef<Operation *> part : ops)
    count += part.size();
  return count;
}

/// Places the strips of \p chain's buffers one behind the other.
static void placeStrips(Chain &chain) {
  uint64_t offset = 0;
  for (Between &between : chain.between) {
    between.offset = offset;
    offset += llvm::alignTo(between.bytes() / chain.strips(), 64);
  }
}

uint64_t Chain::scratch() const {
  const Between &last = between.back();
  return last.offset + llvm::alignTo(last.bytes() / strips(), 64);
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

static bool isWorkspace(Value buffer) {
  auto argument = dyn_cast<BlockArgument>(buffer);
  if (!argument)
    return false;
  auto kernel = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  return kernel && kernel.getArgAttr(argument.getArgNumber(), workspaceAttr);
}

static linalg::GenericOp sumOf(ArrayRef<Operation *> ops) {
  for (Operation *op : ops)
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      if (generic.getNumReductionLoops() != 0)
        return generic;
  return nullptr;
}

/// The operand with which \p reader reads what \p writer computes, if both pass
/// through that buffer dimension by dimension.
static OpOperand *readsResult(linalg::GenericOp reader,
                              linalg::GenericOp writer) {
  Value buffer = writer.getDpsInits()[0];
  if (!cast<MemRefType>(buffer.getType()).getLayout().isIdentity() ||
      !writer.getMatchingIndexingMap(writer.getDpsInitOperand(0))
           .isProjectedPermutation())
    return nullptr;
  for (OpOperand *input : reader.getDpsInputOperands())
    if (input->get() == buffer)
      return reader.getMatchingIndexingMap(input).isProjectedPermutation()
                 ? input
                 : nullptr;
  return nullptr;
}

/// Whether nothing but the ops of \p users touches \p buffer.
static bool isUsedOnlyBy(Value buffer, ArrayRef<Operation *> users) {
  return isWorkspace(buffer) &&
         llvm::all_of(buffer.getUsers(), [&](Operation *user) {
           return llvm::is_contained(users, user);
         });
}

/// The dimension of a buffer that \p loop runs along; none where several do.
static std::optional<unsigned> dimOf(AffineMap map, unsigned loop) {
  return map.getResultPosition(getAffineDimExpr(loop, map.getContext()));
}

/// Lets strips of iterations of \p loop of the first contraction run through
/// the others; false where they cannot.
static bool followLoop(Chain &chain, unsigned loop) {
  chain.loops = {loop};
  chain.between.clear();
  linalg::GenericOp sum = sumOf(chain.ops[0]);
  chain.extent = sum.getStaticLoopRanges()[loop];
  for (ArrayRef<Operation *> ops : ArrayRef(chain.ops).drop_front()) {
    linalg::GenericOp next = sumOf(ops);
    OpOperand *result = sum.getDpsInitOperand(0),
              *input = readsResult(next, sum);
    std::optional<unsigned> dim =
        dimOf(sum.getMatchingIndexingMap(result), chain.loops.back());
    if (!dim)
      return false;
    Between between{result->get(), *dim, 0};
    auto along =
        cast<AffineDimExpr>(next.getMatchingIndexingMap(input).getResult(*dim));
    unsigned position = along.getPosition();
    if (between.type().getDimSize(*dim) != chain.extent ||
        next.getStaticLoopRanges()[position] != chain.extent ||
        next.getIteratorTypesArray()[position] != utils::IteratorType::parallel)
      return false;
    chain.between.push_back(between);
    chain.loops.push_back(position);
    sum = next;
  }
  return true;
}

/// The contractions that \p ops begin with and that are linked by buffers.
static Chain readLinks(ArrayRef<Operation *> ops,
                       const ScheduleOptions &options) {
  Chain chain;
  for (size_t at = 0; at < ops.size();) {
    ArrayRef<Operation *> rest = ops.drop_front(at);
    size_t count = contractionSchedule.match(rest, options);
    if (count == 0)
      break;
    ArrayRef<Operation *> part = rest.take_front(count);
    if (!chain.ops.empty() &&
        !readsResult(sumOf(part), sumOf(chain.ops.back())))
      break;
    chain.ops.push_back(part);
    at += count;
  }
  return chain;
}

//===----------------------------------------------------------------------===//
// Strips of contractions
//===----------------------------------------------------------------------===//

/// How an access to \p between moves through the strip instead.
static void enterStrip(Access &access, const Chain &chain,
                       const Between &between) {
  for (int64_t &stride : access.strides)
    if (stride > between.step()) // of dimensions outside of the one that is cut
      stride = stride / chain.extent * chain.height;
}

/// Elements from one strip to the next one, of \p height iterations of \p loop.
static int64_t stripStep(const Access &access, unsigned loop, int64_t height) {
  if (access.panel && access.panel->loop == loop)
    return height / access.panel->width * access.panel->stride;
  return height * access.strides[loop];
}

namespace {
/// A contraction of a chain, for one strip.
class StripReader {
public:
  StripReader(const Chain &chain, const ScheduleOptions &options)
      : chain(chain), options(options) {}

  /// For estimates: the contraction \p index of the chain.
  Contraction read(size_t index);
  /// The same, of the strip \p number, with what is between contractions in
  /// \p views.
  Contraction read(size_t index, OpBuilder &b, Value number,
                   ArrayRef<Value> views);

  /// Of the last one read: bytes of inputs of which each strip needs all.
  double sharedBytes = 0;
  /// Whether strips end where panels of the last one's weights do.
  bool keepsPanels = true;

private:
  /// Where \p access goes, if to a buffer between contractions.
  std::optional<size_t> betweenOf(const Access &access) const;
  void cut(Contraction &c, unsigned loop);

  const Chain &chain;
  const ScheduleOptions &options;
};
} // namespace

std::optional<size_t> StripReader::betweenOf(const Access &access) const {
  for (auto [i, between] : llvm::enumerate(chain.between))
    if (between.buffer == access.buffer)
      return i;
  return std::nullopt;
}

void StripReader::cut(Contraction &c, unsigned loop) {
  sharedBytes = 0;
  keepsPanels = true;
  for (auto [i, access] : llvm::enumerate(c.nest.accesses)) {
    if (std::optional<size_t> index = betweenOf(access)) {
      enterStrip(access, chain, chain.between[*index]);
      continue;
    }
    if (access.panel && access.panel->loop == loop)
      keepsPanels &= chain.height % access.panel->width == 0;
    else if (i < c.read.size() && access.strides[loop] == 0)
      sharedBytes += double(c.nest.footprint(access)) *
                     access.type().getElementTypeBitWidth() / 8;
  }
  c.nest.loops[loop].extent = chain.height;
}

Contraction StripReader::read(size_t index) {
  return *readContraction(chain.ops[index], options.anyOrder, readVectorSum,
                          [&](Contraction &c) { cut(c, chain.loops[index]); });
}

Contraction StripReader::read(size_t index, OpBuilder &b, Value number,
                              ArrayRef<Value> views) {
  auto place = [&](Contraction &c) {
    unsigned loop = chain.loops[index];
    Location loc = number.getLoc();
    for (Access &access : c.nest.accesses)
      if (!betweenOf(access))
        if (int64_t step = stripStep(access, loop, chain.height))
          access.moved = b.create<arith::MulIOp>(
              loc, number, b.create<arith::ConstantIndexOp>(loc, step));
    cut(c, loop);
    for (Access &access : c.nest.accesses)
      if (std::optional<size_t> i = betweenOf(access))
        access.buffer = views[*i];
  };
  return *readContraction(chain.ops[index], options.anyOrder, readVectorSum,
                          place);
}

//===----------------------------------------------------------------------===//
// The choice
//===----------------------------------------------------------------------===//

/// Cycles to write what is between contractions and read it again: \p bytes,
/// of which \p held are there at a time.
static double passOn(double bytes, double held, const CPUInfo &cpu) {
  bool isFar = held > double(cpu.l2Bytes);
  // A line behind the second cache is fetched before it is written.
  return isFar ? 3 * bytes / cpu.farBytesPerCycle
               : 2 * bytes / cpu.l2BytesPerCycle;
}

/// How much longer than ideally strips take that threads share.
static double imbalance(int64_t strips) {
  double sum = 0;
  for (int64_t threads : {1, 2, 4, 8})
    sum += double(llvm::divideCeil(strips, threads) * threads) / double(strips);
  return sum / 4;
}

/// Cycles of all strips of \p chain, estimated; one strip stands for a stage
/// per contraction.
static double cyclesOf(const Chain &chain, const ScheduleOptions &options) {
  const CPUInfo &cpu = options.cpu;
  double strips = double(chain.strips()), held = 0, cycles = 0;
  for (const Between &between : chain.between)
    held += double(between.bytes()) / strips;
  StripReader reader(chain, options);
  for (size_t i = 0; i < chain.ops.size(); ++i) {
    Contraction c = reader.read(i);
    std::optional<RegisterTile> tile = chooseTile(c, cpu);
    if (!tile || !reader.keepsPanels)
      return HUGE_VAL;
    cycles += strips * tile->cycles;
    if (reader.sharedBytes + held > double(cpu.l2Bytes))
      cycles += strips * reader.sharedBytes / cpu.farBytesPerCycle;
  }
  cycles += passOn(held * strips, held, cpu);
  return chain.strips() > 1 ? cycles * imbalance(chain.strips()) : cycles;
}

/// The height of strips with which \p chain is fastest; all of it where none
/// are.
static double chooseHeight(Chain &chain, const ScheduleOptions &options) {
  int64_t best = chain.height = chain.extent;
  double least = cyclesOf(chain, options);
  for (int64_t height = 1; height < chain.extent; ++height) {
    if (chain.extent % height != 0)
      continue;
    chain.height = height;
    double cycles = cyclesOf(chain, options);
    if (cycles < least) {
      least = cycles;
      best = height;
    }
  }
  chain.height = best;
  placeStrips(chain);
  return least;
}

/// Whether only \p chain uses its buffers.
static bool ownsBuffers(const Chain &chain, ArrayRef<Operation *> ops) {
  return llvm::all_of(chain.between, [&](const Between &between) {
    return isUsedOnlyBy(between.buffer, ops.take_front(chain.numOps()));
  });
}

/// The fastest strips of the longest chain that \p ops begin with.
static std::optional<Chain> readChain(ArrayRef<Operation *> ops,
                                      const ScheduleOptions &options) {
  Chain chain = readLinks(ops, options);
  std::optional<Chain> best;
  double least = HUGE_VAL;
  if (chain.ops.size() < 2)
    return best;
  linalg::GenericOp sum = sumOf(chain.ops[0]);
  for (unsigned loop = 0; loop < sum.getNumLoops(); ++loop) {
    if (sum.getIteratorTypesArray()[loop] != utils::IteratorType::parallel ||
        !followLoop(chain, loop))
      continue;
    double cycles = chooseHeight(chain, options);
    if (chain.strips() > 1 && cycles < least) {
      least = cycles;
      best = chain;
    }
  }
  return best;
}

//===----------------------------------------------------------------------===//
// The schedule
//===----------------------------------------------------------------------===//

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  std::optional<Chain> chain = readChain(ops, options);
  return chain && ownsBuffers(*chain, ops) ? chain->numOps() : 0;
}

static StageNeeds needs(ArrayRef<Operation *> ops,
                        const ScheduleOptions &options) {
  StageNeeds needs;
  needs.scratch = readChain(ops, options)->scratch();
  return needs;
}

/// The strips of \p chain's buffers in the scratch memory.
static SmallVector<Value> viewStrips(StageBuilder &stage, Location loc,
                                     const Chain &chain) {
  SmallVector<Value> views;
  for (const Between &between : chain.between) {
    Value offset = stage.rewriter.create<arith::ConstantIndexOp>(
        loc, int64_t(between.offset));
    auto type =
        MemRefType::get({between.type().getNumElements() / chain.strips()},
                        between.type().getElementType());
    views.push_back(stage.rewriter.create<memref::ViewOp>(
        loc, type, stage.scratch, offset, ValueRange()));
    stage.keptBytes += uint64_t(between.bytes());
  }
  return views;
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  RewriterBase &rewriter = stage.rewriter;
  const CPUInfo &cpu = stage.options.cpu;
  Chain chain = *readChain(ops, stage.options);
  Location loc = ops.front()->getLoc();
  rewriter.setInsertionPointAfter(ops.back());
  SmallVector<Value> views = viewStrips(stage, loc, chain);
  auto constant = [&](int64_t value) -> Value {
    return rewriter.create<arith::ConstantIndexOp>(loc, value);
  };
  auto strips = rewriter.create<scf::ForOp>(
      loc, constant(0), constant(chain.strips()), constant(1));
  StripReader reader(chain, stage.options);
  double flops = 0, cycles = 0;
  for (size_t i = 0; i < chain.ops.size(); ++i) {
    rewriter.setInsertionPoint(strips.getBody()->getTerminator());
    Contraction c = reader.read(i, rewriter, strips.getInductionVar(), views);
    RegisterTile tile = *chooseTile(c, cpu);
    adjustTile(c, cpu, stage.options.anyOrder, tile);
    emitTiles(rewriter, c, tile, cpu);
    double strip = transformFlops(c, tile).value_or(
        stageCost(chain.ops[i]).flops / double(chain.strips()));
    flops += strip * double(chain.strips());
    cycles += tile.cycles * double(chain.strips());
  }
  for (Operation *op : llvm::reverse(ops))
    rewriter.eraseOp(op);
  stage.flops = flops;
  stage.shareOut({strips}, {chain.strips()}, cycles);
}

const Schedule stripsSchedule = {"strips", match, emit, nullptr, needs};

} // namespace msc::target

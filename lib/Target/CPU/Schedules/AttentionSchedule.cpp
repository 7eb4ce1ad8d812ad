// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "attention": a product, a softmax over its rows and a product
/// with the result, a block of rows at a time. What lies between the products
/// never leaves the core's cache; keys and values of a head are packed once.
#include "lib/Target/CPU/Schedules/Contraction.h"
#include "lib/Target/CPU/Schedules/Packing.h"
#include "lib/Target/CPU/Schedules/RowEmitter.h"
#include "lib/Target/CPU/Schedules/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// Of the stack: packed operands and rows of scores.
static constexpr int64_t maxLocalBytes = 768 << 10;
/// Rows of scores should stay in the first level cache.
static constexpr int64_t maxScoreBytes = 32 << 10;
static constexpr double productsPerCycle = 16;
/// Loops around the packing of operands that are enough for all threads.
static constexpr int64_t manyParts = 16;
static constexpr size_t maxBetween = 12, maxBehind = 2;

namespace {
/// One product: the loops of its nest are the outer ones of the group, then its
/// column and its reduction.
struct Product {
  Contraction c;
  unsigned column, depth; ///< loops
  unsigned moving, fixed; ///< accesses: with the rows, and not
  int64_t extent(unsigned loop) const { return c.nest.loops[loop].extent; }
};

struct Attention {
  Product scores, values;
  RowGroup between, behind;
  size_t numOps;
  /// The last outer loop runs over the rows.
  ArrayRef<int64_t> outer() const { return between.outer; }
  unsigned rowLoop() const { return outer().size() - 1; }
  int64_t rows() const { return outer().back(); }
};
} // namespace

/// The product that \p ops begin with, by the loops \p outer.
static std::optional<Product> readProduct(ArrayRef<Operation *> ops,
                                          ArrayRef<int64_t> outer) {
  std::optional<Contraction> c = readContraction(ops, false);
  if (!c || !c->init || c->read.size() != 2 || c->hasPanels())
    return std::nullopt;
  std::optional<LoopNest> nest = readLoopNest(c->sum);
  if (!nest || nest->accesses.size() != 3 || c->start)
    return std::nullopt;
  SmallVector<unsigned> kept;
  for (auto [i, loop] : llvm::enumerate(nest->loops))
    if (loop.extent != 1)
      kept.push_back(i);
  nest->permute(kept);
  if (nest->loops.size() != outer.size() + 2)
    return std::nullopt;
  for (auto [loop, extent] : llvm::zip(nest->loops, outer))
    if (loop.extent != extent || loop.isReduction)
      return std::nullopt;
  Product product{std::move(*c), unsigned(outer.size()),
                  unsigned(outer.size() + 1), 0, 1};
  if (nest->loops[product.column].isReduction)
    std::swap(product.column, product.depth);
  if (nest->loops[product.column].isReduction ||
      !nest->loops[product.depth].isReduction ||
      nest->accesses[2].strides[product.column] != 1)
    return std::nullopt;
  unsigned rows = outer.size() - 1;
  if (nest->accesses[0].strides[rows] == 0)
    std::swap(product.moving, product.fixed);
  if (nest->accesses[product.moving].strides[rows] == 0 ||
      nest->accesses[product.fixed].strides[rows] != 0 ||
      nest->accesses[product.moving].strides[product.column] != 0)
    return std::nullopt;
  product.c.nest = std::move(*nest);
  product.c.epilogue = {};
  return product;
}

/// Whether the rows that \p product reads per column or per term are what
/// packing takes.
static bool canPack(const Product &product) {
  const Access &fixed = product.c.nest.accesses[product.fixed];
  return fixed.strides[product.column] == 1 ||
         fixed.strides[product.depth] == 1;
}

/// Whether only \p ops use the buffer of \p access.
static bool isLocal(const Access &access, ArrayRef<Operation *> ops) {
  SmallVector<Value> pending{rootOf(access.buffer)};
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    for (Operation *user : value.getUsers())
      if (isa<linalg::LinalgOp>(user)) {
        if (!llvm::is_contained(ops, user))
          return false;
      } else {
        llvm::append_range(pending, user->getResults());
      }
  }
  return true;
}

static std::optional<Attention> readAttention(ArrayRef<Operation *> ops,
                                              const ScheduleOptions &options) {
  std::optional<Contraction> first = readContraction(ops, false);
  if (!options.anyOrder || !first || !first->init || first->read.size() != 2)
    return std::nullopt;
  ArrayRef<Operation *> rest = ops.drop_front(2);
  Attention a;
  auto isProduct = [&](size_t i) {
    std::optional<Contraction> c = readContraction(rest.drop_front(i), false);
    return c && c->init && c->read.size() == 2;
  };
  size_t between = 0;
  while (between < std::min(rest.size(), maxBetween) && !isProduct(between))
    ++between;
  if (between == std::min(rest.size(), maxBetween))
    return std::nullopt;
  a.between = readRowGroup(rest.take_front(between), options.cpu);
  if (a.between.ops.size() != between || a.outer().empty())
    return std::nullopt;
  std::optional<Product> scores = readProduct(ops, a.outer()),
                         values =
                             readProduct(rest.drop_front(between), a.outer());
  if (!scores || !values || !canPack(*scores) || !canPack(*values) ||
      values->c.nest.accesses[values->fixed].strides[values->column] != 1)
    return std::nullopt;
  a.scores = std::move(*scores);
  a.values = std::move(*values);
  a.behind.outer = a.between.outer;
  const Access &result = a.values.c.nest.accesses[2];
  rest = rest.drop_front(between + 2);
  while (a.behind.ops.size() < std::min(rest.size(), maxBehind) &&
         addRowOp(a.behind, rest[a.behind.ops.size()], result))
    ;
  a.numOps = 4 + between + a.behind.ops.size();
  return a;
}

namespace {
/// Writes the loops of one attention.
class AttentionEmitter {
public:
  AttentionEmitter(StageBuilder &stage, Attention &a, ArrayRef<Operation *> ops)
      : stage(stage), b(stage.rewriter), a(a), ops(ops),
        loc(ops.front()->getLoc()), cpu(stage.options.cpu) {}

  void emit();

private:
  void makeLocal(Access &access, int64_t columns);
  void findLocals();
  void packFixed(Product &product, ValueRange place);
  void emitBlock(ValueRange plain, Value block, int64_t height);
  void emitProduct(const Product &product, ValueRange plain, Value block,
                   int64_t height);
  void emitRows(const RowGroup &group, ValueRange plain, Value block,
                int64_t height);
  /// \p strides of the outer loops and others, with the loop over the rows cut
  /// into blocks: the blocks' stride is added at the end.
  void cut(SmallVectorImpl<int64_t> &strides, bool isLocal) const {
    strides.push_back(isLocal ? 0 : strides[a.rowLoop()] * blockRows);
  }
  Value index(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value allocate(int64_t elements, Type type) {
    return b.create<memref::AllocaOp>(loc, MemRefType::get({elements}, type),
                                      b.getI64IntegerAttr(64));
  }

  StageBuilder &stage;
  RewriterBase &b;
  Attention &a;
  ArrayRef<Operation *> ops;
  Location loc;
  const CPUInfo &cpu;
  int64_t blockRows = 1;
  llvm::DenseMap<Value, Value> locals; ///< by the buffer they stand for
};
} // namespace

/// Rows of a block: a few tiles, all blocks alike where that is possible.
static int64_t chooseBlock(const Attention &a, const CPUInfo &cpu) {
  std::optional<RegisterTile> tile = chooseTile(a.values.c, cpu);
  int64_t height = tile ? std::max<int64_t>(tile->height, 4) : 4;
  int64_t columns = std::max(a.scores.extent(a.scores.column), int64_t(1));
  int64_t most =
      std::max(height, maxScoreBytes / 4 / columns / height * height);
  int64_t blocks = llvm::divideCeil(a.rows(), most);
  for (int64_t more = blocks; more <= blocks + blocks / 2; ++more)
    if (a.rows() % more == 0)
      return a.rows() / more;
  return llvm::divideCeil(a.rows(), blocks);
}

static int64_t localBytes(const Attention &a, const CPUInfo &cpu) {
  int64_t keys = a.scores.extent(a.scores.column);
  int64_t count =
      (keys + 16) * a.scores.extent(a.scores.depth) +
      keys * a.values.extent(a.values.column) +
      chooseBlock(a, cpu) * (keys + a.values.extent(a.values.column));
  return count * a.scores.c.result().type().getElementTypeBitWidth() / 8;
}

/// Whether the ops behind the products leave the second one's result alone.
static bool movesOn(const Attention &a) {
  const Access &result = a.values.c.nest.accesses[2];
  return !a.behind.ops.empty() &&
         llvm::none_of(a.behind.ops, [&](const RowOp &op) {
           return rootOf(op.result().buffer) == rootOf(result.buffer);
         });
}

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  std::optional<Attention> a = readAttention(ops, options);
  if (!a || a->rows() < 4 || localBytes(*a, options.cpu) > maxLocalBytes)
    return 0;
  ArrayRef<Operation *> taken = ops.take_front(a->numOps);
  for (const RowOp &op : a->between.ops)
    if (!op.inner.empty() && !op.fold && !isLocal(op.result(), taken))
      return 0;
  if (movesOn(*a) && !isLocal(a->values.c.nest.accesses[2], taken))
    return 0;
  return isLocal(a->scores.c.nest.accesses[2], taken) ? a->numOps : 0;
}

/// Gives the buffer of \p access a place of its own for the rows of a block.
void AttentionEmitter::makeLocal(Access &access, int64_t columns) {
  Value &local = locals[rootOf(access.buffer)];
  if (!local)
    local = allocate(blockRows * columns, access.type().getElementType());
}

/// Rows of scores and what is computed from them element by element share one
/// place: each op reads them at the same elements and for the last time.
void AttentionEmitter::findLocals() {
  const Access &scores = a.scores.c.nest.accesses[2];
  makeLocal(a.scores.c.nest.accesses[2], a.scores.extent(a.scores.column));
  Value current = rootOf(scores.buffer);
  for (size_t i = 0; i < a.between.ops.size(); ++i) {
    RowOp &op = a.between.ops[i];
    Value root = rootOf(op.result().buffer);
    if (op.inner.empty() || op.fold || locals.contains(root))
      continue;
    bool isLast = true;
    for (size_t j = i + 1; j < a.between.ops.size(); ++j)
      for (const Access &access : a.between.ops[j].accesses)
        isLast &= rootOf(access.buffer) != current;
    if (isLast)
      locals[root] = locals.lookup(current);
    else
      makeLocal(op.accesses.back(), a.scores.extent(a.scores.column));
    current = root;
  }
  if (movesOn(a))
    makeLocal(a.values.c.nest.accesses[2], a.values.extent(a.values.column));
}

/// Copies what all rows of a head read to where its vectors follow each other.
void AttentionEmitter::packFixed(Product &product, ValueRange place) {
  Access &fixed = product.c.nest.accesses[product.fixed];
  int64_t columns = product.extent(product.column),
          depth = product.extent(product.depth);
  bool isTransposed = fixed.strides[product.column] != 1;
  int64_t pitch = isTransposed ? columns + 16 : columns;
  Access flat = flatten(b, loc, product.c.nest, fixed);
  Value base = index(0);
  for (auto [i, stride] : llvm::zip(place, fixed.strides))
    base = b.create<arith::AddIOp>(
        loc, base, b.create<arith::MulIOp>(loc, i, index(stride)));
  Value packed;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&stage.function.getBody().front());
    packed = allocate(pitch * depth, fixed.type().getElementType());
  }
  int64_t width = cpu.lanes(fixed.type().getElementTypeBitWidth());
  if (isTransposed)
    emitTransposed(b, loc, {flat.buffer, base, fixed.strides[product.column]},
                   {packed, index(0), pitch}, columns, depth, width);
  else
    emitCopied(b, loc, {flat.buffer, base, fixed.strides[product.depth]},
               {packed, index(0), pitch}, depth, columns, width);
  fixed.buffer = packed;
  fixed.offset = 0;
  fixed.strides.assign(fixed.strides.size(), 0);
  fixed.strides[product.column] = 1;
  fixed.strides[product.depth] = pitch;
}

/// Emits \p product for the rows of one block.
void AttentionEmitter::emitProduct(const Product &product, ValueRange plain,
                                   Value block, int64_t height) {
  Contraction c = product.c;
  unsigned rows = a.rowLoop(), blocks = c.nest.loops.size();
  for (Access &access : c.nest.accesses) {
    Value local = locals.lookup(rootOf(access.buffer));
    if (local) {
      int64_t columns = 1;
      for (unsigned i = 0; i < blocks; ++i)
        if (i >= a.outer().size() && access.strides[i] == 1)
          columns = c.nest.loops[i].extent;
      access.buffer = local;
      access.offset = 0;
      std::fill_n(access.strides.begin(), a.outer().size(), 0);
      access.strides[rows] = columns;
    }
    cut(access.strides, bool(local));
  }
  c.nest.loops.push_back(
      {int64_t(llvm::divideCeil(a.rows(), blockRows)), false});
  c.nest.loops[rows].extent = height;
  Contraction one = c; // of which the tile is chosen
  for (unsigned i = 0; i < rows; ++i)
    one.nest.loops[i].extent = 1;
  one.nest.loops[blocks].extent = 1;
  RegisterTile tile = *chooseTile(one, cpu);
  TileEmitter emitter(b, loc, c, tile, cpu);
  TilePlace at(c.nest.loops.size());
  for (auto [i, value] : llvm::enumerate(plain))
    at.plain[i] = value;
  at.plain[blocks] = block;
  OpBuilder::InsertionGuard guard(b);
  auto loopOver = [&](int64_t extent) -> Value {
    if (extent == 1)
      return index(0);
    auto loop = b.create<scf::ForOp>(loc, index(0), index(extent), index(1));
    b.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVar();
  };
  for (unsigned i : {rows, product.column})
    if (!tile.covers(i))
      at.plain[i] = loopOver(c.nest.loops[i].extent);
  int64_t width = cpu.lanes(c.result().type().getElementTypeBitWidth());
  at.lanesTile = loopOver(llvm::divideCeil(c.nest.loops[tile.lanesLoop].extent,
                                           tile.vectors * width));
  if (tile.rowsLoop)
    at.rowsTile = loopOver(
        llvm::divideCeil(c.nest.loops[*tile.rowsLoop].extent, tile.height));
  emitter.emit(at);
}

/// Emits \p group for the rows of one block.
void AttentionEmitter::emitRows(const RowGroup &group, ValueRange plain,
                                Value block, int64_t height) {
  if (group.ops.empty())
    return;
  // The loop over the blocks comes before that over the rows.
  RowGroup blocked = group;
  size_t rows = a.rowLoop();
  blocked.outer.insert(blocked.outer.begin() + rows,
                       llvm::divideCeil(a.rows(), blockRows));
  blocked.outer.back() = height;
  for (RowOp &op : blocked.ops)
    for (Access &access : op.accesses) {
      int64_t stride = access.strides[rows], between = stride * blockRows;
      if (Value local = locals.lookup(rootOf(access.buffer))) {
        std::fill_n(access.strides.begin(), rows, 0);
        access.buffer = local;
        access.offset = 0;
        between = 0;
        access.strides[rows] = op.inner.back().extent;
      }
      access.strides.insert(access.strides.begin() + rows, between);
    }
  RowEmitter emitter(b, loc, blocked, stage.options);
  auto loop = b.create<scf::ForOp>(loc, index(0), index(height), index(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> place(plain);
  place.append({block, loop.getInductionVar()});
  emitter.emit(place);
}

void AttentionEmitter::emitBlock(ValueRange plain, Value block,
                                 int64_t height) {
  emitProduct(a.scores, plain, block, height);
  emitRows(a.between, plain, block, height);
  emitProduct(a.values, plain, block, height);
  emitRows(a.behind, plain, block, height);
}

void AttentionEmitter::emit() {
  blockRows = chooseBlock(a, cpu);
  int64_t products = a.scores.c.products() + a.values.c.products();
  b.setInsertionPointToStart(&stage.function.getBody().front());
  findLocals();
  b.setInsertionPointAfter(ops.back());
  SmallVector<scf::ForOp> loops;
  SmallVector<int64_t> extents(a.outer().drop_back());
  extents.push_back(llvm::divideCeil(a.rows(), blockRows));
  SmallVector<Value> place;
  auto enter = [&](int64_t extent) {
    loops.push_back(
        b.create<scf::ForOp>(loc, index(0), index(extent), index(1)));
    b.setInsertionPointToStart(loops.back().getBody());
    place.push_back(loops.back().getInductionVar());
  };
  for (int64_t extent : ArrayRef(extents).drop_back())
    enter(extent);
  packFixed(a.scores, place);
  packFixed(a.values, place);
  enter(extents.back());
  Value block = place.pop_back_val();
  int64_t rest = a.rows() % blockRows;
  if (rest == 0) {
    emitBlock(place, block, blockRows);
  } else {
    Value isFull = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                           block, index(extents.back() - 1));
    auto branch = b.create<scf::IfOp>(loc, isFull, /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    emitBlock(place, block, blockRows);
    b.setInsertionPointToStart(branch.elseBlock());
    emitBlock(place, block, rest);
  }
  for (Operation *op : llvm::reverse(ops))
    b.eraseOp(op);
  int64_t parts = 1;
  for (int64_t extent : a.outer().drop_back())
    parts *= extent;
  if (parts >= manyParts) {
    loops.pop_back();
    extents.pop_back();
  }
  stage.shareOut(loops, extents, double(products) / productsPerCycle);
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  Attention a = *readAttention(ops, stage.options);
  AttentionEmitter(stage, a, ops).emit();
}

const Schedule attentionSchedule = {"attention", match, emit};

} // namespace msc::target

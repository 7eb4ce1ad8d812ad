// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "fill": constants stored to buffers, vector by vector.
#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "lib/Target/CPU/Schedules/Schedule.h"
#include "lib/Target/CPU/Schedules/Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// What goes into the second cache.
static constexpr double bytesPerCycle = 16;

namespace {
/// A constant and where it is stored: one-dimensional buffer, loops around the
/// contiguous elements.
struct Fill {
  Attribute value;
  LoopNest nest; ///< the last loop is contiguous
  double cycles() const {
    const Access &result = nest.accesses[0];
    double bits = result.type().getElementTypeBitWidth();
    return double(nest.footprint(result)) * bits / 8 / bytesPerCycle;
  }
};
} // namespace

static std::optional<Fill> readFill(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic)
    return std::nullopt;
  Fill fill;
  fill.value = filledWith(generic);
  std::optional<LoopNest> nest = readLoopNest(generic);
  if (!fill.value || !nest)
    return std::nullopt;
  Type type = nest->accesses[0].type().getElementType();
  if (!type.isIntOrFloat() || type.getIntOrFloatBitWidth() < 8)
    return std::nullopt;
  fill.nest = std::move(*nest);
  fill.nest.coalesce();
  SmallVector<unsigned> order;
  std::optional<unsigned> contiguous;
  for (auto [i, stride] : llvm::enumerate(fill.nest.accesses[0].strides))
    if (stride == 1)
      contiguous = i;
    else if (stride > 1)
      order.push_back(i);
  if (!contiguous || order.size() + 1 != fill.nest.loops.size())
    return std::nullopt;
  order.push_back(*contiguous);
  fill.nest.permute(order);
  return fill;
}

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &) {
  size_t count = 0;
  while (count < ops.size()) {
    std::optional<Fill> fill = readFill(ops[count]);
    if (!fill)
      return count;
    if (isWorthSharing(fill->cycles())) // by itself
      return std::max<size_t>(count, 1);
    ++count;
  }
  return count;
}

/// Stores \p count elements from \p position on.
static void store(OpBuilder &b, Location loc, const Fill &fill, Value buffer,
                  Value position, int64_t count, int64_t width) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  auto type = VectorType::get({width}, element);
  Value value = b.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, fill.value));
  storeVector(b, loc, value, buffer, position, count);
}

static void emitFill(StageBuilder &stage, Operation *op, bool isOnly) {
  Fill fill = *readFill(op);
  RewriterBase &b = stage.rewriter;
  Location loc = op->getLoc();
  b.setInsertionPoint(op);
  Access flat = flatten(b, loc, fill.nest, fill.nest.accesses[0]);
  auto index = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  Value zero = index(0), one = index(1), position = zero;
  SmallVector<scf::ForOp> loops;
  SmallVector<int64_t> extents;
  auto enter = [&](int64_t extent, int64_t stride) {
    auto loop = b.create<scf::ForOp>(loc, zero, index(extent), one);
    b.setInsertionPointToStart(loop.getBody());
    loops.push_back(loop);
    extents.push_back(extent);
    Value moved =
        b.create<arith::MulIOp>(loc, loop.getInductionVar(), index(stride));
    return b.create<arith::AddIOp>(loc, position, moved).getResult();
  };
  unsigned bits = flat.type().getElementTypeBitWidth();
  int64_t width = stage.options.cpu.lanes(bits),
          row = fill.nest.loops.back().extent;
  for (size_t i = 0; i + 1 < fill.nest.loops.size(); ++i)
    position = enter(fill.nest.loops[i].extent, flat.strides[i]);
  if (row % width)
    store(b, loc, fill, flat.buffer,
          b.create<arith::AddIOp>(loc, position, index(row - row % width)),
          row % width, width);
  if (row >= width)
    store(b, loc, fill, flat.buffer, enter(row / width, width), width, width);
  // What is behind the last whole vector belongs to the rows.
  size_t shared = row % width ? fill.nest.loops.size() - 1 : loops.size();
  if (isOnly)
    stage.shareOut(ArrayRef(loops).take_front(shared),
                   ArrayRef(extents).take_front(shared), fill.cycles());
  b.eraseOp(op);
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  for (Operation *op : ops)
    emitFill(stage, op, ops.size() == 1);
}

const Schedule fillSchedule = {"fill", match, emit};

} // namespace msc::target

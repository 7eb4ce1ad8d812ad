// SPDX-License-Identifier: Apache-2.0
//
/// \file Which ops are a chain over rows.
#include "lib/Target/CPU/Schedules/RowGroup.h"

#include "lib/Target/CPU/VectorFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

static constexpr size_t maxOps = 24;

int64_t RowGroup::rows() const { return ShapedType::getNumElements(outer); }

double RowGroup::rowCost() const {
  double cost = 0;
  for (const RowOp &op : ops) {
    double elements = 1;
    for (const Loop &loop : op.inner)
      elements *= double(loop.extent);
    double body = 0;
    linalg::GenericOp generic = op.op;
    for (Operation &inside : generic.getRegion().front().without_terminator())
      body += isa<func::CallOp>(inside) ? 16 : 1;
    cost += elements * std::max(body, 1.0);
  }
  return cost;
}

Access RowGroup::flatten(OpBuilder &b, const RowOp &op,
                         const Access &access) const {
  LoopNest nest;
  for (int64_t extent : outer)
    nest.loops.push_back({extent, false});
  llvm::append_range(nest.loops, op.inner);
  Access flat = target::flatten(b, op.op->getLoc(), nest, access);
  flat.offset = access.offset; // tells parts of one buffer apart
  return flat;
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

/// The values that the ops of \p body compute from \p from, and \p from.
static DenseSet<Value> dependents(Block &body, Value from) {
  DenseSet<Value> result{from};
  for (Operation &op : body.without_terminator())
    if (llvm::any_of(op.getOperands(),
                     [&](Value operand) { return result.contains(operand); }))
      result.insert(op.result_begin(), op.result_end());
  return result;
}

/// Whether \p value comes from \p term and constants alone.
static bool isFrom(Value value, Value term) {
  if (value == term)
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::all_of(op->getOperands(), [&](Value operand) {
           return isFrom(operand, term);
         });
}

static bool isConstant(Value value) {
  return value.getDefiningOp<arith::ConstantOp>();
}

/// The ops of \p fold: what the new result takes besides its term.
static void collectFoldOps(Block &body, Value sum, Fold &fold) {
  DenseSet<Operation *> needed;
  std::function<void(Value)> need = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (value == fold.term || value == sum || !op || op->getBlock() != &body ||
        !needed.insert(op).second)
      return;
    llvm::for_each(op->getOperands(), need);
  };
  need(body.getTerminator()->getOperand(0));
  for (Operation &op : body.without_terminator())
    if (needed.contains(&op))
      fold.ops.push_back(&op);
}

static std::optional<Fold> readFold(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  Value sum = body.getArguments().back();
  Operation *last = body.getTerminator()->getOperand(0).getDefiningOp();
  if (!last)
    return std::nullopt;
  Fold fold;
  if (isa<arith::AddFOp, arith::MulFOp>(last) &&
      llvm::is_contained(last->getOperands(), sum)) {
    fold.kind = isa<arith::AddFOp>(last) ? Fold::Sum : Fold::Product;
    fold.term = last->getOperand(last->getOperand(0) == sum ? 1 : 0);
    fold.ops = {last};
    if (dependents(body, sum).contains(fold.term))
      return std::nullopt;
    return fold;
  }
  DenseSet<Value> later = dependents(body, sum);
  SmallVector<Value> terms;
  for (Operation &inside : body.without_terminator())
    if (later.contains(inside.getResult(0))) {
      if (!isa<arith::CmpFOp, arith::SelectOp, arith::MaximumFOp,
               arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp>(inside))
        return std::nullopt;
      for (Value operand : inside.getOperands())
        if (!later.contains(operand) && !isConstant(operand))
          terms.push_back(operand);
    }
  for (Value term : terms)
    if (term.getType() == sum.getType() &&
        llvm::all_of(terms, [&](Value other) { return isFrom(other, term); })) {
      fold.kind = Fold::Extreme;
      fold.term = term;
      collectFoldOps(body, sum, fold);
      return fold;
    }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// \p op with all loops but those of one iteration as inner loops; nothing
/// where rows cannot be computed in vectors.
static std::optional<RowOp> readRowOp(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || generic.getNumDpsInits() != 1 || generic.hasIndexSemantics())
    return std::nullopt;
  Type element = getElementTypeOrSelf(generic.getDpsInits()[0].getType());
  if (!element.isF32() && !element.isF64())
    return std::nullopt;
  for (Value operand : op->getOperands())
    if (getElementTypeOrSelf(operand.getType()) != element)
      return std::nullopt;
  Block &body = generic.getRegion().front();
  if (!llvm::all_of(body.without_terminator(), [](Operation &inside) {
        return worksOnVectors(&inside) && inside.getNumResults() == 1;
      }))
    return std::nullopt;
  std::optional<LoopNest> nest = readLoopNest(generic);
  if (!nest ||
      llvm::any_of(nest->accesses, [](const Access &a) { return !!a.panel; }))
    return std::nullopt;
  RowOp result;
  result.op = generic;
  for (Access &access : nest->accesses) {
    SmallVector<int64_t> strides;
    for (auto [loop, stride] : llvm::zip(nest->loops, access.strides))
      if (loop.extent != 1)
        strides.push_back(stride);
    access.strides = std::move(strides);
  }
  result.accesses = std::move(nest->accesses);
  llvm::copy_if(nest->loops, std::back_inserter(result.inner),
                [](const Loop &loop) { return loop.extent != 1; });
  return result;
}

/// Makes the first of \p op's loops, of the extents \p outer, outer ones.
static bool takeOuter(RowOp &op, ArrayRef<int64_t> outer) {
  size_t count = outer.size();
  if (op.inner.size() < count)
    return false;
  for (size_t i = 0; i < count; ++i)
    if (op.inner[i].extent != outer[i] || op.inner[i].isReduction ||
        op.result().strides[i] == 0)
      return false;
  op.inner.erase(op.inner.begin(), op.inner.begin() + count);
  if (op.inner.empty())
    return true;
  bool isFold = op.inner.front().isReduction;
  for (const Loop &loop : op.inner)
    if (loop.isReduction != isFold)
      return false;
  bool moves = !isFold;
  for (const Access &access : op.accesses) {
    int64_t stride = access.strides.back();
    if (stride != 0 && stride != 1)
      return false;
    moves |= stride == 1;
  }
  if (!moves || (!isFold && op.result().strides.back() != 1))
    return false;
  if (isFold)
    op.fold = readFold(op.op);
  return !isFold || op.fold;
}

/// The outer loops of the first fold over rows of \p ops: its parallel loops.
static std::optional<SmallVector<int64_t>>
findOuter(ArrayRef<Operation *> ops) {
  for (Operation *op : ops.take_front(maxOps)) {
    std::optional<RowOp> row = readRowOp(op);
    if (!row)
      return std::nullopt;
    if (llvm::none_of(row->inner,
                      [](const Loop &loop) { return loop.isReduction; }))
      continue;
    SmallVector<int64_t> outer;
    for (const Loop &loop : row->inner)
      if (!loop.isReduction)
        outer.push_back(loop.extent);
    return outer;
  }
  return std::nullopt;
}

/// Whether in one iteration of the outer loops \p read stays within what
/// \p write touches, so that it meets no other iteration's elements.
static bool staysWithin(const Access &read, const RowOp &reader,
                        const Access &write, const RowOp &writer,
                        size_t outer) {
  if (read.offset != write.offset ||
      ArrayRef(read.strides).take_front(outer) !=
          ArrayRef(write.strides).take_front(outer))
    return false;
  for (size_t i = 0; i < reader.inner.size(); ++i) {
    int64_t stride = read.strides[outer + i];
    bool found = stride == 0;
    for (size_t j = 0; j < writer.inner.size(); ++j)
      found |= write.strides[outer + j] == stride &&
               writer.inner[j].extent == reader.inner[i].extent;
    if (!found)
      return false;
  }
  return true;
}

/// Whether the rows of \p later may be computed right behind those of
/// \p earlier.
static bool agree(const RowOp &earlier, const RowOp &later, size_t outer) {
  for (const Access &a : earlier.accesses)
    for (const Access &b : later.accesses) {
      bool aWrites = &a == &earlier.result(), bWrites = &b == &later.result();
      if ((!aWrites && !bWrites) || rootOf(a.buffer) != rootOf(b.buffer))
        continue;
      if (aWrites && !staysWithin(b, later, a, earlier, outer))
        return false;
      if (bWrites && !staysWithin(a, earlier, b, later, outer))
        return false;
    }
  return true;
}

RowGroup readRowGroup(ArrayRef<Operation *> ops, const CPUInfo &cpu) {
  RowGroup group;
  std::optional<SmallVector<int64_t>> outer = findOuter(ops);
  if (!outer)
    return group;
  group.outer = *outer;
  bool folds = false;
  for (Operation *op : ops.take_front(maxOps)) {
    std::optional<RowOp> row = readRowOp(op);
    if (!row || !takeOuter(*row, group.outer) ||
        !llvm::all_of(group.ops, [&](const RowOp &earlier) {
          return agree(earlier, *row, group.outer.size());
        }))
      break;
    int64_t lanes = cpu.lanes(row->result().type().getElementTypeBitWidth());
    if (row->fold && row->inner.back().extent < lanes / 2)
      break;
    folds |= row->fold.has_value();
    group.ops.push_back(std::move(*row));
  }
  if (!folds)
    group.ops.clear();
  return group;
}

/// Puts the loops first by which \p op moves through the buffer of \p source as
/// that one does by its first loops, \p count of them.
static void orderLike(RowOp &op, const Access &source, size_t count) {
  auto read = llvm::find_if(op.accesses, [&](const Access &access) {
    return rootOf(access.buffer) == rootOf(source.buffer);
  });
  if (read == op.accesses.end())
    return;
  LoopNest nest{op.inner, op.accesses};
  SmallVector<unsigned> order;
  for (size_t i = 0; i < count; ++i)
    for (unsigned j = 0; j < op.inner.size(); ++j)
      if (read->strides[j] == source.strides[i] &&
          !llvm::is_contained(order, j)) {
        order.push_back(j);
        break;
      }
  for (unsigned j = 0; j < op.inner.size(); ++j)
    if (!llvm::is_contained(order, j))
      order.push_back(j);
  nest.permute(order);
  op.inner = std::move(nest.loops);
  op.accesses = std::move(nest.accesses);
}

bool addRowOp(RowGroup &group, Operation *op, const Access &source) {
  std::optional<RowOp> row = readRowOp(op);
  size_t count = group.outer.size();
  if (!row)
    return false;
  orderLike(*row, source, count);
  if (!takeOuter(*row, group.outer) || row->inner.empty() || row->fold ||
      !llvm::all_of(group.ops, [&](const RowOp &earlier) {
        return agree(earlier, *row, count);
      }))
    return false;
  group.ops.push_back(std::move(*row));
  return true;
}

} // namespace msc::target

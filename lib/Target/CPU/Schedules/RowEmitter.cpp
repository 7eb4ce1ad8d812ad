// SPDX-License-Identifier: Apache-2.0
//
/// \file The code of one row of a chain.
#include "lib/Target/CPU/Schedules/RowEmitter.h"

#include "lib/Target/CPU/Schedules/Vectors.h"
#include "lib/Target/CPU/VectorFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// Partial results of a fold, so that its additions need not wait.
static constexpr unsigned manyParts = 4;
/// Vectors of a row that stand without a loop.
static constexpr int64_t maxStraight = 8;

RowEmitter::RowEmitter(OpBuilder &b, Location loc, const RowGroup &group,
                       const ScheduleOptions &options)
    : b(b), loc(loc), group(group), anyOrder(options.anyOrder),
      width(options.cpu.lanes(
          group.ops.front().result().type().getElementTypeBitWidth())) {
  splitPasses();
}

//===----------------------------------------------------------------------===//
// Passes
//===----------------------------------------------------------------------===//

/// Whether \p op is computed from nothing that waits for the end of \p pass.
bool RowEmitter::canJoin(const Pass &pass, const RowOp &op) const {
  for (const Member &member : pass.members) {
    if (!llvm::equal(
            member.op->inner, op.inner,
            [](const Loop &x, const Loop &y) { return x.extent == y.extent; }))
      return false;
    const Access &written = member.op->result();
    for (const Access &access : op.accesses)
      if (rootOf(access.buffer) == rootOf(written.buffer) &&
          (member.op->fold || access.strides != written.strides))
        return false;
    for (const Access &read : member.op->accesses)
      if (rootOf(read.buffer) == rootOf(op.result().buffer) &&
          read.strides != op.result().strides)
        return false;
  }
  return true;
}

/// Whether \p op has nothing to do with what \p pass reads and writes.
static bool isIndependent(ArrayRef<const RowOp *> pass, const RowOp &op) {
  for (const RowOp *member : pass)
    for (const Access &x : member->accesses)
      for (const Access &y : op.accesses)
        if (rootOf(x.buffer) == rootOf(y.buffer) &&
            (&x == &member->result() || &y == &op.result()))
          return false;
  return true;
}

void RowEmitter::splitPasses() {
  auto memberOf = [&](const RowOp &op) {
    Member member(op);
    for (const Access &access : op.accesses) {
      Operand operand{group.flatten(b, op, access), {}, {}};
      operand.strides.append(access.strides.begin() + group.outer.size(),
                             access.strides.end());
      member.operands.push_back(std::move(operand));
    }
    if (op.fold)
      member.parts = isOrdered(op) ? 1 : manyParts;
    return member;
  };
  for (const RowOp &op : group.ops) {
    // A number that the pass at hand does not touch comes before it.
    if (op.inner.empty() && !passes.empty() && !passes.back().loops.empty()) {
      SmallVector<const RowOp *> last;
      for (const Member &member : passes.back().members)
        last.push_back(member.op);
      if (isIndependent(last, op)) {
        Pass point;
        point.members.push_back(memberOf(op));
        passes.insert(passes.end() - 1, std::move(point));
        continue;
      }
    }
    if (op.inner.empty() || passes.empty() || passes.back().loops.empty() ||
        !canJoin(passes.back(), op)) {
      passes.emplace_back();
      passes.back().loops = op.inner;
    }
    Pass &pass = passes.back();
    pass.members.push_back(memberOf(op));
    pass.members.back().firstPart = pass.parts;
    pass.parts += pass.members.back().parts;
  }
  for (Pass &pass : passes)
    coalesce(pass);
}

/// One loop in the place of two that all members pass through at an even step.
void RowEmitter::coalesce(Pass &pass) const {
  LoopNest nest;
  for (const Loop &loop : pass.loops)
    nest.loops.push_back({loop.extent, true}); // in their order
  for (const Member &member : pass.members)
    for (const Operand &operand : member.operands) {
      nest.accesses.push_back(operand.flat);
      nest.accesses.back().strides = operand.strides;
    }
  nest.coalesce();
  pass.loops = nest.loops;
  size_t i = 0;
  for (Member &member : pass.members)
    for (Operand &operand : member.operands)
      operand.strides = nest.accesses[i++].strides;
}

//===----------------------------------------------------------------------===//
// Addresses, numbers and vectors
//===----------------------------------------------------------------------===//

Value RowEmitter::index(int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}

Value RowEmitter::plus(Value base, Value i, int64_t stride) {
  if (stride == 0)
    return base;
  auto nsw = arith::IntegerOverflowFlags::nsw;
  Value moved =
      stride == 1 ? i : b.create<arith::MulIOp>(loc, i, index(stride), nsw);
  return base ? b.create<arith::AddIOp>(loc, base, moved, nsw) : moved;
}

Value RowEmitter::number(const Operand &operand) {
  if (Value known = numbers.lookup(keyOf(operand)))
    return known;
  return b.create<memref::LoadOp>(loc, operand.flat.buffer,
                                  ValueRange{operand.base});
}

void RowEmitter::storeNumber(const Operand &operand, Value value) {
  b.create<memref::StoreOp>(loc, value, operand.flat.buffer,
                            ValueRange{operand.base});
  numbers[keyOf(operand)] = value;
}

Value RowEmitter::load(const Operand &operand, Value position, int64_t count) {
  VectorType type = vectorOf(operand.flat.type().getElementType());
  Value buffer = operand.flat.buffer;
  if (operand.strides.back() == 0)
    return b.create<vector::BroadcastOp>(
        loc, type, b.create<memref::LoadOp>(loc, buffer, ValueRange{position}));
  return loadVector(b, loc, type, buffer, position, count);
}

/// \p value of the body of \p member as a vector.
Value RowEmitter::element(Member &member, Value value, IRMapping &map) {
  if (Value vector = map.lookupOrNull(value))
    return vector;
  Value scalar = member.uniform.lookupOrDefault(value);
  return b.create<vector::BroadcastOp>(loc, vectorOf(value.getType()), scalar);
}

/// \p op of the body of \p member on vectors.
Value RowEmitter::apply(Member &member, Operation *op, IRMapping &map) {
  auto vector = [&](Value value) { return element(member, value, map); };
  if (Value inverse = member.inverses.lookup(op)) {
    Value factor = b.create<vector::BroadcastOp>(
        loc, vectorOf(inverse.getType()), inverse);
    return b.create<arith::MulFOp>(loc, vector(op->getOperand(0)), factor);
  }
  return applyToVectors(b, loc, op,
                        llvm::map_to_vector(op->getOperands(), vector));
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

/// The result after \p term, on numbers or on vectors.
Value RowEmitter::fold(Member &member, Value term, Value folded) {
  linalg::GenericOp generic = member.op->op;
  Block &body = generic.getRegion().front();
  bool onVectors = isa<VectorType>(term.getType());
  IRMapping map;
  if (!onVectors)
    map = member.uniform;
  map.map(member.op->fold->term, term);
  map.map(body.getArguments().back(), folded);
  for (Operation *inside : member.op->fold->ops)
    if (onVectors)
      map.map(inside->getResult(0), apply(member, inside, map));
    else
      b.clone(*inside, map);
  return map.lookup(body.getTerminator()->getOperand(0));
}

void RowEmitter::startFold(Member &member, Values &folded) {
  Value first = number(member.operands.back());
  VectorType type = vectorOf(first.getType());
  Value start = first;
  if (member.op->fold->kind == Fold::Extreme)
    start = b.create<vector::BroadcastOp>(loc, type, first);
  else if (!isOrdered(*member.op)) {
    bool isSum = member.op->fold->kind == Fold::Sum;
    start = b.create<arith::ConstantOp>(
        loc,
        DenseElementsAttr::get(type, isSum ? b.getZeroAttr(first.getType())
                                           : b.getOneAttr(first.getType())));
  }
  folded.append(member.parts, start);
}

void RowEmitter::foldVector(Member &member, Value term, int64_t count,
                            unsigned part, Values &folded) {
  Value &sum = folded[member.firstPart + part % member.parts];
  if (isOrdered(*member.op)) {
    for (int64_t lane = 0; lane < count; ++lane)
      sum = fold(member, b.create<vector::ExtractOp>(loc, term, lane), sum);
    return;
  }
  Value next = fold(member, term, sum);
  if (count < width) {
    Value lanes = leadingLanes(b, loc, width, count);
    next = b.create<arith::SelectOp>(loc, lanes, next, sum);
  }
  sum = next;
}

Value RowEmitter::finishFold(Member &member, ArrayRef<Value> folded) {
  SmallVector<Value> sums(folded.slice(member.firstPart, member.parts));
  if (isOrdered(*member.op))
    return sums[0];
  for (; sums.size() > 1; sums.pop_back_n(sums.size() / 2))
    for (size_t i = 0, half = sums.size() / 2; i < half; ++i)
      sums[i] = fold(member, sums[half + i], sums[i]);
  Value total = sums[0];
  for (int64_t step = width / 2; step > 0; step /= 2) {
    SmallVector<int64_t> lanes;
    for (int64_t lane = 0; lane < width; ++lane)
      lanes.push_back(lane ^ step);
    Value other = b.create<vector::ShuffleOp>(loc, total, total, lanes);
    total = fold(member, other, total);
  }
  total = b.create<vector::ExtractOp>(loc, total, int64_t(0));
  if (member.op->fold->kind == Fold::Extreme)
    return total;
  return fold(member, total, number(member.operands.back()));
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// One number: the op's body on numbers.
void RowEmitter::emitPoint(Member &member) {
  linalg::GenericOp generic = member.op->op;
  Block &body = generic.getRegion().front();
  IRMapping map;
  for (auto [argument, operand] :
       llvm::zip(body.getArguments(), member.operands))
    if (!argument.use_empty())
      map.map(argument, number(operand));
  for (Operation &op : body.without_terminator())
    b.clone(op, map);
  storeNumber(member.operands.back(),
              map.lookupOrDefault(body.getTerminator()->getOperand(0)));
}

/// Computes what in \p member's body is the same for the whole row.
void RowEmitter::findUniform(Member &member) {
  linalg::GenericOp generic = member.op->op;
  Block &body = generic.getRegion().front();
  member.uniform.clear();
  member.inverses.clear();
  for (size_t i = 0; i + 1 < member.operands.size(); ++i)
    if (member.operands[i].isUniform())
      member.uniform.map(body.getArgument(i), number(member.operands[i]));
  auto isUniform = [&](Value value) {
    return member.uniform.contains(value) || value.getParentBlock() != &body;
  };
  for (Operation &op : body.without_terminator()) {
    if (llvm::all_of(op.getOperands(), isUniform)) {
      b.clone(op, member.uniform);
      continue;
    }
    auto div = dyn_cast<arith::DivFOp>(op);
    if (!anyOrder || !div || !isUniform(div.getRhs()))
      continue;
    Value one = b.create<arith::ConstantOp>(loc, b.getOneAttr(div.getType()));
    member.inverses[div] = b.create<arith::DivFOp>(
        loc, one, member.uniform.lookupOrDefault(div.getRhs()));
  }
}

/// The vector of the row at `bases + offset` through all members.
void RowEmitter::emitVector(Pass &pass, const Values &bases, int64_t offset,
                            int64_t count, unsigned part, Values &folded) {
  vectors.clear();
  size_t number = 0;
  for (Member &member : pass.members) {
    linalg::GenericOp generic = member.op->op;
    Block &body = generic.getRegion().front();
    IRMapping map;
    auto position = [&](size_t i) -> Value {
      const Operand &operand = member.operands[i];
      Value base = bases[number + i];
      return operand.strides.back() == 0 || offset == 0
                 ? base
                 : plus(base, index(offset), 1);
    };
    for (auto [i, argument] : llvm::enumerate(body.getArguments())) {
      const Operand &operand = member.operands[i];
      if (argument.use_empty() || member.uniform.contains(argument) ||
          (member.op->fold && i + 1 == member.operands.size()))
        continue;
      Value known = vectors.lookup(keyOf(operand));
      map.map(argument, known ? known : load(operand, position(i), count));
    }
    ArrayRef<Operation *> folding;
    if (member.op->fold)
      folding = member.op->fold->ops;
    for (Operation &op : body.without_terminator())
      if (!member.uniform.contains(op.getResult(0)) &&
          !llvm::is_contained(folding, &op))
        map.map(op.getResult(0), apply(member, &op, map));
    if (member.op->fold) {
      foldVector(member, element(member, member.op->fold->term, map), count,
                 part, folded);
    } else {
      const Operand &result = member.operands.back();
      Value value = element(member, body.getTerminator()->getOperand(0), map);
      Value at = position(member.operands.size() - 1);
      storeVector(b, loc, value, result.flat.buffer, at, count);
      vectors[keyOf(result)] = value;
    }
    number += member.operands.size();
  }
}

RowEmitter::Values RowEmitter::emitVectors(Pass &pass, const Values &bases,
                                           Values folded) {
  int64_t extent = pass.loops.back().extent, whole = extent / width;
  int64_t looped = whole > maxStraight ? whole / manyParts * manyParts : 0;
  if (looped > 0) {
    auto loop = b.create<scf::ForOp>(loc, index(0), index(looped * width),
                                     index(manyParts * width), folded);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Values moved, next(loop.getRegionIterArgs());
    size_t number = 0;
    for (Member &member : pass.members)
      for (const Operand &operand : member.operands)
        moved.push_back(plus(bases[number++], loop.getInductionVar(),
                             operand.strides.back()));
    for (unsigned part = 0; part < manyParts; ++part)
      emitVector(pass, moved, part * width, width, part, next);
    if (!next.empty())
      b.create<scf::YieldOp>(loc, next);
    folded = Values(loop.getResults());
  }
  for (int64_t v = looped; v < whole; ++v)
    emitVector(pass, bases, v * width, width, v % manyParts, folded);
  if (int64_t rest = extent % width)
    emitVector(pass, bases, whole * width, rest, 0, folded);
  return folded;
}

RowEmitter::Values RowEmitter::emitLoops(Pass &pass, size_t depth, Values bases,
                                         Values folded) {
  if (depth + 1 == pass.loops.size())
    return emitVectors(pass, bases, std::move(folded));
  auto loop = b.create<scf::ForOp>(
      loc, index(0), index(pass.loops[depth].extent), index(1), folded);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  size_t number = 0;
  for (Member &member : pass.members)
    for (const Operand &operand : member.operands) {
      bases[number] =
          plus(bases[number], loop.getInductionVar(), operand.strides[depth]);
      ++number;
    }
  Values next = emitLoops(pass, depth + 1, std::move(bases),
                          Values(loop.getRegionIterArgs()));
  if (!next.empty())
    b.create<scf::YieldOp>(loc, next);
  return Values(loop.getResults());
}

void RowEmitter::emitPass(Pass &pass) {
  Values bases, folded;
  for (Member &member : pass.members) {
    findUniform(member);
    for (const Operand &operand : member.operands)
      bases.push_back(operand.base);
    if (member.op->fold)
      startFold(member, folded);
  }
  folded = emitLoops(pass, 0, std::move(bases), std::move(folded));
  for (Member &member : pass.members)
    if (member.op->fold)
      storeNumber(member.operands.back(), finishFold(member, folded));
}

void RowEmitter::emit(ValueRange place) {
  numbers.clear();
  for (Pass &pass : passes)
    for (Member &member : pass.members)
      for (auto [operand, access] :
           llvm::zip(member.operands, member.op->accesses)) {
        operand.base = Value();
        for (auto [i, stride] : llvm::zip(place, access.strides))
          operand.base = plus(operand.base, i, stride);
        if (!operand.base)
          operand.base = index(0);
      }
  for (Pass &pass : passes)
    if (pass.loops.empty())
      for (Member &member : pass.members)
        emitPoint(member);
    else
      emitPass(pass);
}

} // namespace msc::target

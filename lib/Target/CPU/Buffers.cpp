// SPDX-License-Identifier: Apache-2.0
//
/// \file Rewrites of a kernel's linalg ops on buffers.
#include "lib/Target/CPU/Buffers.h"

#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace msc::target {

static bool isViewOp(Operation *op) {
  return isa<ViewLikeOpInterface, memref::TransposeOp>(op);
}

/// What uses \p buffer or a view of it, other than views.
static SmallVector<Operation *> usersThroughViews(Value buffer) {
  SmallVector<Operation *> users, pending(buffer.getUsers());
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (isViewOp(op))
      llvm::append_range(pending, op->getResult(0).getUsers());
    else
      users.push_back(op);
  }
  return users;
}

//===----------------------------------------------------------------------===//
// Fills
//===----------------------------------------------------------------------===//

/// Stores a constant to the whole of a buffer, which is no view.
static bool isFill(linalg::GenericOp op) {
  return filledWith(op) &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity() &&
         rootOf(op.getDpsInits()[0]) == op.getDpsInits()[0];
}

/// The part of the buffer of \p fill that the next op to use it overwrites;
/// null where that is not one block, or something uses the buffer before.
static memref::SubViewOp findOverwritten(linalg::GenericOp fill) {
  Value buffer = fill.getDpsInits()[0];
  Operation *next = nullptr;
  for (Operation *user : usersThroughViews(buffer)) {
    if (user == fill)
      continue;
    if (user->getBlock() != fill->getBlock() || user->isBeforeInBlock(fill))
      return {};
    if (!next || user->isBeforeInBlock(next))
      next = user;
  }
  auto writer = dyn_cast_or_null<linalg::GenericOp>(next);
  if (!writer || writer.getNumDpsInits() != 1 ||
      !writer.getRegion().front().getArguments().back().use_empty() ||
      llvm::any_of(writer.getDpsInputs(),
                   [&](Value input) { return rootOf(input) == buffer; }))
    return {};
  OpOperand *out = writer.getDpsInitOperand(0);
  auto part = out->get().getDefiningOp<memref::SubViewOp>();
  bool isWhole = writer.getMatchingIndexingMap(out).isPermutation();
  return part && isWhole && part.getSource() == buffer &&
                 part.getOffsets().empty() && part.getSizes().empty() &&
                 part.getStrides().empty() && part.hasUnitStride() &&
                 part.getType().getRank() == part.getSourceType().getRank()
             ? part
             : memref::SubViewOp();
}

/// Fills what \p part of the buffer leaves out; of an argument first of all.
static void fillAround(linalg::GenericOp fill, memref::SubViewOp part) {
  Location loc = fill.getLoc();
  ArrayRef<int64_t> shape = part.getSourceType().getShape();
  Value given = fill.getRegion().front().getTerminator()->getOperand(0);
  OpBuilder b = isa<BlockArgument>(part.getSource())
                    ? OpBuilder::atBlockBegin(fill->getBlock())
                    : OpBuilder(fill);
  given = b.clone(*given.getDefiningOp())->getResult(0);
  auto numbers = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(b.getContext(), values);
  };
  // Along d outside of the part; before d inside of it, behind d anywhere.
  SmallVector<int64_t> start(shape.size(), 0), size(shape),
      ones(shape.size(), 1);
  auto fillSlab = [&](int64_t d, int64_t from, int64_t count) {
    if (count == 0)
      return;
    start[d] = from;
    size[d] = count;
    Value slab = b.create<memref::SubViewOp>(
        loc, part.getSource(), numbers(start), numbers(size), numbers(ones));
    b.create<linalg::GenericOp>(loc, ValueRange(), slab,
                                fill.getIndexingMapsArray(),
                                fill.getIteratorTypesArray(),
                                [&](OpBuilder &nested, Location l, ValueRange) {
                                  nested.create<linalg::YieldOp>(l, given);
                                });
  };
  for (size_t d = 0; d < shape.size(); ++d) {
    int64_t low = part.getStaticOffsets()[d], count = part.getStaticSizes()[d];
    fillSlab(d, 0, low);
    fillSlab(d, low + count, shape[d] - low - count);
    start[d] = low;
    size[d] = count;
  }
}

void narrowFills(func::FuncOp kernel) {
  SmallVector<linalg::GenericOp> fills;
  kernel.walk([&](linalg::GenericOp op) {
    if (isFill(op))
      fills.push_back(op);
  });
  for (linalg::GenericOp fill : fills)
    if (memref::SubViewOp part = findOverwritten(fill)) {
      fillAround(fill, part);
      fill.erase();
    }
}

//===----------------------------------------------------------------------===//
// Workspaces
//===----------------------------------------------------------------------===//

/// Makes \p view known before \p place; false where it depends on more than a
/// buffer that is.
static bool raise(Value view, Operation *place) {
  Operation *op = view.getDefiningOp();
  if (!op || op->isBeforeInBlock(place))
    return true;
  if (!isViewOp(op) || op->getNumOperands() != 1 ||
      !raise(op->getOperand(0), place))
    return false;
  op->moveBefore(place);
  return true;
}

/// Whether \p view is \p buffer or one collapse of its dimensions.
static bool isWholeView(Value view, memref::AllocOp buffer) {
  if (auto collapse = view.getDefiningOp<memref::CollapseShapeOp>())
    view = collapse.getSrc();
  return view == buffer.getResult();
}

/// The op that computes the elements of a buffer of the kernel's caller from
/// those of \p buffer and is the last to use it; null if there is none.
static linalg::GenericOp findLastReader(memref::AllocOp buffer) {
  Operation *first = nullptr, *last = nullptr;
  SmallVector<Operation *> users(buffer->getUsers());
  for (size_t i = 0; i < users.size(); ++i) {
    if (isa<memref::CollapseShapeOp, memref::ExpandShapeOp>(users[i])) {
      llvm::append_range(users, users[i]->getUsers());
      continue;
    }
    if (!isa<linalg::LinalgOp>(users[i]) ||
        users[i]->getBlock() != buffer->getBlock())
      return {};
    if (!first || users[i]->isBeforeInBlock(first))
      first = users[i];
    if (!last || last->isBeforeInBlock(users[i]))
      last = users[i];
  }
  auto reader = dyn_cast_or_null<linalg::GenericOp>(last);
  if (!reader || reader.getNumDpsInits() != 1 || reader.getNumReductionLoops())
    return {};
  OpOperand *out = reader.getDpsInitOperand(0);
  Value root = rootOf(out->get());
  if (!isa<BlockArgument>(root) ||
      !llvm::all_of(usersThroughViews(root), [&](Operation *user) {
        return user == last || last->isBeforeInBlock(user) ||
               (user->getBlock() == first->getBlock() &&
                user->isBeforeInBlock(first));
      }))
    return {};
  return reader.getMatchingIndexingMap(out).isIdentity() ? reader
                                                         : linalg::GenericOp();
}

/// The operand through which \p reader sees the whole of \p buffer, in any
/// order of dimensions; null where it sees it otherwise or not at all.
static OpOperand *findRead(linalg::GenericOp reader, memref::AllocOp buffer) {
  OpOperand *read = nullptr;
  for (OpOperand *input : reader.getDpsInputOperands()) {
    if (rootOf(input->get()) != buffer.getResult())
      continue;
    if (read || !isWholeView(input->get(), buffer) ||
        !reader.getMatchingIndexingMap(input).isPermutation() ||
        getElementTypeOrSelf(input->get().getType()) !=
            getElementTypeOrSelf(reader.getDpsInits()[0].getType()))
      return nullptr;
    read = input;
  }
  auto type = cast<MemRefType>(reader.getDpsInits()[0].getType());
  if (!read || (reader.getMatchingIndexingMap(read).isIdentity() &&
                type.getLayout().isIdentity()))
    return read;
  // Other reshapes have the type of a buffer in its own order.
  bool isReshaped = llvm::any_of(buffer->getUsers(), [&](Operation *user) {
    return isa<memref::CollapseShapeOp, memref::ExpandShapeOp>(user) &&
           user->getResult(0) != read->get();
  });
  return isReshaped ? nullptr : read;
}

/// What takes the place of \p buffer: \p result, seen as \p read sees it.
static Value viewAs(memref::AllocOp buffer, Value result, AffineMap map,
                    Value read) {
  OpBuilder b(buffer);
  Value view = result;
  if (!map.isIdentity())
    view = b.create<memref::TransposeOp>(buffer.getLoc(), view,
                                         AffineMapAttr::get(map));
  auto collapse = read.getDefiningOp<memref::CollapseShapeOp>();
  if (!collapse)
    return view;
  return b.create<memref::ExpandShapeOp>(buffer.getLoc(),
                                         buffer.getType().getShape(), view,
                                         collapse.getReassociationIndices());
}

static bool isCopy(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  return op.getNumDpsInputs() == 1 &&
         body.getTerminator()->getOperand(0) == body.getArgument(0);
}

void computeInPlace(func::FuncOp kernel) {
  SmallVector<memref::AllocOp> buffers;
  kernel.walk([&](memref::AllocOp op) { buffers.push_back(op); });
  // From the last one: what one was copied to may itself be in place then.
  for (memref::AllocOp buffer : llvm::reverse(buffers)) {
    linalg::GenericOp reader = findLastReader(buffer);
    if (!reader)
      continue;
    OpOperand *read = findRead(reader, buffer);
    if (!read)
      continue;
    Value result = reader.getDpsInits()[0];
    if (!raise(result, buffer))
      continue;
    AffineMap map = reader.getMatchingIndexingMap(read);
    Value seen = read->get();
    unsigned number = read->getOperandNumber();
    read->set(result);
    SmallVector<AffineMap> maps(reader.getIndexingMapsArray());
    maps[number] = maps.back();
    reader.setIndexingMapsAttr(OpBuilder(reader).getAffineMapArrayAttr(maps));
    buffer.replaceAllUsesWith(viewAs(buffer, result, map, seen));
    if (seen != buffer.getResult() && seen.use_empty())
      seen.getDefiningOp()->erase();
    buffer.erase();
    if (isCopy(reader))
      reader.erase(); // to itself
  }
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

namespace {
/// The end of a kernel: `sum` adds to what `fill` stored, `last` adds `added`
/// to that before all else.
struct EndOfSum {
  linalg::GenericOp fill, sum, last;
  arith::AddFOp addition;  ///< of last
  OpOperand *read, *added; ///< of last
};
} // namespace

/// Adds up terms that do not depend on the sum.
static bool isSum(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  auto add = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  Value out = body.getArguments().back();
  return op.getNumReductionLoops() != 0 && op.getNumDpsInits() == 1 && add &&
         out.hasOneUse() && (add.getLhs() == out || add.getRhs() == out);
}

/// The operand through which \p op reads the buffer that it changes, element by
/// element; null if it does not.
static OpOperand *findOwnRead(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0 ||
      !op.getRegion().front().getArguments().back().use_empty())
    return nullptr;
  OpOperand *out = op.getDpsInitOperand(0);
  for (OpOperand *input : op.getDpsInputOperands())
    if (input->get() == out->get() &&
        op.getMatchingIndexingMap(input) == op.getMatchingIndexingMap(out))
      return input;
  return nullptr;
}

/// The addition of an input of \p end.last and the sum, the only use of it.
static bool findAddition(EndOfSum &end) {
  Block &body = end.last.getRegion().front();
  Value sum = body.getArgument(end.read->getOperandNumber());
  if (!sum.hasOneUse())
    return false;
  end.addition = dyn_cast<arith::AddFOp>(*sum.user_begin());
  if (!end.addition)
    return false;
  Value other = end.addition.getLhs() == sum ? end.addition.getRhs()
                                             : end.addition.getLhs();
  auto argument = dyn_cast<BlockArgument>(other);
  if (!argument || argument.getOwner() != &body)
    return false;
  end.added = &end.last->getOpOperand(argument.getArgNumber());
  Value root = rootOf(end.last.getDpsInits()[0]);
  return isa<MemRefType>(end.added->get().getType()) &&
         rootOf(end.added->get()) != root;
}

static std::optional<EndOfSum> findEndOfSum(func::FuncOp kernel) {
  SmallVector<Operation *> ops;
  int64_t reductions = 0;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      reductions += generic.getNumReductionLoops() != 0;
    if (!isViewOp(&op) && !isMemoryEffectFree(&op))
      ops.push_back(&op);
  }
  if (ops.size() < 3 || reductions != 1)
    return std::nullopt;
  EndOfSum end;
  end.fill = dyn_cast<linalg::GenericOp>(ops.end()[-3]);
  end.sum = dyn_cast<linalg::GenericOp>(ops.end()[-2]);
  end.last = dyn_cast<linalg::GenericOp>(ops.end()[-1]);
  if (!end.fill || !end.sum || !end.last || !isSum(end.sum))
    return std::nullopt;
  auto zero = dyn_cast_or_null<FloatAttr>(filledWith(end.fill));
  Value result = end.sum.getDpsInits()[0];
  end.read = findOwnRead(end.last);
  if (!zero || !zero.getValue().isZero() ||
      end.fill.getDpsInits()[0] != result || !end.read ||
      rootOf(end.read->get()) != rootOf(result) || !findAddition(end))
    return std::nullopt;
  return end;
}

/// Removes input \p unused, which the body does not use, and \p op where it
/// changes nothing then.
static void dropInput(linalg::GenericOp op, OpOperand &unused) {
  unsigned number = unused.getOperandNumber();
  SmallVector<Value> inputs(op.getInputs());
  SmallVector<AffineMap> maps(op.getIndexingMapsArray());
  inputs.erase(inputs.begin() + number);
  maps.erase(maps.begin() + number);
  OpBuilder b(op);
  auto smaller = b.create<linalg::GenericOp>(
      op.getLoc(), inputs, op.getOutputs(), maps, op.getIteratorTypesArray());
  smaller.getRegion().takeBody(op.getRegion());
  smaller.getRegion().front().eraseArgument(number);
  op.erase();
  if (isCopy(smaller) && smaller.getDpsInputs()[0] == smaller.getDpsInits()[0])
    smaller.erase();
}

void startSums(func::FuncOp kernel) {
  std::optional<EndOfSum> end = findEndOfSum(kernel);
  if (!end)
    return;
  linalg::GenericOp last = end->last;
  OpOperand *out = last.getDpsInitOperand(0);
  Value added = end->added->get();
  if (!raise(out->get(), end->fill) || !raise(added, end->fill))
    return;
  OpBuilder b(end->fill);
  b.create<linalg::GenericOp>(
      last.getLoc(), added, out->get(),
      ArrayRef{last.getMatchingIndexingMap(end->added),
               last.getMatchingIndexingMap(out)},
      last.getIteratorTypesArray(),
      [](OpBuilder &nested, Location loc, ValueRange arguments) {
        nested.create<linalg::YieldOp>(loc, arguments[0]);
      });
  end->fill.erase();
  Block &body = last.getRegion().front();
  end->addition.replaceAllUsesWith(
      Value(body.getArgument(end->read->getOperandNumber())));
  end->addition.erase();
  if (body.getArgument(end->added->getOperandNumber()).use_empty())
    dropInput(last, *end->added);
}

} // namespace msc::target

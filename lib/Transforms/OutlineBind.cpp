// SPDX-License-Identifier: Apache-2.0
//
/// \file What is computed when parameters are bound.
#include "msc/Transforms/Passes.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_OUTLINEBIND
#include "msc/Transforms/Passes.h.inc"

/// A result larger than this many times its operands stays in the model:
/// expanding weights in the file costs more than computing them. What is
/// computed is stored up to so many elements: masks and tables.
static constexpr int64_t maxGrowth = 2, maxTable = 1 << 20;

static int64_t elements(ValueRange values) {
  int64_t sum = 0;
  for (Value value : values)
    sum += ms::tensorType(value).getNumElements();
  return sum;
}

/// Whether the results of \p op are better stored than computed in each run.
static bool isWorthStoring(Operation &op) {
  int64_t limit = maxGrowth * elements(op.getOperands()) + 64;
  // Copies of what is there are read as fast as it.
  if (op.hasTrait<ms::Elementwise>())
    limit = std::max(limit, maxTable);
  return elements(op.getResults()) <= limit;
}

namespace {
/// Moves the work of every entry function into one bind function: what two of
/// them need is computed and stored once.
struct OutlineBind : impl::OutlineBindBase<OutlineBind> {
  void runOnOperation() final {
    SmallVector<func::FuncOp> entries(getOperation().getOps<func::FuncOp>());
    if (entries.empty())
      return;
    OpBuilder b(&getContext());
    b.setInsertionPoint(entries.front());
    bind = b.create<func::FuncOp>(entries.front().getLoc(), "bind",
                                  b.getFunctionType({}, {}));
    bind.addEntryBlock();
    for (func::FuncOp entry : entries) {
      bound.clear();
      findBound(entry);
      outline(entry);
    }
    mergeResults(entries);
    b.setInsertionPointToEnd(&bind.getBody().front());
    b.create<func::ReturnOp>(bind.getLoc(), results);
    bind.setFunctionType(b.getFunctionType(bind.getBody().getArgumentTypes(),
                                           ValueRange(results).getTypes()));
  }

private:
  void findBound(func::FuncOp main);
  void readOnce(func::FuncOp main, llvm::StringMap<Value> &read);
  void outline(func::FuncOp main);
  void pack(func::FuncOp main, unsigned argument, Value value);
  void mergeResults(ArrayRef<func::FuncOp> entries);
  Value parameter(StringRef name, Type type);

  func::FuncOp bind;
  llvm::SetVector<Value> bound; ///< in the entry at hand
  llvm::StringMap<Value> parameters;
  SmallVector<Value> results; ///< of bind
};
} // namespace

/// Values of the main block that depend on parameters and constants alone.
void OutlineBind::findBound(func::FuncOp main) {
  for (Operation &op : main.getBody().front()) {
    if (isa<ms::ParameterOp>(op)) {
      bound.insert(op.getResult(0));
      continue;
    }
    if (op.getNumRegions() || op.hasTrait<OpTrait::IsTerminator>() ||
        op.getNumOperands() == 0)
      continue;
    bool isBound = llvm::all_of(op.getOperands(), [&](Value operand) {
      return operand.getDefiningOp<ms::ConstantOp>() || bound.contains(operand);
    });
    if (isBound && isWorthStoring(op))
      bound.insert(op.getResults().begin(), op.getResults().end());
  }
}

/// Nested regions may use parameters directly: reads each once, in main.
void OutlineBind::readOnce(func::FuncOp main, llvm::StringMap<Value> &read) {
  Block *body = &main.getBody().front();
  OpBuilder entry(body, body->begin());
  SmallVector<ms::ParameterOp> reads;
  main.walk([&](ms::ParameterOp op) { reads.push_back(op); });
  for (ms::ParameterOp op : reads) {
    Value &first = read[op.getName()];
    if (!first) {
      op->moveBefore(body, entry.getInsertionPoint());
      entry.setInsertionPointAfter(op);
      first = op;
      bound.insert(first);
      continue;
    }
    bound.remove(op);
    op.replaceAllUsesWith(first);
    op.erase();
  }
}

/// The argument of bind that \p name arrives in.
Value OutlineBind::parameter(StringRef name, Type type) {
  Value &value = parameters[name];
  if (!value) {
    Builder b(&getContext());
    unsigned index = bind.getNumArguments();
    bind.insertArgument(index, type,
                        b.getDictionaryAttr(b.getNamedAttr(
                            "ms.parameter", b.getStringAttr(name))),
                        bind.getLoc());
    value = bind.getArgument(index);
  }
  return value;
}

/// Lets \p argument of \p main read what bind computes as \p value.
void OutlineBind::pack(func::FuncOp main, unsigned argument, Value value) {
  main.setArgAttr(argument, "ms.packed",
                  Builder(&getContext()).getI64IntegerAttr(results.size()));
  results.push_back(value);
}

void OutlineBind::outline(func::FuncOp main) {
  llvm::StringMap<Value> read;
  readOnce(main, read);
  Block *body = &main.getBody().front();
  // Program order keeps the outlined code valid.
  SmallVector<Operation *> moved;
  for (Operation &op : *body)
    if (op.getNumResults() && bound.contains(op.getResult(0)))
      moved.push_back(&op);
  OpBuilder b = OpBuilder::atBlockEnd(&bind.getBody().front());
  IRMapping map;
  for (Operation *op : moved) {
    if (auto read = dyn_cast<ms::ParameterOp>(op)) {
      map.map(read.getResult(), parameter(read.getName(), read.getType()));
      continue;
    }
    for (Value operand : op->getOperands())
      if (!map.contains(operand))
        b.clone(*operand.getDefiningOp(), map); // a constant
    b.clone(*op, map);
  }
  for (Operation *op : moved)
    for (Value value : op->getResults()) {
      bool outside = llvm::any_of(value.getUsers(), [&](Operation *user) {
        return user->getNumResults() == 0 ||
               !bound.contains(user->getResult(0)) || user->getBlock() != body;
      });
      if (!outside)
        continue;
      unsigned index = main.getNumArguments();
      main.insertArgument(index, value.getType(), {}, value.getLoc());
      pack(main, index, map.lookup(value));
      value.replaceAllUsesWith(main.getArgument(index));
    }
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto state = main.getArgAttrOfType<StringAttr>(i, "ms.state")) {
      Value seed = map.lookupOrNull(read.lookup(state.getValue()));
      pack(main, i,
           seed ? seed
                : parameter(state.getValue(), main.getArgument(i).getType()));
    }
  for (Operation *op : llvm::reverse(moved))
    op->erase();
}

/// What several entries computed alike becomes one result.
void OutlineBind::mergeResults(ArrayRef<func::FuncOp> entries) {
  IRRewriter rewriter(&getContext());
  // The values that CSE leaves are found through a terminator for the time.
  rewriter.setInsertionPointToEnd(&bind.getBody().front());
  auto stored = rewriter.create<func::ReturnOp>(bind.getLoc(), results);
  DominanceInfo dominance;
  eliminateCommonSubExpressions(rewriter, dominance, bind);
  llvm::MapVector<Value, int64_t> merged;
  SmallVector<int64_t> place;
  for (Value value : stored.getOperands())
    place.push_back(
        merged.insert({value, int64_t(merged.size())}).first->second);
  stored.erase();
  Builder b(&getContext());
  for (func::FuncOp entry : entries)
    for (unsigned i = 0; i < entry.getNumArguments(); ++i)
      if (auto packed = entry.getArgAttrOfType<IntegerAttr>(i, "ms.packed"))
        entry.setArgAttr(i, "ms.packed",
                         b.getI64IntegerAttr(place[packed.getInt()]));
  results.clear();
  for (auto [value, index] : merged)
    results.push_back(value);
}

} // namespace msc

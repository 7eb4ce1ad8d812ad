// SPDX-License-Identifier: Apache-2.0
//
/// \file What is computed when parameters are bound.
#include "msc/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_OUTLINEBIND
#include "msc/Transforms/Passes.h.inc"

/// A result larger than this many times its operands stays in the model:
/// expanding weights in the file costs more than computing them.
static constexpr int64_t maxGrowth = 2;

static int64_t elements(ValueRange values) {
  int64_t sum = 0;
  for (Value value : values)
    sum += ms::tensorType(value).getNumElements();
  return sum;
}

namespace {
struct OutlineBind : impl::OutlineBindBase<OutlineBind> {
  void runOnOperation() final {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main)
      return;
    findBound(main);
    OpBuilder b(main);
    auto bind = b.create<func::FuncOp>(main.getLoc(), "bind",
                                       b.getFunctionType({}, {}));
    outline(main, bind);
  }

  /// Values of the main block that depend on parameters and constants alone.
  void findBound(func::FuncOp main) {
    for (Operation &op : main.getBody().front()) {
      if (isa<ms::ParameterOp>(op)) {
        bound.insert(op.getResult(0));
        continue;
      }
      if (op.getNumRegions() || op.hasTrait<OpTrait::IsTerminator>() ||
          op.getNumOperands() == 0)
        continue;
      bool fromParameter = false, all = true;
      for (Value operand : op.getOperands()) {
        bool isConstant = operand.getDefiningOp<ms::ConstantOp>() != nullptr;
        fromParameter |= bound.contains(operand);
        all &= isConstant || bound.contains(operand);
      }
      if (all && fromParameter &&
          elements(op.getResults()) <=
              maxGrowth * elements(op.getOperands()) + 64)
        bound.insert(op.getResults().begin(), op.getResults().end());
    }
  }

  void outline(func::FuncOp main, func::FuncOp bind);

  llvm::SetVector<Value> bound;
};
} // namespace

void OutlineBind::outline(func::FuncOp main, func::FuncOp bind) {
  // Nested regions may use parameters directly: read each once, in main.
  llvm::StringMap<Value> read;
  OpBuilder entry(&main.getBody().front(), main.getBody().front().begin());
  SmallVector<ms::ParameterOp> reads;
  main.walk([&](ms::ParameterOp op) { reads.push_back(op); });
  for (ms::ParameterOp op : reads) {
    Value &first = read[op.getName()];
    if (!first) {
      op->moveBefore(&main.getBody().front(), entry.getInsertionPoint());
      entry.setInsertionPointAfter(op);
      first = op;
      bound.insert(first);
      continue;
    }
    bound.remove(op);
    op.replaceAllUsesWith(first);
    op.erase();
  }

  Builder attrs(&getContext());
  Block *body = bind.addEntryBlock();
  OpBuilder b(body, body->begin());
  IRMapping map;
  SmallVector<Value> results;
  auto addParameter = [&](StringRef name, Type type) {
    unsigned index = bind.getNumArguments();
    bind.insertArgument(index, type,
                        attrs.getDictionaryAttr(attrs.getNamedAttr(
                            "ms.parameter", attrs.getStringAttr(name))),
                        bind.getLoc());
    return bind.getArgument(index);
  };
  auto markPacked = [&](unsigned arg) {
    main.setArgAttr(arg, "ms.packed", attrs.getI64IntegerAttr(results.size()));
  };
  // Program order keeps the outlined code valid.
  SmallVector<Operation *> moved;
  for (Operation &op : main.getBody().front())
    if (op.getNumResults() && bound.contains(op.getResult(0)))
      moved.push_back(&op);
  for (Operation *op : moved) {
    if (auto parameter = dyn_cast<ms::ParameterOp>(op)) {
      map.map(parameter.getResult(),
              addParameter(parameter.getName(), parameter.getType()));
    } else {
      for (Value operand : op->getOperands())
        if (!map.contains(operand))
          b.clone(*operand.getDefiningOp(), map); // a constant
      b.clone(*op, map);
    }
  }
  for (Operation *op : moved)
    for (Value value : op->getResults()) {
      bool outside = llvm::any_of(value.getUsers(), [&](Operation *user) {
        return user->getNumResults() == 0 ||
               !bound.contains(user->getResult(0)) ||
               user->getBlock() != &main.getBody().front();
      });
      if (!outside)
        continue;
      unsigned index = main.getNumArguments();
      main.insertArgument(index, value.getType(), {}, value.getLoc());
      markPacked(index);
      results.push_back(map.lookup(value));
      value.replaceAllUsesWith(main.getArgument(index));
    }
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto state = main.getArgAttrOfType<StringAttr>(i, "ms.state")) {
      markPacked(i);
      auto it = read.find(state.getValue());
      Value seed = it == read.end() ? Value() : map.lookupOrNull(it->second);
      results.push_back(
          seed ? seed
               : addParameter(state.getValue(), main.getArgument(i).getType()));
    }
  for (Operation *op : llvm::reverse(moved))
    op->erase();
  b.setInsertionPointToEnd(body);
  b.create<func::ReturnOp>(bind.getLoc(), results);
  bind.setFunctionType(b.getFunctionType(body->getArgumentTypes(),
                                         ValueRange(results).getTypes()));
}

} // namespace msc

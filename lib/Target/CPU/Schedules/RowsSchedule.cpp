// SPDX-License-Identifier: Apache-2.0
//
/// \file Schedule "rows": softmax, normalizations and other chains of folds
/// over rows and of what is computed from them, row by row.
#include "lib/Target/CPU/Schedules/RowEmitter.h"
#include "lib/Target/CPU/Schedules/Schedule.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

/// Operations on elements, roughly.
static constexpr double operationsPerCycle = 8;

static size_t match(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  return readRowGroup(ops, options.cpu).ops.size();
}

static void emit(StageBuilder &stage, ArrayRef<Operation *> ops) {
  RowGroup group = readRowGroup(ops, stage.options.cpu);
  double cost = group.rowCost() * double(group.rows());
  RewriterBase &rewriter = stage.rewriter;
  Location loc = ops.front()->getLoc();
  rewriter.setInsertionPointAfter(ops.back());
  RowEmitter emitter(rewriter, loc, group, stage.options);
  Value zero = rewriter.create<arith::ConstantIndexOp>(loc, 0),
        one = rewriter.create<arith::ConstantIndexOp>(loc, 1);
  SmallVector<scf::ForOp> loops;
  SmallVector<Value> place;
  for (int64_t extent : group.outer) {
    Value end = rewriter.create<arith::ConstantIndexOp>(loc, extent);
    loops.push_back(rewriter.create<scf::ForOp>(loc, zero, end, one));
    rewriter.setInsertionPointToStart(loops.back().getBody());
    place.push_back(loops.back().getInductionVar());
  }
  emitter.emit(place);
  for (Operation *op : llvm::reverse(ops))
    rewriter.eraseOp(op);
  stage.shareOut(loops, group.outer, cost / operationsPerCycle);
}

const Schedule rowsSchedule = {"rows", match, emit};

} // namespace msc::target

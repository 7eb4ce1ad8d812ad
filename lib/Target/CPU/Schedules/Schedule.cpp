// SPDX-License-Identifier: Apache-2.0
//
/// \file What schedules share, and the list of them.
#include "lib/Target/CPU/Schedules/Schedule.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

ArrayRef<Schedule> schedules() {
  static const Schedule list[] = {attentionSchedule, contractionSchedule,
                                  rowsSchedule, fillSchedule};
  return list;
}

/// Restricts \p loop to the \p point-th of the chunks of \p size iterations.
static void restrictLoop(RewriterBase &rewriter, scf::ForOp loop, Value point,
                         int64_t extent, int64_t size) {
  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  Value chunk = rewriter.create<arith::ConstantIndexOp>(loc, size);
  Value low = rewriter.create<arith::MulIOp>(loc, point, chunk);
  Value high = rewriter.create<arith::AddIOp>(loc, low, chunk);
  if (extent % size != 0)
    high = rewriter.create<arith::MinSIOp>(
        loc, high, rewriter.create<arith::ConstantIndexOp>(loc, extent));
  loop.setLowerBound(low);
  loop.setUpperBound(high);
}

void StageBuilder::shareOut(ArrayRef<scf::ForOp> loops,
                            ArrayRef<int64_t> extents, int64_t tasks) {
  unsigned firstPoint = function.getNumArguments() - 3;
  unsigned axis = 0;
  for (auto [loop, extent] : llvm::zip(loops, extents)) {
    if (axis == 2 || tasks <= 1)
      return;
    if (extent < 2)
      continue;
    int64_t size = llvm::divideCeil(extent, std::min(extent, tasks));
    int64_t count = llvm::divideCeil(extent, size);
    restrictLoop(rewriter, loop, function.getArgument(firstPoint + axis),
                 extent, size);
    grid[axis++] = count;
    tasks = llvm::divideCeil(tasks, count);
  }
}

} // namespace msc::target

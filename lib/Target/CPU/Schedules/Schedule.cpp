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
  struct Cut {
    scf::ForOp loop;
    int64_t extent, size, count;
  };
  SmallVector<Cut> cuts;
  for (auto [loop, extent] : llvm::zip(loops, extents)) {
    if (cuts.size() == 2 || tasks <= 1)
      break;
    if (extent < 2)
      continue;
    int64_t size = llvm::divideCeil(extent, std::min(extent, tasks));
    int64_t count = llvm::divideCeil(extent, size);
    cuts.push_back({loop, extent, size, count});
    tasks = llvm::divideCeil(tasks, count);
  }
  // A thread counts the first axis up first: that is the inner loop's, so that
  // points follow each other as the iterations would.
  unsigned firstPoint = function.getNumArguments() - 3;
  for (auto [axis, cut] : llvm::enumerate(llvm::reverse(cuts))) {
    restrictLoop(rewriter, cut.loop, function.getArgument(firstPoint + axis),
                 cut.extent, cut.size);
    grid[axis] = cut.count;
  }
}

} // namespace msc::target

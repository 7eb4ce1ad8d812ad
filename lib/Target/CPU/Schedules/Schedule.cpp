// SPDX-License-Identifier: Apache-2.0
//
/// \file What schedules share, and the list of them.
#include "lib/Target/CPU/Schedules/Schedule.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace msc::target {

ArrayRef<Schedule> schedules() {
  static const Schedule list[] = {attentionSchedule, amxSchedule,
                                  stripsSchedule,    contractionSchedule,
                                  rowsSchedule,      fillSchedule};
  return list;
}

/// Cycles to wake and join threads, and to enter a point of a grid.
static constexpr double forkCycles = 5000, pointCycles = 200;
static constexpr int64_t maxPoints = 128;

bool isWorthSharing(double cycles) { return cycles >= 2 * forkCycles; }

namespace {
/// A loop that is cut into `count` chunks, even up to one iteration.
struct Cut {
  size_t loop = 0;
  int64_t extent = 1, count = 1;
  int64_t begin(int64_t chunk) const { return extent * chunk / count; }
};

/// Chunks of `slow` times chunks of `fast`.
struct Cuts {
  Cut slow, fast;
  int64_t points() const { return slow.count * fast.count; }
  /// Iterations of the points before \p point.
  double before(int64_t point) const {
    int64_t s = point / fast.count, f = point % fast.count;
    double rest =
        point == points()
            ? 0
            : double(slow.begin(s + 1) - slow.begin(s)) * double(fast.begin(f));
    return double(slow.begin(s)) * double(fast.extent) + rest;
  }
};
} // namespace

/// How much longer than ideally split work takes with 2, 4 and 8 threads, each
/// of which takes as many points.
static double slowdown(const Cuts &cuts, double cycles) {
  double total = double(cuts.slow.extent) * double(cuts.fast.extent), sum = 0;
  int64_t points = cuts.points();
  for (int64_t threads : {2, 4, 8}) {
    double longest = 0;
    for (int64_t t = 0; t < threads; ++t) {
      int64_t from = points * t / threads, to = points * (t + 1) / threads;
      double share = (cuts.before(to) - cuts.before(from)) / total;
      longest =
          std::max(longest, share * cycles + double(to - from) * pointCycles);
    }
    sum += longest * double(threads) / cycles;
  }
  // Further inside, threads share more of what they read and write.
  return sum * (1 + 0.02 * double(std::max(cuts.slow.loop, cuts.fast.loop)));
}

/// How to cut loops of \p extents that take \p cycles together.
static Cuts chooseCuts(ArrayRef<int64_t> extents, double cycles) {
  static constexpr int64_t counts[] = {2,  3,  4,  6,  8,  12, 16,
                                       24, 32, 48, 64, 96, 128};
  Cuts best;
  double least = slowdown(best, cycles);
  auto consider = [&](const Cuts &cuts) {
    double time = slowdown(cuts, cycles);
    if (time < least) {
      least = time;
      best = cuts;
    }
  };
  auto forCuts = [&](size_t loop, int64_t limit, auto &&use) {
    for (int64_t count : counts)
      if (count <= std::min(extents[loop], limit))
        use(Cut{loop, extents[loop], count});
    if (extents[loop] > 1 && extents[loop] <= limit)
      use(Cut{loop, extents[loop], extents[loop]});
  };
  for (size_t i = 0; i < extents.size(); ++i)
    forCuts(i, maxPoints, [&](Cut slow) {
      consider({slow, {}});
      for (size_t j = i + 1; j < extents.size(); ++j)
        forCuts(j, maxPoints / slow.count,
                [&](Cut fast) { consider({slow, fast}); });
    });
  return best;
}

/// Restricts \p loop to chunk \p point of \p cut.
static void restrictLoop(RewriterBase &rewriter, scf::ForOp loop, Value point,
                         const Cut &cut) {
  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  auto constant = [&](int64_t value) -> Value {
    return rewriter.create<arith::ConstantIndexOp>(loc, value);
  };
  auto begin = [&](Value chunk) -> Value {
    if (cut.extent % cut.count == 0)
      return rewriter.create<arith::MulIOp>(loc, chunk,
                                            constant(cut.extent / cut.count));
    Value scaled =
        rewriter.create<arith::MulIOp>(loc, chunk, constant(cut.extent));
    return rewriter.create<arith::DivUIOp>(loc, scaled, constant(cut.count));
  };
  loop.setLowerBound(begin(point));
  loop.setUpperBound(
      begin(rewriter.create<arith::AddIOp>(loc, point, constant(1))));
}

void StageBuilder::shareOut(ArrayRef<scf::ForOp> loops,
                            ArrayRef<int64_t> extents, double cycles) {
  if (!isWorthSharing(cycles))
    return;
  Cuts cuts = chooseCuts(extents, cycles);
  // A thread counts the first axis up first.
  unsigned firstPoint = function.getNumArguments() - 3, axis = 0;
  for (const Cut &cut : {cuts.fast, cuts.slow})
    if (cut.count > 1) {
      restrictLoop(rewriter, loops[cut.loop],
                   function.getArgument(firstPoint + axis), cut);
      grid[axis++] = cut.count;
    }
}

} // namespace msc::target

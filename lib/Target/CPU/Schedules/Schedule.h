// SPDX-License-Identifier: Apache-2.0
//
/// \file The interface of schedules. A schedule is one file: it recognises ops
/// that it computes well and writes their loops.
#ifndef LIB_TARGET_CPU_SCHEDULES_SCHEDULE_H
#define LIB_TARGET_CPU_SCHEDULES_SCHEDULE_H

#include "lib/Target/CPU/CPUInfo.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace msc::target {

/// On arguments of a kernel: buffers that only the kernel itself uses.
inline constexpr llvm::StringLiteral workspaceAttr = "msc.workspace";

struct ScheduleOptions {
  CPUInfo cpu;
  bool anyOrder; ///< the terms of a sum may be added up in any order
};

/// What ops take that are computed in more than one stage.
struct StageNeeds {
  unsigned stages = 1;
  uint64_t workspace = 0; ///< bytes, which those stages share
  uint64_t scratch = 0;   ///< bytes, of each thread's own
};

/// Where the loops of one stage are written.
struct StageBuilder {
  mlir::RewriterBase &rewriter;
  mlir::func::FuncOp function; ///< `@(buffers..., %x, %y, %error)`
  const ScheduleOptions &options;
  unsigned number = 0;        ///< of the stages that the ops take
  mlir::Value workspace = {}; ///< null where they need none
  mlir::Value scratch = {};   ///< null where they need none
  uint32_t grid[3] = {1, 1, 1};
  /// Arithmetic operations, where those of the ops are not what is computed.
  std::optional<double> flops = std::nullopt;
  /// Bytes that never leave the scratch memory, though the ops' buffers have
  /// room for them.
  uint64_t keptBytes = 0;

  /// Where there are several ways to compute the stage that only measuring can
  /// tell apart: which one is wanted, 0 by the schedule's own estimate. How
  /// many there are is said by emit, which takes 0 where there is no such one.
  unsigned candidate = 0, candidates = 1;
  /// Which of them was taken, for people; "" for the schedule's own.
  std::string note = "";

  /// Gives each point of the grid its part of the iterations of \p loops: all
  /// independent, with lower bound 0, step 1 and these extents. Neighbouring
  /// points, which one thread takes, get neighbouring iterations of the first
  /// loops. All iterations together take about \p cycles; there is one point
  /// where that is not worth waking threads for.
  void shareOut(llvm::ArrayRef<mlir::scf::ForOp> loops,
                llvm::ArrayRef<int64_t> extents, double cycles);
};

/// Whether a stage of \p cycles gets several threads.
bool isWorthSharing(double cycles);

struct Schedule {
  const char *name;
  /// How many of \p ops, from the first on, it computes in one stage; 0 when
  /// it is not for them. \p ops are consecutive ops on buffers in one block,
  /// views and constants left out.
  size_t (*match)(llvm::ArrayRef<mlir::Operation *> ops,
                  const ScheduleOptions &options);
  /// Replaces \p ops, which match took and which are in the stage's function,
  /// by loops.
  void (*emit)(StageBuilder &stage, llvm::ArrayRef<mlir::Operation *> ops);
  /// Why match does not take \p ops, for people, where they begin with its
  /// kind of op; "" where they do not. May be null.
  std::string (*whyNot)(llvm::ArrayRef<mlir::Operation *> ops,
                        const ScheduleOptions &options) = nullptr;
  /// For schedules of several stages: how many \p ops, which match took, need.
  /// emit is called for each, on copies of the ops. May be null.
  StageNeeds (*needs)(llvm::ArrayRef<mlir::Operation *> ops,
                      const ScheduleOptions &options) = nullptr;
};

/// The schedules besides the generic one, which is in Stages.cpp.
llvm::ArrayRef<Schedule> schedules();

// One per file of that name.
extern const Schedule amxSchedule;
extern const Schedule attentionSchedule;
extern const Schedule contractionSchedule;
extern const Schedule fillSchedule;
extern const Schedule rowsSchedule;
extern const Schedule stripsSchedule;

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_SCHEDULE_H

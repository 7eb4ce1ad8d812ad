// SPDX-License-Identifier: Apache-2.0
//
/// \file Cutting a bufferised kernel into grid stages.
#ifndef LIB_TARGET_CPU_STAGES_H
#define LIB_TARGET_CPU_STAGES_H

#include "lib/Target/CPU/CPUInfo.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "msc/Target/Target.h"

namespace msc::target {

struct StagePlan {
  std::string function; ///< `func.func @(buffers..., %x, %y, %error)`
  uint32_t grid[3] = {1, 1, 1};
  /// Bytes of the thread's own memory, which is then the last of the buffers.
  uint64_t scratch = 0;
  StageFacts facts;
};

struct StagedKernel {
  std::vector<StagePlan> stages;
  std::vector<uint64_t> workspace;
  std::vector<unsigned> candidates; ///< see CompiledKernel
};

/// Cuts \p kernel (whose arguments are its buffers and whose body is linalg and
/// loops on memrefs) into functions of one stage each, beside it, and erases
/// it. Ops that a schedule takes become a stage of its loops, other large
/// linalg ops a stage of their own with a grid over their outer parallel loops;
/// everything between runs on one core. Allocations
/// become workspace arguments. Each function takes the grid point (two indices)
/// and a memref<i32> for the code of an error after its buffers. \p reassociate
/// lets reductions be vectorised.
mlir::FailureOr<StagedKernel> splitIntoStages(mlir::func::FuncOp kernel,
                                              const CPUInfo &cpu,
                                              bool reassociate,
                                              const KernelChoices &choices);

} // namespace msc::target

#endif // LIB_TARGET_CPU_STAGES_H

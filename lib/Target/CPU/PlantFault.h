// SPDX-License-Identifier: Apache-2.0
//
/// \file Wrong kernels on purpose: how tests know that `--verify` finds faults.
#ifndef LIB_TARGET_CPU_PLANTFAULT_H
#define LIB_TARGET_CPU_PLANTFAULT_H

#include "lib/Target/CPU/Stages.h"

namespace msc::target {

/// Makes the first place of \p module, a kernel cut into the stages of \p plan
/// (loops on memrefs), that the fault called \p kind fits compute something
/// wrong. What is computed stays inside the buffers. Fails with a diagnostic at
/// \p module where there is no such fault or no place for it.
llvm::LogicalResult plantFault(mlir::ModuleOp module, StagedKernel &plan,
                               llvm::StringRef kind);

} // namespace msc::target

#endif // LIB_TARGET_CPU_PLANTFAULT_H

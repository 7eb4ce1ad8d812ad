// SPDX-License-Identifier: Apache-2.0
//
/// \file What a stage computes and moves, and why no schedule took it: what
/// `msc-run --roofline` and `msc-compile --explain` tell people.
#ifndef LIB_TARGET_CPU_STAGECOST_H
#define LIB_TARGET_CPU_STAGECOST_H

#include "mlir/IR/Operation.h"
#include <string>

namespace msc::target {

/// Work of one launch, whatever its loops look like.
struct StageCost {
  /// Floating-point operations: one for a sum, a product, a quotient, a square
  /// root, a maximum; 16 for a function such as exp. Integers do not count.
  double flops = 0;
  /// Elements of buffers that are read before the stage itself writes them, and
  /// elements written, each once.
  uint64_t bytes = 0;
};

/// The cost of \p ops: ops on buffers in one block, in their order.
StageCost stageCost(llvm::ArrayRef<mlir::Operation *> ops);

/// What \p ops are in a few words, the most expensive first: "reduction over
/// windows, elementwise".
std::string describeOps(llvm::ArrayRef<mlir::Operation *> ops);

/// Whether \p ops only move elements: transposes, copies, padding.
bool isLayoutChange(llvm::ArrayRef<mlir::Operation *> ops);

} // namespace msc::target

#endif // LIB_TARGET_CPU_STAGECOST_H

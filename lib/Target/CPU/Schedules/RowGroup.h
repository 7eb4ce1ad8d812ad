// SPDX-License-Identifier: Apache-2.0
//
/// \file Chains of ops that are computed row by row.
#ifndef LIB_TARGET_CPU_SCHEDULES_ROWGROUP_H
#define LIB_TARGET_CPU_SCHEDULES_ROWGROUP_H

#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "lib/Target/CPU/Schedules/Schedule.h"

namespace msc::target {

/// How a body folds terms into its result.
struct Fold {
  enum Kind { Sum, Product, Extreme } kind;
  mlir::Value term; ///< of the body, from the inputs alone
  /// The ops from the term and the result so far to the new result, in order.
  llvm::SmallVector<mlir::Operation *> ops;
};

/// One op of a group. The strides of its accesses are those of the outer loops,
/// then those of `inner`, which is empty for one number per row.
struct RowOp {
  mlir::linalg::GenericOp op;
  llvm::SmallVector<Access> accesses; ///< the last one is the result
  llvm::SmallVector<Loop> inner;
  std::optional<Fold> fold;

  const Access &result() const { return accesses.back(); }
};

/// Ops in whose outer loops an iteration reads nothing that another one writes.
struct RowGroup {
  llvm::SmallVector<int64_t> outer; ///< extents
  std::vector<RowOp> ops;

  int64_t rows() const;
  double rowCost() const; ///< operations on elements
  /// \p access, of any of the ops, through a buffer of one dimension.
  Access flatten(mlir::OpBuilder &b, const RowOp &op,
                 const Access &access) const;
};

/// The ops that \p ops begin with, as long as they fit; without ops where they
/// fold no rows.
RowGroup readRowGroup(llvm::ArrayRef<mlir::Operation *> ops,
                      const CPUInfo &cpu);

/// Adds \p op, which folds nothing, to \p group if it fits: it reads \p source
/// in the outer loops' order.
bool addRowOp(RowGroup &group, mlir::Operation *op, const Access &source);

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_ROWGROUP_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Building of ms.if and ms.while around imported sub-graphs.
#ifndef MSC_IMPORT_CONTROL_H
#define MSC_IMPORT_CONTROL_H

#include "msc/Import/Importer.h"

namespace msc::import {

/// Imports one branch or body; its results are what it gives.
using BranchFn =
    llvm::function_ref<llvm::LogicalResult(std::vector<Val> &results)>;

/// Imports both branches into an ms.if on \p condition (one bool). Results of
/// both have the same structure; numbers become tensors. Parameters that a
/// branch assigns are results as well. \p condition known while compiling: only
/// the branch taken is imported.
llvm::LogicalResult importIf(Importer &importer, mlir::Value condition,
                             BranchFn thenBranch, BranchFn elseBranch,
                             std::vector<Val> &results);

/// One part of a loop: from loop-carried values to its results.
using LoopFn = llvm::function_ref<llvm::LogicalResult(
    llvm::ArrayRef<Val> carried, std::vector<Val> &results)>;

/// Imports an ms.while. \p condition gives one bool, \p body the next values,
/// both of the carried values. Tensors keep their types; a number whose value
/// the body changes becomes a tensor; other values must not change. Parameters
/// that the body assigns are carried too. \p carried holds the initial values
/// on entry and the final ones on success.
llvm::LogicalResult importWhile(Importer &importer, std::vector<Val> &carried,
                                LoopFn condition, LoopFn body);

/// \p val as a condition: a tensor of one bool, or null with an error.
mlir::Value asCondition(Importer &importer, const Val &val);

} // namespace msc::import

#endif // MSC_IMPORT_CONTROL_H

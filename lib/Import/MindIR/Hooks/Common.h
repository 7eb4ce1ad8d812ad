// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading of arguments that many MindSpore primitives share.
#ifndef LIB_IMPORT_MINDIR_HOOKS_COMMON_H
#define LIB_IMPORT_MINDIR_HOOKS_COMMON_H

#include "msc/Import/Importer.h"

namespace msc::import::mindir {

/// The tensors of input \p i, a tuple or list; for files that pass the elements
/// as separate inputs, those from \p i on.
inline llvm::SmallVector<mlir::Value> tensorsOf(Node &node, size_t i) {
  llvm::SmallVector<mlir::Value> tensors;
  if (!node.has(i) || !node.inputs[i].isTuple())
    return node.rest(i);
  for (const Val &element : node.inputs[i].elements) {
    mlir::Value v = node.importer.asTensor(element);
    tensors.push_back(v ? v : node.e.poison());
  }
  return tensors;
}

/// A result that is a tuple of \p values.
inline Val tupleOf(llvm::ArrayRef<mlir::Value> values) {
  return Val::tuple(std::vector<Val>(values.begin(), values.end()));
}

/// Argument \p name as an axis of \p rank.
inline int64_t axisArgument(Node &node, llvm::StringRef name, int64_t rank,
                            std::optional<int64_t> fallback = {}) {
  int64_t axis = node.i64(name, fallback);
  return node.failed() ? 0 : node.axis(axis, rank);
}

/// \p values, or \p count times the only one.
inline llvm::SmallVector<int64_t> repeated(llvm::ArrayRef<int64_t> values,
                                           size_t count) {
  if (values.size() == 1)
    return llvm::SmallVector<int64_t>(count, values[0]);
  return llvm::SmallVector<int64_t>(values);
}

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_HOOKS_COMMON_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The little type grammar of AttributeProto.ref_attr_name, in files of
/// 1.1 to 1.6.
#ifndef LIB_IMPORT_MINDIR_MINDIROLDFORM_H
#define LIB_IMPORT_MINDIR_MINDIROLDFORM_H

#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

namespace msc::import::mindir {

/// "Tuple[value1,List[value2,],]," as a tree. Leaves take the entries of the
/// attribute's arrays from left to right.
struct OldForm {
  enum class Kind { Leaf, Tuple, List };
  Kind kind = Kind::Leaf;
  llvm::StringRef name; ///< of a leaf: "value1", "shape1", "UMonadType"
  std::vector<OldForm> elements;
};

/// Parses what follows the colon of ref_attr_name. Fails on anything that does
/// not fit the grammar, and on nesting beyond reason.
mlir::LogicalResult parseOldForm(llvm::StringRef text, OldForm &form);

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_MINDIROLDFORM_H

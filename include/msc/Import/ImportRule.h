// SPDX-License-Identifier: Apache-2.0
//
/// \file Rows of the importers' tables, as msc-tblgen generates them.
#ifndef MSC_IMPORT_IMPORTRULE_H
#define MSC_IMPORT_IMPORTRULE_H

#include "mlir/IR/Attributes.h"
#include "mlir/Support/LLVM.h"
#include <vector>

namespace msc::import {

class Node;

/// Re-encodes one source attribute; reports on \p node and returns null if the
/// value does not fit.
using Codec = mlir::Attribute (*)(Node &node, mlir::Attribute value);

struct AttrRule {
  const char *from, *to, *fallback;
  Codec codec;
};

/// Builds the ms ops of \p node and sets its results.
using Hook = llvm::LogicalResult (*)(Node &node);

struct ImportRule {
  const char *source;
  int64_t since;
  const char *target;
  std::vector<const char *> args;
  std::vector<AttrRule> attrs;
  Hook hook;
};

} // namespace msc::import

#endif // MSC_IMPORT_IMPORTRULE_H

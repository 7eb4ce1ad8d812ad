// SPDX-License-Identifier: Apache-2.0
//
/// \file Which static shapes and known values a model is compiled for.
#ifndef LIB_DRIVER_SHAPES_H
#define LIB_DRIVER_SHAPES_H

#include "msc/Driver/Compile.h"
#include "msc/Import/Importer.h"

namespace msc {

/// Import options from the --shape options and the given inputs, which are
/// matched with the entry function of \p graph by name or position: one for
/// each combination of the extents that symbols range over.
llvm::Expected<std::vector<import::ImportOptions>>
resolveShapes(mlir::ModuleOp graph, const CompileOptions &options);

} // namespace msc

#endif // LIB_DRIVER_SHAPES_H

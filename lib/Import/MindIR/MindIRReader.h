// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading MindIR from memory.
#ifndef LIB_IMPORT_MINDIR_MINDIRREADER_H
#define LIB_IMPORT_MINDIR_MINDIRREADER_H

#include "msc/Import/Readers.h"

namespace msc::import {

/// As readMindIR, for the contents \p file of a file called \p path. External
/// data is looked for beside \p path.
mlir::OwningOpRef<mlir::ModuleOp>
readMindIRBytes(llvm::StringRef path, llvm::ArrayRef<char> file,
                mlir::MLIRContext *context, ParameterStore &store,
                const std::vector<uint8_t> &key, bool frontEndGraphs);

} // namespace msc::import

#endif // LIB_IMPORT_MINDIR_MINDIRREADER_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The host program as LLVM IR.
#ifndef MSC_TARGET_HOSTCODE_H
#define MSC_TARGET_HOSTCODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include <memory>

namespace msc::target {

/// Lowers a module of host programs (func.func of msrt ops and scf) to LLVM IR:
/// each becomes an mscrt_entry_fn of the same name (see mscrt/abi.h). Null,
/// with a diagnostic, on failure.
std::unique_ptr<llvm::Module> lowerHostPrograms(mlir::ModuleOp module,
                                                llvm::LLVMContext &ctx);

} // namespace msc::target

#endif // MSC_TARGET_HOSTCODE_H

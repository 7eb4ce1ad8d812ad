// SPDX-License-Identifier: Apache-2.0
//
/// \file From an ms.kernel to functions on buffers, and on to LLVM's dialect.
#ifndef LIB_TARGET_CPU_KERNELMODULE_H
#define LIB_TARGET_CPU_KERNELMODULE_H

#include "dialects/MS/IR/MSOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace msc::target {

/// A module with `func.func @symbol(operands..., results...)` on memrefs, which
/// computes \p kernel by ms ops on tensors.
mlir::OwningOpRef<mlir::ModuleOp> buildKernelModule(ms::KernelOp kernel,
                                                    llvm::StringRef symbol);

/// ms ops on tensors ~> fused linalg and loops on memrefs.
llvm::LogicalResult lowerToBuffers(mlir::ModuleOp module);

/// Loops on memrefs ~> the llvm dialect; memref arguments become pointers.
llvm::LogicalResult lowerToLLVM(mlir::ModuleOp module);

} // namespace msc::target

#endif // LIB_TARGET_CPU_KERNELMODULE_H

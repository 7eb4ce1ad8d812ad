// SPDX-License-Identifier: Apache-2.0
//
/// \file Functions of the device library on vectors.
///
/// The library has one body per function, on numbers. Code on vectors calls
/// `<name>_v<lanes>`; once the library is linked, that function gets the body
/// of `<name>` with every operation widened.
#ifndef LIB_TARGET_CPU_VECTORFUNCTIONS_H
#define LIB_TARGET_CPU_VECTORFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace msc::target {

/// Whether \p op works on vectors as on numbers, calls of functions that can be
/// widened included.
bool worksOnVectors(mlir::Operation *op);

/// The call \p call with the vectors \p arguments in the place of its numbers.
mlir::Value callOnVectors(mlir::OpBuilder &b, mlir::func::CallOp call,
                          mlir::ValueRange arguments);

/// Defines the functions that callOnVectors declared, from the library's, which
/// are linked.
llvm::Error defineVectorFunctions(llvm::Module &module);

} // namespace msc::target

#endif // LIB_TARGET_CPU_VECTORFUNCTIONS_H

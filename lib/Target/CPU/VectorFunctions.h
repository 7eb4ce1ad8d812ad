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

/// The result of \p op, which works on vectors and has operands, for the
/// vectors \p operands in the place of its numbers.
mlir::Value applyToVectors(mlir::OpBuilder &b, mlir::Location loc,
                           mlir::Operation *op, mlir::ValueRange operands);

/// Defines the functions that applyToVectors declared, from the library's,
/// which are linked.
llvm::Error defineVectorFunctions(llvm::Module &module);

} // namespace msc::target

#endif // LIB_TARGET_CPU_VECTORFUNCTIONS_H

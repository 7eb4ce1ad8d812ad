// SPDX-License-Identifier: Apache-2.0
//
/// \file `--verify`: compiled code against the reference evaluator.
#ifndef LIB_DRIVER_VERIFY_H
#define LIB_DRIVER_VERIFY_H

#include "lib/Driver/Compilation.h"

namespace msc {

/// An error where the compiled code cannot run in this process.
llvm::Error checkVerifiable(const Compilation &compilation);

/// Verifies the linked model at \p path, whose bind function made \p weights,
/// on seeded inputs, or on those the caller gave, in four links of a chain:
/// 1. the imported program and the optimised one agree in the reference,
/// 2. each kernel agrees with the reference on the reference's operands, in the
///    order of the program, through the branches and iterations taken,
/// 3. the bind function packs what its kernels compute one by one,
/// 4. so does the host program; both to the bit.
/// The error names the first kernel that differs and where it does.
llvm::Error verifyModel(Compilation &compilation, const std::string &path,
                        llvm::ArrayRef<char> weights);

} // namespace msc

#endif // LIB_DRIVER_VERIFY_H

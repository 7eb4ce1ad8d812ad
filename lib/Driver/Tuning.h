// SPDX-License-Identifier: Apache-2.0
//
/// \file `--tune`: measures how kernels are computed fastest.
#ifndef LIB_DRIVER_TUNING_H
#define LIB_DRIVER_TUNING_H

#include "lib/Driver/Compilation.h"

namespace msc {

/// An error where the options of \p c do not go with `--tune`.
llvm::Error checkTunable(const Compilation &c);

/// Measures the candidates of the kernels of \p program, which are compiled,
/// hottest first, until the time is up. The fastest ones take the kernels'
/// places, and are added to the record.
mlir::LogicalResult tuneKernels(Compilation &c, ProgramCode &program);

/// Whether nothing was measured now and nothing is left to measure.
bool isTuned(const Compilation &c);

/// Prints a line for each kernel that can be tuned.
void explainTuning(const Compilation &c);

} // namespace msc

#endif // LIB_DRIVER_TUNING_H

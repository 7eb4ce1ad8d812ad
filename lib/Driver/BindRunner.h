// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling.
#ifndef LIB_DRIVER_BINDRUNNER_H
#define LIB_DRIVER_BINDRUNNER_H

#include "lib/Driver/Compilation.h"
#include "lib/Driver/LoadedModel.h"

namespace msc {

/// What a bind function made, as the host programs read it.
struct PackedWeights {
  AlignedBuffer memory = {nullptr, nullptr};
  uint64_t size = 0;
  llvm::ArrayRef<char> bytes() const { return {memory.get(), size}; }
};

/// Loads the shared object \p path, linked from \p program, and packs the
/// parameters of \p store. Besides those and the result it takes the memory of
/// the parameters that one kernel reads.
llvm::Expected<PackedWeights> runBind(const std::string &path,
                                      const ProgramCode &program,
                                      ParameterStore &store);

} // namespace msc

#endif // LIB_DRIVER_BINDRUNNER_H

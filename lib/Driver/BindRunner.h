// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling.
#ifndef LIB_DRIVER_BINDRUNNER_H
#define LIB_DRIVER_BINDRUNNER_H

#include "lib/Driver/LoadedModel.h"
#include "msc/Parameters/ParameterStore.h"

namespace msc {

/// What a bind function made, as the host programs read it.
struct PackedWeights {
  AlignedBuffer memory = {nullptr, nullptr};
  uint64_t size = 0;
  llvm::ArrayRef<char> bytes() const { return {memory.get(), size}; }
};

/// Loads the shared object \p path and packs the parameters of \p store.
llvm::Expected<PackedWeights> runBind(const std::string &path,
                                      ParameterStore &store);

} // namespace msc

#endif // LIB_DRIVER_BINDRUNNER_H

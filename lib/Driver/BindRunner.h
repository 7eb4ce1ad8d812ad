// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling.
#ifndef LIB_DRIVER_BINDRUNNER_H
#define LIB_DRIVER_BINDRUNNER_H

#include "msc/Parameters/ParameterStore.h"

namespace msc {

/// Loads the shared object \p path and packs the parameters of \p store into
/// \p weights, which gets the size the model states.
llvm::Error runBind(const std::string &path, ParameterStore &store,
                    std::vector<char> &weights);

} // namespace msc

#endif // LIB_DRIVER_BINDRUNNER_H

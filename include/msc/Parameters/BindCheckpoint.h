// SPDX-License-Identifier: Apache-2.0
//
/// \file Puts the values of checkpoints in place of those a model came with.
#ifndef MSC_PARAMETERS_BINDCHECKPOINT_H
#define MSC_PARAMETERS_BINDCHECKPOINT_H

#include "msc/Parameters/ParameterStore.h"
#include "mscrt/checkpoint.h"
#include <functional>

namespace msc {

struct BindCheckpointOptions {
  /// "regex=replacement", strict: see mscrt::BindOptions.
  mscrt::BindOptions match;
  /// Makes plain bytes of an encrypted file. Without it such files are refused.
  std::function<llvm::Expected<std::vector<char>>(llvm::ArrayRef<char>)>
      decrypt;
};

/// Replaces the data of \p store's parameters by those of the checkpoints
/// \p paths, matched by name; dtypes and shapes stay those of the model. The
/// parameters keep the checkpoints' files mapped. On an error `store` is as
/// before; \p report says what was found in either case, unless a file could
/// not be read.
llvm::Error bindCheckpoints(ParameterStore &store,
                            llvm::ArrayRef<std::string> paths,
                            const BindCheckpointOptions &options,
                            mscrt::BindReport &report);

} // namespace msc

#endif // MSC_PARAMETERS_BINDCHECKPOINT_H

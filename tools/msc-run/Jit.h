// SPDX-License-Identifier: Apache-2.0
//
/// \file Compiles a model file through the compiler library, which is loaded
/// only when it is needed.
#ifndef MSC_TOOLS_MSC_RUN_JIT_H
#define MSC_TOOLS_MSC_RUN_JIT_H

#include "Options.h"

namespace msc::run {

/// True when the file begins as a shared object does.
bool isArtifact(const std::string &path);

/// A folder for the compiled model, removed with everything in it at the end.
class JitArtifact {
public:
  JitArtifact() = default;
  ~JitArtifact();
  JitArtifact(const JitArtifact &) = delete;
  JitArtifact &operator=(const JitArtifact &) = delete;

  /// Compiles options.model for the inputs that files give. Returns the exit
  /// status: 0, 1 (cannot be compiled) or 2 (wrong flags); `messages` gets what
  /// the compiler says, also on success.
  int compile(const Options &options, std::string &messages);

  std::string path() const { return folder + "/model.so"; }

private:
  std::string folder;
};

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_JIT_H

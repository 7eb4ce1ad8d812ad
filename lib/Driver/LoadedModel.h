// SPDX-License-Identifier: Apache-2.0
//
/// \file A linked model inside the compiler's process: its tables, and its code
/// run on the calling thread. Used to pack weights and to verify kernels.
#ifndef LIB_DRIVER_LOADEDMODEL_H
#define LIB_DRIVER_LOADEDMODEL_H

#include "mscrt/abi.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace msc {

/// Memory aligned as the ABI asks for.
using AlignedBuffer = std::unique_ptr<char, void (*)(void *)>;
/// At least \p bytes of it, contents undefined; null when out of memory.
AlignedBuffer allocateAligned(uint64_t bytes);

class LoadedModel {
public:
  static llvm::Expected<std::unique_ptr<LoadedModel>>
  load(const std::string &path);
  ~LoadedModel();
  LoadedModel(const LoadedModel &) = delete;
  LoadedModel &operator=(const LoadedModel &) = delete;

  const mscrt_model &desc() const { return *model; }
  /// Runs the whole grid of a stage.
  void runStage(uint32_t stage, const mscrt_kernel_args &args) const;
  /// What a host program does to launch a stage.
  using Launch =
      llvm::function_ref<void(uint32_t stage, const mscrt_kernel_args &args)>;
  /// Calls an entry or the bind function after filling in the services of
  /// \p call. Returns 0 or the code the model reports.
  int32_t run(mscrt_entry_fn function, mscrt_call &call, Launch launch) const;
  int32_t run(mscrt_entry_fn function, mscrt_call &call) const;
  /// What the model says about a code that it reported.
  std::string message(int32_t code) const;

private:
  LoadedModel(void *library, const mscrt_model *model)
      : library(library), model(model) {}

  void *library;
  const mscrt_model *model;
  AlignedBuffer scratch{nullptr, nullptr};
};

} // namespace msc

#endif // LIB_DRIVER_LOADEDMODEL_H

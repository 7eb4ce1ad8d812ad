// SPDX-License-Identifier: Apache-2.0
//
/// \file One call into model code: the services it gets and how its stages are
/// spread over threads.
#ifndef MSCRT_LIB_CORE_LAUNCH_H
#define MSCRT_LIB_CORE_LAUNCH_H

#include "FloatEnvironment.h"
#include "Memory.h"
#include "mscrt/mscrt.h"

namespace mscrt::core {

class Profile;

/// The runtime's side of one call. Takes the thread pool at the first stage
/// that has work for several threads and keeps it until the call ends; when
/// another call holds the pool, this one stays on its caller.
class Launcher {
public:
  /// `threads` is at least 1; `profile` may be NULL. `scratch` grows to what
  /// the stages of all threads need.
  Launcher(const mscrt_model &model, unsigned threads, Block &scratch,
           Profile *profile);
  ~Launcher();
  Launcher(const Launcher &) = delete;
  Launcher &operator=(const Launcher &) = delete;

  /// Calls `function` with `call`, whose services this fills in. On an error
  /// that the model reports returns MSCRT_ERROR_MODEL with the model's message.
  mscrt_status call(mscrt_entry_fn function, mscrt_call &call,
                    mscrt_error *error);

private:
  static void launch(mscrt_call *call, uint32_t stage,
                     const mscrt_kernel_args *args);
  void runStage(uint32_t stage, const mscrt_kernel_args &args);
  unsigned usableThreads();
  mscrt_status reserveScratch(mscrt_error *error);

  const mscrt_model &model;
  unsigned threads;
  Block &scratch;
  uint64_t scratchOfThread = 0; // bytes, a multiple of the alignment
  Denormals denormals;
  Profile *profile;
  enum { Untried, Held, Refused } poolState = Untried;
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_LAUNCH_H

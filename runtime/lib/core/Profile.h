// SPDX-License-Identifier: Apache-2.0
//
/// \file Records when each stage ran on each thread and writes it as a trace.
#ifndef MSCRT_LIB_CORE_PROFILE_H
#define MSCRT_LIB_CORE_PROFILE_H

#include "mscrt/mscrt.h"

#include <vector>

namespace mscrt::core {

/// Nanoseconds of the monotonic clock.
uint64_t nowNs();

/// Slices of one context. Each thread of a run appends to a list of its own, so
/// recording needs no lock.
class Profile {
public:
  /// Stage number of the slice that covers a whole run.
  static constexpr uint32_t wholeRun = UINT32_MAX;

  /// Called before a run, on its caller's thread.
  void reserveThreads(unsigned threads) {
    if (slices.size() < threads)
      slices.resize(threads);
  }

  void add(unsigned thread, uint32_t stage, uint64_t begin, uint64_t end) {
    slices[thread].push_back({stage, begin, end});
  }

  void clear() { slices.clear(); }

  /// Writes Chrome trace JSON: times in microseconds, one track per thread,
  /// slices named after the source nodes of their stage.
  mscrt_status write(const mscrt_model &model, const char *path,
                     mscrt_error *error) const;

private:
  struct Slice {
    uint32_t stage;
    uint64_t begin, end;
  };
  std::vector<std::vector<Slice>> slices; // [thread]
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_PROFILE_H

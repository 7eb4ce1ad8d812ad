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
  /// Called before a run, on its caller's thread.
  void reserveThreads(unsigned threads) {
    if (slices.size() < threads)
      slices.resize(threads);
  }

  /// The number of the next launch, on the thread of the run's caller.
  uint64_t countLaunch() { return launches++; }
  uint64_t numLaunches() const { return launches; }

  /// Appends to the list of slice.thread, on that thread.
  void add(const mscrt_slice &slice) { slices[slice.thread].push_back(slice); }

  void clear() {
    slices.clear();
    launches = 0;
  }

  /// Copies the first `capacity` slices; returns how many there are.
  uint64_t copy(mscrt_slice *to, uint64_t capacity) const;

  /// Writes Chrome trace JSON: times in microseconds, one track per thread,
  /// slices named after the source nodes of their stage.
  mscrt_status write(const mscrt_model &model, const char *path,
                     mscrt_error *error) const;

private:
  std::vector<std::vector<mscrt_slice>> slices; // [thread]
  uint64_t launches = 0;
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_PROFILE_H

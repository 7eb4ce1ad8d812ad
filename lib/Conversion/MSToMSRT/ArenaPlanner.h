// SPDX-License-Identifier: Apache-2.0
//
/// \file Offsets of buffers in one arena, from their lifetimes.
#ifndef LIB_CONVERSION_MSTOMSRT_ARENAPLANNER_H
#define LIB_CONVERSION_MSTOMSRT_ARENAPLANNER_H

#include <cstdint>
#include <vector>

namespace msc {

/// A buffer that is in use from program point `first` to `last`, inclusive.
struct ArenaBuffer {
  uint64_t bytes = 0;
  int64_t first = 0, last = 0;
  uint64_t offset = 0; ///< set by planArena
  /// What of it is elements of a tensor of the model: not what is stored around
  /// an image, nothing of a workspace.
  uint64_t tensorBytes = 0;
};

/// Gives each buffer an offset (a multiple of MSCRT_ALIGNMENT) so that buffers
/// in use at one point do not overlap, and returns the arena's size. Largest
/// first, each at the lowest offset that is free: near the lower bound (the
/// largest sum of live buffers) on real models, O(n^2) in the worst case.
uint64_t planArena(std::vector<ArenaBuffer> &buffers);

/// The largest sum of tensorBytes of buffers that are in use at one point.
uint64_t largestLiveTensors(const std::vector<ArenaBuffer> &buffers);

} // namespace msc

#endif // LIB_CONVERSION_MSTOMSRT_ARENAPLANNER_H

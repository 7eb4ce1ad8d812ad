// SPDX-License-Identifier: Apache-2.0
//
/// \file What the processor gives at best, measured: the ceilings of a
/// roofline.
#ifndef MSC_TOOLS_MSC_RUN_MACHINESPEED_H
#define MSC_TOOLS_MSC_RUN_MACHINESPEED_H

#include <cstdint>
#include <string>
#include <vector>

namespace msc::run {

struct MachineSpeed {
  /// One level of the memory: it serves footprints of up to `capacity` bytes,
  /// of all threads together.
  struct Level {
    const char *name; // "L2", "L3", "memory"
    uint64_t capacity;
    double bytesPerSecond; // read by all threads together
  };

  std::string unit; // the vector unit, as LLVM spells its feature
  unsigned threads = 1;
  double flopsPerSecond = 0; // f32 multiply-adds, of all threads together
  std::vector<Level> levels; // the last has no limit

  /// The level that holds \p bytes.
  const Level &levelOf(uint64_t bytes) const;
};

/// Measures for about half a second, with the widest unit among \p features,
/// the comma-separated list of an artifact (the processor has them all).
MachineSpeed measureMachine(const std::string &features, unsigned threads);

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_MACHINESPEED_H

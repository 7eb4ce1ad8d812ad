// SPDX-License-Identifier: Apache-2.0
//
/// \file What schedules have to know of a processor.
#ifndef LIB_TARGET_CPU_CPUINFO_H
#define LIB_TARGET_CPU_CPUINFO_H

#include "msc/Target/CodeGen.h"

namespace msc::target {

/// Tile shapes are derived from these numbers; nothing else in a schedule
/// depends on the processor.
struct CPUInfo {
  unsigned vectorBits = 128;
  unsigned vectorRegisters = 16;
  /// Multiply-adds and loads of a vector that start in one cycle, and the
  /// cycles until the result of a multiply-add can be added to.
  double fmaPerCycle = 2, loadsPerCycle = 2, fmaLatency = 4;
  /// Whether there are AMX tiles of bf16 and the instructions that fill them.
  bool hasTiles = false;
  /// Caches of one core, the smallest that are common, and what comes from the
  /// second and from behind it.
  int64_t l1Bytes = 32 << 10, l2Bytes = 1 << 20;
  double l2BytesPerCycle = 32, farBytesPerCycle = 6;

  /// Of the processor that \p machine generates code for.
  static CPUInfo of(const Machine &machine);

  unsigned lanes(unsigned elementBits) const {
    return vectorBits / elementBits;
  }
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_CPUINFO_H

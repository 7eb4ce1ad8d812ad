// SPDX-License-Identifier: Apache-2.0

/// \file
/// Integer functions that are loops.

#include "MSCDevice.h"

uint64_t msc_gcd_u64(uint64_t x, uint64_t y) {
  while (y != 0) {
    uint64_t r = x % y;
    x = y;
    y = r;
  }
  return x;
}

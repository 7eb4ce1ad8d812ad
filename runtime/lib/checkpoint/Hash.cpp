// SPDX-License-Identifier: Apache-2.0
//
/// \file The hash of parameters and weights, by the xxHash library: a byte
/// takes a fraction of what reading it from memory does.
#include "mscrt/checkpoint.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t mscrt::hashBytes(const void *data, size_t size) {
  return XXH3_64bits(data, size);
}

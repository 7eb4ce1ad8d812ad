// SPDX-License-Identifier: Apache-2.0
//
/// \file Offsets of buffers in one arena, from their lifetimes.
#include "lib/Conversion/MSToMSRT/ArenaPlanner.h"

#include "mscrt/abi.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <map>

namespace msc {

uint64_t planArena(std::vector<ArenaBuffer> &buffers) {
  std::vector<ArenaBuffer *> order;
  for (ArenaBuffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::stable_sort(order, [](ArenaBuffer *a, ArenaBuffer *b) {
    return a->bytes > b->bytes;
  });
  std::vector<ArenaBuffer *> placed; // by offset
  uint64_t size = 0;
  for (ArenaBuffer *buffer : order) {
    uint64_t offset = 0, bytes = llvm::alignTo(buffer->bytes, MSCRT_ALIGNMENT);
    for (ArenaBuffer *other : placed) {
      if (other->last < buffer->first || other->first > buffer->last)
        continue;
      if (other->offset >= offset + bytes)
        break; // fits into the gap before `other`
      offset = std::max(
          offset, other->offset + llvm::alignTo(other->bytes, MSCRT_ALIGNMENT));
    }
    buffer->offset = offset;
    size = std::max(size, offset + bytes);
    auto at =
        llvm::upper_bound(placed, buffer, [](ArenaBuffer *a, ArenaBuffer *b) {
          return a->offset < b->offset;
        });
    placed.insert(at, buffer);
  }
  return size;
}

uint64_t largestLiveTensors(const std::vector<ArenaBuffer> &buffers) {
  std::map<int64_t, int64_t> changes; // of the sum, by program point
  for (const ArenaBuffer &buffer : buffers) {
    changes[buffer.first] += int64_t(buffer.tensorBytes);
    changes[buffer.last + 1] -= int64_t(buffer.tensorBytes);
  }
  int64_t live = 0, largest = 0;
  for (auto [point, change] : changes)
    largest = std::max(largest, live += change);
  return uint64_t(largest);
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Blocks of memory that kernels work in, and files mapped read-only.
#ifndef MSCRT_LIB_CORE_MEMORY_H
#define MSCRT_LIB_CORE_MEMORY_H

#include "mscrt/mscrt.h"

#include <cstdint>
#include <utility>

namespace mscrt::core {

inline bool isAligned(const void *pointer) {
  return reinterpret_cast<uintptr_t>(pointer) % MSCRT_ALIGNMENT == 0;
}

/// An aligned address to pass for buffers without bytes.
void *emptyBuffer();

/// Zeroed memory aligned to MSCRT_ALIGNMENT. Large blocks start on a 2 MiB
/// boundary and ask for huge pages, which weights and arenas gain from.
class Block {
public:
  Block() = default;
  Block(Block &&other) noexcept { *this = std::move(other); }
  Block &operator=(Block &&other) noexcept;
  ~Block() { reset(); }

  /// Replaces the block; false when memory is exhausted.
  bool allocate(uint64_t size);
  void reset();

  /// Never NULL after allocate, also when the size is 0.
  char *data() const { return start; }
  uint64_t size() const { return bytes; }

private:
  char *start = nullptr;
  uint64_t bytes = 0;
  void *mapping = nullptr; // of large blocks
  uint64_t mappedBytes = 0;
};

/// A whole regular file, mapped privately and read-only.
class MappedFile {
public:
  MappedFile() = default;
  MappedFile(MappedFile &&other) noexcept { *this = std::move(other); }
  MappedFile &operator=(MappedFile &&other) noexcept;
  ~MappedFile() { reset(); }

  mscrt_status open(const char *path, mscrt_error *error);
  void reset();

  const char *data() const { return start; }
  uint64_t size() const { return bytes; }

private:
  char *start = nullptr;
  uint64_t bytes = 0;
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_MEMORY_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file How blocks are taken from the system and files are mapped.
#include "Memory.h"

#include "Support.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mscrt::core;

namespace {
constexpr uint64_t hugePage = 2 << 20;
constexpr uint64_t largeBlock = 2 * hugePage;

uint64_t roundUp(uint64_t value, uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}
} // namespace

void *mscrt::core::emptyBuffer() {
  alignas(MSCRT_ALIGNMENT) static char buffer[MSCRT_ALIGNMENT];
  return buffer;
}

Block &Block::operator=(Block &&other) noexcept {
  if (this == &other)
    return *this;
  reset();
  std::swap(start, other.start);
  std::swap(bytes, other.bytes);
  std::swap(mapping, other.mapping);
  std::swap(mappedBytes, other.mappedBytes);
  return *this;
}

void Block::reset() {
  if (mapping)
    munmap(mapping, mappedBytes);
  else
    free(start);
  start = nullptr;
  mapping = nullptr;
  bytes = mappedBytes = 0;
}

bool Block::allocate(uint64_t size) {
  reset();
  if (size > static_cast<uint64_t>(INT64_MAX) / 2)
    return false;
  if (size < largeBlock) {
    uint64_t rounded = roundUp(size ? size : 1, MSCRT_ALIGNMENT);
    start = static_cast<char *>(aligned_alloc(MSCRT_ALIGNMENT, rounded));
    if (!start)
      return false;
    memset(start, 0, rounded);
    bytes = size;
    return true;
  }
  uint64_t length = roundUp(size, hugePage) + hugePage;
  void *address = mmap(nullptr, length, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED)
    return false;
  mapping = address;
  mappedBytes = length;
  start = reinterpret_cast<char *>(
      roundUp(reinterpret_cast<uintptr_t>(address), hugePage));
  bytes = size;
  // Only advice: without huge pages everything still works.
  madvise(start, length - hugePage, MADV_HUGEPAGE);
  return true;
}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  if (this == &other)
    return *this;
  reset();
  std::swap(start, other.start);
  std::swap(bytes, other.bytes);
  return *this;
}

void MappedFile::reset() {
  if (start)
    munmap(start, bytes);
  start = nullptr;
  bytes = 0;
}

mscrt_status MappedFile::open(const char *path, mscrt_error *error) {
  reset();
  int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail(error, MSCRT_ERROR_IO, "cannot open '%s': %s", path,
                strerror(errno));
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(file);
    return fail(error, MSCRT_ERROR_IO, "'%s' is not a regular file", path);
  }
  auto length = static_cast<uint64_t>(status.st_size);
  void *address = nullptr;
  if (length)
    address = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file, 0);
  int reason = errno;
  close(file);
  if (address == MAP_FAILED)
    return fail(error, MSCRT_ERROR_IO, "cannot map '%s': %s", path,
                strerror(reason));
  start = static_cast<char *>(address);
  bytes = length;
  return MSCRT_OK;
}

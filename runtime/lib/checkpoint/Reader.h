// SPDX-License-Identifier: Apache-2.0
//
/// \file What the format readers share: a bounds-checked cursor, the checkpoint
/// under construction, and text that is safe to print.
#ifndef MSCRT_LIB_CHECKPOINT_READER_H
#define MSCRT_LIB_CHECKPOINT_READER_H

#include "mscrt/checkpoint.h"
#include <string_view>
#include <unordered_map>

namespace mscrt {

/// A part of a file.
using Bytes = std::string_view;

/// Names longer than this are refused: it bounds the work and the stack that
/// matching names takes.
constexpr size_t kMaxNameSize = 1024;
constexpr size_t kMaxRank = 32;

/// The state of a Checkpoint.
struct Checkpoint::Impl {
  std::string name;
  CheckpointFormat format = CheckpointFormat::MindSpore;
  std::vector<NamedTensor> tensors;
  std::vector<SkippedValue> skipped;
  std::unordered_map<std::string, size_t> byName;
  std::vector<std::shared_ptr<const void>> owners;
  CheckpointLimits limits;

  /// Adds a value; false and \p error if its name is bad or taken, there are
  /// too many, or (addTensor) size and shape disagree.
  bool addTensor(NamedTensor tensor, std::string &error);
  bool addSkipped(std::string name, std::string reason, std::string &error);
  /// \p size bytes that live as long as the checkpoint; null if there is no
  /// memory for them.
  char *allocate(uint64_t size);

private:
  bool checkName(const std::string &name, std::string &error);
  std::unordered_map<std::string, size_t> skippedByName;
};

/// \p name in quotes, with control characters escaped, cut when long.
std::string quoted(std::string_view name);
bool isValidUTF8(std::string_view text);
/// Little-endian integer of \p count bytes at \p data.
uint64_t loadLittle(const char *data, unsigned count);

/// Reads from the front of a byte range. Each read says whether there was
/// enough to read and leaves the cursor alone otherwise.
class Cursor {
public:
  explicit Cursor(Bytes bytes) : rest(bytes) {}
  bool atEnd() const { return rest.empty(); }
  Bytes remaining() const { return rest; }

  bool take(uint64_t size, Bytes &bytes) {
    if (size > rest.size())
      return false;
    bytes = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
  }
  bool little(unsigned count, uint64_t &value) {
    Bytes bytes;
    if (!take(count, bytes))
      return false;
    value = loadLittle(bytes.data(), count);
    return true;
  }
  /// A protobuf varint of at most 64 bits.
  bool varint(uint64_t &value);

private:
  Bytes rest;
};

/// The readers. Each fills \p impl from \p bytes, which outlive it.
bool readMindSpore(Bytes bytes, Checkpoint::Impl &impl, std::string &error);
bool readSafeTensors(Bytes bytes, Checkpoint::Impl &impl, std::string &error);
bool readNpz(Bytes bytes, Checkpoint::Impl &impl, std::string &error);
/// One array; \p tensor's name is left to the caller. Where the file has a type
/// that is not supported `skipReason` says so and `tensor` stays empty.
bool readNpy(Bytes bytes, Checkpoint::Impl &impl, NamedTensor &tensor,
             std::string &skipReason, std::string &error);
/// A safetensors directory's list of tensor names and the file of each.
struct SafeTensorsIndex {
  std::vector<std::pair<std::string, std::string>> files;
};
bool readSafeTensorsIndex(Bytes json, SafeTensorsIndex &index,
                          std::string &error);

} // namespace mscrt

#endif // MSCRT_LIB_CHECKPOINT_READER_H

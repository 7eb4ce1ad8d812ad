// SPDX-License-Identifier: Apache-2.0
//
/// \file Checkpoints: what a .ckpt, safetensors, npz or npy file holds, and how
/// its tensors are matched with the parameters of a model.
///
/// No function throws. Functions that can fail fill `error` with one line that
/// says what is wrong. Files are data: their sizes are checked before use, and
/// nothing outside the buffer is read.
#ifndef MSCRT_CHECKPOINT_H
#define MSCRT_CHECKPOINT_H

#include "mscrt/abi.h"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mscrt {

/// Bytes per element of \p dtype; 0 where there is no fixed size.
size_t dtypeSize(mscrt_dtype dtype);
/// "f32", "bf16", ...; "invalid" for values out of range.
const char *dtypeName(mscrt_dtype dtype);
/// prod(shape) * dtypeSize. False on negative extents and above 63 bits.
bool tensorByteSize(mscrt_dtype dtype, const std::vector<int64_t> &shape,
                    uint64_t &bytes);
/// "f32[6,1,5,5]".
std::string describeTensor(mscrt_dtype dtype,
                           const std::vector<int64_t> &shape);
/// XXH3, 64 bits: mscrt_parameter_desc::hash.
uint64_t hashBytes(const void *data, size_t size);

/// One tensor of a checkpoint. `data` is little-endian and row-major, `size`
/// bytes long, and lives as long as the Checkpoint. It points into the mapped
/// file where the file allows, so it may have any alignment.
struct NamedTensor {
  std::string name;
  mscrt_dtype dtype = MSCRT_INVALID;
  std::vector<int64_t> shape;
  const char *data = nullptr;
  size_t size = 0;
};

/// A value that is in the checkpoint but is no tensor that msc can use.
struct SkippedValue {
  std::string name;
  std::string reason; // e.g. "Int4 elements are not supported"
};

enum class CheckpointFormat { MindSpore, SafeTensors, Npz, Npy };

/// Bounds of what reading a file may cost.
struct CheckpointLimits {
  /// Bytes that compressed members (savez_compressed) may unpack to, together.
  uint64_t inflatedBytes = uint64_t(16) << 30;
  /// Tensors and skipped values in one file.
  uint64_t values = uint64_t(1) << 20;
};

/// An opened checkpoint. Immutable; may be read from several threads.
class Checkpoint {
public:
  /// Opens the file \p path, or a directory of safetensors files with their
  /// param_name_map.json or model.safetensors.index.json. The format is found
  /// from the content. Null and \p error on failure. The file must not be
  /// truncated while the checkpoint is open.
  static std::unique_ptr<Checkpoint>
  open(const std::string &path, std::string &error,
       const CheckpointLimits &limits = CheckpointLimits());

  /// Reads \p size bytes at \p data, which stay valid as long as \p owner, or,
  /// without owner, as the Checkpoint. \p name stands in for the path in
  /// errors.
  static std::unique_ptr<Checkpoint>
  fromMemory(const char *data, size_t size, std::shared_ptr<const void> owner,
             const std::string &name, std::string &error,
             const CheckpointLimits &limits = CheckpointLimits());

  /// The path it was opened with.
  const std::string &name() const;
  CheckpointFormat format() const;
  /// In file order.
  const std::vector<NamedTensor> &tensors() const;
  const std::vector<SkippedValue> &skipped() const;
  /// The tensor called \p name, or null.
  const NamedTensor *find(const std::string &name) const;

  ~Checkpoint();
  struct Impl;
  /// Used by the readers.
  explicit Checkpoint(std::unique_ptr<Impl> impl);

private:
  std::unique_ptr<Impl> impl;
};

/// True if \p data begins like an encrypted MindSpore file.
bool isEncrypted(const char *data, size_t size);

/// One parameter of a model, as checkpoints name it.
struct ParameterInfo {
  std::string name;
  mscrt_dtype dtype = MSCRT_INVALID;
  std::vector<int64_t> shape;
  uint32_t flags = 0; // MSCRT_PARAMETER_*
  uint64_t hash = 0;  // of the compiled value; read if FROZEN
};

struct BindOptions {
  /// "regex=replacement", split at the last '='. ECMAScript; every rule is
  /// applied to each checkpoint name, in this order, to all its matches.
  std::vector<std::string> renames;
  /// Missing and mismatched parameters are errors. Otherwise they keep the
  /// value that was compiled in.
  bool strict = true;
};

/// Where the value of one parameter comes from.
struct BoundParameter {
  /// Null: the parameter keeps its compiled value.
  const NamedTensor *tensor = nullptr;
  /// The element type differs: use writeParameter.
  bool converted = false;
};

/// What matching found, in words for people.
struct BindReport {
  struct Item {
    std::string name;
    std::string detail;                 // one line; may be empty
    std::vector<std::string> near = {}; // for missing names: similar names
  };
  size_t numParameters = 0;
  size_t numBound = 0;
  std::vector<Item> renamed;        // bound under another name
  std::vector<Item> converted;      // bound, element type changed
  std::vector<Item> missing;        // in the model only
  std::vector<Item> kept;           // frozen, and not in the checkpoint
  std::vector<Item> mismatched;     // dtype or shape differ, or frozen
  std::vector<Item> unexpected;     // in the checkpoint only
  std::vector<Item> optimizerState; // likewise, left by training
  std::vector<Item> skipped;        // not usable, and not asked for
  /// A rename rule that would bind more of the missing names, or "".
  std::string suggestedRule;

  /// One line, e.g. "bound 8 of 10 parameters, 2 missing".
  std::string summary() const;
  /// The summary and one section per non-empty list, each cut after
  /// \p maxItems lines. Ends with a newline.
  std::string text(size_t maxItems = 20) const;
};

/// One entry per parameter, in the order they were given.
struct Binding {
  std::vector<BoundParameter> parameters;
  BindReport report;
};

/// Matches \p parameters with the tensors of \p checkpoints by name; of equal
/// names in two checkpoints the later one counts. False and \p error if a rule
/// is malformed, nothing at all could be bound, a frozen parameter would
/// change, or, in strict mode, something is missing or does not fit. The report
/// is complete either way. The checkpoints must outlive \p binding.
bool bindCheckpoints(const std::vector<ParameterInfo> &parameters,
                     const std::vector<const Checkpoint *> &checkpoints,
                     const BindOptions &options, Binding &binding,
                     std::string &error);

/// Copies \p bound's value to \p out as elements of \p dtype, converted if
/// necessary (round to nearest even; what is too large becomes infinite).
/// \p size is that of `out` and must be the parameter's. False if it is not.
bool writeParameter(const BoundParameter &bound, mscrt_dtype dtype, char *out,
                    size_t size);

} // namespace mscrt

#endif // MSCRT_CHECKPOINT_H

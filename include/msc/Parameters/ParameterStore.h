// SPDX-License-Identifier: Apache-2.0
//
/// \file The named tensors of a model, held outside the MLIR context: weights
/// are never IR text, never attributes, never held twice.
#ifndef MSC_PARAMETERS_PARAMETERSTORE_H
#define MSC_PARAMETERS_PARAMETERSTORE_H

#include "mscrt/abi.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace msc {

/// Bytes per element of \p dtype; 0 for MSCRT_INVALID and MSCRT_STRING.
size_t elementSize(mscrt_dtype dtype);

/// prod(shape) * elementSize, or an error on negative extents and on overflow.
llvm::Expected<uint64_t> tensorBytes(mscrt_dtype dtype,
                                     llvm::ArrayRef<int64_t> shape);

/// A file that is mapped read-only. The owner keeps the mapping alive.
struct MappedFile {
  llvm::ArrayRef<char> data;
  std::shared_ptr<void> owner;
  /// Identifies the content: device, inode, size, times of the last changes. ""
  /// where those are so recent that another change might not show.
  std::string stamp;
};

/// One tensor. `data` is little-endian, row-major, tensorBytes() long, and
/// lives as long as `owner`.
struct Parameter {
  std::string name;
  mscrt_dtype dtype = MSCRT_INVALID;
  std::vector<int64_t> shape;
  llvm::ArrayRef<char> data;
  std::shared_ptr<void> owner;
  /// The file that `data` is a part of; null where it is none.
  std::shared_ptr<const MappedFile> file;
  /// The compiler read the value: see MSCRT_PARAMETER_FROZEN.
  bool frozen = false;
};

/// Parameters in the order they were added.
class ParameterStore {
public:
  /// Adds \p parameter; an error if its name is taken or its size is wrong.
  llvm::Error add(Parameter parameter);
  /// The parameter called \p name, or null.
  Parameter *find(llvm::StringRef name);
  std::vector<Parameter *> all() const;

private:
  std::vector<std::unique_ptr<Parameter>> parameters;
  llvm::StringMap<Parameter *> byName;
};

/// Maps the file \p path.
llvm::Expected<MappedFile> mapFile(llvm::StringRef path);

/// Maps `directory/location` for a model in \p directory. Refuses absolute
/// locations, "..", and links, so that a model reads nothing but its own files.
llvm::Expected<MappedFile> mapExternalData(llvm::StringRef directory,
                                           llvm::StringRef location);

} // namespace msc

#endif // MSC_PARAMETERS_PARAMETERSTORE_H

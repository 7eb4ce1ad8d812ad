// SPDX-License-Identifier: Apache-2.0
//
/// \file Leaves large tensors where they are in the mapped file: protobuf would
/// copy them.
#ifndef LIB_IMPORT_ONNX_CUTTENSORS_H
#define LIB_IMPORT_ONNX_CUTTENSORS_H

#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>
#include <vector>

namespace msc::onnx {

/// A ModelProto without the large raw_data of its initializers.
struct CutModel {
  std::string bytes;
  /// Per initializer of the main graph what was left out: a part of the file,
  /// or empty.
  std::vector<llvm::ArrayRef<char>> tensors;
};

/// Cuts \p model, a serialised ModelProto. Nothing where its wire format is
/// damaged or says one thing twice; protobuf has to read it whole then.
std::optional<CutModel> cutTensors(llvm::ArrayRef<char> model);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_CUTTENSORS_H

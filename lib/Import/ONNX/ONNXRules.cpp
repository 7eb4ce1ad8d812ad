// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the ONNX rule table.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Codecs.h"
#include "msc/Import/Formats.h"
#include "msc/Support/DType.h"

namespace msc::import {

/// TensorProto.DataType; the runtime uses the same numbers.
static mlir::Type elementTypeOf(mlir::MLIRContext *ctx, int64_t id) {
  return id >= MSCRT_F32 && id <= MSCRT_BF16 ? elementType(ctx, mscrt_dtype(id))
                                             : mlir::Type();
}

void registerONNXRules() {
  using namespace onnx;
  static const std::vector<ImportRule> rules = {
#include "lib/Import/ONNX/ONNXRules.inc"
  };
  static const bool once =
      (addRules(rules), addElementTypes("onnx", elementTypeOf), true);
  (void)once;
}

} // namespace msc::import

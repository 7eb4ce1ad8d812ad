// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the MindIR rule table.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Codecs.h"
#include "msc/Import/Formats.h"
#include "msc/Support/DType.h"

namespace msc::import {

/// MindSpore's TypeId (mindspore/core/ir/dtype/type_id.h) of the types that
/// have had one number in every release; those after bfloat16 were renumbered.
static mlir::Type elementTypeOf(mlir::MLIRContext *ctx, int64_t id) {
  constexpr int64_t firstId = 30;
  constexpr mscrt_dtype types[] = {MSCRT_BOOL, MSCRT_I64, MSCRT_I8,  MSCRT_I16,
                                   MSCRT_I32,  MSCRT_I64, // Int is int64
                                   MSCRT_U64,  MSCRT_U8,  MSCRT_U16, MSCRT_U32,
                                   MSCRT_U64,  MSCRT_F32, MSCRT_F16, MSCRT_F32,
                                   MSCRT_F64,  MSCRT_BF16};
  bool known = id >= firstId && id < firstId + int64_t(std::size(types));
  return known ? elementType(ctx, types[id - firstId]) : mlir::Type();
}

void registerMindIRRules() {
  using namespace mindir;
  static const std::vector<ImportRule> rules = {
#include "lib/Import/MindIR/MindIRRules.inc"
  };
  static const bool once =
      (addRules(rules), addElementTypes("mindir", elementTypeOf), true);
  (void)once;
}

} // namespace msc::import

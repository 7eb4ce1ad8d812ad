// SPDX-License-Identifier: Apache-2.0
//
// ONNX -> ms, one file per category. Semantics: https://onnx.ai/onnx/operators/.

include "msc/Import/ImportRule.td"
include "dialects/MS/IR/MSOps.td"

class Onnx<string name, int since, list<Op> ops> : ImportRule<"onnx." # name, since> {
  let target = ops;
}

include "lib/Import/ONNX/Rules/Elementwise.td"

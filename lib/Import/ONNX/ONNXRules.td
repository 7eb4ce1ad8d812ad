// SPDX-License-Identifier: Apache-2.0
//
// ONNX -> ms, one file per category. Semantics: https://onnx.ai/onnx/operators/.

include "msc/Import/ImportRule.td"
include "dialects/MS/IR/MSOps.td"

class Onnx<string name, int since, list<Op> ops> : ImportRule<"onnx." # name, since> {
  let target = ops;
}

include "lib/Import/ONNX/Rules/Classic.td"
include "lib/Import/ONNX/Rules/Containers.td"
include "lib/Import/ONNX/Rules/Control.td"
include "lib/Import/ONNX/Rules/Elementwise.td"
include "lib/Import/ONNX/Rules/Image.td"
include "lib/Import/ONNX/Rules/Indexing.td"
include "lib/Import/ONNX/Rules/Linalg.td"
include "lib/Import/ONNX/Rules/Linear.td"
include "lib/Import/ONNX/Rules/Normalization.td"
include "lib/Import/ONNX/Rules/Pooling.td"
include "lib/Import/ONNX/Rules/Quant.td"
include "lib/Import/ONNX/Rules/Reduction.td"
include "lib/Import/ONNX/Rules/Selection.td"
include "lib/Import/ONNX/Rules/Sequence.td"
include "lib/Import/ONNX/Rules/Shape.td"
include "lib/Import/ONNX/Rules/Training.td"

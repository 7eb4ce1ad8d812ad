// SPDX-License-Identifier: Apache-2.0
//
// Indexing operators. Negative indices count from the end.

def : Onnx<"Gather", 1, [MS_GatherOp]> { let hook = "importGather"; }
def : Onnx<"GatherElements", 11, [MS_GatherElementsOp]> { let hook = "importGatherElements"; }
def : Onnx<"GatherND", 11, [MS_GatherNdOp]> { let attrs = [Attr_<"batch_dims", "batch_dims", "0">]; }
def : Onnx<"OneHot", 9, [MS_OneHotOp]> {
  let hook = "importOneHot";
  let note = "depth is known while compiling";
}
def : Onnx<"Scatter", 9, [MS_ScatterElementsOp]> {
  let attrs = [Attr_<"axis", "axis", "0", "axisOfRank">];
}
def : Onnx<"ScatterElements", 11, [MS_ScatterElementsOp]> {
  let attrs = [Attr_<"axis", "axis", "0", "axisOfRank">,
               Attr_<"reduction", "reduction", "\"none\"">];
}
def : Onnx<"ScatterND", 11, [MS_ScatterNdOp]> {
  let attrs = [Attr_<"reduction", "reduction", "\"none\"">];
}
def : Onnx<"TensorScatter", 24, [MS_ScatterElementsOp]> { let hook = "importTensorScatter"; }
def : Onnx<"TopK", 1, [MS_TopKOp]> {
  let hook = "importTopK";
  let args = ["X", "k"];
  let note = "k is known while compiling";
}
def : Onnx<"ai.onnx.ml.ArrayFeatureExtractor", 1, [MS_GatherOp]> {
  let hook = "importArrayFeatureExtractor";
}

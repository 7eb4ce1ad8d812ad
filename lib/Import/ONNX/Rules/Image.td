// SPDX-License-Identifier: Apache-2.0
//
// Image operators.

def : Onnx<"GridSample", 16, [MS_GatherOp]> { let hook = "importGridSample"; }
def : Onnx<"Resize", 10, [MS_GatherOp, MS_MatMulOp]> {
  let hook = "importResize10";
  let args = ["X", "scales"];
}
def : Onnx<"Resize", 11, [MS_GatherOp, MS_MatMulOp]> {
  let hook = "importResize";
  let args = ["X", "roi", "scales", "sizes"];
}
def : Onnx<"Upsample", 7, [MS_GatherOp]> { let hook = "importResize10"; }
def : Onnx<"Upsample", 9, [MS_GatherOp]> {
  let hook = "importResize10";
  let args = ["X", "scales"];
}

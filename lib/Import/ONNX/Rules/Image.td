// SPDX-License-Identifier: Apache-2.0
//
// Image operators.

def : Onnx<"AffineGrid", 20, [MS_MulOp, MS_AddOp, MS_ConcatOp]> {
  let hook = "importAffineGrid";
  let note = "the size is known while compiling";
}
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
def : Onnx<"RoiAlign", 10, [MS_RoiAlignOp]> { let hook = "importRoiAlign"; }
def : Onnx<"RoiAlign", 16, [MS_RoiAlignOp]> { let hook = "importRoiAlignShifted"; }

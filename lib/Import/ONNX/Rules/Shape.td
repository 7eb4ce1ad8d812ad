// SPDX-License-Identifier: Apache-2.0
//
// Shape operators.

def : Onnx<"CenterCropPad", 18, [MS_SliceOp, MS_PadOp]> { let hook = "importCenterCropPad"; }
def : Onnx<"Col2Im", 18, [MS_ScatterElementsOp]> { let hook = "importCol2Im"; }
def : Onnx<"Concat", 4, [MS_ConcatOp]> { let attrs = [Attr_<"axis", "axis", "", "axisOfRank">]; }
def : Onnx<"Constant", 1, [MS_ConstantOp]> {
  let hook = "importConstant";
  let note = "strings and sparse tensors are not supported";
}
def : Onnx<"ConstantOfShape", 9, [MS_ConstantOp]> { let hook = "importConstantOfShape"; }
def : Onnx<"DepthToSpace", 1, [MS_ReshapeOp, MS_TransposeOp]> { let hook = "importDepthToSpace"; }
def : Onnx<"Expand", 8, [MS_BroadcastToOp]> { let hook = "importExpand"; }
def : Onnx<"EyeLike", 9, [MS_ConstantOp]> { let hook = "importEyeLike"; }
def : Onnx<"Flatten", 1, [MS_ReshapeOp]> { let hook = "importFlatten"; }
def : Onnx<"Identity", 1, []> { let hook = "importIdentity"; }
def : Onnx<"Pad", 2, [MS_PadOp]> { let hook = "importPadOpset2"; }
def : Onnx<"Pad", 11, [MS_PadOp]> { let hook = "importPad"; }
def : Onnx<"Range", 11, [MS_ConstantOp]> {
  let hook = "importRange";
  let note = "the number of elements is known while compiling";
}
def : Onnx<"Reshape", 5, [MS_ReshapeOp]> { let hook = "importReshape"; }
def : Onnx<"ReverseSequence", 10, [MS_GatherOp]> { let hook = "importReverseSequence"; }
def : Onnx<"Shape", 1, [MS_ConstantOp]> { let hook = "importShape"; }
def : Onnx<"Size", 1, [MS_ConstantOp]> { let hook = "importSize"; }
def : Onnx<"Slice", 1, [MS_SliceOp]> { let hook = "importSliceOpset1"; }
def : Onnx<"Slice", 10, [MS_SliceOp]> { let hook = "importSlice"; }
def : Onnx<"SpaceToDepth", 1, [MS_ReshapeOp, MS_TransposeOp]> { let hook = "importSpaceToDepth"; }
def : Onnx<"Split", 2, [MS_SliceOp]> { let hook = "importSplit"; }
def : Onnx<"Split", 13, [MS_SliceOp]> {
  let hook = "importSplit";
  let args = ["input", "split"];
}
def : Onnx<"Squeeze", 1, [MS_ReshapeOp]> { let hook = "importSqueeze"; }
def : Onnx<"Squeeze", 13, [MS_ReshapeOp]> {
  let hook = "importSqueeze";
  let args = ["data", "axes"];
}
def : Onnx<"Tile", 6, [MS_TileOp]> { let hook = "importTile"; }
def : Onnx<"Transpose", 1, [MS_TransposeOp]> { let hook = "importTranspose"; }
def : Onnx<"Trilu", 14, [MS_SelectOp]> { let hook = "importTrilu"; }
def : Onnx<"Unsqueeze", 1, [MS_ReshapeOp]> { let hook = "importUnsqueeze"; }
def : Onnx<"Unsqueeze", 13, [MS_ReshapeOp]> {
  let hook = "importUnsqueeze";
  let args = ["data", "axes"];
}

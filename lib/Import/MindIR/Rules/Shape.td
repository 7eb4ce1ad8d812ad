// SPDX-License-Identifier: Apache-2.0
//
// Shape and creation primitives.

// The value itself.
foreach name = ["Clone", "Contiguous", "Copy", "Identity"] in
  def : MindIR<name, ["input"], []> { let hook = "importIdentity"; }

// Other shapes.
def : MindIR<"ExpandDims", ["input", "axis"], [MS_ReshapeOp]> { let hook = "importExpandDims"; }
def : MindIR<"ExpandDimsView", ["input", "axis"], [MS_ReshapeOp]> { let hook = "importExpandDims"; }
def : MindIR<"Flatten", ["input"], [MS_ReshapeOp]> { let hook = "importFlatten"; }
def : MindIR<"FlattenExt", ["input", "start_dim", "end_dim"], [MS_ReshapeOp]> { let hook = "importFlattenExt"; }
def : MindIR<"Reshape", ["input", "shape"], [MS_ReshapeOp]> { let hook = "importReshape"; }
def : MindIR<"Squeeze", ["input", "axis"], [MS_ReshapeOp]> { let hook = "importSqueeze"; }
def : MindIR<"View", ["input", "shape"], [MS_ReshapeOp]> { let hook = "importReshape"; }
def : MindIR<"ViewAs", ["input", "other"], [MS_ReshapeOp]> { let hook = "importViewAs"; }

// Permutations.
foreach name = ["Transpose", "TransposeView"] in
  def : MindIR<name, ["input", "perm"], [MS_TransposeOp]> { let hook = "importTranspose"; }
foreach name = ["TransposeExt", "TransposeExtView"] in
  def : MindIR<name, ["input", "dim0", "dim1"], [MS_TransposeOp]> { let hook = "importTransposeExt"; }
def : MindIR<"ReverseV2", ["input", "axis"], [MS_ReverseOp]> {
  let attrs = [Attr_<"axis", "axes", "", "axesOfRank">];
}
def : MindIR<"ReverseSequence", ["x", "seq_lengths"], [MS_GatherOp]> { let hook = "importReverseSequence"; }
def : MindIR<"Roll", ["input", "shift", "axis"], [MS_SliceOp, MS_ConcatOp]> { let hook = "importRoll"; }

// Joining and splitting.
def : MindIR<"Concat", ["tensors", "axis"], [MS_ConcatOp]> { let hook = "importConcat"; }
foreach name = ["Stack", "Pack"] in
  def : MindIR<name, ["tensors", "axis"], [MS_ConcatOp]> { let hook = "importStack"; }
def : MindIR<"StackExt", ["tensors", "axis"], [MS_ConcatOp]> { let hook = "importStack"; }
foreach name = ["Unstack", "Unpack", "UnstackExt", "UnstackExtView"] in
  def : MindIR<name, ["input", "axis"], [MS_SliceOp]> { let hook = "importUnstack"; }
def : MindIR<"Split", ["input", "axis", "output_num"], [MS_SliceOp]> { let hook = "importSplit"; }
def : MindIR<"SplitV", ["input"], [MS_SliceOp]> { let hook = "importSplitV"; }
foreach name = ["SplitTensor", "SplitTensorView"] in
  def : MindIR<name, ["input", "split_size", "dim"], [MS_SliceOp]> { let hook = "importSplitTensor"; }
foreach name = ["SplitWithSize", "SplitWithSizeView"] in
  def : MindIR<name, ["input", "size_splits", "split_dim"], [MS_SliceOp]> { let hook = "importSplitV"; }
foreach name = ["Chunk", "ChunkView"] in
  def : MindIR<name, ["input", "chunks", "dim"], [MS_SliceOp]> { let hook = "importChunk"; }

// Parts.
foreach name = ["Narrow", "NarrowView"] in
  def : MindIR<name, ["input", "dim", "start", "length"], [MS_SliceOp]> { let hook = "importNarrow"; }
def : MindIR<"SelectExtView", ["input", "dim", "index"], [MS_SliceOp]> { let hook = "importSelectView"; }
def : MindIR<"SelectView", ["input", "index", "dim"], [MS_SliceOp]> { let hook = "importSelectView"; }
def : MindIR<"Slice", ["input", "begin", "size"], [MS_SliceOp]> { let hook = "importSlice"; }
foreach name = ["SliceExt", "SliceExtView"] in
  def : MindIR<name, ["input", "dim", "start", "end", "step"], [MS_SliceOp]> { let hook = "importSliceExt"; }
def : MindIR<"StridedSlice", ["input", "begin", "end", "strides", "begin_mask", "end_mask",
                              "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"], [MS_SliceOp]> {
  let hook = "importStridedSlice";
}
def : MindIR<"TensorCopySlices", ["input", "value", "begin", "end", "strides"],
             [MS_ScatterElementsOp, MS_DynamicUpdateSliceOp]> { let hook = "importTensorCopySlices"; }

// Repetition.
foreach name = ["BroadcastTo", "BroadcastToView", "DynamicBroadcastTo"] in
  def : MindIR<name, ["input", "shape"], [MS_BroadcastToOp]> { let hook = "importBroadcastTo"; }
def : MindIR<"Meshgrid", ["inputs", "indexing"], [MS_BroadcastToOp]> { let hook = "importMeshgrid"; }
def : MindIR<"Repeat", ["input", "dims"], [MS_TileOp]> { let hook = "importTile"; }
foreach name = ["RepeatInterleaveInt", "RepeatInterleaveTensor"] in
  def : MindIR<name, ["input", "repeats", "dim", "output_size"], [MS_GatherOp]> {
    let hook = "importRepeatInterleave";
  }
def : MindIR<"Tile", ["input", "dims"], [MS_TileOp]> { let hook = "importTile"; }

// Padding.
def : MindIR<"ConstantPadND", ["input", "padding", "value"], [MS_PadOp]> { let hook = "importConstantPadND"; }
def : MindIR<"MirrorPad", ["input", "paddings"], [MS_PadOp]> { let hook = "importMirrorPad"; }
def : MindIR<"Pad", ["input"], [MS_PadOp]> { let hook = "importPad"; }
def : MindIR<"PadV3", ["input", "paddings", "value"], [MS_PadOp]> { let hook = "importPadV3"; }
foreach name = ["ReflectionPad1D", "ReflectionPad2D", "ReflectionPad3D"] in
  def : MindIR<name, ["input", "padding"], [MS_PadOp]> { let hook = "importReflectionPad"; }
foreach name = ["ReplicationPad1D", "ReplicationPad2D", "ReplicationPad3D"] in
  def : MindIR<name, ["input", "padding"], [MS_PadOp]> { let hook = "importReplicationPad"; }

// Blocks and windows.
def : MindIR<"BatchToSpace", ["input"], [MS_TransposeOp]> { let hook = "importBatchToSpace"; }
def : MindIR<"BatchToSpaceND", ["input"], [MS_TransposeOp]> { let hook = "importBatchToSpace"; }
def : MindIR<"DepthToSpace", ["input"], [MS_TransposeOp]> { let hook = "importDepthToSpace"; }
def : MindIR<"SpaceToBatch", ["input"], [MS_TransposeOp]> { let hook = "importSpaceToBatch"; }
def : MindIR<"SpaceToBatchND", ["input"], [MS_TransposeOp]> { let hook = "importSpaceToBatch"; }
def : MindIR<"SpaceToDepth", ["input"], [MS_TransposeOp]> { let hook = "importSpaceToDepth"; }
def : MindIR<"Im2Col", ["input"], [MS_GatherOp]> { let hook = "importIm2Col"; }
def : MindIR<"Im2ColExt", ["input", "kernel_size", "dilation", "padding", "stride"], [MS_GatherOp]> {
  let hook = "importIm2ColExt";
}
def : MindIR<"Col2Im", ["input", "output_size"], [MS_ScatterElementsOp]> { let hook = "importCol2Im"; }
def : MindIR<"Col2ImExt", ["input", "output_size", "kernel_size", "dilation", "padding", "stride"],
             [MS_ScatterElementsOp]> { let hook = "importCol2Im"; }

// Diagonals and triangles.
def : MindIR<"Diag", ["input"], [MS_SelectOp]> { let hook = "importDiag"; }
def : MindIR<"DiagExt", ["input", "diagonal"], [MS_SelectOp, MS_SliceOp]> { let hook = "importDiagExt"; }
def : MindIR<"DiagPart", ["input"], [MS_SliceOp]> { let hook = "importDiagPart"; }
foreach name = ["Diagonal", "DiagonalView"] in
  def : MindIR<name, ["input", "offset", "dim1", "dim2"], [MS_SliceOp]> { let hook = "importDiagonal"; }
def : MindIR<"MatrixBandPart", ["input", "lower", "upper"], [MS_SelectOp]> { let hook = "importMatrixBandPart"; }
def : MindIR<"MatrixDiagV3", ["input", "k", "num_rows", "num_cols", "padding_value"], [MS_GatherOp]> {
  let hook = "importMatrixDiag";
}
def : MindIR<"MatrixDiagPartV3", ["input", "k", "padding_value"], [MS_GatherOp]> { let hook = "importMatrixDiagPart"; }
def : MindIR<"MatrixSetDiagV3", ["input", "diagonal", "k"], [MS_GatherOp]> { let hook = "importMatrixSetDiag"; }
foreach name = ["Tril", "TrilExt"] in
  def : MindIR<name, ["input", "diagonal"], [MS_SelectOp]> { let hook = "importTril"; }
foreach name = ["Triu", "TriuExt"] in
  def : MindIR<name, ["input", "diagonal"], [MS_SelectOp]> { let hook = "importTriu"; }
def : MindIR<"Trace", ["input"], [MS_SliceOp, MS_ReduceSumOp]> { let hook = "importTrace"; }
def : MindIR<"TrilIndices", [], [MS_ConstantOp]> { let hook = "importTrilIndices"; }
def : MindIR<"TriuIndices", [], [MS_ConstantOp]> { let hook = "importTriuIndices"; }

// Shapes as values.
def : MindIR<"Shape", ["input"], []> { let hook = "importShape"; }
foreach name = ["TensorShape", "DynamicShape"] in
  def : MindIR<name, ["input"], [MS_ConstantOp]> { let hook = "importTensorShape"; }
def : MindIR<"Rank", ["input"], []> { let hook = "importRank"; }
def : MindIR<"Size", ["input"], []> { let hook = "importSize"; }

// Creation.
def : MindIR<"Arange", ["start", "end", "step", "dtype"], [MS_ConstantOp]> { let hook = "importRange"; }
def : MindIR<"Eye", ["n", "m", "dtype"], [MS_ConstantOp]> { let hook = "importEye"; }
def : MindIR<"Fill", ["dtype", "size", "value"], [MS_ConstantOp]> { let hook = "importFill"; }
foreach name = ["FillScalar", "FillTensor"] in
  def : MindIR<name, ["size", "value", "dtype"], [MS_ConstantOp]> { let hook = "importFill"; }
def : MindIR<"FillV2", ["size", "value"], [MS_BroadcastToOp]> { let hook = "importFill"; }
foreach name = ["FullLike", "Fills"] in
  def : MindIR<name, ["input", "value", "dtype"], [MS_ConstantOp]> { let hook = "importFullLike"; }
def : MindIR<"LinSpace", ["start", "stop", "num"], [MS_AddOp]> { let hook = "importLinSpace"; }
def : MindIR<"LinSpaceExt", ["start", "stop", "num", "dtype"], [MS_AddOp]> { let hook = "importLinSpace"; }
foreach name = ["NewOnes", "NewZeros"] in
  def : MindIR<name, ["input", "size", "dtype"], [MS_ConstantOp]> { let hook = "import" # name; }
foreach name = ["Ones", "Zeros"] in
  def : MindIR<name, ["size", "dtype"], [MS_ConstantOp]> { let hook = "import" # name; }
foreach name = ["OnesLike", "OnesLikeExt"] in
  def : MindIR<name, ["input", "dtype"], [MS_ConstantOp]> { let hook = "importOnesLike"; }
foreach name = ["ZerosLike", "ZerosLikeExt"] in
  def : MindIR<name, ["input", "dtype"], [MS_ConstantOp]> { let hook = "importZerosLike"; }
def : MindIR<"Range", ["start", "end", "step"], [MS_ConstantOp]> { let hook = "importRange"; }

// SPDX-License-Identifier: Apache-2.0
//
// Image primitives.

def : MindIR<"GridSampler2D", ["input_x", "grid", "interpolation_mode", "padding_mode", "align_corners"],
             [MS_GatherOp]> { let hook = "importGridSampler"; }
def : MindIR<"GridSampler3D", ["input_x", "grid", "interpolation_mode", "padding_mode", "align_corners"],
             [MS_GatherOp]> { let hook = "importGridSampler"; }
foreach name = ["ResizeBilinear", "ResizeBilinearV2", "ResizeNearestNeighbor", "ResizeNearestNeighborV2",
                "ResizeBicubic"] in
  def : MindIR<name, ["image", "size", "align_corners", "half_pixel_centers"], [MS_GatherOp]> {
    let hook = "importResize";
  }
def : MindIR<"ResizeLinear1D", ["x", "size", "coordinate_transformation_mode"], [MS_GatherOp]> {
  let hook = "importResizeLinear1D";
}
foreach name = ["UpsampleNearest1D", "UpsampleNearest2D", "UpsampleNearest3D"] in
  def : MindIR<name, ["x", "output_size", "scales"], [MS_GatherOp]> { let hook = "importUpsample"; }
foreach name = ["UpsampleLinear1D", "UpsampleBilinear2D", "UpsampleTrilinear3D"] in
  def : MindIR<name, ["x", "output_size", "scales", "align_corners"], [MS_GatherOp]> {
    let hook = "importUpsample";
  }

// Boxes, distances and grids.
def : MindIR<"IOU", ["anchors", "truths"], [MS_MaximumOp, MS_MinimumOp]> { let hook = "importIOU"; }
def : MindIR<"BoundingBoxEncode", ["anchors", "truths"], [MS_LogOp]> { let hook = "importBoundingBoxEncode"; }
def : MindIR<"BoundingBoxDecode", ["anchors", "deltas"], [MS_ExpOp]> { let hook = "importBoundingBoxDecode"; }
def : MindIR<"CheckValid", ["boxes", "metas"], [MS_LogicalAndOp]> { let hook = "importCheckValid"; }
def : MindIR<"Cdist", ["input", "other", "p"], [MS_ReduceSumOp]> { let hook = "importCdist"; }
def : MindIR<"Cross", ["input", "other", "dim"], [MS_MulOp, MS_SubOp]> { let hook = "importCross"; }
def : MindIR<"AffineGrid", ["theta", "output_size", "align_corners"], [MS_MatMulOp]> { let hook = "importAffineGrid"; }

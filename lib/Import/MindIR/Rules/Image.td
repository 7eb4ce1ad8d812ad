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

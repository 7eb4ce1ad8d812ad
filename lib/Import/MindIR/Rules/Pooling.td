// SPDX-License-Identifier: Apache-2.0
//
// Pooling primitives.

def : MindIR<"MaxPool", ["x"], [MS_MaxPoolOp]> { let hook = "importMaxPool"; }
def : MindIR<"AvgPool", ["x", "kernel_size", "strides", "pad_mode", "data_format"], [MS_AvgPoolOp]> {
  let hook = "importAvgPool";
}
def : MindIR<"MaxPoolWithArgmax", ["x"], [MS_MaxPoolWithIndicesOp]> { let hook = "importMaxPoolWithArgmax"; }
class MaxPoolWithPositions<string name> :
    MindIR<name, ["x", "kernel_size", "strides", "pads", "dilation", "ceil_mode", "argmax_type"],
           [MS_MaxPoolWithIndicesOp]> {
  let hook = "importMaxPool2DWithPositions";
}
def : MaxPoolWithPositions<"MaxPoolWithArgmaxV2">;
def : MaxPoolWithPositions<"MaxPoolWithMask">;
def : MaxPoolWithPositions<"MaxPoolWithIndices">;
def : MindIR<"MaxPool3DWithArgmax", ["x"], [MS_MaxPoolWithIndicesOp]> { let hook = "importMaxPool3DWithPositions"; }
def : MindIR<"MaxPool3D", ["x"], [MS_MaxPoolOp]> { let hook = "importMaxPool3D"; }
def : MindIR<"AvgPool3D", ["input"], [MS_AvgPoolOp]> { let hook = "importAvgPool3D"; }
def : MindIR<"AvgPool1D", ["input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"],
             [MS_AvgPoolOp]> { let hook = "importAvgPool1DExt"; }
def : MindIR<"AvgPool2D", ["input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad",
                           "divisor_override"], [MS_AvgPoolOp]> { let hook = "importAvgPool2DExt"; }

class AdaptivePool<string name, string function, list<Op> ops> : MindIR<name, ["input", "output_size"], ops> {
  let hook = function;
}
def : AdaptivePool<"AdaptiveAvgPool1D", "importAdaptiveAvgPool1D", [MS_AvgPoolOp, MS_AdaptiveAvgPoolOp]>;
def : AdaptivePool<"AdaptiveAvgPool2D", "importAdaptiveAvgPool2D", [MS_AvgPoolOp, MS_AdaptiveAvgPoolOp]>;
def : AdaptivePool<"AdaptiveAvgPool2DExt", "importAdaptiveAvgPool2D", [MS_AvgPoolOp, MS_AdaptiveAvgPoolOp]>;
def : AdaptivePool<"AdaptiveAvgPool3D", "importAdaptiveAvgPool3D", [MS_AvgPoolOp, MS_AdaptiveAvgPoolOp]>;
def : AdaptivePool<"AdaptiveAvgPool3DExt", "importAdaptiveAvgPool3D", [MS_AvgPoolOp, MS_AdaptiveAvgPoolOp]>;
def : AdaptivePool<"AdaptiveMaxPool1D", "importAdaptiveMaxPool1D", [MS_AdaptiveMaxPoolOp]>;
def : AdaptivePool<"AdaptiveMaxPool2D", "importAdaptiveMaxPool2D", [MS_AdaptiveMaxPoolOp]>;
def : AdaptivePool<"AdaptiveMaxPool3D", "importAdaptiveMaxPool3D", [MS_AdaptiveMaxPoolOp]>;
def : MindIR<"MaxUnpool2D", ["x", "argmax"], [MS_ScatterElementsOp]> { let hook = "importMaxUnpool2D"; }
def : MindIR<"MaxUnpool3D", ["x", "argmax"], [MS_ScatterElementsOp]> { let hook = "importMaxUnpool3D"; }

// SPDX-License-Identifier: Apache-2.0
//
// Linear primitives.

class MatMulLike<string name, list<string> names = ["input", "mat2"]> : MindIR<name, names, [MS_MatMulOp]> {
  let hook = "importMatMul";
}
def : MatMulLike<"MatMul", ["input", "mat2", "transpose_a", "transpose_b"]>;
def : MatMulLike<"BatchMatMul", ["x", "y", "transpose_a", "transpose_b"]>;
def : MatMulLike<"MatMulExt">;
def : MatMulLike<"BatchMatMulExt">;
def : MatMulLike<"Mm">;
def : MatMulLike<"Mv">;
def : MatMulLike<"Dot">;
def : MindIR<"Dense", ["input", "weight", "bias"], [MS_MatMulOp, MS_AddOp]> { let hook = "importDense"; }
def : MindIR<"Outer", ["input", "vec2"], [MS_MulOp]> { let hook = "importOuter"; }
def : MindIR<"Ger", ["x1", "x2"], [MS_MulOp]> { let hook = "importOuter"; }
def : MindIR<"Addmm", ["input", "mat1", "mat2", "beta", "alpha"], [MS_MatMulOp, MS_AddOp]> { let hook = "importAddmm"; }
def : MindIR<"Addmv", ["input", "mat", "vec", "beta", "alpha"], [MS_MatMulOp, MS_AddOp]> { let hook = "importAddmm"; }
def : MindIR<"Baddbmm", ["input", "batch1", "batch2", "beta", "alpha"], [MS_MatMulOp, MS_AddOp]> { let hook = "importAddmm"; }
def : MindIR<"Addbmm", ["input", "batch1", "batch2", "beta", "alpha"], [MS_MatMulOp, MS_AddOp]> { let hook = "importAddbmm"; }
def : MindIR<"Addr", ["input", "vec1", "vec2", "beta", "alpha"], [MS_MulOp, MS_AddOp]> { let hook = "importAddr"; }
def : MindIR<"Einsum", ["inputs"], [MS_TransposeOp, MS_MatMulOp, MS_MulOp]> { let hook = "importEinsum"; }
def : MindIR<"BiasAdd", ["input_x", "bias", "data_format"], [MS_AddOp]> { let hook = "importBiasAdd"; }

def : MindIR<"Conv2D", ["x", "w"], [MS_ConvOp]> { let hook = "importConv"; }
def : MindIR<"Conv3D", ["x", "w"], [MS_ConvOp]> { let hook = "importConv"; }
def : MindIR<"DepthwiseConv2dNative", ["x", "w"], [MS_ConvOp]> { let hook = "importDepthwiseConv"; }
class ConvTransposeLike<string name, list<string> names> : MindIR<name, names, [MS_ConvTransposeOp]> {
  let hook = "importConvTranspose";
}
def : ConvTransposeLike<"Conv2DTranspose", ["out_backprop", "filter", "input_sizes"]>;
def : ConvTransposeLike<"Conv2DBackpropInput", ["out_backprop", "filter", "input_sizes"]>;
def : ConvTransposeLike<"Conv3DTranspose", ["x", "filter"]>;
class ConvExt<string name, list<string> more> :
    MindIR<name, !listconcat(["input", "weight", "bias", "stride", "padding"], more), [MS_ConvOp, MS_AddOp]> {
  let hook = "importConvExt";
}
def : ConvExt<"Conv1DExt", ["dilation", "groups"]>;
def : ConvExt<"Conv2DExt", ["dilation", "groups"]>;
def : ConvExt<"Conv2DPadding", ["dilation", "groups"]>;
def : ConvExt<"Conv3DExt", ["dilation", "groups"]>;
def : ConvExt<"Convolution", ["dilation", "transposed", "output_padding", "groups"]>;
def : ConvExt<"ConvolutionStr", ["dilation", "transposed", "output_padding", "groups"]>;
def : ConvExt<"ConvTranspose2D", ["output_padding", "groups", "dilation"]>;

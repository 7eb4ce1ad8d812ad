// SPDX-License-Identifier: Apache-2.0
//
// Linear operators.

def : Onnx<"MatMul", 1, [MS_MatMulOp]> { let hook = "importMatMul"; }
def : Onnx<"Gemm", 7, [MS_MatMulOp, MS_MulOp, MS_AddOp]> { let hook = "importGemm"; }
def : Onnx<"Einsum", 12, [MS_TransposeOp, MS_ReduceSumOp, MS_MatMulOp, MS_MulOp]> { let hook = "importEinsum"; }
def : Onnx<"Conv", 1, [MS_ConvOp, MS_AddOp]> { let hook = "importConv"; }
def : Onnx<"ConvTranspose", 1, [MS_ConvTransposeOp, MS_AddOp]> { let hook = "importConvTranspose"; }
def : Onnx<"DeformConv", 19, [MS_GatherOp, MS_MatMulOp, MS_AddOp]> { let hook = "importDeformConv"; }
def : Onnx<"CausalConvWithState", 27, [MS_ConcatOp, MS_ConvOp, MS_SliceOp]> { let hook = "importCausalConvWithState"; }
def : Onnx<"MatMulInteger", 10, [MS_SubOp, MS_MatMulOp]> { let hook = "importMatMulInteger"; }
def : Onnx<"ConvInteger", 10, [MS_SubOp, MS_ConvOp]> { let hook = "importConvInteger"; }
def : Onnx<"QLinearMatMul", 10, [MS_SubOp, MS_MatMulOp, MS_RoundOp, MS_CastOp]> { let hook = "importQLinearMatMul"; }
def : Onnx<"QLinearConv", 10, [MS_SubOp, MS_ConvOp, MS_RoundOp, MS_CastOp]> { let hook = "importQLinearConv"; }
def : Onnx<"com.microsoft.FusedMatMul", 1, [MS_MatMulOp, MS_MulOp]> { let hook = "importFusedMatMul"; }
def : Onnx<"com.microsoft.FusedGemm", 1, [MS_MatMulOp, MS_AddOp]> { let hook = "importFusedGemm"; }
def : Onnx<"com.microsoft.FusedConv", 1, [MS_ConvOp, MS_AddOp]> { let hook = "importFusedConv"; }
def : Onnx<"LinearAttention", 27, [MS_WhileOp, MS_MatMulOp, MS_MulOp, MS_AddOp]> { let hook = "importLinearAttention"; }

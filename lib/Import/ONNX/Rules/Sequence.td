// SPDX-License-Identifier: Apache-2.0
//
// Attention and recurrent operators.

def : Onnx<"Attention", 23, [MS_MatMulOp, MS_SoftmaxOp]> { let hook = "importAttention"; }
def : Onnx<"RotaryEmbedding", 23, [MS_GatherOp, MS_MulOp, MS_ConcatOp]> { let hook = "importRotaryEmbedding"; }

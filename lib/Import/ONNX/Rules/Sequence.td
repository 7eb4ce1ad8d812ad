// SPDX-License-Identifier: Apache-2.0
//
// Attention and recurrent operators.

def : Onnx<"LSTM", 7, [MS_LSTMOp]> { let hook = "importLSTM"; }
def : Onnx<"GRU", 7, [MS_GRUOp]> { let hook = "importGRU"; }
def : Onnx<"RNN", 7, [MS_RNNOp]> { let hook = "importRNN"; }
def : Onnx<"Attention", 23, [MS_AttentionOp]> { let hook = "importAttention"; }
def : Onnx<"RotaryEmbedding", 23, [MS_RotaryEmbeddingOp, MS_GatherOp]> { let hook = "importRotaryEmbedding"; }

// SPDX-License-Identifier: Apache-2.0
//
// Recurrent layers, attention and rotary embeddings.

def : MindIR<"LSTM", ["x", "h", "c", "w"], [MS_LSTMOp]> { let hook = "importLSTM"; }
def : MindIR<"LSTMV2", ["x", "h", "c", "w", "seq_lengths"], [MS_LSTMOp]> { let hook = "importLSTM"; }
def : MindIR<"CudnnGRU", ["x", "h", "w"], [MS_GRUOp]> { let hook = "importGRU"; }
def : MindIR<"GRUV2", ["x", "h", "w", "seq_lengths"], [MS_GRUOp]> { let hook = "importGRU"; }
def : MindIR<"DynamicRNN", ["x", "w", "b", "seq_length", "init_h", "init_c"], [MS_LSTMOp]> {
  let hook = "importDynamicRNN";
  let note = "cell states of all steps are not available";
}
def : MindIR<"DynamicGRUV2", ["x", "weight_input", "weight_hidden", "bias_input", "bias_hidden", "seq_length",
                              "init_h"], [MS_GRUOp]> { let hook = "importDynamicGRUV2"; }
def : MindIR<"BasicLSTMCell", ["x", "h", "c", "w", "b"], [MS_LSTMOp]> { let hook = "importBasicLSTMCell"; }

def : MindIR<"FlashAttentionScore",
             ["query", "key", "value", "real_shift", "drop_mask", "padding_mask", "attn_mask", "prefix",
              "actual_seq_qlen", "actual_seq_kvlen", "head_num", "keep_prob", "scale_value", "pre_tokens",
              "next_tokens", "inner_precise", "input_layout", "sparse_mode"], [MS_AttentionOp]> {
  let hook = "importFlashAttentionScore";
}
def : MindIR<"PromptFlashAttention",
             ["query", "key", "value", "attn_mask", "actual_seq_lengths", "actual_seq_lengths_kv", "pse_shift",
              "deq_scale1", "quant_scale1", "deq_scale2", "quant_scale2", "quant_offset2", "num_heads",
              "scale_value", "pre_tokens", "next_tokens", "input_layout", "num_key_value_heads", "sparse_mode",
              "inner_precise"], [MS_AttentionOp]> { let hook = "importPromptFlashAttention"; }
def : MindIR<"IncreFlashAttention",
             ["query", "key", "value", "attn_mask", "actual_seq_lengths", "pse_shift", "dequant_scale1",
              "quant_scale1", "dequant_scale2", "quant_scale2", "quant_offset2", "antiquant_scale",
              "antiquant_offset", "block_table", "kv_padding_size", "num_heads", "input_layout", "scale_value",
              "num_key_value_heads", "block_size", "inner_precise"], [MS_AttentionOp]> {
  let hook = "importIncreFlashAttention";
}
def : MindIR<"RotaryPositionEmbedding", ["x", "cos", "sin", "mode"], [MS_RotaryEmbeddingOp]> {
  let hook = "importRotaryPositionEmbedding";
}
def : MindIR<"ApplyRotaryPosEmb", ["query", "key", "cos", "sin", "position_ids", "cos_format"],
             [MS_RotaryEmbeddingOp, MS_GatherOp]> { let hook = "importApplyRotaryPosEmb"; }

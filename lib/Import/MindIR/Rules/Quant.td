// SPDX-License-Identifier: Apache-2.0
//
// Quantisation, of language models mostly.

def : MindIR<"AntiQuant", ["x", "scale", "offset", "sqrt_mode", "dtype"], [MS_MulOp]> { let hook = "importAntiQuant"; }
def : MindIR<"DynamicQuantExt", ["x", "smooth_scales"], [MS_DivOp, MS_RoundOp, MS_CastOp]> {
  let hook = "importDynamicQuant";
}
def : MindIR<"FakeQuantPerChannel", ["x", "min", "max"], [MS_RoundOp]> { let hook = "importFakeQuant"; }
def : MindIR<"FakeQuantPerLayer", ["x", "min", "max"], [MS_RoundOp]> { let hook = "importFakeQuant"; }
def : MindIR<"FakeQuantWithMinMaxVars", ["x", "min", "max"], [MS_RoundOp]> { let hook = "importFakeQuant"; }
def : MindIR<"QuantBatchMatmul", ["x1", "x2", "scale", "offset", "bias", "pertokenScaleOptional",
                                  "transpose_x1", "transpose_x2", "dtype"], [MS_MatMulOp, MS_MulOp]> {
  let hook = "importQuantBatchMatmul";
}
def : MindIR<"QuantV2", ["x", "scale", "offset", "sqrt_mode", "rounding_mode", "dst_type"],
             [MS_MulOp, MS_RoundOp, MS_CastOp]> {
  let hook = "importQuantV2";
}
def : MindIR<"WeightQuantBatchMatmul", ["x", "weight", "antiquant_scale", "antiquant_offset", "quant_scale",
                                        "quant_offset", "bias", "transpose_x", "transpose_weight",
                                        "antiquant_group_size"], [MS_MulOp, MS_MatMulOp]> {
  let hook = "importWeightQuantBatchMatmul";
}

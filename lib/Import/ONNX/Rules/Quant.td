// SPDX-License-Identifier: Apache-2.0
//
// Quantisation to integers and back.

def : Onnx<"QuantizeLinear", 10, [MS_DivOp, MS_RoundOp, MS_CastOp]> {
  let hook = "importQuantizeLinear";
  let note = "8 and 16 bit integers";
}
def : Onnx<"DequantizeLinear", 10, [MS_CastOp, MS_SubOp, MS_MulOp]> {
  let hook = "importDequantizeLinear";
  let note = "integers of 8 to 32 bits; weights of 4 bits";
}
def : Onnx<"DynamicQuantizeLinear", 11, [MS_DivOp, MS_RoundOp, MS_CastOp]> {
  let hook = "importDynamicQuantizeLinear";
}

// SPDX-License-Identifier: Apache-2.0
//
// Linalg operators.

def : Onnx<"DFT", 17, [MS_FftOp]> { let hook = "importDftAttribute"; }
def : Onnx<"DFT", 20, [MS_FftOp]> { let hook = "importDft"; }
def : Onnx<"STFT", 17, [MS_GatherOp, MS_MulOp, MS_FftOp]> {
  let hook = "importStft";
  let note = "step and frame length are known while compiling";
}

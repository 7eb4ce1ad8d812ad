// SPDX-License-Identifier: Apache-2.0
//
// Control flow.

def : Onnx<"If", 1, [MS_IfOp]> { let hook = "importIfNode"; }
def : Onnx<"Loop", 1, [MS_WhileOp]> {
  let hook = "importLoop";
  let note = "scan outputs need a trip count known while compiling";
}
def : Onnx<"Scan", 9, [MS_WhileOp]> {
  let hook = "importScan";
  let note = "unrolled";
}

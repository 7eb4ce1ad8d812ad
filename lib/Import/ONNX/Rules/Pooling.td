// SPDX-License-Identifier: Apache-2.0
//
// Pooling operators.

def : Onnx<"AveragePool", 7, [MS_AvgPoolOp]> { let hook = "importAveragePool"; }
def : Onnx<"MaxPool", 1, [MS_MaxPoolOp, MS_MaxPoolWithIndicesOp]> { let hook = "importMaxPool"; }
def : Onnx<"LpPool", 2, [MS_AbsOp, MS_PowOp, MS_AvgPoolOp]> { let hook = "importLpPool"; }
def : Onnx<"GlobalAveragePool", 1, [MS_ReduceMeanOp]> { let hook = "importGlobalAveragePool"; }
def : Onnx<"GlobalMaxPool", 1, [MS_ReduceMaxOp]> { let hook = "importGlobalMaxPool"; }
def : Onnx<"GlobalLpPool", 2, [MS_AbsOp, MS_PowOp, MS_ReduceSumOp]> { let hook = "importGlobalLpPool"; }
def : Onnx<"MaxUnpool", 9, [MS_ScatterElementsOp, MS_PadOp]> { let hook = "importMaxUnpool"; }

// SPDX-License-Identifier: Apache-2.0
//
// Reductions, arg-reductions and scans. `axes` moved from an attribute to an
// input in opset 18 (ReduceSum: 13).

def : Onnx<"ArgMax", 1, [MS_ArgMaxOp]> { let hook = "argReduce"; }
def : Onnx<"ArgMin", 1, [MS_ArgMinOp]> { let hook = "argReduce"; }
def : Onnx<"CumProd", 26, [MS_CumProdOp]> { let hook = "scan"; let args = ["x", "axis"]; }
def : Onnx<"CumSum", 11, [MS_CumSumOp]> { let hook = "scan"; let args = ["x", "axis"]; }

class OnnxReduce<string name, list<Op> ops> : Onnx<name, 1, ops> {
  let hook = "reduce";
  let args = ["data", "axes"];
}
def : OnnxReduce<"ReduceL1", [MS_AbsOp, MS_ReduceSumOp]>;
def : OnnxReduce<"ReduceL2", [MS_MulOp, MS_ReduceSumOp, MS_SqrtOp]>;
def : OnnxReduce<"ReduceLogSum", [MS_ReduceSumOp, MS_LogOp]>;
def : OnnxReduce<"ReduceLogSumExp", [MS_ReduceMaxOp, MS_ExpOp, MS_ReduceSumOp, MS_LogOp]>;
def : OnnxReduce<"ReduceMax", [MS_ReduceMaxOp]>;
def : OnnxReduce<"ReduceMean", [MS_ReduceMeanOp]>;
def : OnnxReduce<"ReduceMin", [MS_ReduceMinOp]>;
def : OnnxReduce<"ReduceProd", [MS_ReduceProdOp]>;
def : OnnxReduce<"ReduceSum", [MS_ReduceSumOp]>;
def : OnnxReduce<"ReduceSumSquare", [MS_MulOp, MS_ReduceSumOp]>;

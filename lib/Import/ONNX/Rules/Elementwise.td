// SPDX-License-Identifier: Apache-2.0
//
// Elementwise operators.

def : Onnx<"Abs", 1, [MS_AbsOp]>;
def : Onnx<"Acos", 7, [MS_AcosOp]>;
def : Onnx<"Acosh", 9, [MS_AcoshOp]>;
def : Onnx<"Add", 7, [MS_AddOp]>;
def : Onnx<"And", 7, [MS_LogicalAndOp]>;
def : Onnx<"Asin", 7, [MS_AsinOp]>;
def : Onnx<"Asinh", 9, [MS_AsinhOp]>;
def : Onnx<"Atan", 7, [MS_AtanOp]>;
def : Onnx<"Atanh", 9, [MS_AtanhOp]>;
def : Onnx<"Div", 7, [MS_DivOp]>;
def : Onnx<"Exp", 1, [MS_ExpOp]>;
def : Onnx<"LeakyRelu", 1, [MS_LeakyReluOp]> { let attrs = [Attr_<"alpha", "alpha", "0.01 : f32">]; }
def : Onnx<"Mul", 7, [MS_MulOp]>;
def : Onnx<"Relu", 1, [MS_ReluOp]>;
def : Onnx<"Sigmoid", 1, [MS_SigmoidOp]>;
def : Onnx<"Sub", 7, [MS_SubOp]>;
def : Onnx<"Tanh", 1, [MS_TanhOp]>;

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
def : Onnx<"BitCast", 26, [MS_BitcastOp, MS_CastOp]> { let hook = "importBitCast"; }
def : Onnx<"BitShift", 11, [MS_ShiftLeftOp, MS_ShiftRightOp]> { let hook = "importBitShift"; }
def : Onnx<"BitwiseAnd", 18, [MS_BitwiseAndOp]>;
def : Onnx<"BitwiseNot", 18, [MS_BitwiseNotOp]>;
def : Onnx<"BitwiseOr", 18, [MS_BitwiseOrOp]>;
def : Onnx<"BitwiseXor", 18, [MS_BitwiseXorOp]>;
def : Onnx<"Cast", 6, [MS_CastOp]> {
  let hook = "importCast";
  let note = "no 8-bit and smaller floats, no integers below 8 bits, no strings";
}
def : Onnx<"CastLike", 15, [MS_CastOp]> { let hook = "importCastLike"; }
def : Onnx<"Ceil", 1, [MS_CeilOp]>;
def : Onnx<"Celu", 12, [MS_EluOp]> { let hook = "importCelu"; }
def : Onnx<"Clip", 6, [MS_MinimumOp, MS_MaximumOp]> { let hook = "importClipAttributes"; }
def : Onnx<"Clip", 11, [MS_MinimumOp, MS_MaximumOp]> { let hook = "importClip"; }
def : Onnx<"Cos", 7, [MS_CosOp]>;
def : Onnx<"Cosh", 9, [MS_CoshOp]>;
def : Onnx<"Div", 7, [MS_DivOp]>;
def : Onnx<"Dropout", 7, []> { let hook = "importDropout"; let note = "identity"; }
def : Onnx<"Dropout", 12, []> { let hook = "importDropout"; let note = "identity; no training mode"; }
def : Onnx<"Elu", 1, [MS_EluOp]> { let attrs = [Attr_<"alpha", "alpha", "1.0 : f32">]; }
def : Onnx<"Equal", 7, [MS_EqualOp]>;
def : Onnx<"Erf", 9, [MS_ErfOp]>;
def : Onnx<"Exp", 1, [MS_ExpOp]>;
def : Onnx<"Floor", 1, [MS_FloorOp]>;
def : Onnx<"Gelu", 20, [MS_GeluOp]> {
  let attrs = [Attr_<"approximate", "tanh", "?", "tanhIfNamed">];
}
def : Onnx<"Greater", 7, [MS_GreaterOp]>;
def : Onnx<"GreaterOrEqual", 12, [MS_GreaterEqualOp]>;
def : Onnx<"HardSigmoid", 1, [MS_HardSigmoidOp]> {
  let attrs = [Attr_<"alpha", "alpha", "0.2 : f32">, Attr_<"beta", "beta", "0.5 : f32">];
}
def : Onnx<"HardSwish", 14, [MS_HardSwishOp]>;
def : Onnx<"IsInf", 10, [MS_IsInfOp, MS_LessOp, MS_GreaterOp]> { let hook = "importIsInf"; }
def : Onnx<"IsNaN", 9, [MS_IsNanOp]>;
def : Onnx<"LeakyRelu", 1, [MS_LeakyReluOp]> { let attrs = [Attr_<"alpha", "alpha", "0.01 : f32">]; }
def : Onnx<"Less", 7, [MS_LessOp]>;
def : Onnx<"LessOrEqual", 12, [MS_LessEqualOp]>;
def : Onnx<"Log", 1, [MS_LogOp]>;
def : Onnx<"Max", 6, [MS_MaximumOp]> { let hook = "importVariadic"; }
def : Onnx<"Mean", 6, [MS_AddOp]> { let hook = "importMean"; }
def : Onnx<"Min", 6, [MS_MinimumOp]> { let hook = "importVariadic"; }
def : Onnx<"Mish", 18, [MS_MishOp]>;
def : Onnx<"Mod", 10, [MS_ModOp, MS_FmodOp]> { let hook = "importMod"; }
def : Onnx<"Mul", 7, [MS_MulOp]>;
def : Onnx<"Neg", 1, [MS_NegOp]>;
def : Onnx<"Not", 1, [MS_LogicalNotOp]>;
def : Onnx<"Or", 7, [MS_LogicalOrOp]>;
def : Onnx<"PRelu", 7, [MS_PreluOp]>;
def : Onnx<"Pow", 7, [MS_PowOp]> { let hook = "importPow"; }
def : Onnx<"Reciprocal", 1, [MS_ReciprocalOp]>;
def : Onnx<"Relu", 1, [MS_ReluOp]>;
def : Onnx<"Round", 11, [MS_RoundOp]>;
def : Onnx<"Selu", 1, [MS_EluOp]> {
  let attrs = [Attr_<"alpha", "alpha", "1.67326319217681884765625 : f32">,
               Attr_<"gamma", "scale", "1.05070102214813232421875 : f32">];
}
def : Onnx<"Shrink", 9, [MS_SelectOp]> { let hook = "importShrink"; }
def : Onnx<"Sigmoid", 1, [MS_SigmoidOp]>;
def : Onnx<"Sign", 9, [MS_SignOp]>;
def : Onnx<"Sin", 7, [MS_SinOp]>;
def : Onnx<"Sinh", 9, [MS_SinhOp]>;
def : Onnx<"Softplus", 1, [MS_SoftplusOp]>;
def : Onnx<"Softsign", 1, [MS_DivOp]> { let hook = "importSoftsign"; }
def : Onnx<"Sqrt", 1, [MS_SqrtOp]>;
def : Onnx<"Sub", 7, [MS_SubOp]>;
def : Onnx<"Sum", 6, [MS_AddOp]> { let hook = "importVariadic"; }
def : Onnx<"SwiGLU", 28, [MS_SiluOp, MS_MulOp]> { let hook = "importSwiGLU"; }
def : Onnx<"Swish", 24, [MS_SiluOp, MS_SigmoidOp]> { let hook = "importSwish"; }
def : Onnx<"Tan", 7, [MS_TanOp]>;
def : Onnx<"Tanh", 1, [MS_TanhOp]>;
def : Onnx<"ThresholdedRelu", 1, [MS_SelectOp]> { let hook = "importThresholdedRelu"; }
def : Onnx<"Where", 9, [MS_SelectOp]>;
def : Onnx<"Xor", 7, [MS_LogicalXorOp]>;

// Tables, computed while compiling.
def : Onnx<"BlackmanWindow", 17, [MS_ConstantOp]> { let hook = "importBlackmanWindow"; }
def : Onnx<"HammingWindow", 17, [MS_ConstantOp]> { let hook = "importHammingWindow"; }
def : Onnx<"HannWindow", 17, [MS_ConstantOp]> { let hook = "importHannWindow"; }
def : Onnx<"MelWeightMatrix", 17, [MS_ConstantOp]> { let hook = "importMelWeightMatrix"; }

// Losses.
def : Onnx<"NegativeLogLikelihoodLoss", 12, [MS_GatherElementsOp]> { let hook = "importNegativeLogLikelihoodLoss"; }
def : Onnx<"SoftmaxCrossEntropyLoss", 12, [MS_LogSoftmaxOp, MS_GatherElementsOp]> {
  let hook = "importSoftmaxCrossEntropyLoss";
}

// ONNX Runtime's own operators:
// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
def : Onnx<"com.microsoft.BiasGelu", 1, [MS_AddOp, MS_GeluOp]> { let hook = "importBiasGelu"; }
def : Onnx<"com.microsoft.FastGelu", 1, [MS_AddOp, MS_GeluOp]> { let hook = "importFastGelu"; }
def : Onnx<"com.microsoft.Gelu", 1, [MS_GeluOp]>;
def : Onnx<"com.microsoft.QuickGelu", 1, [MS_SigmoidOp, MS_MulOp]> { let hook = "importQuickGelu"; }

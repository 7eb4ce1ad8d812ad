// SPDX-License-Identifier: Apache-2.0
//
// Elementwise primitives: arithmetic, comparisons, bits, types, activations,
// losses.

// Functions of floats; integers are computed in float32.
class MindIRFloatUnary<string name, Op op> : MindIR<name, ["input"], [op]> {
  let hook = "importFloatUnary";
}
def : MindIRFloatUnary<"ACos", MS_AcosOp>;
def : MindIRFloatUnary<"Acos", MS_AcosOp>;
def : MindIRFloatUnary<"AcosExt", MS_AcosOp>;
def : MindIRFloatUnary<"Acosh", MS_AcoshOp>;
def : MindIRFloatUnary<"AcoshExt", MS_AcoshOp>;
def : MindIRFloatUnary<"Asin", MS_AsinOp>;
def : MindIRFloatUnary<"AsinExt", MS_AsinOp>;
def : MindIRFloatUnary<"Asinh", MS_AsinhOp>;
def : MindIRFloatUnary<"AsinhExt", MS_AsinhOp>;
def : MindIRFloatUnary<"Atan", MS_AtanOp>;
def : MindIRFloatUnary<"AtanExt", MS_AtanOp>;
def : MindIRFloatUnary<"Atanh", MS_AtanhOp>;
def : MindIRFloatUnary<"BesselI0", MS_BesselI0Op>;
def : MindIRFloatUnary<"BesselI0e", MS_BesselI0eOp>;
def : MindIRFloatUnary<"BesselI1", MS_BesselI1Op>;
def : MindIRFloatUnary<"BesselI1e", MS_BesselI1eOp>;
def : MindIRFloatUnary<"BesselJ0", MS_BesselJ0Op>;
def : MindIRFloatUnary<"BesselJ1", MS_BesselJ1Op>;
def : MindIRFloatUnary<"BesselK0", MS_BesselK0Op>;
def : MindIRFloatUnary<"BesselK0e", MS_BesselK0eOp>;
def : MindIRFloatUnary<"BesselK1", MS_BesselK1Op>;
def : MindIRFloatUnary<"BesselK1e", MS_BesselK1eOp>;
def : MindIRFloatUnary<"BesselY0", MS_BesselY0Op>;
def : MindIRFloatUnary<"BesselY1", MS_BesselY1Op>;
def : MindIRFloatUnary<"Cos", MS_CosOp>;
def : MindIRFloatUnary<"Cosh", MS_CoshOp>;
def : MindIRFloatUnary<"Digamma", MS_DigammaOp>;
def : MindIRFloatUnary<"Erf", MS_ErfOp>;
def : MindIRFloatUnary<"Erfc", MS_ErfcOp>;
def : MindIRFloatUnary<"Erfinv", MS_ErfinvOp>;
def : MindIRFloatUnary<"Exp2", MS_Exp2Op>;
def : MindIRFloatUnary<"Expm1", MS_Expm1Op>;
def : MindIRFloatUnary<"HSwish", MS_HardSwishOp>;
def : MindIRFloatUnary<"Lgamma", MS_LgammaOp>;
def : MindIRFloatUnary<"Log10", MS_Log10Op>;
def : MindIRFloatUnary<"Log1p", MS_Log1pOp>;
def : MindIRFloatUnary<"Log2", MS_Log2Op>;
def : MindIRFloatUnary<"Mish", MS_MishOp>;
def : MindIRFloatUnary<"MishExt", MS_MishOp>;
def : MindIRFloatUnary<"Rsqrt", MS_RsqrtOp>;
def : MindIRFloatUnary<"SiLU", MS_SiluOp>;
def : MindIRFloatUnary<"Sigmoid", MS_SigmoidOp>;
def : MindIRFloatUnary<"Sin", MS_SinOp>;
def : MindIRFloatUnary<"Sinh", MS_SinhOp>;
def : MindIRFloatUnary<"Softplus", MS_SoftplusOp>;
def : MindIRFloatUnary<"Sqrt", MS_SqrtOp>;
def : MindIRFloatUnary<"Tan", MS_TanOp>;
def : MindIR<"Exp", ["input"], [MS_ExpOp]> { let hook = "importExp"; }
def : MindIR<"Log", ["input"], [MS_LogOp]> { let hook = "importLog"; }

// Roundings are the identity on integers, tests for odd values are false.
class MindIRRounding<string name, Op op> : MindIR<name, ["input"], [op]> {
  let hook = "importRounding";
}
def : MindIRRounding<"Ceil", MS_CeilOp>;
def : MindIRRounding<"Floor", MS_FloorOp>;
def : MindIRRounding<"Rint", MS_RoundOp>;
def : MindIRRounding<"Trunc", MS_TruncOp>;
def : MindIR<"Round", ["input", "decimals"], [MS_RoundOp]> { let hook = "importRound"; }
class MindIRPredicate<string name, Op op> : MindIR<name, ["input"], [op]> {
  let hook = "importPredicate";
}
def : MindIRPredicate<"IsFinite", MS_IsFiniteOp>;
def : MindIRPredicate<"IsInf", MS_IsInfOp>;
def : MindIRPredicate<"IsNan", MS_IsNanOp>;
def : MindIR<"IsNegInf", ["input"], [MS_EqualOp]> { let hook = "importIsNegInf"; }

// Any numbers.
def : MindIR<"Abs", ["input"], [MS_AbsOp]>;
def : MindIR<"Frac", ["input"], [MS_TruncOp, MS_SubOp]> { let hook = "importFrac"; }
def : MindIR<"Inv", ["input"], [MS_DivOp]> { let hook = "importReciprocal"; }
def : MindIR<"Neg", ["input"], [MS_NegOp]>;
def : MindIR<"Reciprocal", ["input"], [MS_DivOp]> { let hook = "importReciprocal"; }
def : MindIR<"Sign", ["input"], [MS_SignOp]>;
def : MindIR<"Sinc", ["input"], [MS_SinOp]> { let hook = "importSinc"; }
def : MindIR<"Square", ["input"], [MS_MulOp]> { let hook = "importSquare"; }

// Two tensors, with implicit promotion. Bool adds and multiplies as or and and.
class MindIRBinary<string name, Op op> : MindIR<name, ["input", "other"], [op]> {
  let hook = "importBinary";
}
def : MindIRBinary<"Add", MS_AddOp>;
def : MindIRBinary<"TensorAdd", MS_AddOp>;
def : MindIRBinary<"scalar_add", MS_AddOp>;
def : MindIRBinary<"Sub", MS_SubOp>;
def : MindIRBinary<"Mul", MS_MulOp>;
def : MindIRBinary<"Maximum", MS_MaximumOp>;
def : MindIRBinary<"Minimum", MS_MinimumOp>;
def : MindIRBinary<"FloorDiv", MS_FloorDivOp>;
def : MindIRBinary<"FloorMod", MS_ModOp>;
def : MindIRBinary<"RemainderTensorTensor", MS_ModOp>;
def : MindIRBinary<"Mod", MS_FmodOp>;
def : MindIRBinary<"FmodTensor", MS_FmodOp>;
def : MindIRBinary<"TruncateMod", MS_FmodOp>;
def : MindIRBinary<"Atan2", MS_Atan2Op>;
def : MindIRBinary<"Atan2Ext", MS_Atan2Op>;
def : MindIRBinary<"BitwiseAnd", MS_BitwiseAndOp>;
def : MindIRBinary<"BitwiseAndTensor", MS_BitwiseAndOp>;
def : MindIRBinary<"BitwiseOr", MS_BitwiseOrOp>;
def : MindIRBinary<"BitwiseOrTensor", MS_BitwiseOrOp>;
def : MindIRBinary<"BitwiseXor", MS_BitwiseXorOp>;
def : MindIRBinary<"BitwiseXorTensor", MS_BitwiseXorOp>;
def : MindIRBinary<"LeftShift", MS_ShiftLeftOp>;
def : MindIRBinary<"RightShift", MS_ShiftRightOp>;
def : MindIR<"BitwiseNot", ["input"], [MS_BitwiseNotOp]>;
def : MindIR<"Invert", ["input"], [MS_BitwiseNotOp]>;
def : MindIR<"PopulationCount", ["input"], [MS_PopcountOp, MS_CastOp]> { let hook = "importPopulationCount"; }

// A tensor and a Python number, which takes the tensor's type.
class MindIRNumber<string name, Op op> : MindIR<name, ["input", "other"], [op]> {
  let hook = "importNumberBinary";
}
def : MindIRNumber<"Muls", MS_MulOp>;
def : MindIRNumber<"FloorDivScalar", MS_FloorDivOp>;
def : MindIRNumber<"FmodScalar", MS_FmodOp>;
def : MindIRNumber<"RemainderTensorScalar", MS_ModOp>;
def : MindIRNumber<"BitwiseAndScalar", MS_BitwiseAndOp>;
def : MindIRNumber<"BitwiseOrScalar", MS_BitwiseOrOp>;
def : MindIRNumber<"BitwiseXorScalar", MS_BitwiseXorOp>;
def : MindIRNumber<"EqScalar", MS_EqualOp>;
def : MindIRNumber<"LessScalar", MS_LessOp>;
def : MindIRNumber<"GreaterEqualScalar", MS_GreaterEqualOp>;

// A Python number and a tensor.
def : MindIR<"RemainderScalarTensor", ["input", "other"], [MS_ModOp]> { let hook = "importNumberFirst"; }
def : MindIR<"PowScalarTensor", ["input", "exponent"], [MS_PowOp]> { let hook = "importNumberFirst"; }

def : MindIR<"Pow", ["input", "exponent"], [MS_PowOp]> { let hook = "importPow"; }
def : MindIR<"PowTensorScalar", ["input", "exponent"], [MS_PowOp]> { let hook = "importPow"; }
def : MindIR<"AddExt", ["input", "other", "alpha"], [MS_AddOp]> { let hook = "importAlphaBinary"; }
def : MindIR<"AddScalar", ["input", "other", "alpha"], [MS_AddOp]> { let hook = "importAlphaBinary"; }
def : MindIR<"SubExt", ["input", "other", "alpha"], [MS_SubOp]> { let hook = "importAlphaBinary"; }
def : MindIR<"SubScalar", ["input", "other", "alpha"], [MS_SubOp]> { let hook = "importAlphaBinary"; }
def : MindIR<"Div", ["input", "other"], [MS_DivOp]> { let hook = "importDiv"; }
def : MindIR<"Divs", ["input", "other"], [MS_DivOp]> { let hook = "importDiv"; }
def : MindIR<"RealDiv", ["x", "y"], [MS_DivOp]> { let hook = "importDiv"; }
def : MindIR<"DivMod", ["input", "other", "rounding_mode"], [MS_DivOp, MS_FloorDivOp]> { let hook = "importDivMod"; }
def : MindIR<"DivNoNan", ["x1", "x2"], [MS_DivOp, MS_SelectOp]> { let hook = "importDivNoNan"; }
def : MindIR<"TruncateDiv", ["x", "y"], [MS_DivOp, MS_TruncOp]> { let hook = "importTruncateDiv"; }
def : MindIR<"SquaredDifference", ["x", "y"], [MS_SubOp, MS_MulOp]> { let hook = "importSquaredDifference"; }
def : MindIR<"Xdivy", ["x", "y"], [MS_DivOp, MS_SelectOp]> { let hook = "importXdivy"; }
def : MindIR<"Xlogy", ["input", "other"], [MS_LogOp, MS_SelectOp]> { let hook = "importXlogy"; }
def : MindIR<"XLogYScalarOther", ["input", "other"], [MS_LogOp, MS_SelectOp]> { let hook = "importXlogy"; }
def : MindIR<"XLogYScalarSelf", ["input", "other"], [MS_LogOp, MS_SelectOp]> { let hook = "importXlogy"; }
def : MindIR<"MulNoNan", ["x", "y"], [MS_MulOp, MS_SelectOp]> { let hook = "importMulNoNan"; }
def : MindIR<"Fmax", ["x1", "x2"], [MS_MaximumOp, MS_SelectOp]> { let hook = "importNanSafe"; }
def : MindIR<"Fmin", ["x1", "x2"], [MS_MinimumOp, MS_SelectOp]> { let hook = "importNanSafe"; }
def : MindIR<"Hypot", ["x1", "x2"], [MS_SqrtOp]> { let hook = "importHypot"; }
def : MindIR<"Gcd", ["x1", "x2"], [MS_GcdOp]> { let hook = "importBinary"; }
def : MindIR<"Lcm", ["x1", "x2"], [MS_GcdOp, MS_DivOp, MS_MulOp]> { let hook = "importLcm"; }
def : MindIR<"Heaviside", ["x", "values"], [MS_SelectOp]> { let hook = "importHeaviside"; }
def : MindIR<"LogAddExp", ["input", "other"], [MS_ExpOp, MS_Log1pOp]> { let hook = "importLogAddExp"; }
def : MindIR<"LogAddExp2", ["input", "other"], [MS_Exp2Op, MS_Log2Op]> { let hook = "importLogAddExp2"; }

def : MindIR<"AddN", ["x"], [MS_AddOp]> { let hook = "importAddN"; }
def : MindIR<"AccumulateNV2", ["x"], [MS_AddOp]> { let hook = "importAddN"; }
def : MindIR<"Addcdiv", ["input", "tensor1", "tensor2", "value"], [MS_DivOp]> { let hook = "importAddcdiv"; }
def : MindIR<"AddcdivExt", ["input", "tensor1", "tensor2", "value"], [MS_DivOp]> { let hook = "importAddcdiv"; }
def : MindIR<"Addcmul", ["input", "tensor1", "tensor2", "value"], [MS_MulOp]> { let hook = "importAddcmul"; }
def : MindIR<"AddcmulExt", ["input", "tensor1", "tensor2", "value"], [MS_MulOp]> { let hook = "importAddcmul"; }
def : MindIR<"Lerp", ["input", "end", "weight"], [MS_SubOp, MS_MulOp, MS_AddOp]> { let hook = "importLerp"; }
def : MindIR<"LerpScalar", ["input", "end", "weight"], [MS_SubOp, MS_MulOp, MS_AddOp]> { let hook = "importLerp"; }
def : MindIR<"ClampScalar", ["input", "min", "max"], [MS_MaximumOp, MS_MinimumOp]> { let hook = "importClamp"; }
def : MindIR<"ClampTensor", ["input", "min", "max"], [MS_MaximumOp, MS_MinimumOp]> { let hook = "importClamp"; }
def : MindIR<"NanToNum", ["input", "nan", "posinf", "neginf"], [MS_SelectOp]> { let hook = "importNanToNum"; }

// Comparisons and logic.
def : MindIR<"Equal", ["input", "other"], [MS_EqualOp]>;
def : MindIR<"NotEqual", ["input", "other"], [MS_NotEqualOp]>;
def : MindIR<"Greater", ["input", "other"], [MS_GreaterOp]>;
def : MindIR<"GreaterEqual", ["input", "other"], [MS_GreaterEqualOp]>;
def : MindIR<"Less", ["input", "other"], [MS_LessOp]>;
def : MindIR<"LessEqual", ["input", "other"], [MS_LessEqualOp]>;
def : MindIR<"ApproximateEqual", ["x", "y"], [MS_LessOp]> { let hook = "importApproximateEqual"; }
def : MindIR<"IsClose", ["input", "other", "rtol", "atol", "equal_nan"], [MS_LessEqualOp]> { let hook = "importIsClose"; }
class MindIRLogical<string name, Op op> : MindIR<name, ["input", "other"], [op]> {
  let hook = "importLogical";
}
def : MindIRLogical<"LogicalAnd", MS_LogicalAndOp>;
def : MindIRLogical<"LogicalNot", MS_LogicalNotOp>;
def : MindIRLogical<"LogicalOr", MS_LogicalOrOp>;
def : MindIRLogical<"LogicalXor", MS_LogicalXorOp>;

// Element types.
def : MindIR<"Cast", ["input", "dtype"], [MS_CastOp]> { let hook = "importCast"; }
def : MindIR<"TypeAs", ["input", "other"], [MS_CastOp]> { let hook = "importTypeAs"; }

// Activations.
def : MindIR<"Tanh", ["input"], [MS_TanhOp, MS_DivOp]> {
  let hook = "importTanh";
  let note = "float32 by the rational function that MindSpore computes on CPUs, within 6.1e-5 of tanh";
}
def : MindIR<"CeLU", ["x", "alpha"], [MS_EluOp]> { let hook = "importCelu"; }
def : MindIR<"Elu", ["input", "alpha"], [MS_EluOp]> { let attrs = [Attr_<"alpha", "alpha", "1.0 : f32">]; }
def : MindIR<"EluExt", ["input", "alpha"], [MS_EluOp]> { let attrs = [Attr_<"alpha", "alpha", "1.0 : f32">]; }
def : MindIR<"FastGeLU", ["x"], [MS_SigmoidOp]> { let hook = "importFastGelu"; }
def : MindIR<"FastGelu", ["x"], [MS_SigmoidOp]> { let hook = "importFastGelu"; }
def : MindIR<"GeLU", ["input"], [MS_GeluOp]> { let hook = "importGeluTanh"; }
def : MindIR<"Gelu", ["input"], [MS_GeluOp]> { let hook = "importGeluTanh"; }
def : MindIR<"GeluExt", ["input", "approximate"], [MS_GeluOp]> {
  let attrs = [Attr_<"approximate", "tanh", "?", "tanhIfNamed">];
}
def : MindIR<"HShrink", ["input", "lambd"], [MS_SelectOp]> { let hook = "importHardShrink"; }
def : MindIR<"HSigmoid", ["input"], [MS_HardSigmoidOp]> { let hook = "importHardSigmoid"; }
def : MindIR<"Hardtanh", ["input", "min_val", "max_val"], [MS_MaximumOp, MS_MinimumOp]> { let hook = "importClamp"; }
def : MindIR<"LeakyReLUExt", ["input", "negative_slope"], [MS_LeakyReluOp]> {
  let attrs = [Attr_<"negative_slope", "alpha", "0.01 : f32">];
}
def : MindIR<"LogSigmoid", ["input"], [MS_SoftplusOp]> { let hook = "importLogSigmoid"; }
def : MindIR<"Logit", ["input", "eps"], [MS_LogOp]> { let hook = "importLogit"; }
def : MindIR<"PReLU", ["input", "weight"], [MS_PreluOp]> { let hook = "importPRelu"; }
def : MindIR<"ReLU", ["input"], [MS_ReluOp]>;
def : MindIR<"ReLU6", ["x"], [MS_MaximumOp, MS_MinimumOp]> { let hook = "importRelu6"; }
def : MindIR<"ReLUV2", ["x"], [MS_ReluOp]> { let hook = "importReluV2"; let note = "without the mask"; }
def : MindIR<"SeLU", ["input"], [MS_EluOp]> { let hook = "importSelu"; }
def : MindIR<"SeLUExt", ["input"], [MS_EluOp]> { let hook = "importSelu"; }
def : MindIR<"SoftShrink", ["input", "lambd"], [MS_SelectOp]> { let hook = "importSoftShrink"; }
def : MindIR<"SoftplusExt", ["input", "beta", "threshold"], [MS_SoftplusOp, MS_SelectOp]> { let hook = "importSoftplusExt"; }
def : MindIR<"Softsign", ["x"], [MS_DivOp]> { let hook = "importSoftsign"; }
def : MindIR<"Threshold", ["input", "threshold", "value"], [MS_SelectOp]> { let hook = "importThreshold"; }

// Losses.
def : MindIR<"BCEWithLogitsLoss", ["input", "target", "weight", "posWeight", "reduction"], [MS_SoftplusOp]> { let hook = "importBCEWithLogitsLoss"; }
def : MindIR<"BinaryCrossEntropy", ["input", "target", "weight", "reduction"], [MS_LogOp]> { let hook = "importBinaryCrossEntropy"; }
def : MindIR<"KLDiv", ["input", "target", "reduction", "log_target"], [MS_LogOp]> { let hook = "importKLDiv"; }
def : MindIR<"KLDivLoss", ["logits", "target"], [MS_LogOp]> { let hook = "importKLDiv"; }
def : MindIR<"L1LossExt", ["input", "target", "reduction"], [MS_AbsOp]> { let hook = "importL1Loss"; }
def : MindIR<"L2Loss", ["input"], [MS_MulOp]> { let hook = "importL2Loss"; }
def : MindIR<"MSELossExt", ["input", "target", "reduction"], [MS_MulOp]> { let hook = "importMSELoss"; }
def : MindIR<"NLLLoss", ["logits", "labels", "weight", "reduction", "ignore_index"], [MS_GatherElementsOp]> { let hook = "importNLLLoss"; }
def : MindIR<"SigmoidCrossEntropyWithLogits", ["logits", "label"], [MS_SoftplusOp]> { let hook = "importSigmoidCrossEntropy"; }
def : MindIR<"SmoothL1Loss", ["prediction", "target", "beta", "reduction"], [MS_SelectOp]> { let hook = "importSmoothL1Loss"; }
def : MindIR<"SoftMarginLoss", ["input", "target", "reduction"], [MS_SoftplusOp]> { let hook = "importSoftMarginLoss"; }
def : MindIR<"SoftmaxCrossEntropyWithLogits", ["logits", "labels"], [MS_LogSoftmaxOp, MS_MulOp]> { let hook = "importSoftmaxCrossEntropy"; }
def : MindIR<"SparseSoftmaxCrossEntropyWithLogits", ["logits", "labels"], [MS_LogSoftmaxOp, MS_GatherElementsOp]> { let hook = "importSparseSoftmaxCrossEntropy"; }
def : MindIR<"SquareSumAll", ["x", "y"], [MS_MulOp]> { let hook = "importSquareSumAll"; }

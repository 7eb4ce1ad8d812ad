// SPDX-License-Identifier: Apache-2.0
//
// Elementwise ops. Operands broadcast as in numpy: shapes are aligned at the
// last dimension and extents of one are repeated.

#ifndef DIALECTS_MS_IR_MSOPSELEMENTWISE_TD
#define DIALECTS_MS_IR_MSOPSELEMENTWISE_TD

include "dialects/MS/IR/MSBase.td"

class MS_Unary<string mnemonic, string formula, TypeConstraint type,
               list<Trait> traits = []> :
    MS_Op<mnemonic, !listconcat(traits, [MS_Elementwise, SameOperandsAndResultType])> {
  let summary = "Computes " # formula;
  let description = "result = " # formula # [{, element by element.

    ```mlir
    %y = ms.}] # mnemonic # [{ %x : tensor<2x?xf32>
    ```
  }];
  let arguments = (ins type:$input);
  let results = (outs type:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def MS_AbsOp : MS_Unary<"abs", "|x|", MS_NumberTensor>;
def MS_NegOp : MS_Unary<"neg", "-x (modulo 2^n for integers)", MS_NumberTensor>;
def MS_SignOp : MS_Unary<"sign", "-1, 0 or 1 by the sign of x (NaN stays)", MS_NumberTensor>;
def MS_CeilOp : MS_Unary<"ceil", "the least integer >= x", MS_FloatTensor>;
def MS_FloorOp : MS_Unary<"floor", "the greatest integer <= x", MS_FloatTensor>;
def MS_RoundOp : MS_Unary<"round", "the nearest integer, ties to even", MS_FloatTensor>;
def MS_TruncOp : MS_Unary<"trunc", "x rounded towards zero", MS_FloatTensor>;
def MS_SqrtOp : MS_Unary<"sqrt", "the square root of x", MS_FloatTensor>;
def MS_RsqrtOp : MS_Unary<"rsqrt", "1 / sqrt(x)", MS_FloatTensor>;
def MS_ReciprocalOp : MS_Unary<"reciprocal", "1 / x", MS_FloatTensor>;
def MS_ExpOp : MS_Unary<"exp", "e^x", MS_FloatTensor>;
def MS_Exp2Op : MS_Unary<"exp2", "2^x", MS_FloatTensor>;
def MS_Expm1Op : MS_Unary<"expm1", "e^x - 1", MS_FloatTensor>;
def MS_LogOp : MS_Unary<"log", "the natural logarithm of x", MS_FloatTensor>;
def MS_Log2Op : MS_Unary<"log2", "the base-2 logarithm of x", MS_FloatTensor>;
def MS_Log10Op : MS_Unary<"log10", "the base-10 logarithm of x", MS_FloatTensor>;
def MS_Log1pOp : MS_Unary<"log1p", "log(1 + x)", MS_FloatTensor>;
def MS_SinOp : MS_Unary<"sin", "sin(x), x in radians", MS_FloatTensor>;
def MS_CosOp : MS_Unary<"cos", "cos(x), x in radians", MS_FloatTensor>;
def MS_TanOp : MS_Unary<"tan", "tan(x), x in radians", MS_FloatTensor>;
def MS_AsinOp : MS_Unary<"asin", "asin(x)", MS_FloatTensor>;
def MS_AcosOp : MS_Unary<"acos", "acos(x)", MS_FloatTensor>;
def MS_AtanOp : MS_Unary<"atan", "atan(x)", MS_FloatTensor>;
def MS_SinhOp : MS_Unary<"sinh", "sinh(x)", MS_FloatTensor>;
def MS_CoshOp : MS_Unary<"cosh", "cosh(x)", MS_FloatTensor>;
def MS_TanhOp : MS_Unary<"tanh", "tanh(x)", MS_FloatTensor>;
def MS_AsinhOp : MS_Unary<"asinh", "asinh(x)", MS_FloatTensor>;
def MS_AcoshOp : MS_Unary<"acosh", "acosh(x)", MS_FloatTensor>;
def MS_AtanhOp : MS_Unary<"atanh", "atanh(x)", MS_FloatTensor>;
def MS_ErfOp : MS_Unary<"erf", "the error function of x", MS_FloatTensor>;
def MS_ErfcOp : MS_Unary<"erfc", "1 - erf(x)", MS_FloatTensor>;
def MS_ErfinvOp : MS_Unary<"erfinv", "the inverse error function of x", MS_FloatTensor>;
def MS_LgammaOp : MS_Unary<"lgamma", "log |gamma(x)|", MS_FloatTensor>;
def MS_DigammaOp : MS_Unary<"digamma", "the derivative of lgamma at x", MS_FloatTensor>;
def MS_ReluOp : MS_Unary<"relu", "max(x, 0)", MS_NumberTensor>;
def MS_SigmoidOp : MS_Unary<"sigmoid", "1 / (1 + e^-x)", MS_FloatTensor>;
def MS_SiluOp : MS_Unary<"silu", "x * sigmoid(x)", MS_FloatTensor>;
def MS_SoftplusOp : MS_Unary<"softplus", "log(1 + e^x)", MS_FloatTensor>;
def MS_MishOp : MS_Unary<"mish", "x * tanh(softplus(x))", MS_FloatTensor>;
def MS_HardSwishOp : MS_Unary<"hard_swish", "x * min(max(x + 3, 0), 6) / 6", MS_FloatTensor>;
def MS_BesselI0Op : MS_Unary<"bessel_i0", "the modified Bessel function I0 of x", MS_FloatTensor>;
def MS_BesselI0eOp : MS_Unary<"bessel_i0e", "e^-|x| I0(x)", MS_FloatTensor>;
def MS_BesselI1Op : MS_Unary<"bessel_i1", "the modified Bessel function I1 of x", MS_FloatTensor>;
def MS_BesselI1eOp : MS_Unary<"bessel_i1e", "e^-|x| I1(x)", MS_FloatTensor>;
def MS_BesselJ0Op : MS_Unary<"bessel_j0", "the Bessel function J0 of x", MS_FloatTensor>;
def MS_BesselJ1Op : MS_Unary<"bessel_j1", "the Bessel function J1 of x", MS_FloatTensor>;
def MS_BesselK0Op : MS_Unary<"bessel_k0", "the modified Bessel function K0 of x", MS_FloatTensor>;
def MS_BesselK0eOp : MS_Unary<"bessel_k0e", "e^x K0(x)", MS_FloatTensor>;
def MS_BesselK1Op : MS_Unary<"bessel_k1", "the modified Bessel function K1 of x", MS_FloatTensor>;
def MS_BesselK1eOp : MS_Unary<"bessel_k1e", "e^x K1(x)", MS_FloatTensor>;
def MS_BesselY0Op : MS_Unary<"bessel_y0", "the Bessel function Y0 of x", MS_FloatTensor>;
def MS_BesselY1Op : MS_Unary<"bessel_y1", "the Bessel function Y1 of x", MS_FloatTensor>;
def MS_BitwiseNotOp : MS_Unary<"bitwise_not", "the complement of the bits of x", MS_BitTensor>;
def MS_PopcountOp : MS_Unary<"popcount", "how many bits of x are set", MS_IntTensor>;
def MS_LogicalNotOp : MS_Unary<"logical_not", "not x", MS_BoolTensor>;

class MS_UnaryAttr<string mnemonic, string formula, dag attrs, string example> :
    MS_Op<mnemonic, [MS_Elementwise, SameOperandsAndResultType]> {
  let summary = "Computes " # formula;
  let description = "result = " # formula # [{, element by element.

    ```mlir
    %y = ms.}] # mnemonic # " %x " # example # [{ : tensor<4xf32>
    ```
  }];
  let arguments = !con((ins MS_FloatTensor:$input), attrs);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def MS_GeluOp : MS_UnaryAttr<"gelu",
    "x * (1 + erf(x / sqrt(2))) / 2, or with `tanh` x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2",
    (ins UnitAttr:$tanh), "{tanh}">;
def MS_EluOp : MS_UnaryAttr<"elu", "scale * (x if x > 0 else alpha * (e^(x * input_scale) - 1))",
    (ins F64Attr:$alpha, DefaultValuedAttr<F64Attr, "1.0">:$scale,
         DefaultValuedAttr<F64Attr, "1.0">:$input_scale), "{alpha = 1.0 : f64}">;
def MS_LeakyReluOp : MS_UnaryAttr<"leaky_relu", "x if x > 0 else alpha * x",
    (ins F64Attr:$alpha), "{alpha = 0.01 : f64}">;
def MS_HardSigmoidOp : MS_UnaryAttr<"hard_sigmoid", "min(max(alpha * x + beta, 0), 1)",
    (ins F64Attr:$alpha, F64Attr:$beta), "{alpha = 0.2 : f64, beta = 0.5 : f64}">;

class MS_Predicate<string mnemonic, string formula> :
    MS_InferredOp<mnemonic, [MS_Elementwise]> {
  let summary = "Tests whether " # formula;
  let description = "result = " # formula # [{, element by element, as bool.

    ```mlir
    %y = ms.}] # mnemonic # [{ %x : tensor<4xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input);
  let results = (outs MS_BoolTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::inferReturnTypes(
        mlir::MLIRContext *ctx, std::optional<mlir::Location> loc,
        Adaptor adaptor, llvm::SmallVectorImpl<mlir::Type> &types) {
      return ::msc::ms::inferBroadcast(loc, adaptor.getOperands(), types,
                                       mlir::IntegerType::get(ctx, 1));
    }
  }];
}
def MS_IsNanOp : MS_Predicate<"is_nan", "x is NaN">;
def MS_IsInfOp : MS_Predicate<"is_inf", "x is plus or minus infinity">;
def MS_IsFiniteOp : MS_Predicate<"is_finite", "x is neither NaN nor infinite">;

class MS_BroadcastOp<string mnemonic, TypeConstraint type, TypeConstraint result,
                     string resultElement> :
    MS_InferredOp<mnemonic, [MS_Elementwise, SameOperandsElementType]> {
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs result:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs)";
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::inferReturnTypes(
        mlir::MLIRContext *ctx, std::optional<mlir::Location> loc,
        Adaptor adaptor, llvm::SmallVectorImpl<mlir::Type> &types) {
      (void)ctx;
      return ::msc::ms::inferBroadcast(loc, adaptor.getOperands(), types, }] #
      resultElement # [{);
    }
  }];
}

class MS_Binary<string mnemonic, string formula, TypeConstraint type> :
    MS_BroadcastOp<mnemonic, type, type, "mlir::Type()"> {
  let summary = "Computes " # formula;
  let description = "result = " # formula # [{, element by element.

    ```mlir
    %z = ms.}] # mnemonic # [{ %x, %y : tensor<2x3xT>, tensor<3xT>
    ```
  }];
}

def MS_AddOp : MS_Binary<"add", "x + y (modulo 2^n for integers)", MS_NumberTensor>;
def MS_SubOp : MS_Binary<"sub", "x - y (modulo 2^n for integers)", MS_NumberTensor>;
def MS_MulOp : MS_Binary<"mul", "x * y (modulo 2^n for integers)", MS_NumberTensor>;
def MS_DivOp : MS_Binary<"div", "x / y; integers round towards zero, x / 0 is 0", MS_NumberTensor>;
def MS_FloorDivOp : MS_Binary<"floor_div", "floor(x / y); for integers x / 0 is 0", MS_NumberTensor>;
def MS_ModOp : MS_Binary<"mod", "x - y * floor(x / y): the sign of y; integers modulo 0 are 0", MS_NumberTensor>;
def MS_FmodOp : MS_Binary<"fmod", "x - y * trunc(x / y): the sign of x; integers modulo 0 are 0", MS_NumberTensor>;
def MS_PowOp : MS_Binary<"pow", "x^y", MS_NumberTensor>;
def MS_GcdOp : MS_Binary<"gcd", "the greatest common divisor of |x| and |y|; 0 if both are 0", MS_IntTensor>;
def MS_MaximumOp : MS_Binary<"maximum", "the larger of x and y; NaN if either is", MS_NumberTensor>;
def MS_MinimumOp : MS_Binary<"minimum", "the smaller of x and y; NaN if either is", MS_NumberTensor>;
def MS_Atan2Op : MS_Binary<"atan2", "the angle of the point (y, x)", MS_FloatTensor>;
def MS_PreluOp : MS_Binary<"prelu", "x if x >= 0 else x * y", MS_NumberTensor>;
def MS_BitwiseAndOp : MS_Binary<"bitwise_and", "the bits set in x and y", MS_BitTensor>;
def MS_BitwiseOrOp : MS_Binary<"bitwise_or", "the bits set in x or y", MS_BitTensor>;
def MS_BitwiseXorOp : MS_Binary<"bitwise_xor", "the bits set in one of x and y", MS_BitTensor>;
def MS_ShiftLeftOp : MS_Binary<"shift_left", "x * 2^y; 0 if y reaches the width", MS_IntTensor>;
def MS_ShiftRightOp : MS_Binary<"shift_right",
    "floor(x / 2^y): arithmetic for signed, logical for unsigned integers", MS_IntTensor>;
def MS_LogicalAndOp : MS_Binary<"logical_and", "x and y", MS_BoolTensor>;
def MS_LogicalOrOp : MS_Binary<"logical_or", "x or y", MS_BoolTensor>;
def MS_LogicalXorOp : MS_Binary<"logical_xor", "x or y but not both", MS_BoolTensor>;

class MS_Compare<string mnemonic, string formula> :
    MS_BroadcastOp<mnemonic, MS_Tensor, MS_BoolTensor, "mlir::IntegerType::get(ctx, 1)"> {
  let summary = "Tests whether " # formula;
  let description = "result = " # formula # [{, element by element, as bool.

    ```mlir
    %z = ms.}] # mnemonic # [{ %x, %y : tensor<2x3xf32>, tensor<3xf32>
    ```
  }];
}
def MS_EqualOp : MS_Compare<"equal", "x = y">;
def MS_NotEqualOp : MS_Compare<"not_equal", "x and y differ (or one is NaN)">;
def MS_LessOp : MS_Compare<"less", "x < y">;
def MS_LessEqualOp : MS_Compare<"less_equal", "x <= y">;
def MS_GreaterOp : MS_Compare<"greater", "x > y">;
def MS_GreaterEqualOp : MS_Compare<"greater_equal", "x >= y">;

def MS_SelectOp : MS_InferredOp<"select", [MS_Elementwise]> {
  let summary = "Chooses between two values by a condition";
  let description = [{
    result = x where the condition holds, else y. All three broadcast; x and y
    have one element type (C1).

    ```mlir
    %z = ms.select %c, %x, %y : tensor<2x1xi1>, tensor<3xf32>, tensor<f32>
    ```
  }];
  let arguments = (ins MS_BoolTensor:$condition, MS_Tensor:$lhs, MS_Tensor:$rhs);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = [{
    $condition `,` $lhs `,` $rhs attr-dict `:` type($condition) `,` type($lhs) `,` type($rhs)
  }];
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::inferReturnTypes(
        mlir::MLIRContext *ctx, std::optional<mlir::Location> loc,
        Adaptor adaptor, llvm::SmallVectorImpl<mlir::Type> &types) {
      (void)ctx;
      return ::msc::ms::inferBroadcast(
          loc, adaptor.getOperands(), types,
          mlir::getElementTypeOrSelf(adaptor.getLhs().getType()));
    }
  }];
  let hasVerifier = 1;
}

def MS_CastOp : MS_Op<"cast", [MS_Elementwise, SameOperandsAndResultShape]> {
  let summary = "Converts to another element type";
  let description = [{
    Floats to floats round to nearest even; floats to integers truncate towards
    zero and saturate when `saturate` is set, else out-of-range values are as on
    the target (as in ONNX and MindSpore: undefined); numbers to bool test for
    non-zero; bool to numbers gives 0 or 1; integers wrap.

    ```mlir
    %y = ms.cast %x : tensor<4xf32> -> tensor<4xi32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, UnitAttr:$saturate);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MS_BitcastOp : MS_Op<"bitcast", [MS_Elementwise, SameOperandsAndResultShape]> {
  let summary = "Reinterprets the bits as another element type of that width";
  let description = [{
    Widths are equal (C1).

    ```mlir
    %y = ms.bitcast %x : tensor<4xf32> -> tensor<4xi32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

#endif // DIALECTS_MS_IR_MSOPSELEMENTWISE_TD

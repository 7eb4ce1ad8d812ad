// SPDX-License-Identifier: Apache-2.0
//
// Normalization ops. Statistics of f16 and bf16 are computed and returned in
// f32. Variances are those of the population (divided by the count).

#ifndef DIALECTS_MS_IR_MSOPSNORMALIZATION_TD
#define DIALECTS_MS_IR_MSOPSNORMALIZATION_TD

include "dialects/MS/IR/MSBase.td"

class MS_AxisNorm<string mnemonic, string name, string formula> : MS_InferredOp<mnemonic> {
  let summary = "Computes the " # name # " along an axis";
  let description = "result = " # formula # [{, with sum and max over the axis.

    - (C1) the axis is in [0, rank)

    ```mlir
    %y = ms.}] # mnemonic # [{ %x {axis = 1 : i64} : tensor<2x5xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, I64Attr:$axis);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_SoftmaxOp : MS_AxisNorm<"softmax", "softmax",
    "e^(x - max(x)) / sum(e^(x - max(x)))">;
def MS_LogSoftmaxOp : MS_AxisNorm<"log_softmax", "logarithm of the softmax",
    "x - max(x) - log(sum(e^(x - max(x))))">;

def MS_LayerNormOp : MS_InferredOp<"layer_norm"> {
  let summary = "Normalizes over the trailing dimensions";
  let description = [{
    result = (x - mean) * inv_std * scale + bias, with mean and inv_std =
    1 / sqrt(variance + epsilon) over the dimensions from `axis` on; their
    extents there are one.

    - (C1) the axis is in [0, rank)
    - (C2) `affine` is nothing, scale, or scale and bias, each of a shape that
      broadcasts to the input's

    ```mlir
    %y, %mean, %inv_std = ms.layer_norm %x affine(%scale, %bias : tensor<5xf32>, tensor<5xf32>)
        {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x5xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, Variadic<MS_FloatTensor>:$affine, I64Attr:$axis,
                       F64Attr:$epsilon);
  let results = (outs MS_FloatTensor:$result, MS_FloatTensor:$mean, MS_FloatTensor:$inv_std);
  let assemblyFormat =
      "$input (`affine` `(` $affine^ `:` type($affine) `)`)? attr-dict `:` type($input)";
}

def MS_RMSNormOp : MS_InferredOp<"rms_norm"> {
  let summary = "Divides by the root of the mean square over the trailing dimensions";
  let description = [{
    result = x * inv_rms * scale, with inv_rms = 1 / sqrt(mean(x^2) + epsilon)
    over the dimensions from `axis` on; its extents there are one.

    - (C1) the axis is in [0, rank)
    - (C2) `affine` is nothing or scale, of a shape that broadcasts to the input's

    ```mlir
    %y, %inv_rms = ms.rms_norm %x affine(%scale : tensor<5xf32>)
        {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x5xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, Variadic<MS_FloatTensor>:$affine, I64Attr:$axis,
                       F64Attr:$epsilon);
  let results = (outs MS_FloatTensor:$result, MS_FloatTensor:$inv_rms);
  let assemblyFormat =
      "$input (`affine` `(` $affine^ `:` type($affine) `)`)? attr-dict `:` type($input)";
}

def MS_BatchNormOp : MS_InferredOp<"batch_norm"> {
  let summary = "Normalizes channels with given statistics";
  let description = [{
    result[n, c, ...] = (x[n, c, ...] - mean[c]) / sqrt(variance[c] + epsilon) *
    scale[c] + bias[c].

    - (C1) the input has rank 2 or more, the others have shape [C]

    ```mlir
    %y = ms.batch_norm %x, %scale, %bias, %mean, %variance {epsilon = 1.0e-5 : f64}
        : tensor<1x3x8x8xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, MS_FloatTensor:$scale, MS_FloatTensor:$bias,
                       MS_FloatTensor:$mean, MS_FloatTensor:$variance, F64Attr:$epsilon);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $bias `,` $mean `,` $variance attr-dict `:` type($input) `,`
    type($scale) `,` type($bias) `,` type($mean) `,` type($variance)
  }];
}

def MS_GroupNormOp : MS_InferredOp<"group_norm"> {
  let summary = "Normalizes groups of channels";
  let description = [{
    result[n, c, ...] = (x[n, c, ...] - mean[n, g]) * inv_std[n, g] * scale[c] +
    bias[c], where g is the group of c, and mean and inv_std = 1 / sqrt(variance +
    epsilon) are taken over the channels of the group and all spatial positions.
    With one group per channel this is instance normalization.

    - (C1) the input has rank 2 or more; `groups` divides C
    - (C2) `affine` is nothing, scale, or scale and bias, each of shape [C]

    ```mlir
    %y, %mean, %inv_std = ms.group_norm %x affine(%scale, %bias : tensor<4xf32>, tensor<4xf32>)
        {groups = 2 : i64, epsilon = 1.0e-5 : f64} : tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, Variadic<MS_FloatTensor>:$affine, I64Attr:$groups,
                       F64Attr:$epsilon);
  let results = (outs MS_FloatTensor:$result, MS_FloatTensor:$mean, MS_FloatTensor:$inv_std);
  let assemblyFormat =
      "$input (`affine` `(` $affine^ `:` type($affine) `)`)? attr-dict `:` type($input)";
}

def MS_LRNOp : MS_InferredOp<"lrn"> {
  let summary = "Normalizes each value by its neighbours in other channels";
  let description = [{
    result[n, c, ...] = x[n, c, ...] * (bias + alpha * sum over j of x[n, j, ...]^2)^-beta
    for c - low <= j <= c + high, channels outside being zero.

    - (C1) the input has rank 2 or more; low and high are 0 or more

    ```mlir
    %y = ms.lrn %x {low = 2 : i64, high = 2 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64,
                    bias = 1.0 : f64} : tensor<1x8x4x4xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, I64Attr:$low, I64Attr:$high, F64Attr:$alpha,
                       F64Attr:$beta, F64Attr:$bias);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

#endif // DIALECTS_MS_IR_MSOPSNORMALIZATION_TD

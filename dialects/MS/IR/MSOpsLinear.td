// SPDX-License-Identifier: Apache-2.0
//
// Linear ops: products of matrices and convolutions. Floats of 16 bits are
// summed up in f32 and rounded once; integers wrap.

#ifndef DIALECTS_MS_IR_MSOPSLINEAR_TD
#define DIALECTS_MS_IR_MSOPSLINEAR_TD

include "dialects/MS/IR/MSBase.td"

def MS_MatMulOp : MS_InferredOp<"matmul"> {
  let summary = "Multiplies (batches of) matrices";
  let description = [{
    result[..., m, n] = sum over k of lhs[..., m, k] * rhs[..., k, n].

    `transpose_lhs` and `transpose_rhs` read the last two dimensions of an
    operand swapped. Leading dimensions broadcast as in numpy.

    - (C1) both operands have rank 2 or more
    - (C2) the extents of k agree
    - (C3) without `element`, the element types agree and are the result's;
      with it, the operands are converted to `element` first

    ```mlir
    %y = ms.matmul %a, %b {transpose_rhs} : tensor<8x2x3xf32>, tensor<4x3xf32>
    ```
  }];
  let arguments = (ins MS_NumberTensor:$lhs, MS_NumberTensor:$rhs, UnitAttr:$transpose_lhs,
                       UnitAttr:$transpose_rhs, OptionalAttr<TypeAttr>:$element);
  let results = (outs MS_NumberTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs)";
}

class MS_Convolution<string mnemonic, dag more> : MS_InferredOp<mnemonic> {
  let arguments = !con((ins MS_NumberTensor:$input, MS_NumberTensor:$weight,
                            DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads,
                            DenseI64ArrayAttr:$dilations,
                            DefaultValuedAttr<I64Attr, "1">:$groups), more);
  let results = (outs MS_NumberTensor:$result);
  let assemblyFormat = "$input `,` $weight attr-dict `:` type($input) `,` type($weight)";
}

def MS_ConvOp : MS_Convolution<"conv", (ins OptionalAttr<TypeAttr>:$element,
                                            OptionalAttr<I64Attr>:$tile)> {
  let summary = "Convolves an input with filters";
  let description = [{
    result[n, o, y...] = sum over c, t... of
    input[n, g * C/groups + c, y * stride - pad_low + t * dilation...] * weight[o, c, t...]
    where g is the group of o, and positions outside the input are zero.

    Input [N, C, spatial...], weight [O, C/groups, kernel...], result
    [N, O, out...] with out = floor((in + pad_low + pad_high - dilation * (kernel
    - 1) - 1) / stride) + 1, for one or more spatial dimensions.

    - (C1) both ranks are equal and 3 or more
    - (C2) one stride and dilation (1 or more) per spatial dimension; `pads` holds
      all low, then all high pads (0 or more)
    - (C3) `groups` divides C and O; the weight has C/groups channels
    - (C4) the kernel fits into the padded input
    - (C5) as C3 of `ms.matmul`

    With `tile` the convolution is one of two spatial dimensions with kernels of
    3 x 3, and the weight holds G * kernel * transpose(G) in their place, as Winograd's
    minimal filtering F(tile x tile, 3 x 3) defines G (dialects/MS/IR/Winograd.h).

    - (C6) `tile` is 2 or 4, strides, dilations and groups are 1, the weight's
      kernels have extents tile + 2, the result's spatial extents are multiples
      of `tile`

    ```mlir
    %y = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
                         dilations = array<i64: 1, 1>} : tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>
    ```
  }];
}

def MS_ConvTransposeOp : MS_Convolution<"conv_transpose", (ins DenseI64ArrayAttr:$output_padding)> {
  let summary = "Computes the transposed convolution: the gradient of ms.conv by its input";
  let description = [{
    result[n, g * O/groups + o, z...] = sum over c, t..., y... with
    z = y * stride - pad_low + t * dilation of
    input[n, g * C/groups + c, y...] * weight[g * C/groups + c, o, t...].

    Input [N, C, spatial...], weight [C, O/groups, kernel...], result
    [N, O, out...] with out = (in - 1) * stride + dilation * (kernel - 1) + 1
    - pad_low - pad_high + output_padding.

    - (C1) both ranks are equal and 3 or more
    - (C2) one stride and dilation (1 or more) and output padding (0 or more) per
      spatial dimension; `pads` holds all low, then all high pads, which may be
      negative
    - (C3) `groups` divides C; the weight's first extent is C
    - (C4) the result is not empty
    - (C5) the element types agree

    ```mlir
    %y = ms.conv_transpose %x, %w {strides = array<i64: 2>, pads = array<i64: 0, 0>,
        dilations = array<i64: 1>, output_padding = array<i64: 0>}
        : tensor<1x3x8xf32>, tensor<3x4x2xf32>
    ```
  }];
}

#endif // DIALECTS_MS_IR_MSOPSLINEAR_TD

// SPDX-License-Identifier: Apache-2.0
//
// Pooling ops on [N, C, spatial...]. What a format calls ceil mode or SAME
// padding is resolved to explicit pads by its importer.

#ifndef DIALECTS_MS_IR_MSOPSPOOLING_TD
#define DIALECTS_MS_IR_MSOPSPOOLING_TD

include "dialects/MS/IR/MSBase.td"

class MS_WindowPool<string mnemonic, TypeConstraint type, dag more = (ins)> :
    MS_InferredOp<mnemonic> {
  let arguments = !con((ins type:$input, DenseI64ArrayAttr:$kernel,
                            DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads,
                            DenseI64ArrayAttr:$dilations), more);
  let results = (outs type:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_MaxPoolOp : MS_WindowPool<"max_pool", MS_NumberTensor> {
  let summary = "Takes the maximum of each window";
  let description = [{
    result[n, c, y...] = max over t... of input[n, c, y * stride - pad_low +
    t * dilation...]; positions outside the input do not take part, NaN wins.
    The extents are those of `ms.conv`.

    - (C1) the rank is 3 or more
    - (C2) one kernel extent, stride and dilation (1 or more) per spatial
      dimension; `pads` holds all low, then all high pads (0 or more)
    - (C3) the kernel fits into the padded input

    ```mlir
    %y = ms.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
        pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x3x8x8xf32>
    ```
  }];
}

def MS_MaxPoolWithIndicesOp : MS_WindowPool<"max_pool_with_indices", MS_NumberTensor> {
  let summary = "Takes the maximum of each window and says where it was";
  let description = [{
    As `ms.max_pool`; the second result is the position of the (first) maximum
    in its [spatial...] plane, row-major. A window without any position in the
    input gives the position 0.

    ```mlir
    %y, %i = ms.max_pool_with_indices %x {kernel = array<i64: 2>, strides = array<i64: 2>,
        pads = array<i64: 0, 0>, dilations = array<i64: 1>} : tensor<1x3x8xf32>
    ```
  }];
  let results = (outs MS_NumberTensor:$result, RankedTensorOf<[I64]>:$indices);
}

def MS_AvgPoolOp : MS_WindowPool<"avg_pool", MS_FloatTensor,
                                 (ins OptionalAttr<DenseI64ArrayAttr>:$counted_pads)> {
  let summary = "Takes the mean of each window";
  let description = [{
    result[n, c, y...] = sum over t... of input[n, c, y * stride - pad_low +
    t * dilation...] / count, where positions outside the input are zero and
    count is the number of window positions in the input or within
    `counted_pads` of it (default: none; equal to `pads`: all count). A count of
    zero gives zero. Constraints as for `ms.max_pool`, and

    - (C4) `counted_pads` has as many elements as `pads`, each 0 or more

    ```mlir
    %y = ms.avg_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>,
        pads = array<i64: 1, 1>, dilations = array<i64: 1>} : tensor<1x3x8xf32>
    ```
  }];
}

class MS_AdaptivePool<string mnemonic, TypeConstraint type> : MS_InferredOp<mnemonic> {
  let arguments = (ins type:$input, DenseI64ArrayAttr:$output_size);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_AdaptiveAvgPoolOp : MS_AdaptivePool<"adaptive_avg_pool", MS_FloatTensor> {
  let summary = "Takes means of windows that divide the input evenly";
  let description = [{
    Window i of a dimension of extent `in` and output size `out` is
    [floor(i * in / out), ceil((i + 1) * in / out)).

    - (C1) the rank is 2 + the number of output sizes, of which there is one or more
    - (C2) output sizes are 1 or more
    - (C3) no spatial dimension is empty

    ```mlir
    %y = ms.adaptive_avg_pool %x {output_size = array<i64: 3, 2>} : tensor<1x3x8x8xf32>
    ```
  }];
  let results = (outs MS_FloatTensor:$result);
}

def MS_AdaptiveMaxPoolOp : MS_AdaptivePool<"adaptive_max_pool", MS_NumberTensor> {
  let summary = "Takes maxima of windows that divide the input evenly";
  let description = [{
    Windows and constraints as for `ms.adaptive_avg_pool`; the second result is
    that of `ms.max_pool_with_indices`.

    ```mlir
    %y, %i = ms.adaptive_max_pool %x {output_size = array<i64: 3, 2>} : tensor<1x3x8x8xf32>
    ```
  }];
  let results = (outs MS_NumberTensor:$result, RankedTensorOf<[I64]>:$indices);
}

#endif // DIALECTS_MS_IR_MSOPSPOOLING_TD

// SPDX-License-Identifier: Apache-2.0
//
// Shape ops: they move or repeat elements and compute nothing. Axes are counted
// from the front.

#ifndef DIALECTS_MS_IR_MSOPSSHAPE_TD
#define DIALECTS_MS_IR_MSOPSSHAPE_TD

include "dialects/MS/IR/MSBase.td"

def MS_ReshapeOp : MS_Op<"reshape"> {
  let summary = "Gives the elements another shape";
  let description = [{
    The elements keep their row-major order. The element type is kept (C1), and
    so is the number of elements, where both are known (C2).

    ```mlir
    %y = ms.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def MS_TransposeOp : MS_InferredOp<"transpose"> {
  let summary = "Permutes the dimensions";
  let description = [{
    Dimension i of the result is dimension permutation[i] of the input:
    result[i0, i1, ...] = input[j] with j[permutation[k]] = ik. `permutation`
    lists each axis once (C1).

    ```mlir
    %y = ms.transpose %x {permutation = array<i64: 1, 0>} : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_UnpackPanelsOp : MS_InferredOp<"unpack_panels"> {
  let summary = "Reads a tensor that is stored in panels of one axis";
  let description = [{
    Dimension `axis` of the result, of `extent` elements, is cut into panels of
    as many elements as the last dimension of the input has:
    result[i..., j, k...] = input[j / panel, i..., k..., j mod panel].

    `axis` is a dimension of the result (C1), whose rank is one less than that of
    the input, which is 2 or more (C2); the input has ceil(extent / panel) panels
    (C3). What the last panel has beyond `extent` is not read.

    Panels are how weights are stored for a target whose vectors run along
    `axis`; kernels read through this op, which is part of the address.

    ```mlir
    %w = ms.unpack_panels %p {axis = 1 : i64, extent = 20 : i64} : tensor<2x64x16xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, I64Attr:$axis, I64Attr:$extent);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_ConcatOp : MS_InferredOp<"concat"> {
  let summary = "Joins tensors along an axis";
  let description = [{
    The result holds the inputs one after the other along `axis`, an axis of the
    inputs (C1). There is at least one (C2); rank, element type and the other
    extents are equal (C3).

    ```mlir
    %z = ms.concat %x, %y {axis = 1 : i64} : tensor<2x3xf32>, tensor<2x5xf32>
    ```
  }];
  let arguments = (ins Variadic<MS_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs)";
}

def MS_SliceOp : MS_InferredOp<"slice"> {
  let summary = "Takes a regular part";
  let description = [{
    result[i0, i1, ...] = input[starts[0] + i0 * steps[0], ...], of shape
    `sizes`. One entry per dimension (C1). Steps are not zero and may be
    negative (C2); every index read is inside the input (C3).

    ```mlir
    %y = ms.slice %x {starts = array<i64: 0, 4>, sizes = array<i64: 2, 3>, steps = array<i64: 1, -2>} : tensor<2x5xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, DenseI64ArrayAttr:$starts,
                       DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$steps);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_PadOp : MS_InferredOp<"pad"> {
  let summary = "Adds elements around the input";
  let description = [{
    Adds low[d] elements before and high[d] after the elements of dimension d;
    both have one entry per dimension (C1) and are not negative (C2). `mode`
    says what the new elements are (C3):

    - `constant`: `value`, of one element (C4), or zero without it,
    - `edge`: the nearest element of the input,
    - `reflect`: the input mirrored at its first and last element (c b a b c b a),
    - `symmetric`: mirrored with those repeated (b a a b c c b),
    - `wrap`: the input repeated (b c a b c a b).

    Except for `constant` a padded dimension of the input is not empty (C5). The
    mirrored and repeated patterns go on for any amount of padding.

    ```mlir
    %y = ms.pad %x, %v {low = array<i64: 0, 1>, high = array<i64: 0, 2>} : tensor<2x3xf32>, tensor<f32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, Optional<MS_Tensor>:$value,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       DefaultValuedStrAttr<StrAttr, "constant">:$mode);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input (`,` $value^)? attr-dict `:` type($input) (`,` type($value)^)?";
}

def MS_BroadcastToOp : MS_Op<"broadcast_to"> {
  let summary = "Repeats dimensions of extent one";
  let description = [{
    Shapes are aligned at the last dimension; missing dimensions and those of
    extent one are repeated, the others are equal (C1). The element type is kept
    (C2).

    ```mlir
    %y = ms.broadcast_to %x : tensor<3x1xf32> -> tensor<2x3x4xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def MS_TileOp : MS_InferredOp<"tile"> {
  let summary = "Repeats the input along each dimension";
  let description = [{
    result[i] = input[i mod extents]. `repeats` has one entry per dimension (C1),
    none negative (C2).

    ```mlir
    %y = ms.tile %x {repeats = array<i64: 1, 2>} : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, DenseI64ArrayAttr:$repeats);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_ReverseOp : MS_InferredOp<"reverse"> {
  let summary = "Reverses the order along some axes";
  let description = [{
    result[..., i, ...] = input[..., extent - 1 - i, ...] for each of `axes`,
    which are axes of the input (C1).

    ```mlir
    %y = ms.reverse %x {axes = array<i64: 1>} : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, DenseI64ArrayAttr:$axes);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_IotaOp : MS_Op<"iota"> {
  let summary = "Counts along an axis";
  let description = [{
    result[..., i, ...] = i, where i is the index along `axis`, an axis of the
    result (C1).

    ```mlir
    %y = ms.iota {axis = 0 : i64} : tensor<100000xi64>
    ```
  }];
  let arguments = (ins I64Attr:$axis);
  let results = (outs MS_NumberTensor:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

#endif // DIALECTS_MS_IR_MSOPSSHAPE_TD

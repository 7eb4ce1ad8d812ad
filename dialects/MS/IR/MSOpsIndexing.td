// SPDX-License-Identifier: Apache-2.0
//
// Indexing ops: they read or write elements at positions that other tensors
// hold. A negative index counts from the end of its dimension; what an index
// outside the dimension does is part of each op's meaning, so that no data can
// make one read or write elsewhere.

#ifndef DIALECTS_MS_IR_MSOPSINDEXING_TD
#define DIALECTS_MS_IR_MSOPSINDEXING_TD

include "dialects/MS/IR/MSBase.td"

def MS_GatherOp : MS_InferredOp<"gather"> {
  let summary = "Takes slices along an axis by index";
  let description = [{
    With b = batch_dims, result[p..., i..., s...] =
    input[p..., indices[p[:b], i...], s...], where p are the first `axis`
    dimensions and s those after it: the result has the input's shape with
    dimension `axis` replaced by indices' dimensions from b on. 0 <= b <= axis <
    rank (C1), b is at most the rank of the indices (C2), and the first b extents
    agree (C3). Indices out of range are clamped to the ends.

    ```mlir
    %y = ms.gather %x, %i {axis = 0 : i64} : tensor<10x4xf32>, tensor<2x3xi64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$indices, I64Attr:$axis,
                       DefaultValuedAttr<I64Attr, "0">:$batch_dims);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` type($input) `,` type($indices)";
}

def MS_GatherElementsOp : MS_InferredOp<"gather_elements"> {
  let summary = "Takes single elements along an axis by index";
  let description = [{
    result[i0, ..., in] = input[i0, ..., indices[i0, ..., in], ..., in], the index
    standing for dimension `axis` (C1). Ranks are equal (C2) and the other
    extents of the indices at most those of the input (C3). Indices out of range
    are clamped to the ends.

    ```mlir
    %y = ms.gather_elements %x, %i {axis = 1 : i64} : tensor<3x4xf32>, tensor<3x2xi64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$indices, I64Attr:$axis);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` type($input) `,` type($indices)";
}

def MS_GatherNdOp : MS_InferredOp<"gather_nd"> {
  let summary = "Takes slices at index tuples";
  let description = [{
    The last dimension of the indices, of extent k, holds index tuples. With
    b = batch_dims, result[p..., i..., s...] = input[p..., t0, ..., tk-1, s...]
    with t = indices[p..., i..., :], where p are the b batch dimensions. b is
    smaller than both ranks (C1), k is known and b + k at most the input's rank
    (C2), and the first b extents agree (C3). Indices out of range are clamped
    to the ends.

    ```mlir
    %y = ms.gather_nd %x, %i : tensor<3x4x5xf32>, tensor<7x2xi64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$indices,
                       DefaultValuedAttr<I64Attr, "0">:$batch_dims);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` type($input) `,` type($indices)";
}

def MS_ScatterElementsOp : MS_InferredOp<"scatter_elements"> {
  let summary = "Writes single elements along an axis by index";
  let description = [{
    The result is the input after, for each position i of the indices in
    row-major order, element input[i0, ..., indices[i], ..., in] (the index
    standing for dimension `axis`, C1) has been combined with updates[i]:
    `reduction` `none` replaces it, `add`, `sub`, `mul`, `div`, `max` and `min`
    compute old op new (C2). Ranks are equal (C3), indices and updates have one
    shape (C4), whose other extents are at most those of the input (C5), and
    updates the element type of the input (C6). Updates whose index is out of
    range are dropped.

    ```mlir
    %y = ms.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = "add"} : tensor<3x4xf32>, tensor<2x4xi64>, tensor<2x4xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$indices, MS_Tensor:$updates,
                       I64Attr:$axis, DefaultValuedStrAttr<StrAttr, "none">:$reduction);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $indices `,` $updates attr-dict `:`
    type($input) `,` type($indices) `,` type($updates)
  }];
}

def MS_ScatterNdOp : MS_InferredOp<"scatter_nd"> {
  let summary = "Writes slices at index tuples";
  let description = [{
    The last dimension of the indices, of known extent k <= rank (C1), holds index
    tuples. The result is the input after, for each tuple t = indices[i..., :] in
    row-major order, the slice input[t0, ..., tk-1, ...] has been combined with
    updates[i..., ...]: `reduction` `none` replaces it, `add`, `sub`, `mul`, `div`,
    `max` and `min` compute old op new, element by element (C2). The updates'
    shape is that of the indices without the last dimension, followed by the
    input's dimensions from k on (C3); their element type is the input's (C4).
    Slices with an index out of range are dropped.

    ```mlir
    %y = ms.scatter_nd %x, %i, %u : tensor<8x4xf32>, tensor<3x1xi64>, tensor<3x4xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$indices, MS_Tensor:$updates,
                       DefaultValuedStrAttr<StrAttr, "none">:$reduction);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $indices `,` $updates attr-dict `:`
    type($input) `,` type($indices) `,` type($updates)
  }];
}

def MS_DynamicSliceOp : MS_InferredOp<"dynamic_slice"> {
  let summary = "Takes a block whose position is computed";
  let description = [{
    result[i...] = input[starts + i]. `sizes` is the shape of the block, one entry
    per dimension (C1), none larger than the input's (C2); `starts` holds one
    index per dimension (C3), clamped so that the block lies inside the input.

    ```mlir
    %y = ms.dynamic_slice %x, %s {sizes = array<i64: 1, 4>} : tensor<8x4xf32>, tensor<2xi64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_IndexTensor:$starts, DenseI64ArrayAttr:$sizes);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$input `,` $starts attr-dict `:` type($input) `,` type($starts)";
}

def MS_DynamicUpdateSliceOp : MS_InferredOp<"dynamic_update_slice"> {
  let summary = "Replaces a block whose position is computed";
  let description = [{
    The result is the input with the block at `starts` replaced by `update`, which
    has the input's element type (C1) and rank, and no larger extents (C2).
    `starts` holds one index per dimension (C3), clamped so that the block lies
    inside the input.

    ```mlir
    %y = ms.dynamic_update_slice %x, %u, %s : tensor<8x4xf32>, tensor<1x4xf32>, tensor<2xi64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, MS_Tensor:$update, MS_IndexTensor:$starts);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $update `,` $starts attr-dict `:` type($input) `,` type($update) `,` type($starts)
  }];
}

def MS_OneHotOp : MS_InferredOp<"one_hot"> {
  let summary = "Marks the position that an index names";
  let description = [{
    result[p..., k, s...] = `on` if indices[p..., s...] = k, else `off`; k counts
    to `depth`, which is not negative (C1), along dimension `axis` of the result
    (C2). Negative indices do not count from the end here: all other values mark
    nothing. `on` and `off` have one element each (C3) and one element type (C4).

    ```mlir
    %y = ms.one_hot %i, %on, %off {depth = 10 : i64, axis = 1 : i64} : tensor<2xi64>, tensor<f32>, tensor<f32>
    ```
  }];
  let arguments = (ins MS_IntTensor:$indices, MS_Tensor:$on, MS_Tensor:$off,
                       I64Attr:$depth, I64Attr:$axis);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = [{
    $indices `,` $on `,` $off attr-dict `:` type($indices) `,` type($on) `,` type($off)
  }];
}

def MS_SearchSortedOp : MS_Op<"search_sorted"> {
  let summary = "Finds where values belong in sorted rows";
  let description = [{
    result[p..., i] = how many elements of row sequence[p..., :] are less than
    values[p..., i], or with `right` not greater; the rows ascend. A sequence of
    rank one serves all values; otherwise all but the last extents agree (C1).
    Element types agree (C2), and the result has the shape of the values (C3).

    ```mlir
    %y = ms.search_sorted %s, %v {right} : tensor<3x9xf32>, tensor<3x4xf32> -> tensor<3x4xi64>
    ```
  }];
  let arguments = (ins MS_NumberTensor:$sequence, MS_NumberTensor:$values, UnitAttr:$right);
  let results = (outs MS_IndexTensor:$result);
  let assemblyFormat = [{
    $sequence `,` $values attr-dict `:` type($sequence) `,` type($values) `->` type($result)
  }];
  let hasVerifier = 1;
}

def MS_SortOp : MS_InferredOp<"sort"> {
  let summary = "Sorts along an axis";
  let description = [{
    Each line of the input along `axis` (C1) in ascending order, or with
    `descending` in descending order, and the index along the axis that each
    element had. Equal elements keep their order; NaN is larger than infinity.

    ```mlir
    %y, %i = ms.sort %x {axis = 1 : i64, descending} : tensor<3x9xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, I64Attr:$axis, UnitAttr:$descending);
  let results = (outs MS_Tensor:$values, MS_IndexTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MS_TopKOp : MS_InferredOp<"top_k"> {
  let summary = "Takes the largest elements along an axis";
  let description = [{
    The `k` largest elements of each line of the input along `axis` (C1), or with
    `smallest` the smallest, best first, and their indices along the axis; k is
    at most its extent (C2). Of equal elements the one with the lower index comes
    first; NaN is larger than infinity.

    ```mlir
    %y, %i = ms.top_k %x {axis = 1 : i64, k = 4 : i64} : tensor<3x9xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, I64Attr:$axis, I64Attr:$k, UnitAttr:$smallest);
  let results = (outs MS_Tensor:$values, MS_IndexTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

#endif // DIALECTS_MS_IR_MSOPSINDEXING_TD

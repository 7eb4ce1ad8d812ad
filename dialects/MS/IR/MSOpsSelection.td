// SPDX-License-Identifier: Apache-2.0
//
// Selection ops: how many elements their results have depends on data. A result
// has the type of the largest case; the last result, `count`, tells how many of
// its `count` dimension there are. The elements then lie as those of a dense
// tensor of that smaller shape, at the start of the buffer, and zeros follow.

#ifndef DIALECTS_MS_IR_MSOPSSELECTION_TD
#define DIALECTS_MS_IR_MSOPSSELECTION_TD

include "dialects/MS/IR/MSBase.td"

def MS_Count : 0DTensorOf<[I64]>;

def MS_NonZeroOp : MS_InferredOp<"non_zero"> {
  let summary = "Finds the elements that differ from zero";
  let description = [{
    positions[k, :] is the index of the k-th element, in row-major order, that
    differs from zero (NaN does); with `by_dimension` it is positions[:, k]. The
    count dimension is that of k. The rank is at least one (C1).

    ```mlir
    %p, %count = ms.non_zero %x : tensor<2x3xf32> -> tensor<6x2xi64>, tensor<i64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, UnitAttr:$by_dimension);
  let results = (outs TensorOf<[I64]>:$positions, MS_Count:$count);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($positions) `,` type($count)";
}

def MS_CompressOp : MS_InferredOp<"compress"> {
  let summary = "Keeps the slices along an axis that a mask chooses";
  let description = [{
    result = the slices i of `axis` (C1), in order, for which mask[i] is true; a
    mask shorter than the axis chooses none of the rest, and it is not longer
    (C2). The count dimension is `axis`.

    ```mlir
    %y, %count = ms.compress %x, %m {axis = 0 : i64} : tensor<3x4xf32>, tensor<2xi1> -> tensor<2x4xf32>, tensor<i64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, 1DTensorOf<[I1]>:$mask, I64Attr:$axis);
  let results = (outs MS_Tensor:$result, MS_Count:$count);
  let assemblyFormat = [{
    $input `,` $mask attr-dict `:` type($input) `,` type($mask) `->` type($result) `,` type($count)
  }];
}

def MS_UniqueOp : MS_InferredOp<"unique"> {
  let summary = "Drops slices along an axis that were there before";
  let description = [{
    values = the distinct slices of `axis` (C1), in lexicographical order with
    `sorted`, else as they come; all NaN are one value, and the largest. For the
    k-th of them indices[k] is where it first appears and counts[k] how often;
    inverse[i], for each slice i of the input, is its place in values. The count
    dimension of values is `axis`, that of indices and counts the only one;
    inverse is always full.

    ```mlir
    %v, %i, %j, %n, %count = ms.unique %x {axis = 0 : i64, sorted} : tensor<5xf32>
        -> tensor<5xf32>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<i64>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, I64Attr:$axis, UnitAttr:$sorted);
  let results = (outs MS_Tensor:$values, 1DTensorOf<[I64]>:$indices, 1DTensorOf<[I64]>:$inverse,
                      1DTensorOf<[I64]>:$counts, MS_Count:$count);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($values) `,` type($indices) `,` type($inverse)
    `,` type($counts) `,` type($count)
  }];
}

def MS_NonMaxSuppressionOp : MS_InferredOp<"non_max_suppression"> {
  let summary = "Chooses boxes that overlap no better one";
  let description = [{
    boxes is [batches, n, 4], scores [batches, classes, n] (C1): for each batch
    and class the boxes with scores above `score_threshold` are taken, best
    first, unless their intersection over union with one taken before exceeds
    `iou_threshold`, and at most `max_per_class` of them, whatever that is at
    most `limit` (C2: not negative). A box is two opposite corners (y0, x0, y1,
    x1), or with `center_point_box` (x center, y center, width, height). Rows of
    selected are (batch, class, box); the count dimension is the first.

    ```mlir
    %s, %count = ms.non_max_suppression %b, %p, %max, %iou, %score {limit = 3 : i64}
        : tensor<1x6x4xf32>, tensor<1x1x6xf32>, tensor<i64>, tensor<f32>, tensor<f32> -> tensor<3x3xi64>, tensor<i64>
    ```
  }];
  let arguments = (ins 3DTensorOf<[F32]>:$boxes, 3DTensorOf<[F32]>:$scores,
                       0DTensorOf<[I64]>:$max_per_class, 0DTensorOf<[F32]>:$iou_threshold,
                       0DTensorOf<[F32]>:$score_threshold, I64Attr:$limit, UnitAttr:$center_point_box);
  let results = (outs 2DTensorOf<[I64]>:$selected, MS_Count:$count);
  let assemblyFormat = [{
    $boxes `,` $scores `,` $max_per_class `,` $iou_threshold `,` $score_threshold attr-dict `:`
    type($boxes) `,` type($scores) `,` type($max_per_class) `,` type($iou_threshold) `,` type($score_threshold)
    `->` type($selected) `,` type($count)
  }];
}

#endif // DIALECTS_MS_IR_MSOPSSELECTION_TD

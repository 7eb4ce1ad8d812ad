// SPDX-License-Identifier: Apache-2.0
//
// Image ops.

#ifndef DIALECTS_MS_IR_MSOPSIMAGE_TD
#define DIALECTS_MS_IR_MSOPSIMAGE_TD

include "dialects/MS/IR/MSBase.td"

def MS_RoiAlignOp : MS_InferredOp<"roi_align"> {
  let summary = "Pools regions of feature maps to one size";
  let description = [{
    The input is [N, C, H, W], `rois` is [R, 4] with corners x1, y1, x2, y2, which
    are multiplied by `scale`, and `batch` is [R] (C1); the result is
    [R, C, height, width]. Each region is cut into bins of equal size. A bin is
    the mean, or with `max` the maximum, of the input at `samples` x `samples`
    points spread evenly in it (0: as many as the bin's extents rounded up, of
    1024 at most), interpolated linearly between its four neighbours; a maximum is that of
    the four weighted neighbours. Points more than one outside count as 0, other
    points outside as those on the border. With `aligned` the corners are moved
    by -0.5; without it regions are at least 1 x 1 large. Batch indices out of
    range are clamped. Extents of the result are positive and samples is in
    [0, 1024] (C2); element types of input and rois agree (C3).

    ```mlir
    %y = ms.roi_align %x, %rois, %batch {height = 5 : i64, width = 5 : i64, samples = 2 : i64, scale = 1.0 : f64}
        : tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<4xi64>
    ```
  }];
  let arguments = (ins RankedTensorOf<[F32, F64]>:$input, MS_FloatTensor:$rois,
                       RankedTensorOf<[I64]>:$batch, I64Attr:$height, I64Attr:$width,
                       I64Attr:$samples, F64Attr:$scale, UnitAttr:$aligned, UnitAttr:$max);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $rois `,` $batch attr-dict `:` type($input) `,` type($rois) `,` type($batch)
  }];
}

#endif // DIALECTS_MS_IR_MSOPSIMAGE_TD

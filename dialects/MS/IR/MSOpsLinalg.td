// SPDX-License-Identifier: Apache-2.0
//
// Linalg ops.

#ifndef DIALECTS_MS_IR_MSOPSLINALG_TD
#define DIALECTS_MS_IR_MSOPSLINALG_TD

include "dialects/MS/IR/MSBase.td"

def MS_FftOp : MS_InferredOp<"fft"> {
  let summary = "Computes discrete Fourier transforms along an axis";
  let description = [{
    The last dimension, of extent two (C1), holds the real and the imaginary part
    of a number. With n the extent of the input along `axis`, one of the other
    dimensions (C2) and not empty (C3), result[k] = scale * sum over j of
    input[j] * e^(-2 pi i j k / n), with the conjugate factors if `inverse`.

    ```mlir
    %y = ms.fft %x {axis = 1 : i64} : tensor<3x16x2xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[F32, F64]>:$input, I64Attr:$axis, UnitAttr:$inverse,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

#endif // DIALECTS_MS_IR_MSOPSLINALG_TD

// SPDX-License-Identifier: Apache-2.0
//
/// \file Resizing and grid sampling in terms of gathers and weights, for the
/// mappings of all formats.
#ifndef MSC_IMPORT_RESAMPLING_H
#define MSC_IMPORT_RESAMPLING_H

#include "msc/Import/Importer.h"

namespace msc::import {

/// One axis that is resized from its extent to `out`.
struct ResizeAxis {
  int64_t axis = 0;
  int64_t out = 1;
  double scale = 1;                ///< out / in, or as the source states it
  double roiStart = 0, roiEnd = 1; ///< for tf_crop_and_resize
};

/// How positions map and what is taken there; words as in ONNX Resize.
struct ResizeMethod {
  std::string mode = "nearest"; ///< nearest, linear, cubic
  std::string coordinates = "half_pixel";
  std::string nearest = "round_prefer_floor";
  double cubicA = -0.75;
  bool excludeOutside = false;
  bool antialias = false;
  double extrapolation = 0;
};

/// Resizes \p x axis by axis; the weights are computed here. Floats narrower
/// than f32 and integers are interpolated in f32.
mlir::Value resize(Emitter &e, mlir::Value x, llvm::ArrayRef<ResizeAxis> axes,
                   const ResizeMethod &method);

/// Samples \p x [N, C, spatial...] at \p grid [N, out..., spatial rank], whose
/// last dimension holds positions in [-1, 1], the innermost dimension first.
/// \p mode: nearest, linear, cubic; \p padding: zeros, border, reflection.
mlir::Value gridSample(Emitter &e, mlir::Value x, mlir::Value grid,
                       llvm::StringRef mode, llvm::StringRef padding,
                       bool alignCorners);

} // namespace msc::import

#endif // MSC_IMPORT_RESAMPLING_H

// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @roi_align_c1(%x: tensor<1x3x9x9xf32>, %rois: tensor<4x4xf32>, %batch: tensor<3xi64>) {
  // expected-error @below {{regions 'tensor<4x4xf32>' with indices 'tensor<3xi64>' do not fit 'tensor<1x3x9x9xf32>'}}
  %0 = ms.roi_align %x, %rois, %batch {height = 5 : i64, width = 5 : i64, samples = 2 : i64, scale = 1.0 : f64}
      : tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @roi_align_c2(%x: tensor<1x3x9x9xf32>, %rois: tensor<4x4xf32>, %batch: tensor<4xi64>) {
  // expected-error @below {{bins of 0 x 5 with -1 samples are out of range}}
  %0 = ms.roi_align %x, %rois, %batch {height = 0 : i64, width = 5 : i64, samples = -1 : i64, scale = 1.0 : f64}
      : tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<4xi64>
  return
}

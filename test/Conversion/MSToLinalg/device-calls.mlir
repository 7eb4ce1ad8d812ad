// SPDX-License-Identifier: Apache-2.0
//
// Ops that are one call of the device library.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// CHECK-LABEL: @fft
// CHECK-DAG: %[[OUTER:.*]] = arith.constant 3 : i64
// CHECK-DAG: %[[N:.*]] = arith.constant 5 : i64
// CHECK-DAG: %[[INNER:.*]] = arith.constant 7 : i64
// CHECK-DAG: %[[SCALE:.*]] = arith.constant 2.000000e-01 : f64
// CHECK: call @msc_fft_f32(%{{.*}}, %{{.*}}, %[[OUTER]], %[[N]], %[[INNER]], %{{.*}}, %[[SCALE]], %{{.*}})
func.func @fft(%x: tensor<3x5x7x2xf32>) -> tensor<3x5x7x2xf32> {
  %0 = ms.fft %x {axis = 1 : i64, inverse, scale = 0.2 : f64} : tensor<3x5x7x2xf32>
  return %0 : tensor<3x5x7x2xf32>
}

// -----

// CHECK-LABEL: @roi_align
// CHECK: call @msc_roi_align_f32({{.*}}) : (memref<1x3x9x8xf32>, memref<4x4xf32>, memref<4xi64>, memref<4x3x5x6xf32>, i64, i64, i64, i64, i64, i64, i64, i64, f64, i1, i1)
func.func @roi_align(%x: tensor<1x3x9x8xf32>, %rois: tensor<4x4xf32>, %batch: tensor<4xi64>) -> tensor<4x3x5x6xf32> {
  %0 = ms.roi_align %x, %rois, %batch {height = 5 : i64, width = 6 : i64, samples = 2 : i64, scale = 1.0 : f64}
      : tensor<1x3x9x8xf32>, tensor<4x4xf32>, tensor<4xi64>
  return %0 : tensor<4x3x5x6xf32>
}

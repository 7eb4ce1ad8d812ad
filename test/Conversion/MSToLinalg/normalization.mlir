// SPDX-License-Identifier: Apache-2.0
//
// Normalizations: folds over dimensions, then one elementwise pass.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// CHECK-LABEL: @softmax
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]{{.*}} ins(%arg0 : tensor<2x3x4xf16>) outs(%{{.*}} : tensor<2x4xf32>)
// CHECK: linalg.generic
// Weights that are no normal numbers are zero.
// CHECK: arith.cmpf olt, {{.*}} : f32
// CHECK: call @msc_exp_f32
// CHECK: arith.select
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x4xf16>)
// CHECK: arith.divf
func.func @softmax(%x: tensor<2x3x4xf16>) -> tensor<2x3x4xf16> {
  %0 = ms.softmax %x {axis = 1 : i64} : tensor<2x3x4xf16>
  return %0 : tensor<2x3x4xf16>
}

// -----

// CHECK-LABEL: @layer_norm
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "reduction"]
// CHECK: tensor.expand_shape {{.*}} into tensor<2x1x1xf32>
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "reduction"]
// CHECK: math.sqrt
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "parallel"]
func.func @layer_norm(%x: tensor<2x3x4xf32>, %s: tensor<4xf32>) -> tensor<2x3x4xf32> {
  %0, %1, %2 = ms.layer_norm %x affine(%s : tensor<4xf32>) {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// CHECK-LABEL: @group_norm
// CHECK: tensor.expand_shape %arg0 {{.*}} into tensor<2x2x2x8xf32>
// CHECK: tensor.expand_shape %arg1 {{.*}} into tensor<2x2x1xf32>
// CHECK: tensor.collapse_shape {{.*}} into tensor<2x4x8xf32>
func.func @group_norm(%x: tensor<2x4x8xf32>, %s: tensor<4xf32>) -> tensor<2x4x8xf32> {
  %0, %1, %2 = ms.group_norm %x affine(%s : tensor<4xf32>) {groups = 2 : i64, epsilon = 1.0e-5 : f64} : tensor<2x4x8xf32>
  return %0 : tensor<2x4x8xf32>
}

// -----

// CHECK-LABEL: @lrn
// CHECK: tensor.insert_slice {{.*}} into %{{.*}}[0, 1, 0]
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "reduction", "parallel"]
// CHECK: call @msc_pow_f32
func.func @lrn(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %0 = ms.lrn %x {low = 1 : i64, high = 2 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<2x4x8xf32>
  return %0 : tensor<2x4x8xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// Round trip of the normalization ops; the returns state the types they infer.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @softmax
func.func @softmax(%x: tensor<2x?xf16>) -> (tensor<2x?xf16>, tensor<2x?xf16>) {
  // CHECK: ms.softmax %{{.*}} {axis = 1 : i64}
  %0 = ms.softmax %x {axis = 1 : i64} : tensor<2x?xf16>
  // CHECK: ms.log_softmax %{{.*}} {axis = 0 : i64}
  %1 = ms.log_softmax %x {axis = 0 : i64} : tensor<2x?xf16>
  return %0, %1 : tensor<2x?xf16>, tensor<2x?xf16>
}

// CHECK-LABEL: @layer_norm
func.func @layer_norm(%x: tensor<2x3x4xf16>, %s: tensor<3x1xf16>, %b: tensor<4xf16>)
    -> (tensor<2x3x4xf16>, tensor<2x1x1xf32>, tensor<2x1x1xf32>) {
  // CHECK: ms.layer_norm %{{.*}} affine(%{{.*}}, %{{.*}} : tensor<3x1xf16>, tensor<4xf16>)
  %0, %1, %2 = ms.layer_norm %x affine(%s, %b : tensor<3x1xf16>, tensor<4xf16>)
      {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3x4xf16>
  return %0, %1, %2 : tensor<2x3x4xf16>, tensor<2x1x1xf32>, tensor<2x1x1xf32>
}

// CHECK-LABEL: @rms_norm
func.func @rms_norm(%x: tensor<2x3xf64>) -> (tensor<2x3xf64>, tensor<1x1xf64>) {
  // CHECK: ms.rms_norm %{{.*}} {axis = 0 : i64
  %0, %1 = ms.rms_norm %x {axis = 0 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3xf64>
  return %0, %1 : tensor<2x3xf64>, tensor<1x1xf64>
}

// CHECK-LABEL: @batch_norm
func.func @batch_norm(%x: tensor<?x3x8xf16>, %p: tensor<3xf32>) -> tensor<?x3x8xf16> {
  // CHECK: ms.batch_norm
  %0 = ms.batch_norm %x, %p, %p, %p, %p {epsilon = 1.0e-5 : f64}
      : tensor<?x3x8xf16>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  return %0 : tensor<?x3x8xf16>
}

// CHECK-LABEL: @group_norm
func.func @group_norm(%x: tensor<2x4x8xf32>, %s: tensor<4xf32>) -> (tensor<2x4x8xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK: ms.group_norm %{{.*}} affine(%{{.*}} : tensor<4xf32>)
  %0, %1, %2 = ms.group_norm %x affine(%s : tensor<4xf32>) {groups = 2 : i64, epsilon = 1.0e-5 : f64} : tensor<2x4x8xf32>
  return %0, %1, %2 : tensor<2x4x8xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: @lrn
func.func @lrn(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  // CHECK: ms.lrn
  %0 = ms.lrn %x {low = 1 : i64, high = 2 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<2x4x8xf32>
  return %0 : tensor<2x4x8xf32>
}

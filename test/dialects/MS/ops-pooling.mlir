// SPDX-License-Identifier: Apache-2.0
//
// Round trip of the pooling ops; the returns state the types they infer.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @max_pool
func.func @max_pool(%x: tensor<2x3x9x?xui8>) -> tensor<2x3x5x?xui8> {
  // CHECK: ms.max_pool
  %0 = ms.max_pool %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>, pads = array<i64: 1, 0, 1, 0>,
      dilations = array<i64: 1, 1>} : tensor<2x3x9x?xui8>
  return %0 : tensor<2x3x5x?xui8>
}

// CHECK-LABEL: @max_pool_with_indices
func.func @max_pool_with_indices(%x: tensor<2x3x9xf16>) -> (tensor<2x3x4xf16>, tensor<2x3x4xi64>) {
  // CHECK: ms.max_pool_with_indices
  %0, %1 = ms.max_pool_with_indices %x {kernel = array<i64: 2>, strides = array<i64: 2>, pads = array<i64: 0, 0>,
      dilations = array<i64: 2>} : tensor<2x3x9xf16>
  return %0, %1 : tensor<2x3x4xf16>, tensor<2x3x4xi64>
}

// CHECK-LABEL: @avg_pool
func.func @avg_pool(%x: tensor<2x3x8xf32>) -> tensor<2x3x4xf32> {
  // CHECK: counted_pads = array<i64: 1, 0>
  %0 = ms.avg_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, pads = array<i64: 1, 0>,
      dilations = array<i64: 1>, counted_pads = array<i64: 1, 0>} : tensor<2x3x8xf32>
  return %0 : tensor<2x3x4xf32>
}

// CHECK-LABEL: @adaptive
func.func @adaptive(%x: tensor<2x3x8x7xf32>) -> (tensor<2x3x5x2xf32>, tensor<2x3x9x1xf32>, tensor<2x3x9x1xi64>) {
  // CHECK: ms.adaptive_avg_pool
  %0 = ms.adaptive_avg_pool %x {output_size = array<i64: 5, 2>} : tensor<2x3x8x7xf32>
  // CHECK: ms.adaptive_max_pool
  %1, %2 = ms.adaptive_max_pool %x {output_size = array<i64: 9, 1>} : tensor<2x3x8x7xf32>
  return %0, %1, %2 : tensor<2x3x5x2xf32>, tensor<2x3x9x1xf32>, tensor<2x3x9x1xi64>
}

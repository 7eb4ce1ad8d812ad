// SPDX-License-Identifier: Apache-2.0
//
// The loops of pools.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// Pads are below everything; unsigned integers have none.
// CHECK-LABEL: @max_pool
// CHECK-DAG: arith.constant 0 : i8
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "reduction", "parallel"]
// CHECK: arith.maxui
func.func @max_pool(%x: tensor<2x3x9xui8>) -> tensor<2x3x5xui8> {
  %0 = ms.max_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, pads = array<i64: 1, 1>,
      dilations = array<i64: 1>} : tensor<2x3x9xui8>
  return %0 : tensor<2x3x5xui8>
}

// -----

// Counts are constants per dimension.
// CHECK-LABEL: @avg_pool
// CHECK: linalg.generic
// CHECK: arith.constant dense<[2.000000e+00, 3.000000e+00, 3.000000e+00, 3.000000e+00, 2.000000e+00]> : tensor<5xf32>
// CHECK: arith.divf
func.func @avg_pool(%x: tensor<2x3x9xf32>) -> tensor<2x3x5xf32> {
  %0 = ms.avg_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, pads = array<i64: 1, 1>,
      dilations = array<i64: 1>} : tensor<2x3x9xf32>
  return %0 : tensor<2x3x5xf32>
}

// -----

// CHECK-LABEL: @max_pool_with_indices
// CHECK: %[[R:.*]]:2 = linalg.generic
// CHECK: linalg.index
// CHECK: linalg.generic {{.*}} ins(%[[R]]#1 : tensor<2x3x5xi64>)
func.func @max_pool_with_indices(%x: tensor<2x3x9xf32>) -> (tensor<2x3x5xf32>, tensor<2x3x5xi64>) {
  %0, %1 = ms.max_pool_with_indices %x {kernel = array<i64: 3>, strides = array<i64: 2>, pads = array<i64: 1, 1>,
      dilations = array<i64: 1>} : tensor<2x3x9xf32>
  return %0, %1 : tensor<2x3x5xf32>, tensor<2x3x5xi64>
}

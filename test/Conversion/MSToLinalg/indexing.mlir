// SPDX-License-Identifier: Apache-2.0
//
// Indexing ops that are calls of the device library.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// The lines are [outer, n, inner]; indices, then scalars, then the workspace.
// CHECK: func.func private @msc_top_k_u8(memref<2x9x5xi8>, memref<2x4x5xi8>, memref<2x4x5xi64>, i64, i64, i64, i64, i1, i1, memref<64xi8>)
// CHECK-LABEL: @top_k
// CHECK-DAG: %[[OUTER:.*]] = arith.constant 2 : i64
// CHECK-DAG: %[[N:.*]] = arith.constant 9 : i64
// CHECK-DAG: %[[INNER:.*]] = arith.constant 5 : i64
// CHECK: call @msc_top_k_u8(%{{.*}}, %{{.*}}, %{{.*}}, %[[OUTER]], %[[N]], %[[INNER]], %{{.*}})
func.func @top_k(%x: tensor<2x9x5xui8>) -> (tensor<2x4x5xui8>, tensor<2x4x5xi64>) {
  %0, %1 = ms.top_k %x {axis = 1 : i64, k = 4 : i64} : tensor<2x9x5xui8>
  return %0, %1 : tensor<2x4x5xui8>, tensor<2x4x5xi64>
}

// -----

// CHECK-LABEL: @sort
// CHECK: call @msc_sort_f32({{.*}}) : (memref<7xf32>, memref<7xf32>, memref<7xi64>, i64, i64, i64, i1, memref<224xi8>)
func.func @sort(%x: tensor<7xf32>) -> (tensor<7xf32>, tensor<7xi64>) {
  %0, %1 = ms.sort %x {axis = 0 : i64, descending} : tensor<7xf32>
  return %0, %1 : tensor<7xf32>, tensor<7xi64>
}

// SPDX-License-Identifier: Apache-2.0
//
// Round trip of the linear ops; the returns state the types they infer.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @matmul
func.func @matmul(%a: tensor<8x1x2x3xf32>, %b: tensor<5x3x4xf32>) -> tensor<8x5x2x4xf32> {
  // CHECK: ms.matmul %{{.*}}, %{{.*}} : tensor<8x1x2x3xf32>, tensor<5x3x4xf32>
  %0 = ms.matmul %a, %b : tensor<8x1x2x3xf32>, tensor<5x3x4xf32>
  return %0 : tensor<8x5x2x4xf32>
}

// CHECK-LABEL: @matmul_transposed
func.func @matmul_transposed(%a: tensor<3x2xf16>, %b: tensor<?x3xf16>) -> tensor<2x?xf16> {
  // CHECK: {transpose_lhs, transpose_rhs}
  %0 = ms.matmul %a, %b {transpose_lhs, transpose_rhs} : tensor<3x2xf16>, tensor<?x3xf16>
  return %0 : tensor<2x?xf16>
}

// CHECK-LABEL: @matmul_element
func.func @matmul_element(%a: tensor<2x3xui8>, %b: tensor<3x4xi8>) -> tensor<2x4xi32> {
  // CHECK: {element = i32}
  %0 = ms.matmul %a, %b {element = i32} : tensor<2x3xui8>, tensor<3x4xi8>
  return %0 : tensor<2x4xi32>
}

// CHECK-LABEL: @conv
func.func @conv(%x: tensor<2x4x9x8xf32>, %w: tensor<6x2x3x2xf32>) -> tensor<2x6x5x9xf32> {
  // CHECK: ms.conv {{.*}} groups = 2 : i64
  %0 = ms.conv %x, %w {strides = array<i64: 2, 1>, pads = array<i64: 1, 1, 1, 2>,
      dilations = array<i64: 1, 2>, groups = 2 : i64} : tensor<2x4x9x8xf32>, tensor<6x2x3x2xf32>
  return %0 : tensor<2x6x5x9xf32>
}

// CHECK-LABEL: @conv_tiled
func.func @conv_tiled(%x: tensor<2x4x8x10xf32>, %w: tensor<6x4x4x4xf32>) -> tensor<2x6x8x10xf32> {
  // CHECK: ms.conv {{.*}} tile = 2 : i64
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
      dilations = array<i64: 1, 1>, tile = 2 : i64} : tensor<2x4x8x10xf32>, tensor<6x4x4x4xf32>
  return %0 : tensor<2x6x8x10xf32>
}

// CHECK-LABEL: @conv_dynamic
func.func @conv_dynamic(%x: tensor<?x3x?xf32>, %w: tensor<6x3x3xf32>) -> tensor<?x6x?xf32> {
  // CHECK: ms.conv
  %0 = ms.conv %x, %w {strides = array<i64: 2>, pads = array<i64: 1, 1>, dilations = array<i64: 1>}
      : tensor<?x3x?xf32>, tensor<6x3x3xf32>
  return %0 : tensor<?x6x?xf32>
}

// CHECK-LABEL: @conv_transpose
func.func @conv_transpose(%x: tensor<2x4x5xf32>, %w: tensor<4x3x3xf32>) -> tensor<2x6x11xf32> {
  // CHECK: ms.conv_transpose
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 2>, pads = array<i64: 1, -1>,
      dilations = array<i64: 1>, groups = 2 : i64, output_padding = array<i64: 0>}
      : tensor<2x4x5xf32>, tensor<4x3x3xf32>
  return %0 : tensor<2x6x11xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// The loops of products and convolutions: rows of the result are innermost.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// CHECK-DAG: #[[A:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d2, d3)>
// CHECK-DAG: #[[B:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d3, d4)>
// CHECK-DAG: #[[C:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d4)>
// CHECK-LABEL: @matmul
// CHECK: linalg.fill {{.*}} -> tensor<8x5x2x4xf32>
// CHECK: linalg.generic {indexing_maps = [#[[A]], #[[B]], #[[C]]]
// CHECK-SAME: ["parallel", "parallel", "parallel", "reduction", "parallel"]
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @matmul(%a: tensor<8x1x2x3xf32>, %b: tensor<5x3x4xf32>) -> tensor<8x5x2x4xf32> {
  %0 = ms.matmul %a, %b : tensor<8x1x2x3xf32>, tensor<5x3x4xf32>
  return %0 : tensor<8x5x2x4xf32>
}

// -----

// Half floats are summed up in f32, and a transposed right-hand side is copied.
// CHECK-LABEL: @matmul_f16
// CHECK: linalg.transpose ins(%{{.*}} : tensor<4x3xf16>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x4xf32>)
// CHECK: arith.extf
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x4xf32>) outs(%{{.*}} : tensor<2x4xf16>)
// CHECK: arith.truncf
func.func @matmul_f16(%a: tensor<2x3xf16>, %b: tensor<4x3xf16>) -> tensor<2x4xf16> {
  %0 = ms.matmul %a, %b {transpose_rhs} : tensor<2x3xf16>, tensor<4x3xf16>
  return %0 : tensor<2x4xf16>
}

// -----

// Each operand is extended by its own sign.
// CHECK-LABEL: @matmul_i8
// CHECK: arith.extui
// CHECK: arith.extsi
func.func @matmul_i8(%a: tensor<2x3xui8>, %b: tensor<3x4xi8>) -> tensor<2x4xi32> {
  %0 = ms.matmul %a, %b {element = i32} : tensor<2x3xui8>, tensor<3x4xi8>
  return %0 : tensor<2x4xi32>
}

// -----

// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d3, d2 * 2 + d4, d6 + d5 * 3)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d3, d4, d5)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d6)>
// CHECK-LABEL: @conv
// CHECK: linalg.fill {{.*}} -> tensor<1x3x10x8xf32>
// CHECK: tensor.insert_slice {{.*}}[0, 0, 1, 0] [1, 3, 8, 8] [1, 1, 1, 1]
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[Y]]]
// CHECK-SAME: ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x3x2xf32>) -> tensor<1x6x4x5xf32> {
  %0 = ms.conv %x, %w {strides = array<i64: 2, 1>, pads = array<i64: 1, 0, 1, 0>,
      dilations = array<i64: 1, 3>} : tensor<1x3x8x8xf32>, tensor<6x3x3x2xf32>
  return %0 : tensor<1x6x4x5xf32>
}

// -----

// CHECK-LABEL: @conv_groups
// CHECK: tensor.expand_shape {{.*}} into tensor<1x2x2x8xf32>
// CHECK: tensor.expand_shape {{.*}} into tensor<2x3x2x3xf32>
// CHECK: linalg.generic
// CHECK: tensor.collapse_shape {{.*}} into tensor<1x6x6xf32>
func.func @conv_groups(%x: tensor<1x4x8xf32>, %w: tensor<6x2x3xf32>) -> tensor<1x6x6xf32> {
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>,
      groups = 2 : i64} : tensor<1x4x8xf32>, tensor<6x2x3xf32>
  return %0 : tensor<1x6x6xf32>
}

// -----

// The input is spread out by the stride, the kernel mirrored.
// CHECK-LABEL: @conv_transpose
// CHECK: tensor.insert_slice {{.*}} into %{{.*}}[0, 0, 1] [1, 4, 5] [1, 1, 2]
// CHECK: linalg.generic
// CHECK: linalg.generic
// CHECK: -> tensor<1x3x10xf32>
func.func @conv_transpose(%x: tensor<1x4x5xf32>, %w: tensor<4x3x3xf32>) -> tensor<1x3x10xf32> {
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 2>, pads = array<i64: 1, 0>, dilations = array<i64: 1>,
      output_padding = array<i64: 0>} : tensor<1x4x5xf32>, tensor<4x3x3xf32>
  return %0 : tensor<1x3x10xf32>
}

// -----

// Blocks that do not overlap: no zeros are stored between the elements.
// CHECK-LABEL: @conv_transpose_blocks
// CHECK-NOT: tensor.insert_slice
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]
// CHECK-SAME: outs(%{{.*}} : tensor<1x1x3x4x2x5x3xf32>)
// CHECK: tensor.collapse_shape {{.*}} into tensor<1x3x8x15xf32>
func.func @conv_transpose_blocks(%x: tensor<1x6x4x5xf32>, %w: tensor<6x3x2x3xf32>) -> tensor<1x3x8x15xf32> {
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 2, 3>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>,
      output_padding = array<i64: 0, 0>} : tensor<1x6x4x5xf32>, tensor<6x3x2x3xf32>
  return %0 : tensor<1x3x8x15xf32>
}

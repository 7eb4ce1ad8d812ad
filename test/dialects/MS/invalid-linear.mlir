// SPDX-License-Identifier: Apache-2.0
//
// What the linear ops refuse.
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @matmul_c1(%a: tensor<3xf32>, %b: tensor<3x4xf32>) {
  // expected-error@+1 {{multiplies 'tensor<3xf32>' and 'tensor<3x4xf32>', expected ranks of 2 or more}}
  %0 = ms.matmul %a, %b : tensor<3xf32>, tensor<3x4xf32>
  return
}

// -----

func.func @matmul_c2(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error@+1 {{multiplies 3 columns of 'tensor<2x3xf32>' and 4 rows of 'tensor<4x3xf32>'}}
  %0 = ms.matmul %a, %b : tensor<2x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @matmul_batch(%a: tensor<2x2x3xf32>, %b: tensor<3x3x3xf32>) {
  // expected-error@+1 {{shapes [2] and [3] do not broadcast: extents 2 and 3}}
  %0 = ms.matmul %a, %b : tensor<2x2x3xf32>, tensor<3x3x3xf32>
  return
}

// -----

func.func @matmul_c3(%a: tensor<2x3xi8>, %b: tensor<3x4xui8>) {
  // expected-error@+1 {{element types 'i8' and 'ui8' differ}}
  %0 = ms.matmul %a, %b : tensor<2x3xi8>, tensor<3x4xui8>
  return
}

// -----

func.func @matmul_element(%a: tensor<2x3xi8>, %b: tensor<3x4xi8>) {
  // expected-error@+1 {{element 'none' is not a number type}}
  %0 = ms.matmul %a, %b {element = none} : tensor<2x3xi8>, tensor<3x4xi8>
  return
}

// -----

func.func @conv_c1(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error@+1 {{convolves 'tensor<1x3x8xf32>' with 'tensor<4x3x3x3xf32>', expected equal ranks of 3 or more}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
      : tensor<1x3x8xf32>, tensor<4x3x3x3xf32>
  return
}

// -----

func.func @conv_c2_strides(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error@+1 {{strides has 2 elements, expected 1}}
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
      : tensor<1x3x8xf32>, tensor<4x3x3xf32>
  return
}

// -----

func.func @conv_c2_pads(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error@+1 {{pads holds -1, expected 0 to 2147483647}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: -1, 0>, dilations = array<i64: 1>}
      : tensor<1x3x8xf32>, tensor<4x3x3xf32>
  return
}

// -----

func.func @conv_c3_groups(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error@+1 {{groups 2 do not divide 3 channels}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, groups = 2 : i64}
      : tensor<1x3x8xf32>, tensor<4x3x3xf32>
  return
}

// -----

func.func @conv_c3_channels(%x: tensor<1x4x8xf32>, %w: tensor<4x4x3xf32>) {
  // expected-error@+1 {{the weight has 4 channels, expected 2}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, groups = 2 : i64}
      : tensor<1x4x8xf32>, tensor<4x4x3xf32>
  return
}

// -----

func.func @conv_c4(%x: tensor<1x3x4xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error@+1 {{the kernel covers 7 positions of spatial dimension 0, which has 5 with pads}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 1>, dilations = array<i64: 3>}
      : tensor<1x3x4xf32>, tensor<4x3x3xf32>
  return
}

// -----

func.func @conv_kernel(%x: tensor<1x3x4xf32>, %w: tensor<4x3x?xf32>) {
  // expected-error@+1 {{the kernel's extents must be static, got 'tensor<4x3x?xf32>'}}
  %0 = ms.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 1>, dilations = array<i64: 3>}
      : tensor<1x3x4xf32>, tensor<4x3x?xf32>
  return
}

// -----

func.func @conv_transpose_c2(%x: tensor<1x3x4xf32>, %w: tensor<3x4x3xf32>) {
  // expected-error@+1 {{output_padding [] must hold 1 numbers of 0 or more}}
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>,
      output_padding = array<i64>} : tensor<1x3x4xf32>, tensor<3x4x3xf32>
  return
}

// -----

func.func @conv_transpose_c3(%x: tensor<1x3x4xf32>, %w: tensor<4x4x3xf32>) {
  // expected-error@+1 {{the weight has 4 input channels, expected 3}}
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>,
      output_padding = array<i64: 0>} : tensor<1x3x4xf32>, tensor<4x4x3xf32>
  return
}

// -----

func.func @conv_transpose_c4(%x: tensor<1x3x1xf32>, %w: tensor<3x4x3xf32>) {
  // expected-error@+1 {{spatial dimension 0 of the result has extent 0}}
  %0 = ms.conv_transpose %x, %w {strides = array<i64: 1>, pads = array<i64: 2, 1>, dilations = array<i64: 1>,
      output_padding = array<i64: 0>} : tensor<1x3x1xf32>, tensor<3x4x3xf32>
  return
}

// -----

func.func @conv_tile_kernel(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error@+1 {{a convolution by tiles of 2 with 'tensor<4x3x3x3xf32>', expected tiles of 2 or 4 and kernels of two more than that in two dimensions, strides, dilations and groups of 1}}
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, tile = 2 : i64}
      : tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>
  return
}

// -----

func.func @conv_tile_result(%x: tensor<1x3x7x8xf32>, %w: tensor<4x3x4x4xf32>) {
  // expected-error@+1 {{a result of 7 rows or columns is not cut into tiles of 2}}
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, tile = 2 : i64}
      : tensor<1x3x7x8xf32>, tensor<4x3x4x4xf32>
  return
}

// SPDX-License-Identifier: Apache-2.0
//
// What the pooling ops refuse.
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @max_pool_c1(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{pools 'tensor<2x3xf32>', expected a rank of 3 or more}}
  %0 = ms.max_pool %x {kernel = array<i64>, strides = array<i64>, pads = array<i64>, dilations = array<i64>} : tensor<2x3xf32>
  return
}

// -----

func.func @max_pool_c2(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{kernel holds 0, expected 1 to 2147483647}}
  %0 = ms.max_pool %x {kernel = array<i64: 0>, strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>} : tensor<2x3x4xf32>
  return
}

// -----

func.func @max_pool_with_indices_c3(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{the kernel covers 5 positions of spatial dimension 0, which has 4 with pads}}
  %0, %1 = ms.max_pool_with_indices %x {kernel = array<i64: 5>, strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>} : tensor<2x3x4xf32>
  return
}

// -----

func.func @avg_pool_c4(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{counted_pads [0] must hold 2 numbers of 0 or more}}
  %0 = ms.avg_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, counted_pads = array<i64: 0>} : tensor<2x3x4xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{pools 'tensor<2x3x4xf32>' to [1, 1], expected a rank of 4}}
  %0 = ms.adaptive_avg_pool %x {output_size = array<i64: 1, 1>} : tensor<2x3x4xf32>
  return
}

// -----

func.func @adaptive_max_pool_c2(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{output_size holds 0, expected 1 or more}}
  %0, %1 = ms.adaptive_max_pool %x {output_size = array<i64: 0>} : tensor<2x3x4xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c3(%x: tensor<2x3x0xf32>) {
  // expected-error@+1 {{pools 'tensor<2x3x0xf32>', which has an empty spatial dimension}}
  %0 = ms.adaptive_avg_pool %x {output_size = array<i64: 1>} : tensor<2x3x0xf32>
  return
}

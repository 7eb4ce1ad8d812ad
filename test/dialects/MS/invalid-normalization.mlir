// SPDX-License-Identifier: Apache-2.0
//
// What the normalization ops refuse.
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @softmax_c1(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is out of range [0, 2)}}
  %0 = ms.softmax %x {axis = 2 : i64} : tensor<2x3xf32>
  return
}

// -----

func.func @layer_norm_c2_count(%x: tensor<2x3xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{has 3 affine operands, expected at most 2}}
  %0, %1, %2 = ms.layer_norm %x affine(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3xf32>
  return
}

// -----

func.func @layer_norm_c2_shape(%x: tensor<2x3xf32>, %s: tensor<4x1x1xf32>) {
  // expected-error@+1 {{affine operand 'tensor<4x1x1xf32>' does not broadcast to 'tensor<2x3xf32>'}}
  %0, %1, %2 = ms.layer_norm %x affine(%s : tensor<4x1x1xf32>) {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3xf32>
  return
}

// -----

func.func @rms_norm_c2(%x: tensor<2x3xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{shapes [2, 3] and [2] do not broadcast: extents 3 and 2}}
  %0, %1 = ms.rms_norm %x affine(%s : tensor<2xf32>) {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<2x3xf32>
  return
}

// -----

func.func @batch_norm_c1_rank(%x: tensor<3xf32>, %p: tensor<3xf32>) {
  // expected-error@+1 {{normalizes 'tensor<3xf32>', expected a rank of 2 or more}}
  %0 = ms.batch_norm %x, %p, %p, %p, %p {epsilon = 1.0e-5 : f64}
      : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @batch_norm_c1_channels(%x: tensor<2x4xf32>, %p: tensor<4xf32>, %q: tensor<3xf32>) {
  // expected-error@+1 {{has an operand of type 'tensor<3xf32>', expected shape [4]}}
  %0 = ms.batch_norm %x, %p, %p, %p, %q {epsilon = 1.0e-5 : f64}
      : tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>
  return
}

// -----

func.func @group_norm_c1(%x: tensor<2x4xf32>) {
  // expected-error@+1 {{groups 3 do not divide 4 channels}}
  %0, %1, %2 = ms.group_norm %x {groups = 3 : i64, epsilon = 1.0e-5 : f64} : tensor<2x4xf32>
  return
}

// -----

func.func @lrn_c1(%x: tensor<2x4xf32>) {
  // expected-error@+1 {{normalizes 'tensor<2x4xf32>' over -1 channels before and 2 after, expected a rank of 2 or more and 0 or more channels}}
  %0 = ms.lrn %x {low = -1 : i64, high = 2 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<2x4xf32>
  return
}

// SPDX-License-Identifier: Apache-2.0
//
// Round trip of the sequence ops; the returns state the types they infer.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @lstm
func.func @lstm(%x: tensor<5x?x3xf32>, %w: tensor<3x16xf32>, %r: tensor<4x16xf32>, %b: tensor<16xf32>,
                %h: tensor<?x4xf32>, %n: tensor<?xi32>, %p: tensor<12xf32>)
    -> (tensor<5x?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: ms.lstm %{{.*}} lengths(%{{.*}} : tensor<?xi32>) peephole(%{{.*}} : tensor<12xf32>)
  // CHECK-SAME: activations = ["hard_sigmoid", "relu", "tanh"]
  // CHECK-SAME: input_forget, reverse
  %y, %hn, %cn = ms.lstm %x, %w, %r, %b, %h, %h lengths(%n : tensor<?xi32>) peephole(%p : tensor<12xf32>)
      {reverse, input_forget, clip = 2.0 : f64, activations = ["hard_sigmoid", "relu", "tanh"],
       alphas = array<f64: 0.2, 0.0, 0.0>, betas = array<f64: 0.5, 0.0, 0.0>}
      : tensor<5x?x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  return %y, %hn, %cn : tensor<5x?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: @gru
func.func @gru(%x: tensor<5x2x3xf16>, %w: tensor<3x12xf16>, %r: tensor<4x12xf16>, %b: tensor<12xf16>,
               %h: tensor<2x4xf16>) -> (tensor<5x2x4xf16>, tensor<2x4xf16>) {
  // CHECK: ms.gru %{{.*}} {{.*}}reset_after
  %y, %hn = ms.gru %x, %w, %r, %b, %b, %h {reset_after}
      : tensor<5x2x3xf16>, tensor<3x12xf16>, tensor<4x12xf16>, tensor<12xf16>, tensor<12xf16>, tensor<2x4xf16>
  return %y, %hn : tensor<5x2x4xf16>, tensor<2x4xf16>
}

// CHECK-LABEL: @rnn
func.func @rnn(%x: tensor<5x2x3xf64>, %w: tensor<3x4xf64>, %r: tensor<4x4xf64>, %b: tensor<4xf64>,
               %h: tensor<2x4xf64>, %n: tensor<2xi64>) -> (tensor<5x2x4xf64>, tensor<2x4xf64>) {
  // CHECK: ms.rnn %{{.*}} lengths(%{{.*}} : tensor<2xi64>)
  %y, %hn = ms.rnn %x, %w, %r, %b, %h lengths(%n : tensor<2xi64>)
      : tensor<5x2x3xf64>, tensor<3x4xf64>, tensor<4x4xf64>, tensor<4xf64>, tensor<2x4xf64>
  return %y, %hn : tensor<5x2x4xf64>, tensor<2x4xf64>
}

// CHECK-LABEL: @attention
func.func @attention(%q: tensor<2x8x4x16xf32>, %k: tensor<2x2x6x16xf32>, %v: tensor<2x2x6x5xf32>,
                     %m: tensor<4x6xi1>) -> (tensor<2x8x4x5xf32>, tensor<2x8x4x5xf32>) {
  // CHECK: ms.attention %{{.*}} mask(%{{.*}} : tensor<4x6xi1>) {band_high = 2 : i64, scale = 5.000000e-01 : f64}
  %0 = ms.attention %q, %k, %v mask(%m : tensor<4x6xi1>) {scale = 0.5 : f64, band_high = 2 : i64}
      : tensor<2x8x4x16xf32>, tensor<2x2x6x16xf32>, tensor<2x2x6x5xf32>
  // CHECK: ms.attention %{{.*}} {scale = 5.000000e-01 : f64, softcap = 3.000000e+00 : f64}
  %1 = ms.attention %q, %k, %v {scale = 0.5 : f64, softcap = 3.0 : f64}
      : tensor<2x8x4x16xf32>, tensor<2x2x6x16xf32>, tensor<2x2x6x5xf32>
  return %0, %1 : tensor<2x8x4x5xf32>, tensor<2x8x4x5xf32>
}

// CHECK-LABEL: @rotary_embedding
func.func @rotary_embedding(%x: tensor<2x8x4x16xf32>, %c: tensor<1x1x4x8xf32>) -> tensor<2x8x4x16xf32> {
  // CHECK: ms.rotary_embedding %{{.*}} {interleaved}
  %0 = ms.rotary_embedding %x, %c, %c {interleaved}
      : tensor<2x8x4x16xf32>, tensor<1x1x4x8xf32>, tensor<1x1x4x8xf32>
  return %0 : tensor<2x8x4x16xf32>
}

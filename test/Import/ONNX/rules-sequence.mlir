// SPDX-License-Identifier: Apache-2.0
//
// ONNX's recurrent layers and attention.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Both directions; biases are added up, gates i o f c reordered.
// CHECK-LABEL: @main(
// CHECK: %[[F:.*]], %[[FH:.*]], %[[FC:.*]] = ms.lstm %arg0, {{.*}} {clip = 3.000000e+00 : f64}
// CHECK-SAME: tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>
// CHECK: %[[R:.*]], %[[RH:.*]], %[[RC:.*]] = ms.lstm %arg0, {{.*}}reverse
// CHECK: ms.concat {{.*}} {axis = 1 : i64} : tensor<5x1x2x4xf32>, tensor<5x1x2x4xf32>
// CHECK: ms.concat {{.*}} {axis = 0 : i64} : tensor<1x2x4xf32>, tensor<1x2x4xf32>
graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %w: tensor<2x16x3xf32> {graph.name = "w"}, %r: tensor<2x16x4xf32> {graph.name = "r"}, %b: tensor<2x32xf32> {graph.name = "b"}) attributes {entry} {
  %0:3 = graph.node "onnx.LSTM" since 14 (%x, %w, %r, %b) {direction = "bidirectional", hidden_size = 4 : i64, clip = 3.0 : f32} : (tensor<5x2x3xf32>, tensor<2x16x3xf32>, tensor<2x16x4xf32>, tensor<2x32xf32>) -> (!graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2 : !graph.any, !graph.any, !graph.any
}

// -----

// Batch first; numbers go to the functions that take one.
// CHECK-LABEL: @main(
// CHECK: ms.transpose %arg0 {permutation = array<i64: 1, 0, 2>}
// CHECK: ms.gru {{.*}} {activations = ["hard_sigmoid", "leaky_relu"], alphas = array<f64: 2.500000e-01, 1.250000e-01>, betas = array<f64: 5.000000e-01, 0.000000e+00>, reset_after}
// CHECK: ms.transpose {{.*}} {permutation = array<i64: 1, 0, 2>}
graph.func @f(%x: tensor<2x5x3xf32> {graph.name = "x"}, %w: tensor<1x12x3xf32> {graph.name = "w"}, %r: tensor<1x12x4xf32> {graph.name = "r"}) attributes {entry} {
  %0:2 = graph.node "onnx.GRU" since 14 (%x, %w, %r) {hidden_size = 4 : i64, layout = 1 : i64, linear_before_reset = 1 : i64, activations = ["HardSigmoid", "LeakyRelu"], activation_alpha = [0.25 : f32, 0.125 : f32]} : (tensor<2x5x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %w: tensor<1x4x3xf32> {graph.name = "w"}, %r: tensor<1x4x4xf32> {graph.name = "r"}) attributes {entry} {
  // expected-error @below {{has no direction 'sideways'}}
  %0 = graph.node "onnx.RNN" since 14 (%x, %w, %r) {direction = "sideways"} : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %w: tensor<1x4x3xf32> {graph.name = "w"}, %r: tensor<1x4x4xf32> {graph.name = "r"}) attributes {entry} {
  // expected-error @below {{has weights of 1 directions, expected 2}}
  %0 = graph.node "onnx.RNN" since 14 (%x, %w, %r) {direction = "bidirectional"} : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %w: tensor<1x4x3xf32> {graph.name = "w"}, %r: tensor<1x4x4xf32> {graph.name = "r"}) attributes {entry} {
  // expected-error @below {{has no activation "Cube"}}
  %0 = graph.node "onnx.RNN" since 14 (%x, %w, %r) {activations = ["Cube"]} : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Causal attention after 2 keys of the past; the scores are not asked for.
// CHECK-LABEL: @main(
// CHECK: ms.attention {{.*}} {band_high = 2 : i64, scale = 2.500000e-01 : f64}
// CHECK-SAME: tensor<1x4x3x16xf32>, tensor<1x2x5x16xf32>, tensor<1x2x5x16xf32>
// CHECK-NOT: ms.matmul
graph.func @f(%q: tensor<1x4x3x16xf32> {graph.name = "q"}, %k: tensor<1x2x3x16xf32> {graph.name = "k"}, %p: tensor<1x2x2x16xf32> {graph.name = "p"}) attributes {entry} {
  %none = graph.constant(unit) : !graph.any
  %0:3 = graph.node "onnx.Attention" since 23 (%q, %k, %k, %none, %p, %p) {is_causal = 1 : i64} : (tensor<1x4x3x16xf32>, tensor<1x2x3x16xf32>, tensor<1x2x3x16xf32>, !graph.any, tensor<1x2x2x16xf32>, tensor<1x2x2x16xf32>) -> (!graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2 : !graph.any, !graph.any, !graph.any
}

// -----

// Each angle turns two features.
// CHECK-LABEL: @main(
// CHECK: ms.concat {{.*}} {axis = 2 : i64} : tensor<1x3x4xf32>, tensor<1x3x4xf32>
// CHECK: ms.rotary_embedding %arg0, {{.*}} : tensor<1x2x3x8xf32>, tensor<1x1x3x8xf32>, tensor<1x1x3x8xf32>
graph.func @f(%x: tensor<1x2x3x8xf32> {graph.name = "x"}, %c: tensor<1x3x4xf32> {graph.name = "c"}) attributes {entry} {
  %0 = graph.node "onnx.RotaryEmbedding" since 23 (%x, %c, %c) {} : (tensor<1x2x3x8xf32>, tensor<1x3x4xf32>, tensor<1x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

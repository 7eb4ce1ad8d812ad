// SPDX-License-Identifier: Apache-2.0
//
// One step of ONNX's optimizers.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Tensors first, then their velocities.
// CHECK-LABEL: @main(
// CHECK: return {{.*}} : tensor<1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<2xf32>
graph.func @f(%r: tensor<f32> {graph.name = "r"}, %t: tensor<i64> {graph.name = "t"}, %x: tensor<1xf32> {graph.name = "x"}, %y: tensor<2xf32> {graph.name = "y"}) attributes {entry} {
  %0:4 = graph.node "onnx.ai.onnx.preview.training.Momentum" since 1 (%r, %t, %x, %y, %x, %y, %x, %y) {alpha = 0.9 : f32, beta = 1.0 : f32, mode = "nesterov", norm_coefficient = 0.01 : f32}
      : (tensor<f32>, tensor<i64>, tensor<1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<2xf32>) -> (!graph.any, !graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2, %0#3 : !graph.any, !graph.any, !graph.any, !graph.any
}

// -----

// The learning rate is corrected except for the first step.
// CHECK-LABEL: @main(
// CHECK: ms.pow
// CHECK: ms.pow
// CHECK: ms.select
// CHECK: return {{.*}} : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
graph.func @f(%r: tensor<f32> {graph.name = "r"}, %t: tensor<i64> {graph.name = "t"}, %x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %0:3 = graph.node "onnx.ai.onnx.preview.training.Adam" since 1 (%r, %t, %x, %x, %x, %x) {}
      : (tensor<f32>, tensor<i64>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (!graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2 : !graph.any, !graph.any, !graph.any
}

// -----

graph.func @f(%r: tensor<f32> {graph.name = "r"}, %t: tensor<i64> {graph.name = "t"}, %x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{has 4 inputs, expected 2 and 3 for each tensor}}
  %0:2 = graph.node "onnx.ai.onnx.preview.training.Adagrad" since 1 (%r, %t, %x, %x) {} : (tensor<f32>, tensor<i64>, tensor<2xf32>, tensor<2xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

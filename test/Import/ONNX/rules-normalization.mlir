// SPDX-License-Identifier: Apache-2.0
//
// ONNX's normalization operators.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Before opset 13 the dimensions from the axis on are one.
// CHECK-LABEL: @main(
// CHECK: %[[R:.*]] = ms.reshape %arg0 : tensor<2x3x4xf32> -> tensor<2x12xf32>
// CHECK: ms.softmax %[[R]] {axis = 1 : i64}
// CHECK: ms.reshape %{{.*}} -> tensor<2x3x4xf32>
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Softmax" since 11 (%x) {} : (tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.softmax %arg0 {axis = 2 : i64}
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Softmax" since 13 (%x) {} : (tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.log_softmax %arg0 {axis = 1 : i64}
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.LogSoftmax" since 13 (%x) {axis = -2 : i64} : (tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reduce_max %arg0 {axes = array<i64: 1>, keep_dims}
// CHECK: ms.reduce_min
// CHECK: ms.equal
// CHECK: ms.cast
graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Hardmax" since 13 (%x) {} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.batch_norm %{{.*}} {epsilon = 5.000000e-01 : f64}
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3xf32> {graph.name = "s"}, %b: tensor<3xf32> {graph.name = "b"}, %m: tensor<3xf32> {graph.name = "m"}, %v: tensor<3xf32> {graph.name = "v"}) attributes {entry} {
  %0 = graph.node "onnx.BatchNormalization" since 9 (%x, %s, %b, %m, %v) {epsilon = 0.5 : f32} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3x4xf32> {graph.name = "s"}, %b: tensor<3x4xf32> {graph.name = "b"}, %m: tensor<3x4xf32> {graph.name = "m"}, %v: tensor<3x4xf32> {graph.name = "v"}) attributes {entry} {
  // expected-error @below {{normalization of single positions (spatial = 0) is not supported}}
  %0 = graph.node "onnx.BatchNormalization" since 7 (%x, %s, %b, %m, %v) {spatial = 0 : i64} : (tensor<2x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.group_norm %arg0 affine(%arg1, %arg2 : tensor<3xf32>, tensor<3xf32>) {epsilon = {{.*}}, groups = 3 : i64}
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3xf32> {graph.name = "s"}, %b: tensor<3xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.InstanceNormalization" since 6 (%x, %s, %b) {} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Version 18 scales groups, version 21 channels.
// CHECK-LABEL: @main(
// CHECK: ms.group_norm %arg0 {epsilon
// CHECK: ms.mul
// CHECK: ms.add
graph.func @f(%x: tensor<2x4x4xf32> {graph.name = "x"}, %s: tensor<2xf32> {graph.name = "s"}, %b: tensor<2xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.GroupNormalization" since 18 (%x, %s, %b) {num_groups = 2 : i64} : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.group_norm %arg0 affine(%arg1, %arg2
graph.func @f(%x: tensor<2x4x4xf32> {graph.name = "x"}, %s: tensor<4xf32> {graph.name = "s"}, %b: tensor<4xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.GroupNormalization" since 21 (%x, %s, %b) {num_groups = 2 : i64} : (tensor<2x4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Statistics are f32 whatever the input.
// CHECK-LABEL: @main(
// CHECK: %[[Y:.*]], %[[M:.*]], %[[I:.*]] = ms.layer_norm %arg0 affine(%arg1 : tensor<4xf64>) {axis = 2 : i64
// CHECK: ms.cast %[[M]] : tensor<2x3x1xf64> -> tensor<2x3x1xf32>
graph.func @f(%x: tensor<2x3x4xf64> {graph.name = "x"}, %s: tensor<4xf64> {graph.name = "s"}) attributes {entry} {
  %0:3 = graph.node "onnx.LayerNormalization" since 17 (%x, %s) {} : (tensor<2x3x4xf64>, tensor<4xf64>) -> (!graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2 : !graph.any, !graph.any, !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.rms_norm %arg0 affine(%arg1 : tensor<3x4xf32>) {axis = 1 : i64
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3x4xf32> {graph.name = "s"}) attributes {entry} {
  %0 = graph.node "onnx.RMSNormalization" since 23 (%x, %s) {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// An even size has one neighbour more behind.
// CHECK-LABEL: @main(
// CHECK: ms.lrn %arg0 {alpha = 5.0{{.*}}e-01 : f64, beta = 7.5{{.*}}e-01 : f64, bias = 1.{{.*}} : f64, high = 2 : i64, low = 1 : i64}
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.LRN" since 13 (%x) {size = 4 : i64, alpha = 2.0 : f32} : (tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{size is 0, expected 1 or more}}
  %0 = graph.node "onnx.LRN" since 13 (%x) {size = 0 : i64} : (tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reduce_sum
// CHECK: ms.sqrt
// CHECK: ms.select
graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.LpNormalization" since 22 (%x) {} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{p is 3, expected 1 or 2}}
  %0 = graph.node "onnx.LpNormalization" since 1 (%x) {p = 3 : i64} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The sum is a result, too.
// CHECK-LABEL: @main(
// CHECK: %[[S:.*]] = ms.add %arg0, %arg1
// CHECK: ms.layer_norm %[[S]] affine(%arg2, %arg3
// CHECK: return %{{.*}}, %{{.*}}, %{{.*}}, %[[S]]
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %k: tensor<2x3x4xf32> {graph.name = "k"}, %g: tensor<4xf32> {graph.name = "g"}, %b: tensor<4xf32> {graph.name = "b"}) attributes {entry} {
  %0:4 = graph.node "onnx.com.microsoft.SkipLayerNormalization" since 1 (%x, %k, %g, %b) {} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (!graph.any, !graph.any, !graph.any, !graph.any)
  graph.return %0#0, %0#1, %0#2, %0#3 : !graph.any, !graph.any, !graph.any, !graph.any
}

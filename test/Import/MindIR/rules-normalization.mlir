// SPDX-License-Identifier: Apache-2.0
//
// MindIR's normalization primitives.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @main(
// CHECK: ms.softmax %arg0 {axis = 1 : i64}
graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant([-1]) : !graph.any
  %0 = graph.node "mindir.Softmax" since 0 (%x, %c0) {} : (tensor<2x3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{softmax over 2 axes is not supported}}
  %0 = graph.node "mindir.Softmax" since 0 (%x) {axis = [0, 1]} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The dimension of rank 3 is 0.
// CHECK-LABEL: @main(
// CHECK: ms.cast %arg0
// CHECK: ms.log_softmax %{{.*}} {axis = 0 : i64}
graph.func @f(%x: tensor<2x3x4xf16> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant(unit) : !graph.any
  %c1 = graph.constant(43 : i64) : !graph.any
  %0 = graph.node "mindir.LogSoftmaxExt" since 0 (%x, %c0, %c1) {} : (tensor<2x3x4xf16>, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.batch_norm %arg0, %arg1, %arg2, %arg3, %arg4 {epsilon = 0.001
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3xf32> {graph.name = "s"}, %b: tensor<3xf32> {graph.name = "b"}, %m: tensor<3xf32> {graph.name = "m"}, %v: tensor<3xf32> {graph.name = "v"}) attributes {entry} {
  %0 = graph.node "mindir.BatchNorm" since 0 (%x, %s, %b, %m, %v) {is_training = false, epsilon = 0.001 : f32, momentum = 0.1 : f32, format = "NCHW"} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reduce_mean
// CHECK: ms.batch_norm
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %s: tensor<3xf32> {graph.name = "s"}, %b: tensor<3xf32> {graph.name = "b"}, %m: tensor<3xf32> {graph.name = "m"}, %v: tensor<3xf32> {graph.name = "v"}) attributes {entry} {
  %c0 = graph.constant(true) : !graph.any
  %c1 = graph.constant(0.001 : f32) : !graph.any
  %c2 = graph.constant(0.1 : f32) : !graph.any
  %c3 = graph.constant(0 : i64) : !graph.any
  %0 = graph.node "mindir.BatchNorm" since 0 (%x, %s, %b, %m, %v, %c0, %c1, %c2, %c3) {} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// No scale and bias.
// CHECK-LABEL: @main(
// CHECK-DAG: ms.constant dense<1.000000e+00> : tensor<3xf32>
// CHECK-DAG: ms.constant dense<0.000000e+00> : tensor<3xf32>
// CHECK: ms.batch_norm
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %m: tensor<3xf32> {graph.name = "m"}, %v: tensor<3xf32> {graph.name = "v"}) attributes {entry} {
  %c0 = graph.constant(unit) : !graph.any
  %c1 = graph.constant(unit) : !graph.any
  %c2 = graph.constant(false) : !graph.any
  %c3 = graph.constant(0.1 : f32) : !graph.any
  %c4 = graph.constant(0.001 : f32) : !graph.any
  %0 = graph.node "mindir.BatchNormExt" since 0 (%x, %c0, %c1, %m, %v, %c2, %c3, %c4) {} : (tensor<2x3x4xf32>, !graph.any, !graph.any, tensor<3xf32>, tensor<3xf32>, !graph.any, !graph.any, !graph.any) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// The third result is the variance.
// CHECK-LABEL: @main(
// CHECK: ms.layer_norm %arg0 affine(%arg1, %arg2 : tensor<3x4xf32>, tensor<3x4xf32>) {axis = 1 : i64
// CHECK: ms.reciprocal
// CHECK: ms.sub
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %g: tensor<3x4xf32> {graph.name = "g"}, %b: tensor<3x4xf32> {graph.name = "b"}) attributes {entry} {
  %c0 = graph.constant(1 : i64) : !graph.any
  %c1 = graph.constant(1 : i64) : !graph.any
  %c2 = graph.constant(0.001 : f32) : !graph.any
  %0 = graph.node "mindir.LayerNorm" since 0 (%x, %g, %b, %c0, %c1, %c2) {} : (tensor<2x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, !graph.any, !graph.any, !graph.any) -> !graph.any
  %i = graph.constant(2 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.layer_norm %arg0 {axis = 1 : i64
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant([3, 4]) : !graph.any
  %c1 = graph.constant(unit) : !graph.any
  %c2 = graph.constant(unit) : !graph.any
  %c3 = graph.constant(0.001 : f32) : !graph.any
  %0 = graph.node "mindir.LayerNormExt" since 0 (%x, %c0, %c1, %c2, %c3) {} : (tensor<2x3x4xf32>, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.group_norm %arg0 affine(%{{.*}}, %arg1
graph.func @f(%x: tensor<2x4x4xf32> {graph.name = "x"}, %b: tensor<4xf32> {graph.name = "b"}) attributes {entry} {
  %c0 = graph.constant(2 : i64) : !graph.any
  %c1 = graph.constant(unit) : !graph.any
  %c2 = graph.constant(0.001 : f32) : !graph.any
  %0 = graph.node "mindir.GroupNorm" since 0 (%x, %c0, %c1, %b, %c2) {} : (tensor<2x4x4xf32>, !graph.any, !graph.any, tensor<4xf32>, !graph.any) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.rms_norm %arg0 affine(%arg1 : tensor<3x4xf32>) {axis = 1 : i64
graph.func @f(%x: tensor<2x3x4xf32> {graph.name = "x"}, %g: tensor<3x4xf32> {graph.name = "g"}) attributes {entry} {
  %c0 = graph.constant(0.001 : f32) : !graph.any
  %0 = graph.node "mindir.RmsNorm" since 0 (%x, %g, %c0) {} : (tensor<2x3x4xf32>, tensor<3x4xf32>, !graph.any) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// The window is not divided by its size.
// CHECK-LABEL: @main(
// CHECK: ms.lrn %arg0 {alpha = 5.000000e-01 : f64, beta = 7.500000e-01 : f64, bias = 1.000000e+00 : f64, high = 2 : i64, low = 2 : i64}
graph.func @f(%x: tensor<1x6x3x3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.LRN" since 0 (%x) {alpha = 0.5 : f32, beta = 0.75 : f32, bias = 1.0 : f32, depth_radius = 2 : i64, norm_region = "ACROSS_CHANNELS"} : (tensor<1x6x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.maximum
// CHECK: ms.sqrt
// CHECK: ms.div
graph.func @f(%x: tensor<3x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.L2Normalize" since 0 (%x) {axis = [-1], epsilon = 0.0001 : f32} : (tensor<3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.silu
// CHECK: ms.mul
graph.func @f(%x: tensor<2x8xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant(-1 : i64) : !graph.any
  %0 = graph.node "mindir.Swiglu" since 0 (%x, %c0) {} : (tensor<2x8xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x7xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant(-1 : i64) : !graph.any
  // expected-error @below {{dimension 1 of extent 7 has no halves}}
  %0 = graph.node "mindir.GLU" since 0 (%x, %c0) {} : (tensor<2x7xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// SPDX-License-Identifier: Apache-2.0
//
// ONNX's pools.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Ceil mode widens the high pads; windows do not start behind the pads.
// CHECK-LABEL: @main(
// CHECK: ms.max_pool %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 1>, pads = array<i64: 0, 0, 1, 0>, strides = array<i64: 2, 2>}
graph.func @f(%x: tensor<1x1x4x2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.MaxPool" since 12 (%x) {kernel_shape = array<i64: 3, 1>, strides = array<i64: 2, 2>, ceil_mode = 1 : i64} : (tensor<1x1x4x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Positions count in the whole tensor.
// CHECK-LABEL: @main(
// CHECK: %{{.*}}, %[[P:.*]] = ms.max_pool_with_indices
// CHECK: ms.add %[[P]]
graph.func @f(%x: tensor<2x3x4x5xf32> {graph.name = "x"}) attributes {entry} {
  %0:2 = graph.node "onnx.MaxPool" since 12 (%x) {kernel_shape = array<i64: 2, 2>} : (tensor<2x3x4x5xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

graph.func @f(%x: tensor<2x3x4x5xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{lacks required attribute 'kernel_shape'}}
  %0 = graph.node "onnx.MaxPool" since 12 (%x) {} : (tensor<2x3x4x5xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Stated pads count, those of ceil mode do not.
// CHECK-LABEL: @main(
// CHECK: ms.avg_pool %{{.*}} {counted_pads = array<i64: 1, 1>, dilations = array<i64: 1>, kernel = array<i64: 3>, pads = array<i64: 1, 2>, strides = array<i64: 3>}
graph.func @f(%x: tensor<1x1x6xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.AveragePool" since 19 (%x) {kernel_shape = array<i64: 3>, strides = array<i64: 3>, pads = array<i64: 1, 1>, count_include_pad = 1 : i64, ceil_mode = 1 : i64} : (tensor<1x1x6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.mul %arg0, %arg0
// CHECK: ms.avg_pool
// CHECK: ms.mul
// CHECK: ms.sqrt
graph.func @f(%x: tensor<1x1x6xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.LpPool" since 18 (%x) {kernel_shape = array<i64: 3>} : (tensor<1x1x6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reduce_mean %arg0 {axes = array<i64: 2, 3>, keep_dims}
graph.func @f(%x: tensor<1x2x6x5xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.GlobalAveragePool" since 1 (%x) {} : (tensor<1x2x6x5xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Positions are those of the inferred result, which is then extended.
// CHECK-LABEL: @main(
// CHECK: ms.scatter_elements
// CHECK: ms.pad %{{.*}} {high = array<i64: 0, 0, 1>
graph.func @f(%x: tensor<1x1x2xf32> {graph.name = "x"}, %i: tensor<1x1x2xi64> {graph.name = "i"}) attributes {entry} {
  %s = graph.constant(dense<[1, 1, 5]> : tensor<3xi64>) : !graph.any
  %0 = graph.node "onnx.MaxUnpool" since 11 (%x, %i, %s) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x1x2xf32>, tensor<1x1x2xi64>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

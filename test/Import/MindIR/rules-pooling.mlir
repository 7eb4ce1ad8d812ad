// SPDX-License-Identifier: Apache-2.0
//
// MindIR's pools.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @main(
// CHECK: ms.max_pool %arg0 {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 1, 1>, strides = array<i64: 2, 2>}
graph.func @f(%x: tensor<1x2x8x8xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.MaxPool" since 0 (%x) {format = "NCHW", kernel_size = [1, 1, 3, 3], strides = [1, 1, 2, 2], pad_mode = "SAME"} : (tensor<1x2x8x8xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Names of 1.1.
// CHECK-LABEL: @main(
// CHECK: ms.max_pool %arg0 {{.*}}kernel = array<i64: 2, 2>
graph.func @f(%x: tensor<1x2x8x8xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.MaxPool" since 0 (%x) {data_format = "NCHW", ksize = [1, 1, 2, 2], strides = [1, 1, 2, 2], padding = "VALID"} : (tensor<1x2x8x8xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.avg_pool %arg0 {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, pads = array<i64: 0, 0, 1, 0>, strides = array<i64: 2, 2>}
graph.func @f(%x: tensor<1x2x7x8xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant([2, 2]) : !graph.any
  %c1 = graph.constant([2, 2]) : !graph.any
  %c2 = graph.constant(1 : i64) : !graph.any
  %c3 = graph.constant(0 : i64) : !graph.any
  %0 = graph.node "mindir.AvgPool" since 0 (%x, %c0, %c1, %c2, %c3) {} : (tensor<1x2x7x8xf32>, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Lists of N, H, W, C; positions are i32.
// CHECK-LABEL: @main(
// CHECK: ms.max_pool_with_indices {{.*}}kernel = array<i64: 2, 3>
// CHECK: ms.cast {{.*}} -> tensor<1x2x4x2xi32>
graph.func @f(%x: tensor<1x2x8x8xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.MaxPoolWithArgmax" since 0 (%x) {kernel_size = [1, 2, 3, 1], strides = [1, 2, 3, 1], pad_mode = "VALID", format = "NCHW"} : (tensor<1x2x8x8xf32>) -> !graph.any
  %i = graph.constant(1 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// Pads of zero follow ones for N and C.
// CHECK-LABEL: @main(
// CHECK: ms.max_pool_with_indices {{.*}}pads = array<i64: 0, 0, 0, 0>
graph.func @f(%x: tensor<1x2x8x8xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.MaxPoolWithArgmaxV2" since 0 (%x) {kernel_size = [1, 1, 2, 2], strides = [1, 1, 2, 2], pads = [1, 1, 0, 0], dilation = [1, 1, 1, 1], ceil_mode = false, argmax_type = 4 : i64} : (tensor<1x2x8x8xf32>) -> !graph.any
  %i = graph.constant(0 : i64) : !graph.any
  %r = graph.node "mindir.TupleGetItem" since 0 (%0, %i) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %r : !graph.any
}

// -----

// A divisor of its own: the mean of all positions times 4 / 3.
// CHECK-LABEL: @main(
// CHECK: ms.avg_pool
// CHECK: ms.constant dense<1.33333337>
// CHECK: ms.mul
graph.func @f(%x: tensor<1x2x1x6x6xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.AvgPool3D" since 0 (%x) {ceil_mode = false, count_include_pad = true, divisor_override = 3 : i64, format = "NCDHW", kernel_size = [1, 1, 1, 2, 2], pad_list = [0, 0, 0, 0, 0, 0], pad_mode = "PAD", strides = [1, 1, 1, 2, 2]} : (tensor<1x2x1x6x6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.avg_pool %arg0 {counted_pads = array<i64: 1, 1>
graph.func @f(%x: tensor<1x2x6xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant([2]) : !graph.any
  %c1 = graph.constant(unit) : !graph.any
  %c2 = graph.constant([1]) : !graph.any
  %c3 = graph.constant(false) : !graph.any
  %c4 = graph.constant(true) : !graph.any
  %0 = graph.node "mindir.AvgPool1D" since 0 (%x, %c0, %c1, %c2, %c3, %c4) {} : (tensor<1x2x6xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Windows of one size are a plain pool.
// CHECK-LABEL: @main(
// CHECK: ms.avg_pool %arg0 {{.*}}kernel = array<i64: 1, 2>
graph.func @f(%x: tensor<1x2x5x6xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.AdaptiveAvgPool2D" since 0 (%x) {output_size = [-1, 3]} : (tensor<1x2x5x6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.adaptive_avg_pool %arg0 {output_size = array<i64: 2, 3>}
graph.func @f(%x: tensor<1x2x5x7xf32> {graph.name = "x"}) attributes {entry} {
  %c0 = graph.constant([2, 3]) : !graph.any
  %0 = graph.node "mindir.AdaptiveAvgPool2DExt" since 0 (%x, %c0) {} : (tensor<1x2x5x7xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.scatter_elements
// CHECK: -> tensor<1x1x4x4xf32>
graph.func @f(%x: tensor<1x1x2x2xf32> {graph.name = "x"}, %i: tensor<1x1x2x2xi64> {graph.name = "i"}) attributes {entry} {
  %0 = graph.node "mindir.MaxUnpool2D" since 0 (%x, %i) {format = "NCHW", ksize = [1, 1, 2, 2], output_shape = [], pads = [1, 1, 0, 0], strides = [1, 1, 2, 2]} : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>) -> !graph.any
  graph.return %0 : !graph.any
}

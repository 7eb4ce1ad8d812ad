// SPDX-License-Identifier: Apache-2.0
//
// MindIR's products and convolutions.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Attributes of old files.
// CHECK-LABEL: @main(
// CHECK: ms.matmul %arg0, %arg1 {transpose_rhs}
graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}, %y: tensor<4x3xf32> {graph.name = "y"}) attributes {entry} {
  %0 = graph.node "mindir.MatMul" since 0 (%x, %y) {transpose_a = false, transpose_b = true} : (tensor<2x3xf32>, tensor<4x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Inputs of new ones.
// CHECK-LABEL: @main(
// CHECK: ms.matmul %arg0, %arg1 {transpose_lhs}
graph.func @f(%x: tensor<5x3x2xf32> {graph.name = "x"}, %y: tensor<5x3x4xf32> {graph.name = "y"}) attributes {entry} {
  %c0 = graph.constant(true) : !graph.any
  %c1 = graph.constant(false) : !graph.any
  %0 = graph.node "mindir.BatchMatMul" since 0 (%x, %y, %c0, %c1) {} : (tensor<5x3x2xf32>, tensor<5x3x4xf32>, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: %[[P:.*]] = ms.matmul %arg0, %arg1 {transpose_rhs}
// CHECK-NEXT: return %[[P]]
graph.func @f(%x: tensor<2x3xf32> {graph.name = "x"}, %w: tensor<4x3xf32> {graph.name = "w"}) attributes {entry} {
  %c0 = graph.constant(unit) : !graph.any
  %0 = graph.node "mindir.Dense" since 0 (%x, %w, %c0) {} : (tensor<2x3xf32>, tensor<4x3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.matmul %arg1, %arg2
// CHECK: ms.mul %arg0
// CHECK: ms.add
graph.func @f(%x: tensor<2x4xf32> {graph.name = "x"}, %a: tensor<2x3xf32> {graph.name = "a"}, %b: tensor<3x4xf32> {graph.name = "b"}) attributes {entry} {
  %c0 = graph.constant(2.0 : f32) : !graph.any
  %c1 = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.Addmm" since 0 (%x, %a, %b, %c0, %c1) {} : (tensor<2x4xf32>, tensor<2x3xf32>, tensor<3x4xf32>, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reshape %arg1 : tensor<3xf32> -> tensor<3x1x1xf32>
// CHECK: ms.add
graph.func @f(%x: tensor<2x3x4x5xf32> {graph.name = "x"}, %b: tensor<3xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "mindir.BiasAdd" since 0 (%x, %b) {format = "NCHW"} : (tensor<2x3x4x5xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK-NEXT: ms.add %arg0, %arg1
graph.func @f(%x: tensor<2x4x5x3xf32> {graph.name = "x"}, %b: tensor<3xf32> {graph.name = "b"}) attributes {entry} {
  %c0 = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.BiasAdd" since 0 (%x, %b, %c0) {} : (tensor<2x4x5x3xf32>, tensor<3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Pads are top, bottom, left, right.
// CHECK-LABEL: @main(
// CHECK: ms.conv %{{.*}} {dilations = array<i64: 1, 2>, groups = 2 : i64, pads = array<i64: 1, 0, 2, 1>, strides = array<i64: 2, 1>}
graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x2x3x3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {dilation = [1, 1, 1, 2], group = 2 : i64, mode = 1 : i64, pad = [1, 2, 0, 1], pad_list = [1, 2, 0, 1], pad_mode = "pad", stride = [1, 1, 2, 1], format = "NCHW"} : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.conv {{.*}}pads = array<i64: 0, 1, 1, 1>
graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {dilation = 1 : i64, group = 1 : i64, pad = 0 : i64, pad_mode = "same", stride = [2, 1]} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.transpose %arg0 {permutation = array<i64: 0, 3, 1, 2>}
// CHECK: ms.transpose %arg1 {permutation = array<i64: 0, 3, 1, 2>}
// CHECK: ms.conv
// CHECK: ms.transpose {{.*}} {permutation = array<i64: 0, 2, 3, 1>}
graph.func @f(%x: tensor<1x8x8x4xf32> {graph.name = "x"}, %w: tensor<6x3x3x4xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {dilation = 1 : i64, group = 1 : i64, pad_mode = 2 : i64, stride = 1 : i64, format = "NHWC"} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{mode 2 is not a cross-correlation}}
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {mode = 2 : i64} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{pad mode 'full' is not pad, same or valid}}
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {pad_mode = "full"} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{'stride' has 3 entries, expected one for each of 2 spatial dimensions}}
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {stride = [1, 1, 1]} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<6x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{layout 'NC4HW4' is not supported}}
  %0 = graph.node "mindir.Conv2D" since 0 (%x, %w) {format = "NC4HW4"} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The weight of one multiplier per channel.
// CHECK-LABEL: @main(
// CHECK: %[[T:.*]] = ms.transpose %arg1
// CHECK: %[[W:.*]] = ms.reshape %[[T]] : tensor<4x2x3x3xf32> -> tensor<8x1x3x3xf32>
// CHECK: ms.conv %arg0, %[[W]] {{.*}}groups = 4 : i64
graph.func @f(%x: tensor<1x4x8x8xf32> {graph.name = "x"}, %w: tensor<2x4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.DepthwiseConv2dNative" since 0 (%x, %w) {pad_mode = "valid", stride = [1, 1, 1, 1], dilation = [1, 1, 1, 1]} : (tensor<1x4x8x8xf32>, tensor<2x4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The result is given; its odd pad is at the end.
// CHECK-LABEL: @main(
// CHECK: ms.conv_transpose {{.*}}pads = array<i64: 0, 0, 1, 1>, strides = array<i64: 2, 2>
graph.func @f(%x: tensor<1x3x4x4xf32> {graph.name = "x"}, %w: tensor<3x2x3x3xf32> {graph.name = "w"}) attributes {entry} {
  %c0 = graph.constant([1, 2, 8, 8]) : !graph.any
  %0 = graph.node "mindir.Conv2DTranspose" since 0 (%x, %w, %c0) {dilation = [1, 1, 1, 1], group = 1 : i64, pad_list = [0, 1, 0, 1], pad_mode = "SAME", stride = [1, 1, 2, 2]} : (tensor<1x3x4x4xf32>, tensor<3x2x3x3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.conv_transpose {{.*}}output_padding = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>
// CHECK: ms.add
graph.func @f(%x: tensor<1x3x3x3xf32> {graph.name = "x"}, %w: tensor<3x2x3x3xf32> {graph.name = "w"}, %b: tensor<2xf32> {graph.name = "b"}) attributes {entry} {
  %c0 = graph.constant([2]) : !graph.any
  %c1 = graph.constant([1]) : !graph.any
  %c2 = graph.constant([1]) : !graph.any
  %c3 = graph.constant(1 : i64) : !graph.any
  %c4 = graph.constant([1]) : !graph.any
  %0 = graph.node "mindir.ConvTranspose2D" since 0 (%x, %w, %b, %c0, %c1, %c2, %c3, %c4) {} : (tensor<1x3x3x3xf32>, tensor<3x2x3x3xf32>, tensor<2xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// No batch dimension.
// CHECK-LABEL: @main(
// CHECK: ms.reshape %arg0 : tensor<4x8xf32> -> tensor<1x4x8xf32>
// CHECK: ms.conv {{.*}}pads = array<i64: 1, 1>
// CHECK: ms.reshape {{.*}} -> tensor<6x8xf32>
graph.func @f(%x: tensor<4x8xf32> {graph.name = "x"}, %w: tensor<6x4x3xf32> {graph.name = "w"}) attributes {entry} {
  %c0 = graph.constant(unit) : !graph.any
  %c1 = graph.constant([1]) : !graph.any
  %c2 = graph.constant([1]) : !graph.any
  %c3 = graph.constant([1]) : !graph.any
  %c4 = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.Conv1DExt" since 0 (%x, %w, %c0, %c1, %c2, %c3, %c4) {} : (tensor<4x8xf32>, tensor<6x4x3xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

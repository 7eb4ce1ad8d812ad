// SPDX-License-Identifier: Apache-2.0
//
// ONNX's products and convolutions.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// A vector is a row on the left and a column on the right.
// CHECK-LABEL: @main(
// CHECK: %[[ROW:.*]] = ms.reshape %{{.*}} : tensor<3xf32> -> tensor<1x3xf32>
// CHECK: %[[COLUMN:.*]] = ms.reshape %{{.*}} : tensor<3xf32> -> tensor<3x1xf32>
// CHECK: ms.matmul %[[ROW]], %[[COLUMN]]
// CHECK: -> tensor<f32>
graph.func @f(%a: tensor<3xf32> {graph.name = "a"}, %b: tensor<3xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.MatMul" since 13 (%a, %b) {} : (tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: %[[P:.*]] = ms.matmul %{{.*}}, %{{.*}} {transpose_lhs, transpose_rhs}
// CHECK: %[[A:.*]] = ms.mul %[[P]]
// CHECK: %[[C:.*]] = ms.mul %arg2
// CHECK: ms.add %[[A]], %[[C]]
graph.func @f(%a: tensor<3x2xf32> {graph.name = "a"}, %b: tensor<4x3xf32> {graph.name = "b"}, %c: tensor<4xf32> {graph.name = "c"}) attributes {entry} {
  %0 = graph.node "onnx.Gemm" since 13 (%a, %b, %c) {transA = 1 : i64, transB = 1 : i64, alpha = 0.5 : f32, beta = 2.0 : f32} : (tensor<3x2xf32>, tensor<4x3xf32>, tensor<4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Factors of one and an absent summand are left out.
// CHECK-LABEL: @main(
// CHECK-NEXT: ms.matmul
// CHECK-NEXT: return
graph.func @f(%a: tensor<2x3xf32> {graph.name = "a"}, %b: tensor<3x4xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.Gemm" since 11 (%a, %b) {} : (tensor<2x3xf32>, tensor<3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%a: tensor<2x3x1xf32> {graph.name = "a"}, %b: tensor<3x4xf32> {graph.name = "b"}) attributes {entry} {
  // expected-error @below {{expects rank 2, got 'tensor<2x3x1xf32>'}}
  %0 = graph.node "onnx.Gemm" since 11 (%a, %b) {} : (tensor<2x3x1xf32>, tensor<3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The diagonal of one operand, a product, and a permutation of its result.
// CHECK-LABEL: @main(
// CHECK: ms.slice %{{.*}} {sizes = array<i64: 3>, starts = array<i64: 0>, steps = array<i64: 4>}
// CHECK: ms.mul
graph.func @f(%a: tensor<3x3xf32> {graph.name = "a"}, %b: tensor<3x2xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.Einsum" since 12 (%a, %b) {equation = "ii,ij->ji"} : (tensor<3x3xf32>, tensor<3x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Without a result: labels that appear once, sorted.
// CHECK-LABEL: @main(
// CHECK: ms.matmul %{{.*}}, %{{.*}} : tensor<5x2x3xf32>, tensor<5x3x4xf32>
graph.func @f(%a: tensor<5x2x3xf32> {graph.name = "a"}, %b: tensor<5x3x4xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.Einsum" since 12 (%a, %b) {equation = "...zj, ...jk"} : (tensor<5x2x3xf32>, tensor<5x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%a: tensor<2x3xf32> {graph.name = "a"}, %b: tensor<4x4xf32> {graph.name = "b"}) attributes {entry} {
  // expected-error @below {{einsum 'ij,jk->ik': one label has extents 3 and 4}}
  %0 = graph.node "onnx.Einsum" since 12 (%a, %b) {equation = "ij,jk->ik"} : (tensor<2x3xf32>, tensor<4x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%a: tensor<2x3xf32> {graph.name = "a"}) attributes {entry} {
  // expected-error @below {{einsum 'ij->iz': the result has a label that no operand has}}
  %0 = graph.node "onnx.Einsum" since 12 (%a) {equation = "ij->iz"} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%a: tensor<2x3xf32> {graph.name = "a"}) attributes {entry} {
  // expected-error @below {{einsum 'ijk->i': term 'ijk' does not fit rank 2}}
  %0 = graph.node "onnx.Einsum" since 12 (%a) {equation = "ijk->i"} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// SAME_LOWER puts the odd pad first.
// CHECK-LABEL: @main(
// CHECK: ms.conv %{{.*}} {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 0, 1>, strides = array<i64: 2, 1>}
// CHECK: ms.reshape %arg2 : tensor<4xf32> -> tensor<4x1x1xf32>
// CHECK: ms.add
graph.func @f(%x: tensor<1x3x8x7xf32> {graph.name = "x"}, %w: tensor<4x3x3x3xf32> {graph.name = "w"}, %b: tensor<4xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.Conv" since 11 (%x, %w, %b) {auto_pad = "SAME_LOWER", strides = array<i64: 2, 1>} : (tensor<1x3x8x7xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x3x8xf32> {graph.name = "x"}, %w: tensor<4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{kernel_shape [2] is not that of the weight 'tensor<4x3x3xf32>'}}
  %0 = graph.node "onnx.Conv" since 11 (%x, %w) {kernel_shape = array<i64: 2>} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x3x8xf32> {graph.name = "x"}, %w: tensor<4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{auto_pad 'SOME' is not NOTSET, SAME_UPPER, SAME_LOWER or VALID}}
  %0 = graph.node "onnx.Conv" since 11 (%x, %w) {auto_pad = "SOME"} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x3x8xf32> {graph.name = "x"}, %w: tensor<4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{strides holds 0, expected 1 to 2147483647}}
  %0 = graph.node "onnx.Conv" since 11 (%x, %w) {strides = array<i64: 0>} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// A stated result larger than the full one is extended at its end.
// CHECK-LABEL: @main(
// CHECK: ms.conv_transpose %{{.*}} {dilations = array<i64: 1, 1>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, -1, -1>, strides = array<i64: 3, 2>}
graph.func @f(%x: tensor<1x1x3x3xf32> {graph.name = "x"}, %w: tensor<1x2x3x3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "onnx.ConvTranspose" since 11 (%x, %w) {output_shape = array<i64: 10, 8>, strides = array<i64: 3, 2>} : (tensor<1x1x3x3xf32>, tensor<1x2x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.conv_transpose {{.*}}pads = array<i64: 0, 1>
graph.func @f(%x: tensor<1x1x3xf32> {graph.name = "x"}, %w: tensor<1x2x3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "onnx.ConvTranspose" since 11 (%x, %w) {auto_pad = "SAME_UPPER", strides = array<i64: 2>} : (tensor<1x1x3xf32>, tensor<1x2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Without zero points the integers are multiplied as they are.
// CHECK-LABEL: @main(
// CHECK-NEXT: ms.matmul %arg0, %arg1 {element = i32}
graph.func @f(%a: tensor<2x3xui8> {graph.name = "a"}, %b: tensor<3x4xi8> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.MatMulInteger" since 10 (%a, %b) {} : (tensor<2x3xui8>, tensor<3x4xi8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// One zero point per row of a.
// CHECK-LABEL: @main(
// CHECK: %[[Z:.*]] = ms.reshape %{{.*}} : tensor<2xi32> -> tensor<2x1xi32>
// CHECK: ms.sub %{{.*}}, %[[Z]]
// CHECK: ms.matmul %{{.*}} : tensor<2x3xi32>, tensor<3x4xi32>
graph.func @f(%a: tensor<2x3xui8> {graph.name = "a"}, %b: tensor<3x4xi8> {graph.name = "b"}, %z: tensor<2xui8> {graph.name = "z"}) attributes {entry} {
  %0 = graph.node "onnx.MatMulInteger" since 10 (%a, %b, %z) {} : (tensor<2x3xui8>, tensor<3x4xi8>, tensor<2xui8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.conv %{{.*}} : tensor<1x1x3x3xi32>, tensor<1x1x2x2xi32>
// CHECK: ms.round
// CHECK: ms.cast %{{.*}} {saturate} : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xui8>
graph.func @f(%x: tensor<1x1x3x3xui8> {graph.name = "x"}, %xs: tensor<f32> {graph.name = "xs"}, %xz: tensor<ui8> {graph.name = "xz"}, %w: tensor<1x1x2x2xui8> {graph.name = "w"}, %ws: tensor<1xf32> {graph.name = "ws"}, %wz: tensor<1xui8> {graph.name = "wz"}, %ys: tensor<f32> {graph.name = "ys"}, %yz: tensor<ui8> {graph.name = "yz"}) attributes {entry} {
  %0 = graph.node "onnx.QLinearConv" since 10 (%x, %xs, %xz, %w, %ws, %wz, %ys, %yz) {} : (tensor<1x1x3x3xui8>, tensor<f32>, tensor<ui8>, tensor<1x1x2x2xui8>, tensor<1xf32>, tensor<1xui8>, tensor<f32>, tensor<ui8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The batch of the first operand is its second dimension.
// CHECK-LABEL: @main(
// CHECK: %[[A:.*]] = ms.transpose %arg0 {permutation = array<i64: 1, 0, 2>}
// CHECK: ms.matmul %[[A]], %arg1
graph.func @f(%a: tensor<5x2x3xf32> {graph.name = "a"}, %b: tensor<2x3x4xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.com.microsoft.FusedMatMul" since 1 (%a, %b) {transBatchA = 1 : i64} : (tensor<5x2x3xf32>, tensor<2x3x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.conv
// CHECK: ms.add %{{.*}}, %arg3
// CHECK: ms.leaky_relu %{{.*}} {alpha = 5.000000e-01 : f64}
graph.func @f(%x: tensor<1x3x8xf32> {graph.name = "x"}, %w: tensor<4x3x3xf32> {graph.name = "w"}, %b: tensor<4xf32> {graph.name = "b"}, %z: tensor<1x4x6xf32> {graph.name = "z"}) attributes {entry} {
  %0 = graph.node "onnx.com.microsoft.FusedConv" since 1 (%x, %w, %b, %z) {activation = "LeakyRelu", activation_params = [0.5 : f32]} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>, tensor<4xf32>, tensor<1x4x6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x3x8xf32> {graph.name = "x"}, %w: tensor<4x3x3xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{activation 'Sin' is not supported}}
  %0 = graph.node "onnx.com.microsoft.FusedConv" since 1 (%x, %w) {activation = "Sin"} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

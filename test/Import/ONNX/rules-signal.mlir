// SPDX-License-Identifier: Apache-2.0
//
// ONNX's Fourier transforms.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// A real signal gets an imaginary part; half of the spectrum says it all.
// CHECK-LABEL: @main(
// CHECK: %[[P:.*]] = ms.pad %arg0 {high = array<i64: 0, 0, 1>
// CHECK: %[[F:.*]] = ms.fft %[[P]] {axis = 1 : i64} : tensor<1x10x2xf32>
// CHECK: ms.slice %[[F]] {sizes = array<i64: 1, 6, 2>
graph.func @f(%x: tensor<1x10x1xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.DFT" since 17 (%x) {onesided = 1 : i64} : (tensor<1x10x1xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Since opset 20 the axis is an input, by default the last of the signal.
// CHECK-LABEL: @main(
// CHECK: ms.fft %arg0 {axis = 1 : i64, inverse, scale = 1.000000e-01 : f64}
graph.func @f(%x: tensor<1x10x2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.DFT" since 20 (%x) {inverse = 1 : i64} : (tensor<1x10x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The other half of a one-sided spectrum: conjugates in reverse order.
// CHECK-LABEL: @main(
// CHECK: %[[R:.*]] = ms.reverse %{{.*}} : tensor<1x4x2xf32>
// CHECK: %[[C:.*]] = ms.mul %[[R]]
// CHECK: ms.concat %arg0, %[[C]] {axis = 1 : i64}
// CHECK: ms.fft %{{.*}} {axis = 1 : i64, inverse, scale = 1.000000e-01 : f64}
// CHECK: return {{.*}} : tensor<1x10x1xf32>
graph.func @f(%x: tensor<1x6x2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.DFT" since 20 (%x) {inverse = 1 : i64, onesided = 1 : i64} : (tensor<1x6x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x10x2xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{axis 2 is that of the parts of a number}}
  %0 = graph.node "onnx.DFT" since 17 (%x) {axis = 2 : i64} : (tensor<1x10x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: %[[G:.*]] = ms.gather %{{.*}} {axis = 1 : i64} : tensor<1x16x2xf32>, tensor<4x4xi64>
// CHECK: %[[W:.*]] = ms.mul %[[G]], %{{.*}} : tensor<1x4x4x2xf32>, tensor<4x1xf32>
// CHECK: ms.fft %[[W]] {axis = 2 : i64}
// CHECK: return {{.*}} : tensor<1x4x3x2xf32>
graph.func @f(%x: tensor<1x16x1xf32> {graph.name = "x"}, %w: tensor<4xf32> {graph.name = "w"}) attributes {entry} {
  %s = graph.node "onnx.Constant" since 13 () {value = dense<4> : tensor<i64>} : () -> !graph.any
  %0 = graph.node "onnx.STFT" since 17 (%x, %s, %w) {} : (tensor<1x16x1xf32>, !graph.any, tensor<4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

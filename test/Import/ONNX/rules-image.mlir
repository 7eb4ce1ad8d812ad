// SPDX-License-Identifier: Apache-2.0
//
// ONNX's grids and regions of interest.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Before opset 16 corners are not moved.
// CHECK-LABEL: @main(
// CHECK: ms.roi_align %arg0, %arg1, %arg2 {height = 5 : i64, samples = 2 : i64, scale = 2.500000e-01 : f64, width = 1 : i64}
graph.func @f(%x: tensor<1x3x9x9xf32> {graph.name = "x"}, %r: tensor<4x4xf32> {graph.name = "r"}, %b: tensor<4xi64> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.RoiAlign" since 10 (%x, %r, %b) {output_height = 5 : i64, sampling_ratio = 2 : i64, spatial_scale = 0.25 : f32} : (tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<4xi64>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.roi_align %arg0, %arg1, %arg2 {aligned, height = 1 : i64, max, samples = 0 : i64, scale = 1.000000e+00 : f64, width = 1 : i64}
graph.func @f(%x: tensor<1x3x9x9xf32> {graph.name = "x"}, %r: tensor<4x4xf32> {graph.name = "r"}, %b: tensor<4xi64> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.RoiAlign" since 22 (%x, %r, %b) {mode = "max"} : (tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<4xi64>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<1x3x9x9xf32> {graph.name = "x"}, %r: tensor<4x4xf32> {graph.name = "r"}, %b: tensor<4xi64> {graph.name = "b"}) attributes {entry} {
  // expected-error @below {{mode 'sum' of 'half_pixel' coordinates is not supported}}
  %0 = graph.node "onnx.RoiAlign" since 22 (%x, %r, %b) {mode = "sum"} : (tensor<1x3x9x9xf32>, tensor<4x4xf32>, tensor<4xi64>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: return {{.*}} : tensor<2x4x5x2xf32>
graph.func @f(%t: tensor<2x2x3xf32> {graph.name = "t"}) attributes {entry} {
  %s = graph.node "onnx.Constant" since 13 () {value = dense<[2, 3, 4, 5]> : tensor<4xi64>} : () -> !graph.any
  %0 = graph.node "onnx.AffineGrid" since 20 (%t, %s) {} : (tensor<2x2x3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%t: tensor<2x3x4xf32> {graph.name = "t"}) attributes {entry} {
  %s = graph.node "onnx.Constant" since 13 () {value = dense<[2, 3, 4, 5]> : tensor<4xi64>} : () -> !graph.any
  // expected-error @below {{a grid of [2, 3, 4, 5] does not fit 'tensor<2x3x4xf32>'}}
  %0 = graph.node "onnx.AffineGrid" since 20 (%t, %s) {} : (tensor<2x3x4xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

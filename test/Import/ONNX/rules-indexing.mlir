// SPDX-License-Identifier: Apache-2.0
//
// ONNX's indexing operators.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Up to opset 9 k is an attribute.
// CHECK-LABEL: @main(
// CHECK: ms.top_k %arg0 {axis = 1 : i64, k = 3 : i64} : tensor<2x9xf32>
graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}) attributes {entry} {
  %0:2 = graph.node "onnx.TopK" since 1 (%x) {k = 3 : i64} : (tensor<2x9xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.top_k %arg0 {axis = 0 : i64, k = 2 : i64, smallest} : tensor<2x9xf32>
graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}) attributes {entry} {
  %k = graph.node "onnx.Constant" since 13 () {value = dense<2> : tensor<1xi64>} : () -> !graph.any
  %0:2 = graph.node "onnx.TopK" since 11 (%x, %k) {axis = -2 : i64, largest = 0 : i64} : (tensor<2x9xf32>, !graph.any) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}) attributes {entry} {
  %k = graph.node "onnx.Constant" since 13 () {value = dense<[2, 3]> : tensor<2xi64>} : () -> !graph.any
  // expected-error @below {{k has 2 elements, expected 1}}
  %0:2 = graph.node "onnx.TopK" since 11 (%x, %k) {} : (tensor<2x9xf32>, !graph.any) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

// The depth may be of any number type.
// CHECK-LABEL: @main(
// CHECK: ms.one_hot {{.*}} {axis = 1 : i64, depth = 5 : i64}
graph.func @f(%i: tensor<2xf32> {graph.name = "i"}, %v: tensor<2xi32> {graph.name = "v"}) attributes {entry} {
  %d = graph.node "onnx.Constant" since 13 () {value = dense<5.0> : tensor<1xf32>} : () -> !graph.any
  %0 = graph.node "onnx.OneHot" since 11 (%i, %d, %v) {} : (tensor<2xf32>, !graph.any, tensor<2xi32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Indices out of range are an error of the run.
// CHECK-LABEL: @main(
// CHECK: %[[HIGH:.+]] = ms.less %arg1
// CHECK: %[[LOW:.+]] = ms.greater_equal %arg1
// CHECK: %[[INSIDE:.+]] = ms.logical_and %[[LOW]], %[[HIGH]]
// CHECK: ms.assert %[[INSIDE]], "pick: an index is out of range [-9, 9)" : tensor<3xi1>
// CHECK: ms.gather %arg0, %arg1 {axis = 1 : i64}
graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}, %i: tensor<3xi64> {graph.name = "i"}) attributes {entry} {
  %0 = graph.node "onnx.Gather" since 13 (%x, %i) {axis = -1 : i64} : (tensor<2x9xf32>, tensor<3xi64>) -> !graph.any loc("pick")
  graph.return %0 : !graph.any
}

// -----

// Known indices are checked while compiling.
// CHECK-LABEL: @main(
// CHECK-NOT: ms.assert
// CHECK: ms.gather %arg0
graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}) attributes {entry} {
  %i = graph.node "onnx.Constant" since 13 () {value = dense<[1, -2]> : tensor<2xi64>} : () -> !graph.any
  %0 = graph.node "onnx.Gather" since 13 (%x, %i) {} : (tensor<2x9xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2x9xf32> {graph.name = "x"}) attributes {entry} {
  %i = graph.node "onnx.Constant" since 13 () {value = dense<[[1], [-3]]> : tensor<2x1xi64>} : () -> !graph.any
  // expected-error @below {{an index is out of range [-2, 2)}}
  %0 = graph.node "onnx.GatherElements" since 13 (%x, %i) {} : (tensor<2x9xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

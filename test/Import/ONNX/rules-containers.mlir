// SPDX-License-Identifier: Apache-2.0
//
// Sequences of known length and optionals leave no trace.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @main(
// CHECK: %[[A:.*]] = ms.concat %arg1, %arg0, %arg1 {axis = 0 : i64}
// CHECK: return %[[A]]
graph.func @f(%x: tensor<2xf32> {graph.name = "x"}, %y: tensor<2xf32> {graph.name = "y"}) attributes {entry} {
  %zero = graph.node "onnx.Constant" since 13 () {value = dense<0> : tensor<i64>} : () -> !graph.any
  %minus = graph.node "onnx.Constant" since 13 () {value = dense<-1> : tensor<i64>} : () -> !graph.any
  %e = graph.node "onnx.SequenceEmpty" since 11 () {} : () -> !graph.any
  %a = graph.node "onnx.SequenceInsert" since 11 (%e, %x) {} : (!graph.any, tensor<2xf32>) -> !graph.any
  %b = graph.node "onnx.SequenceInsert" since 11 (%a, %y, %zero) {} : (!graph.any, tensor<2xf32>, !graph.any) -> !graph.any
  %c = graph.node "onnx.SequenceInsert" since 11 (%b, %y) {} : (!graph.any, tensor<2xf32>) -> !graph.any
  %d = graph.node "onnx.SequenceInsert" since 11 (%c, %x) {} : (!graph.any, tensor<2xf32>) -> !graph.any
  %g = graph.node "onnx.SequenceErase" since 11 (%d, %minus) {} : (!graph.any, !graph.any) -> !graph.any
  %0 = graph.node "onnx.ConcatFromSequence" since 11 (%g) {axis = 0 : i64} : (!graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: %[[N:.*]] = ms.constant {{.*}}dense<3> : tensor<i64>
// CHECK: return {{.*}}tensor<1x3xf32>, tensor<i64>
graph.func @f(%x: tensor<5x3xf32> {graph.name = "x"}) attributes {entry} {
  %two = graph.node "onnx.Constant" since 13 () {value = dense<2> : tensor<i64>} : () -> !graph.any
  %s = graph.node "onnx.SplitToSequence" since 11 (%x, %two) {} : (tensor<5x3xf32>, !graph.any) -> !graph.any
  %n = graph.node "onnx.SequenceLength" since 11 (%s) {} : (!graph.any) -> !graph.any
  %0 = graph.node "onnx.SequenceAt" since 11 (%s, %two) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %0, %n : !graph.any, !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.reshape %{{.*}} : tensor<5x1xf32> -> tensor<5xf32>
// CHECK: ms.concat
// CHECK: return {{.*}} : tensor<3x5xf32>
graph.func @f(%x: tensor<5x3xf32> {graph.name = "x"}) attributes {entry} {
  %s = graph.node "onnx.SplitToSequence" since 11 (%x) {axis = 1 : i64, keepdims = 0 : i64} : (tensor<5x3xf32>) -> !graph.any
  %0 = graph.node "onnx.ConcatFromSequence" since 11 (%s) {axis = 0 : i64, new_axis = 1 : i64} : (!graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.constant {{.*}}dense<true> : tensor<i1>
// CHECK: return %{{.*}}, %arg0
graph.func @f(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %o = graph.node "onnx.Optional" since 15 (%x) {} : (tensor<2xf32>) -> !graph.any
  %h = graph.node "onnx.OptionalHasElement" since 15 (%o) {} : (!graph.any) -> !graph.any
  %0 = graph.node "onnx.OptionalGetElement" since 15 (%o) {} : (!graph.any) -> !graph.any
  graph.return %h, %0 : !graph.any, !graph.any
}

// -----

graph.func @f(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %two = graph.node "onnx.Constant" since 13 () {value = dense<2> : tensor<i64>} : () -> !graph.any
  %s = graph.node "onnx.SequenceConstruct" since 11 (%x, %x) {} : (tensor<2xf32>, tensor<2xf32>) -> !graph.any
  // expected-error @below {{position [2] is out of range [-2, 2)}}
  %0 = graph.node "onnx.SequenceAt" since 11 (%s, %two) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{input 0 is not a sequence of known length}}
  %0 = graph.node "onnx.SequenceLength" since 11 (%x) {} : (tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

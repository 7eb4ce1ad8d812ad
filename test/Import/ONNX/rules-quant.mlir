// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// One scale per channel of axis 1.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>{{.*}}, %[[S:.*]]: tensor<3xf32>{{.*}}, %[[Z:.*]]: tensor<3xi8>
// CHECK: %[[SCALE:.*]] = ms.reshape %[[S]] : tensor<3xf32> -> tensor<1x3xf32>
// CHECK: %[[ZERO:.*]] = ms.reshape %[[Z]] : tensor<3xi8> -> tensor<1x3xi8>
// CHECK: %[[D:.*]] = ms.div %[[X]], %[[SCALE]]
// CHECK: ms.round %[[D]]
// CHECK: ms.cast %{{.*}} : tensor<2x3xf32> -> tensor<2x3xi8>
graph.func @quantize(%x: tensor<2x3xf32> {graph.name = "x"}, %s: tensor<3xf32> {graph.name = "s"}, %z: tensor<3xi8> {graph.name = "z"}) attributes {entry} {
  %0 = graph.node "onnx.QuantizeLinear" since 13 (%x, %s, %z) {} : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xi8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Blocks of two rows; the last one is a part.
// CHECK-LABEL: @main(
// CHECK: ms.broadcast_to %{{.*}} : tensor<2x1x2xf32> -> tensor<2x2x2xf32>
// CHECK: ms.slice %{{.*}} : tensor<4x2xf32>
// CHECK: ms.mul
graph.func @blocks(%x: tensor<3x2xui8> {graph.name = "x"}, %s: tensor<2x2xf32> {graph.name = "s"}) attributes {entry} {
  %0 = graph.node "onnx.DequantizeLinear" since 21 (%x, %s) {axis = 0 : i64, block_size = 2 : i64} : (tensor<3x2xui8>, tensor<2x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @scale_shape(%x: tensor<2x3xf32> {graph.name = "x"}, %s: tensor<2xf32> {graph.name = "s"}) attributes {entry} {
  // expected-error@below {{expects one scale or 3 for axis 1, got 'tensor<2xf32>'}}
  %0 = graph.node "onnx.QuantizeLinear" since 13 (%x, %s) {} : (tensor<2x3xf32>, tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @block_shape(%x: tensor<3x2xui8> {graph.name = "x"}, %s: tensor<3x2xf32> {graph.name = "s"}) attributes {entry} {
  // expected-error@below {{blocks of 2 along axis 0 need a scale of shape [2, 2], got 'tensor<3x2xf32>'}}
  %0 = graph.node "onnx.DequantizeLinear" since 21 (%x, %s) {axis = 0 : i64, block_size = 2 : i64} : (tensor<3x2xui8>, tensor<3x2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @target(%x: tensor<3xf32> {graph.name = "x"}, %s: tensor<f32> {graph.name = "s"}) attributes {entry} {
  // expected-error@below {{quantisation to 'i32' is not supported: only integers of 8 and 16 bits are}}
  %0 = graph.node "onnx.QuantizeLinear" since 23 (%x, %s) {output_dtype = 6 : i64} : (tensor<3xf32>, tensor<f32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Weights of 4 bits are stored in pairs and unpacked here.
// CHECK-LABEL: @main(
// CHECK: %[[P:.*]] = ms.parameter "w" : tensor<5xui8>
// CHECK: ms.bitwise_and %[[P]]
// CHECK: ms.shift_right %[[P]]
// CHECK: ms.slice {{.*}}sizes = array<i64: 9>
// CHECK: ms.bitwise_xor
// CHECK: return {{.*}} : tensor<3x3xf32>
graph.func @f(%s: tensor<f32> {graph.name = "s"}) attributes {entry} {
  %w = graph.parameter "w" : tensor<3x3xi4>
  %0 = graph.node "onnx.DequantizeLinear" since 21 (%w, %s) {} : (tensor<3x3xi4>, tensor<f32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%s: tensor<f32> {graph.name = "s"}, %x: tensor<3x3xf32> {graph.name = "x"}) attributes {entry} {
  %w = graph.parameter "w" : tensor<i4>
  // expected-error @below {{quantisation to 'i4' is not supported}}
  %0 = graph.node "onnx.QuantizeLinear" since 21 (%x, %s, %w) {} : (tensor<3x3xf32>, tensor<f32>, tensor<i4>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f() attributes {entry} {
  %w = graph.parameter "w" : tensor<3x3xi4>
  // expected-error @below {{tensors of element type 'i4' are not supported here}}
  %0 = graph.node "onnx.Transpose" since 13 (%w) {} : (tensor<3x3xi4>) -> !graph.any
  graph.return %0 : !graph.any
}

// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @main(
// CHECK: ms.elu %{{.*}} {alpha = 1.6732631921768188 : f64, scale = 1.0507010221481323 : f64}
graph.func @selu(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Selu" since 6 (%x) {} : (tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.elu %{{.*}} {alpha = 2.000000e+00 : f64, input_scale = 5.000000e-01 : f64}
graph.func @celu(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Celu" since 12 (%x) {alpha = 2.0 : f32} : (tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Clip took its bounds as attributes before opset 11.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>
// CHECK-DAG: %[[LOW:.*]] = ms.constant dense<-1.000000e+00> : tensor<f32>
// CHECK-DAG: %[[HIGH:.*]] = ms.constant dense<6.000000e+00> : tensor<f32>
// CHECK: %[[M:.*]] = ms.maximum %[[X]], %[[LOW]]
// CHECK: ms.minimum %[[M]], %[[HIGH]]
graph.func @clip6(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Clip" since 6 (%x) {min = -1.0 : f32, max = 6.0 : f32} : (tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// An absent lower bound.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2xi8>{{.*}}, %[[HIGH:.*]]: tensor<i8>
// CHECK-NOT: ms.maximum
// CHECK: ms.minimum %[[X]], %[[HIGH]]
graph.func @clip13(%x: tensor<2xi8> {graph.name = "x"}, %high: tensor<i8> {graph.name = "high"}) attributes {entry} {
  %none = graph.constant(unit) : !graph.any
  %0 = graph.node "onnx.Clip" since 13 (%x, %none, %high) {} : (tensor<2xi8>, !graph.any, tensor<i8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The result of Pow has the base's type; common exponents are products.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>{{.*}}, %[[Y:.*]]: tensor<3xi64>
// CHECK: %[[C:.*]] = ms.cast %[[Y]] : tensor<3xi64> -> tensor<3xf32>
// CHECK: %[[P:.*]] = ms.pow %[[X]], %[[C]]
// CHECK: ms.mul %[[P]], %[[P]]
graph.func @pow(%x: tensor<3xf32> {graph.name = "x"}, %y: tensor<3xi64> {graph.name = "y"}) attributes {entry} {
  %two = graph.constant(dense<2> : tensor<i32>) : tensor<i32>
  %0 = graph.node "onnx.Pow" since 15 (%x, %y) {} : (tensor<3xf32>, tensor<3xi64>) -> tensor<3xf32>
  %1 = graph.node "onnx.Pow" since 15 (%0, %two) {} : (tensor<3xf32>, tensor<i32>) -> tensor<3xf32>
  graph.return %1 : tensor<3xf32>
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.fmod
// CHECK: ms.mod
graph.func @mod(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Mod" since 13 (%x, %x) {fmod = 1 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.node "onnx.Mod" since 28 (%0, %x) {} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.return %1 : tensor<3xf32>
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.add
// CHECK: ms.add
// CHECK: ms.div
graph.func @mean(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Mean" since 13 (%x, %x, %x) {} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Dropout passes its input on; the mask keeps everything.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[MASK:.*]] = ms.constant dense<true> : tensor<3xi1>
// CHECK: return %[[X]], %[[MASK]]
graph.func @dropout(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %ratio = graph.constant(dense<0.25> : tensor<f32>) : tensor<f32>
  %0:2 = graph.node "onnx.Dropout" since 13 (%x, %ratio) {} : (tensor<3xf32>, tensor<f32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

graph.func @training(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %ratio = graph.constant(dense<0.25> : tensor<f32>) : tensor<f32>
  %mode = graph.constant(dense<true> : tensor<i1>) : tensor<i1>
  // expected-error@below {{drops random elements: training mode is not supported}}
  %0 = graph.node "onnx.Dropout" since 13 (%x, %ratio, %mode) {} : (tensor<3xf32>, tensor<f32>, tensor<i1>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[INF:.*]] = ms.is_inf %[[X]]
// CHECK: %[[SIGN:.*]] = ms.greater %[[X]]
// CHECK: ms.logical_and %[[INF]], %[[SIGN]]
graph.func @is_inf(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.IsInf" since 20 (%x) {detect_negative = 0 : i64} : (tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.gelu %{{.*}} {tanh}
// CHECK: ms.gelu %{{[^{]*}}:
graph.func @gelu(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Gelu" since 20 (%x) {approximate = "tanh"} : (tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.node "onnx.Gelu" since 20 (%0) {} : (tensor<3xf32>) -> tensor<3xf32>
  graph.return %1 : tensor<3xf32>
}

// -----

graph.func @gelu_word(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{the approximation is 'none' or 'tanh', got "erf"}}
  %0 = graph.node "onnx.Gelu" since 20 (%x) {approximate = "erf"} : (tensor<3xf32>) -> tensor<3xf32>
  graph.return %0 : tensor<3xf32>
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.cast %{{.*}} : tensor<3xf32> -> tensor<3xui16>
graph.func @cast(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.Cast" since 13 (%x) {to = 4 : i64} : (tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @cast_f8(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{conversion to float8e5m2 is not supported}}
  %0 = graph.node "onnx.Cast" since 19 (%x) {to = 19 : i64} : (tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// A bool is a byte of 0 or 1.
// CHECK-LABEL: @main(
// CHECK: ms.bitcast %{{.*}} : tensor<3xf32> -> tensor<3xui32>
// CHECK: ms.cast %{{.*}} : tensor<2xi1> -> tensor<2xui8>
graph.func @bit_cast(%x: tensor<3xf32> {graph.name = "x"}, %b: tensor<2xi1> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.BitCast" since 26 (%x) {to = 12 : i64} : (tensor<3xf32>) -> !graph.any
  %1 = graph.node "onnx.BitCast" since 26 (%b) {to = 2 : i64} : (tensor<2xi1>) -> !graph.any
  graph.return %0, %1 : !graph.any, !graph.any
}

// -----

graph.func @bit_cast_width(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{the bits of 'f32' do not fit 'i64'}}
  %0 = graph.node "onnx.BitCast" since 26 (%x) {to = 7 : i64} : (tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @shift(%x: tensor<3xui8> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{direction is 'LEFT' or 'RIGHT', got 'UP'}}
  %0 = graph.node "onnx.BitShift" since 11 (%x, %x) {direction = "UP"} : (tensor<3xui8>, tensor<3xui8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.constant dense<[0.000000e+00, 5.000000e-01, 1.000000e+00, 5.000000e-01]> : tensor<4xf32>
graph.func @hann() attributes {entry} {
  %size = graph.constant(dense<4> : tensor<i64>) : tensor<i64>
  %0 = graph.node "onnx.HannWindow" since 17 (%size) {} : (tensor<i64>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @window_size() attributes {entry} {
  %size = graph.constant(dense<-4> : tensor<i64>) : tensor<i64>
  // expected-error@below {{input 0 must be one number in [0, 16777216], got [-4]}}
  %0 = graph.node "onnx.BlackmanWindow" since 17 (%size) {} : (tensor<i64>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @mel() attributes {entry} {
  %bins = graph.constant(dense<8> : tensor<i64>) : tensor<i64>
  %length = graph.constant(dense<16> : tensor<i64>) : tensor<i64>
  %rate = graph.constant(dense<8192> : tensor<i64>) : tensor<i64>
  %low = graph.constant(dense<4000.0> : tensor<f32>) : tensor<f32>
  %high = graph.constant(dense<100.0> : tensor<f32>) : tensor<f32>
  // expected-error@below {{the edges 4.000000e+03 and 1.000000e+02 Hz are not in order in [0, 8192]}}
  %0 = graph.node "onnx.MelWeightMatrix" since 17 (%bins, %length, %rate, %low, %high) {} : (tensor<i64>, tensor<i64>, tensor<i64>, tensor<f32>, tensor<f32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>{{.*}}, %[[B:.*]]: tensor<3xf32>
// CHECK: %[[SUM:.*]] = ms.add %[[X]], %[[B]]
// CHECK: ms.gelu %[[SUM]] {tanh}
graph.func @fast_gelu(%x: tensor<3xf32> {graph.name = "x"}, %b: tensor<3xf32> {graph.name = "b"}) attributes {entry} {
  %0 = graph.node "onnx.com.microsoft.FastGelu" since 1 (%x, %b) {} : (tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// expected-error@below {{tensors of element type 'f8E4M3FN' are not supported}}
graph.func @f8(%x: tensor<3xf8E4M3FN> {graph.name = "x"}) attributes {entry} {
  graph.return %x : tensor<3xf8E4M3FN>
}

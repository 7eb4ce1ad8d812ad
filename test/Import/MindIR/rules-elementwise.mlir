// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Two tensors meet in the wider kind and size.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf16>{{.*}}, %[[Y:.*]]: tensor<3xf32>{{.*}}, %[[I:.*]]: tensor<3xi64>
// CHECK: %[[C:.*]] = ms.cast %[[X]] : tensor<3xf16> -> tensor<3xf32>
// CHECK: %[[P:.*]] = ms.mul %[[C]], %[[Y]]
// CHECK: %[[J:.*]] = ms.cast %[[I]] : tensor<3xi64> -> tensor<3xf32>
// CHECK: ms.less %[[P]], %[[J]]
graph.func @promote(%x: tensor<3xf16> {graph.name = "x"}, %y: tensor<3xf32> {graph.name = "y"}, %i: tensor<3xi64> {graph.name = "i"}) attributes {entry} {
  %0 = graph.node "mindir.Mul" since 0 (%x, %y) {} : (tensor<3xf16>, tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.node "mindir.Less" since 0 (%0, %i) {} : (tensor<3xf32>, tensor<3xi64>) -> tensor<3xi1>
  graph.return %1 : tensor<3xi1>
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.cast %{{.*}} : tensor<3xi8> -> tensor<3xi16>
// CHECK: ms.cast %{{.*}} : tensor<3xui8> -> tensor<3xi16>
// CHECK: ms.add
graph.func @signs(%x: tensor<3xi8> {graph.name = "x"}, %y: tensor<3xui8> {graph.name = "y"}) attributes {entry} {
  %0 = graph.node "mindir.Add" since 0 (%x, %y) {} : (tensor<3xi8>, tensor<3xui8>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// A Python number takes the tensor's type, unless it is a float and that is not.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xi32>
// CHECK: %[[TWO:.*]] = ms.constant dense<2> : tensor<i32>
// CHECK: ms.mul %[[X]], %[[TWO]]
// CHECK: %[[F:.*]] = ms.cast %{{.*}} : tensor<3xi32> -> tensor<3xf32>
// CHECK: ms.mul %[[F]], %{{.*}} : tensor<3xf32>, tensor<f32>
graph.func @number(%x: tensor<3xi32> {graph.name = "x"}) attributes {entry} {
  %two = graph.constant(2 : i64) : !graph.any
  %half = graph.constant(0.5 : f32) : !graph.any
  %0 = graph.node "mindir.Muls" since 0 (%x, %two) {} : (tensor<3xi32>, !graph.any) -> tensor<3xi32>
  %1 = graph.node "mindir.Muls" since 0 (%0, %half) {} : (tensor<3xi32>, !graph.any) -> tensor<3xf32>
  graph.return %1 : tensor<3xf32>
}

// -----

// Division of integers gives a float, except in files that say otherwise.
// CHECK-LABEL: @main(
// CHECK: ms.div %{{.*}} : tensor<3xf32>, tensor<3xf32>
// CHECK: ms.div %{{.*}} : tensor<3xi32>, tensor<3xi32>
graph.func @division(%x: tensor<3xi32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.Div" since 0 (%x, %x) {} : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xf32>
  %1 = graph.node "mindir.RealDiv" since 0 (%x, %x) {} : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  %2 = graph.node "mindir.MakeTuple" since 0 (%0, %1) {} : (tensor<3xf32>, tensor<3xi32>) -> !graph.any
  graph.return %2 : !graph.any
}

// -----

// Rounding modes: none, trunc (1), floor (2).
// CHECK-LABEL: @main(
// CHECK: ms.div
// CHECK: ms.trunc
// CHECK: ms.floor_div
graph.func @div_mod(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %none = graph.constant(unit) : !graph.any
  %trunc = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.DivMod" since 0 (%x, %x, %none) {} : (tensor<3xf32>, tensor<3xf32>, !graph.any) -> tensor<3xf32>
  %1 = graph.node "mindir.DivMod" since 0 (%0, %x, %trunc) {} : (tensor<3xf32>, tensor<3xf32>, !graph.any) -> tensor<3xf32>
  %2 = graph.node "mindir.DivMod" since 0 (%1, %x) {rounding_mode = "floor"} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.return %2 : tensor<3xf32>
}

// -----

graph.func @rounding(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{rounding_mode is 'trunc' (1) or 'floor' (2), got "up"}}
  %0 = graph.node "mindir.DivMod" since 0 (%x, %x) {rounding_mode = "up"} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.return %0 : tensor<3xf32>
}

// -----

// bool adds as or, multiplies as and.
// CHECK-LABEL: @main(
// CHECK: ms.logical_or
// CHECK: ms.logical_and
graph.func @bools(%x: tensor<3xi1> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.Add" since 0 (%x, %x) {} : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  %1 = graph.node "mindir.Mul" since 0 (%0, %x) {} : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  graph.return %1 : tensor<3xi1>
}

// -----

// The type is a TypeId from 2.3 on, a type object before.
// CHECK-LABEL: @main(
// CHECK: ms.cast %{{.*}} : tensor<3xf32> -> tensor<3xui8>
// CHECK: ms.cast %{{.*}} : tensor<3xui8> -> tensor<3xbf16>
graph.func @cast(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %u8 = graph.constant(37 : i64) : !graph.any
  %bf16 = graph.constant(bf16) : !graph.any
  %0 = graph.node "mindir.Cast" since 0 (%x, %u8) {} : (tensor<3xf32>, !graph.any) -> tensor<3xui8>
  %1 = graph.node "mindir.Cast" since 0 (%0, %bf16) {} : (tensor<3xui8>, !graph.any) -> tensor<3xbf16>
  graph.return %1 : tensor<3xbf16>
}

// -----

graph.func @cast_id(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %id = graph.constant(46 : i64) : !graph.any
  // expected-error@below {{element type 46 is not supported}}
  %0 = graph.node "mindir.Cast" since 0 (%x, %id) {} : (tensor<3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// The base of Exp and Log: -1 stands for e.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[E:.*]] = ms.exp %[[X]]
// CHECK: %[[L:.*]] = ms.log %[[E]]
// CHECK: %[[B:.*]] = ms.constant dense<0.693147182> : tensor<f32>
// CHECK: ms.div %[[L]], %[[B]]
graph.func @exp(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.Exp" since 0 (%x) {base = -1.0 : f32, scale = 1.0 : f32, shift = 0.0 : f32} : (tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.node "mindir.Log" since 0 (%0) {base = 2.0 : f32, scale = 1.0 : f32, shift = 0.0 : f32} : (tensor<3xf32>) -> tensor<3xf32>
  graph.return %1 : tensor<3xf32>
}

// -----

// One slope per channel, dimension 1.
// CHECK-LABEL: @main(
// CHECK: %[[W:.*]] = ms.reshape %{{.*}} : tensor<3xf32> -> tensor<3x1x1xf32>
// CHECK: ms.prelu %{{.*}}, %[[W]]
graph.func @prelu(%x: tensor<2x3x4x5xf32> {graph.name = "x"}, %w: tensor<3xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.PReLU" since 0 (%x, %w) {} : (tensor<2x3x4x5xf32>, tensor<3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @glu(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  %axis = graph.constant(-1 : i64) : !graph.any
  // expected-error@below {{dimension 1 of extent 3 has no halves}}
  %0 = graph.node "mindir.GLU" since 0 (%x, %axis) {} : (tensor<2x3xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.maximum
// CHECK-NOT: ms.minimum
graph.func @clamp(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %none = graph.constant(unit) : !graph.any
  %low = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.ClampScalar" since 0 (%x, %low, %none) {} : (tensor<3xf32>, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// MindSpore's CPU kernel is a rational function in float32.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>{{.*}}, %[[D:.*]]: tensor<3xf64>
// CHECK-NOT: ms.tanh
// CHECK: %[[SQUARE:.*]] = ms.mul %[[X]], %[[X]]
// CHECK: ms.div
// CHECK-COUNT-2: ms.select
// CHECK: ms.tanh %[[D]] : tensor<3xf64>
graph.func @tanh(%x: tensor<3xf32> {graph.name = "x"}, %d: tensor<3xf64> {graph.name = "d"}) attributes {entry} {
  %0 = graph.node "mindir.Tanh" since 0 (%x) {} : (tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.node "mindir.Tanh" since 0 (%d) {} : (tensor<3xf64>) -> tensor<3xf64>
  %2 = graph.node "mindir.MakeTuple" since 0 (%0, %1) {} : (tensor<3xf32>, tensor<3xf64>) -> !graph.any
  graph.return %2 : !graph.any
}

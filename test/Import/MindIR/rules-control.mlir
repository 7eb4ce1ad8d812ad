// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// A header that calls itself through its choice is a loop; what it exits to is
// imported once, behind it.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[N:.*]]: tensor<i32>{{.*}}, %[[X:.*]]: tensor<2xf32>
// CHECK: %[[LOOP:.*]]:3 = ms.while(
// CHECK: ms.less
// CHECK: ms.yield
// CHECK: %[[BODY:.*]] = ms.add %{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>
// CHECK: ms.yield
// CHECK: ms.neg %[[LOOP]]#2
graph.func @loop(%n: tensor<i32> {graph.name = "n"}, %x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %zero = graph.constant(0 : i64) : !graph.any
  %i = graph.node "mindir.Muls" since 0 (%n, %zero) {} : (tensor<i32>, !graph.any) -> tensor<i32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %n, %i, %x) {} : (!graph.any, tensor<i32>, tensor<i32>, tensor<2xf32>) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @header(%n: tensor<i32>, %i: tensor<i32>, %x: tensor<2xf32>) {
  %c = graph.node "mindir.Less" since 0 (%i, %n) {} : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %f = graph.func_ref @body() : () -> !graph.any
  %body = graph.node "mindir.Partial" since 0 (%f, %n, %i, %x) {} : (!graph.any, tensor<i32>, tensor<i32>, tensor<2xf32>) -> !graph.any
  %g = graph.func_ref @after() : () -> !graph.any
  %after = graph.node "mindir.Partial" since 0 (%g, %x) {} : (!graph.any, tensor<2xf32>) -> !graph.any
  %s = graph.node "mindir.Switch" since 0 (%c, %body, %after) {} : (tensor<i1>, !graph.any, !graph.any) -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%s) {} : (!graph.any) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @body(%n: tensor<i32>, %i: tensor<i32>, %x: tensor<2xf32>) {
  %one = graph.constant(dense<1> : tensor<i32>) : tensor<i32>
  %j = graph.node "mindir.Add" since 0 (%i, %one) {} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %y = graph.node "mindir.Add" since 0 (%x, %x) {} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %n, %j, %y) {} : (!graph.any, tensor<i32>, tensor<i32>, tensor<2xf32>) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @after(%x: tensor<2xf32>) {
  %0 = graph.node "mindir.Neg" since 0 (%x) {} : (tensor<2xf32>) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}

// -----

// With a condition that is known while compiling the loop is unrolled.
// CHECK-LABEL: @main(
// CHECK-NOT: ms.while
// CHECK-COUNT-3: ms.add
// CHECK-NOT: ms.add
graph.func @unrolled(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %i = graph.constant(dense<0> : tensor<i64>) : tensor<i64>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %i, %x) {} : (!graph.any, tensor<i64>, tensor<2xf32>) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @header(%i: tensor<i64>, %x: tensor<2xf32>) {
  %three = graph.constant(dense<3> : tensor<i64>) : tensor<i64>
  %c = graph.node "mindir.Less" since 0 (%i, %three) {} : (tensor<i64>, tensor<i64>) -> tensor<i1>
  %body = graph.func_ref @body(%i, %x) : (tensor<i64>, tensor<2xf32>) -> !graph.any
  %after = graph.func_ref @after(%x) : (tensor<2xf32>) -> !graph.any
  %s = graph.node "mindir.Switch" since 0 (%c, %body, %after) {} : (tensor<i1>, !graph.any, !graph.any) -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%s) {} : (!graph.any) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @body(%i: tensor<i64>, %x: tensor<2xf32>) {
  %one = graph.constant(dense<1> : tensor<i64>) : tensor<i64>
  %j = graph.node "mindir.Add" since 0 (%i, %one) {} : (tensor<i64>, tensor<i64>) -> tensor<i64>
  %y = graph.node "mindir.Add" since 0 (%x, %x) {} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %j, %y) {} : (!graph.any, tensor<i64>, tensor<2xf32>) -> tensor<2xf32>
  graph.return %0 : tensor<2xf32>
}
graph.func @after(%x: tensor<2xf32>) {
  graph.return %x : tensor<2xf32>
}

// -----

// `continue` in a branch: both branches go on, with values of their own.
// CHECK-LABEL: @main(
// CHECK: ms.while(
// CHECK: %[[NEXT:.*]] = ms.if
// CHECK: ms.sub
// CHECK: ms.yield
// CHECK: ms.add
// CHECK: ms.yield
// CHECK: ms.yield %[[NEXT]]
graph.func @continues(%x: tensor<f32> {graph.name = "x"}) attributes {entry} {
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %x) {} : (!graph.any, tensor<f32>) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @header(%x: tensor<f32>) {
  %two = graph.constant(2.0 : f32) : !graph.any
  %c = graph.node "mindir.LessScalar" since 0 (%x, %two) {} : (tensor<f32>, !graph.any) -> tensor<i1>
  %body = graph.func_ref @body(%x) : (tensor<f32>) -> !graph.any
  %after = graph.func_ref @after(%x) : (tensor<f32>) -> !graph.any
  %s = graph.node "mindir.Switch" since 0 (%c, %body, %after) {} : (tensor<i1>, !graph.any, !graph.any) -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%s) {} : (!graph.any) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @body(%x: tensor<f32>) {
  %one = graph.constant(1.0 : f32) : !graph.any
  %c = graph.node "mindir.LessScalar" since 0 (%x, %one) {} : (tensor<f32>, !graph.any) -> tensor<i1>
  %down = graph.func_ref @down(%x) : (tensor<f32>) -> !graph.any
  %up = graph.func_ref @up(%x) : (tensor<f32>) -> !graph.any
  %s = graph.node "mindir.Switch" since 0 (%c, %down, %up) {} : (tensor<i1>, !graph.any, !graph.any) -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%s) {} : (!graph.any) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @down(%x: tensor<f32>) {
  %y = graph.node "mindir.Sub" since 0 (%x, %x) {} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %y) {} : (!graph.any, tensor<f32>) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @up(%x: tensor<f32>) {
  %y = graph.node "mindir.Add" since 0 (%x, %x) {} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %y) {} : (!graph.any, tensor<f32>) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @after(%x: tensor<f32>) {
  graph.return %x : tensor<f32>
}

// -----

// Not a loop: the function computes with what it gives itself.
graph.func @recursion(%x: tensor<f32> {graph.name = "x"}) attributes {entry} {
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %x) {} : (!graph.any, tensor<f32>) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @header(%x: tensor<f32>) {
  %two = graph.constant(2.0 : f32) : !graph.any
  %c = graph.node "mindir.LessScalar" since 0 (%x, %two) {} : (tensor<f32>, !graph.any) -> tensor<i1>
  %body = graph.func_ref @body(%x) : (tensor<f32>) -> !graph.any
  %after = graph.func_ref @after(%x) : (tensor<f32>) -> !graph.any
  %s = graph.node "mindir.Switch" since 0 (%c, %body, %after) {} : (tensor<i1>, !graph.any, !graph.any) -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%s) {} : (!graph.any) -> tensor<f32>
  graph.return %0 : tensor<f32>
}
graph.func @body(%x: tensor<f32>) {
  %y = graph.node "mindir.Add" since 0 (%x, %x) {} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %header = graph.func_ref @header() : () -> !graph.any
  %0 = graph.node "mindir.graph.call" since 0 (%header, %y) {} : (!graph.any, tensor<f32>) -> tensor<f32>
  // expected-error @below {{expects a tensor, got the result of a loop in its own body}}
  %1 = graph.node "mindir.Neg" since 0 (%0) {} : (tensor<f32>) -> tensor<f32>
  graph.return %1 : tensor<f32>
}
graph.func @after(%x: tensor<f32>) {
  graph.return %x : tensor<f32>
}

// -----

// Nodes behind an in-place operator see its result under the old name.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[RELU:.*]] = ms.relu %[[X]]
// CHECK: %[[THREE:.*]] = ms.mul %[[RELU]]
// CHECK: %[[SUM:.*]] = ms.add %[[RELU]], %{{.*}}
// CHECK: %[[PRODUCT:.*]] = ms.mul %[[SUM]], %[[X]]
// CHECK: %[[LESS:.*]] = ms.sub %[[PRODUCT]]
// CHECK: return %[[LESS]], %[[THREE]], %[[LESS]]
graph.func @inplace(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %u = graph.constant(@monad) : !graph.any
  %three = graph.constant(3.0 : f32) : !graph.any
  %one = graph.constant(1 : i64) : !graph.any
  %y = graph.node "mindir.ReLU" since 0 (%x) {} : (tensor<3xf32>) -> tensor<3xf32>
  %z = graph.node "mindir.Muls" since 0 (%y, %three) {} : (tensor<3xf32>, !graph.any) -> tensor<3xf32>
  %0 = graph.node "mindir.InplaceAddExt" since 0 (%y, %x, %one, %u) {} : (tensor<3xf32>, tensor<3xf32>, !graph.any, !graph.any) -> tensor<3xf32>
  %1 = graph.node "mindir.InplaceMul" since 0 (%y, %x, %u) {} : (tensor<3xf32>, tensor<3xf32>, !graph.any) -> tensor<3xf32>
  %2 = graph.node "mindir.InplaceSubScalar" since 0 (%0, %three, %one, %u) {} : (tensor<3xf32>, !graph.any, !graph.any, !graph.any) -> tensor<3xf32>
  %3 = graph.node "mindir.MakeTuple" since 0 (%y, %z, %0) {} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> !graph.any
  graph.return %3 : !graph.any
}

// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// What the file states is computed while compiling, as Python does:
// (7 // -2) % 3 = 2, 2 ** 3 = 8, 8 / 2 = 4.0
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: ms.constant dense<4.000000e+00> : tensor<f32>
// CHECK-NOT: ms.{{floor_div|mod|pow|div}}
// CHECK: ms.mul %[[X]], %{{.*}} : tensor<3xf32>, tensor<f32>
graph.func @known(%x: tensor<3xf32> {graph.name = "x"}) attributes {entry} {
  %a = graph.constant(7 : i64) : !graph.any
  %b = graph.constant(-2 : i64) : !graph.any
  %c = graph.constant(3 : i64) : !graph.any
  %0 = graph.node "mindir.ScalarFloorDiv" since 0 (%a, %b) {} : (!graph.any, !graph.any) -> !graph.any
  %1 = graph.node "mindir.ScalarMod" since 0 (%0, %c) {} : (!graph.any, !graph.any) -> !graph.any
  %2 = graph.node "mindir.ScalarPow" since 0 (%1, %c) {} : (!graph.any, !graph.any) -> !graph.any
  %3 = graph.node "mindir.ScalarDiv" since 0 (%2, %1) {} : (!graph.any, !graph.any) -> !graph.any
  %4 = graph.node "mindir.Muls" since 0 (%x, %3) {} : (tensor<3xf32>, !graph.any) -> tensor<3xf32>
  graph.return %4 : tensor<3xf32>
}

// -----

// The rest is computed on tensors of rank 0.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[N:.*]]: tensor<i64>{{.*}}, %[[F:.*]]: tensor<f32>
// CHECK: %[[NF:.*]] = ms.cast %[[N]] : tensor<i64> -> tensor<f32>
// CHECK: %[[SUM:.*]] = ms.add %[[NF]], %[[F]]
// CHECK: ms.less %[[SUM]], %{{.*}} : tensor<f32>, tensor<f32>
graph.func @inputs(%n: !graph.any {graph.name = "n", graph.kind = "scalar", graph.type = i64}, %f: !graph.any {graph.name = "f", graph.kind = "scalar", graph.type = f32}) attributes {entry} {
  %one = graph.constant(1 : i64) : !graph.any
  %0 = graph.node "mindir.ScalarAdd" since 0 (%n, %f) {} : (!graph.any, !graph.any) -> !graph.any
  %1 = graph.node "mindir.ScalarLt" since 0 (%0, %one) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %1 : !graph.any
}

// -----

// Sequences are taken apart while compiling.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>{{.*}}, %[[Y:.*]]: tensor<3xf32>
// CHECK-NEXT: return %[[Y]], %[[X]]
graph.func @sequences(%x: tensor<2xf32> {graph.name = "x"}, %y: tensor<3xf32> {graph.name = "y"}) attributes {entry} {
  %last = graph.constant(-1 : i64) : !graph.any
  %zero = graph.constant(0 : i64) : !graph.any
  %0 = graph.node "mindir.make_list" since 0 (%x, %y) {} : (tensor<2xf32>, tensor<3xf32>) -> !graph.any
  %1 = graph.node "mindir.list_getitem" since 0 (%0, %last) {} : (!graph.any, !graph.any) -> tensor<3xf32>
  %2 = graph.node "mindir.TupleGetItem" since 0 (%0, %zero) {} : (!graph.any, !graph.any) -> tensor<2xf32>
  %3 = graph.node "mindir.MakeTuple" since 0 (%1, %2) {} : (tensor<3xf32>, tensor<2xf32>) -> !graph.any
  graph.return %3 : !graph.any
}

// -----

graph.func @index(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %two = graph.constant(2 : i64) : !graph.any
  %0 = graph.node "mindir.MakeTuple" since 0 (%x, %x) {} : (tensor<2xf32>, tensor<2xf32>) -> !graph.any
  // expected-error@below {{index 2 is out of range [-2, 2)}}
  %1 = graph.node "mindir.TupleGetItem" since 0 (%0, %two) {} : (!graph.any, !graph.any) -> tensor<2xf32>
  graph.return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: @main(
// CHECK: return %{{.*}}, %{{.*}} : tensor<i64>, tensor<i1>
graph.func @length(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %list = graph.constant([3, 4, 5]) : !graph.any
  %four = graph.constant(4 : i64) : !graph.any
  %0 = graph.node "mindir.sequence_len" since 0 (%list) {} : (!graph.any) -> !graph.any
  %1 = graph.node "mindir.InSequence" since 0 (%four, %list) {} : (!graph.any, !graph.any) -> !graph.any
  %2 = graph.node "mindir.MakeTuple" since 0 (%0, %1) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %2 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.constant dense<[2.000000e+00, 3.500000e+00]> : tensor<2xf32>
graph.func @to_tensor() attributes {entry} {
  %tuple = graph.constant([2, 3.5 : f32]) : !graph.any
  %none = graph.constant(unit) : !graph.any
  %0 = graph.node "mindir.TupleToTensor" since 0 (%tuple, %none) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Depend, UpdateState and Print leave the value alone.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>
// CHECK-NEXT: return %[[X]]
graph.func @effects(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  %u = graph.constant(@monad) : !graph.any
  %0 = graph.node "mindir.Print" since 0 (%x, %u) {} : (tensor<2xf32>, !graph.any) -> !graph.any
  %1 = graph.node "mindir.UpdateState" since 0 (%u, %0) {} : (!graph.any, !graph.any) -> !graph.any
  %2 = graph.node "mindir.Depend" since 0 (%x, %1) {} : (tensor<2xf32>, !graph.any) -> tensor<2xf32>
  graph.return %2 : tensor<2xf32>
}

// -----

graph.func @dropout(%x: tensor<2xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error@below {{drops random elements (keep_prob 5.000000e-01): export the network with set_train(False)}}
  %0 = graph.node "mindir.Dropout" since 0 (%x) {keep_prob = 0.5 : f32} : (tensor<2xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

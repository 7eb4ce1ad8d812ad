// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// TopK is along the last axis, with i32 positions.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3x6xf32>
// CHECK: %[[V:.*]], %[[I:.*]] = ms.top_k %[[X]] {axis = 1 : i64, k = 2 : i64}
// CHECK: %[[I32:.*]] = ms.cast %[[I]] : tensor<3x2xi64> -> tensor<3x2xi32>
// CHECK: return %[[V]], %[[I32]]
graph.func @top_k(%x: tensor<3x6xf32> {graph.name = "x"}) attributes {entry} {
  %k = graph.constant(2 : i64) : !graph.any
  %0 = graph.node "mindir.TopK" since 0 (%x, %k) {sorted = true} : (tensor<3x6xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<3x6xf32>
// CHECK: %[[V:.*]], %[[I:.*]] = ms.top_k %[[X]] {axis = 0 : i64, k = 2 : i64, smallest}
// CHECK: return %[[V]], %[[I]]
graph.func @top_k_ext(%x: tensor<3x6xf32> {graph.name = "x"}) attributes {entry} {
  %k = graph.constant(2 : i64) : !graph.any
  %dim = graph.constant(-2 : i64) : !graph.any
  %no = graph.constant(false) : !graph.any
  %yes = graph.constant(true) : !graph.any
  %0 = graph.node "mindir.TopkExt" since 0 (%x, %k, %dim, %no, %yes) {} : (tensor<3x6xf32>, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @too_many(%x: tensor<3x6xf32> {graph.name = "x"}) attributes {entry} {
  %k = graph.constant(7 : i64) : !graph.any
  // expected-error @below {{k is 7, expected 1 to 6}}
  %0 = graph.node "mindir.TopK" since 0 (%x, %k) {sorted = true} : (tensor<3x6xf32>, !graph.any) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>
// CHECK: %{{.*}}, %[[I:.*]] = ms.sort %[[X]] {axis = 0 : i64, descending}
// CHECK: return %[[I]] : tensor<4x3xi64>
graph.func @arg_sort(%x: tensor<4x3xf32> {graph.name = "x"}) attributes {entry} {
  %dim = graph.constant(0 : i64) : !graph.any
  %yes = graph.constant(true) : !graph.any
  %0 = graph.node "mindir.ArgSort" since 0 (%x, %dim, %yes, %yes) {} : (tensor<4x3xf32>, !graph.any, !graph.any, !graph.any) -> tensor<4x3xi64>
  graph.return %0 : tensor<4x3xi64>
}

// -----

// Of four elements the lower one of the middle.
// CHECK-LABEL: @main(
// CHECK-SAME: %[[X:.*]]: tensor<2x4xf32>
// CHECK: %[[V:.*]], %[[I:.*]] = ms.sort %[[X]] {axis = 1 : i64}
// CHECK: ms.slice %[[V]] {{.*}}starts = array<i64: 0, 1>
// CHECK: ms.slice %[[I]] {{.*}}starts = array<i64: 0, 1>
graph.func @median(%x: tensor<2x4xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.Median" since 0 (%x) {axis = 1 : i64, global_median = false, ignore_nan = false, keep_dims = false} : (tensor<2x4xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

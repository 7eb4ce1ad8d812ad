// RUN: msc-opt %s -split-input-file -msc-legalize-graph | FileCheck %s

// NonZeroExt gives one vector of places per dimension.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xi32>
// CHECK-SAME: tensor<i64> {ms.extent = array<i64: 0, 0>}
// CHECK-SAME: tensor<i64> {ms.extent = array<i64: 1, 0>}
// CHECK: %[[P:.*]], %[[N:.*]] = ms.non_zero %[[X]] : tensor<2x3xi32> -> tensor<6x2xi64>, tensor<i64>
// CHECK: %[[ROWS:.*]] = ms.slice %[[P]] {sizes = array<i64: 6, 1>, starts = array<i64: 0, 0>
// CHECK: %[[R:.*]] = ms.reshape %[[ROWS]] : tensor<6x1xi64> -> tensor<6xi64>
// CHECK: %[[COLUMNS:.*]] = ms.slice %[[P]] {sizes = array<i64: 6, 1>, starts = array<i64: 0, 1>
// CHECK: %[[C:.*]] = ms.reshape %[[COLUMNS]] : tensor<6x1xi64> -> tensor<6xi64>
// CHECK: return %[[R]], %[[C]], %[[N]], %[[N]]
graph.func @non_zero_ext(%x: tensor<2x3xi32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.NonZeroExt" since 0 (%x) {} : (tensor<2x3xi32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Unique2 is of the flattened input, sorted where nothing else is said; the
// inverse has the input's shape.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK: %[[FLAT:.*]] = ms.reshape %[[X]] : tensor<2x3xf32> -> tensor<6xf32>
// CHECK: %[[V:.*]], %{{.*}}, %[[J:.*]], %[[K:.*]], %[[N:.*]] = ms.unique %[[FLAT]] {axis = 0 : i64, sorted}
// CHECK: %[[I:.*]] = ms.reshape %[[J]] : tensor<6xi64> -> tensor<2x3xi64>
// CHECK: return %[[V]], %[[I]], %[[K]], %[[N]], %[[N]]
graph.func @unique2(%x: tensor<2x3xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "mindir.Unique2" since 0 (%x) {} : (tensor<2x3xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Each truth with each anchor.
// CHECK-LABEL: @main(
// CHECK: ms.div %{{.*}}, %{{.*}} : tensor<3x2xf32>, tensor<3x2xf32>
graph.func @iou(%a: tensor<2x4xf32> {graph.name = "a"}, %t: tensor<3x4xf32> {graph.name = "t"}) attributes {entry} {
  %0 = graph.node "mindir.IOU" since 0 (%a, %t) {mode = "iou"} : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<3x2xf32>
  graph.return %0 : tensor<3x2xf32>
}

// -----

graph.func @no_boxes(%a: tensor<2x5xf32> {graph.name = "a"}) attributes {entry} {
  // expected-error @below {{expects boxes of 4 numbers, got 'tensor<2x5xf32>'}}
  %0 = graph.node "mindir.IOU" since 0 (%a, %a) {mode = "iou"} : (tensor<2x5xf32>, tensor<2x5xf32>) -> tensor<2x2xf32>
  graph.return %0 : tensor<2x2xf32>
}

// -----

// The default is the first dimension of three.
// CHECK-LABEL: @main(
// CHECK-COUNT-4: ms.concat {{.*}}axis = 1 : i64
graph.func @cross(%a: tensor<2x3x3xf32> {graph.name = "a"}) attributes {entry} {
  %dim = graph.constant(-65530 : i64) : !graph.any
  %0 = graph.node "mindir.Cross" since 0 (%a, %a, %dim) {} : (tensor<2x3x3xf32>, tensor<2x3x3xf32>, !graph.any) -> tensor<2x3x3xf32>
  graph.return %0 : tensor<2x3x3xf32>
}

// -----

graph.func @no_three(%a: tensor<2x4xf32> {graph.name = "a"}) attributes {entry} {
  %dim = graph.constant(1 : i64) : !graph.any
  // expected-error @below {{expects a dimension of 3, got 'tensor<2x4xf32>'}}
  %0 = graph.node "mindir.Cross" since 0 (%a, %a, %dim) {} : (tensor<2x4xf32>, tensor<2x4xf32>, !graph.any) -> tensor<2x4xf32>
  graph.return %0 : tensor<2x4xf32>
}

// RUN: msc-opt %s --msc-legalize-graph -split-input-file | FileCheck %s

// Arguments as inputs: Python tuples and numbers. Negative strides, masks that
// drop and insert dimensions, the ellipsis.
// CHECK-LABEL: func.func @main
// CHECK: ms.slice %arg0 {sizes = array<i64: 3, 2>, starts = array<i64: 3, 4>, steps = array<i64: -1, -2>}
// CHECK: %[[ROW:.*]] = ms.slice %arg0 {sizes = array<i64: 1, 5>, starts = array<i64: 3, 0>, steps = array<i64: 1, 1>}
// CHECK: ms.reshape %[[ROW]] : tensor<1x5xf32> -> tensor<5xf32>
// CHECK: %[[COLUMN:.*]] = ms.slice %arg0 {sizes = array<i64: 4, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK: ms.reshape %[[COLUMN]] : tensor<4x1xf32> -> tensor<4x1x1xf32>
module attributes {graph.format = "mindir"} {
  graph.func @main(%x: tensor<4x5xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any, !graph.any) attributes {entry} {
    %b = graph.constant([3, 4]) : !graph.any
    %e = graph.constant([0, 0]) : !graph.any
    %s = graph.constant([-1, -2]) : !graph.any
    %0 = graph.constant(0 : i64) : !graph.any
    %1 = graph.constant(1 : i64) : !graph.any
    %2 = graph.constant(2 : i64) : !graph.any
    %r0 = graph.node "mindir.StridedSlice" since 0(%x, %b, %e, %s, %0, %0, %0, %0, %0) {} : (tensor<4x5xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
    %last = graph.constant([-1]) : !graph.any
    %one = graph.constant([1]) : !graph.any
    %r1 = graph.node "mindir.StridedSlice" since 0(%x, %last, %one, %one, %0, %0, %0, %0, %1) {} : (tensor<4x5xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
    %b3 = graph.constant([0, 0, 1]) : !graph.any
    %e3 = graph.constant([0, 0, 2]) : !graph.any
    %s3 = graph.constant([1, 1, 1]) : !graph.any
    %r2 = graph.node "mindir.StridedSlice" since 0(%x, %b3, %e3, %s3, %0, %0, %1, %2, %0) {} : (tensor<4x5xf32>, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any, !graph.any) -> !graph.any
    graph.return %r0, %r1, %r2 : !graph.any, !graph.any, !graph.any
  }
}

// -----

// Arguments as attributes (files up to 2.2) give the same ops.
// CHECK-LABEL: func.func @main
// CHECK: ms.reshape %arg0 : tensor<1x4xf32> -> tensor<4xf32>
// CHECK: ms.broadcast_to %arg0 : tensor<1x4xf32> -> tensor<3x4xf32>
// CHECK: ms.reverse %arg0 {axes = array<i64: 1>}
// CHECK: ms.pad %arg0 {high = array<i64: 2, 1>, low = array<i64: 1, 0>}
module attributes {graph.format = "mindir"} {
  graph.func @main(%x: tensor<1x4xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any, !graph.any, !graph.any) attributes {entry} {
    %0 = graph.node "mindir.Squeeze" since 0(%x) {axis = [0]} : (tensor<1x4xf32>) -> !graph.any
    %1 = graph.node "mindir.BroadcastTo" since 0(%x) {shape = [3, -1]} : (tensor<1x4xf32>) -> !graph.any
    %2 = graph.node "mindir.ReverseV2" since 0(%x) {axis = [-1]} : (tensor<1x4xf32>) -> !graph.any
    %3 = graph.node "mindir.Pad" since 0(%x) {paddings = [[1, 2], [0, 1]]} : (tensor<1x4xf32>) -> !graph.any
    graph.return %0, %1, %2, %3 : !graph.any, !graph.any, !graph.any, !graph.any
  }
}

// -----

// PadV3 counts from the last dimension; Split gives a tuple.
// CHECK-LABEL: func.func @main
// CHECK: ms.pad %arg0 {high = array<i64: 1, 0>, low = array<i64: 2, 1>, mode = "wrap"}
// CHECK: ms.slice %arg0 {sizes = array<i64: 2, 3>, starts = array<i64: 0, 3>, steps = array<i64: 1, 1>}
module attributes {graph.format = "mindir"} {
  graph.func @main(%x: tensor<2x6xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any) attributes {entry} {
    %p = graph.constant([1, 0, 2, 1]) : !graph.any
    %none = graph.constant(unit) : !graph.any
    %0 = graph.node "mindir.PadV3" since 0(%x, %p, %none) {mode = "circular", paddings_contiguous = true} : (tensor<2x6xf32>, !graph.any, !graph.any) -> !graph.any
    %one = graph.constant(1 : i64) : !graph.any
    %two = graph.constant(2 : i64) : !graph.any
    %1 = graph.node "mindir.Split" since 0(%x, %one, %two) {} : (tensor<2x6xf32>, !graph.any, !graph.any) -> !graph.any
    graph.return %0, %1 : !graph.any, !graph.any
  }
}

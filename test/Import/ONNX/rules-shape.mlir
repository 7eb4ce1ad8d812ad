// RUN: msc-opt %s --msc-legalize-graph -split-input-file | FileCheck %s

// Zeros copy a dimension, one extent is inferred; the shape is a constant.
// CHECK-LABEL: func.func @main
// CHECK: ms.reshape %arg0 : tensor<2x3x4xf32> -> tensor<2x12xf32>
// CHECK: ms.transpose %arg0 {permutation = array<i64: 2, 1, 0>}
// CHECK: ms.slice %arg0 {sizes = array<i64: 2, 3, 2>, starts = array<i64: 0, 0, 3>, steps = array<i64: 1, 1, -2>}
// CHECK: ms.slice %arg0 {sizes = array<i64: 2, 2, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK: ms.slice %arg0 {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 2, 0>, steps = array<i64: 1, 1, 1>}
module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3x4xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any, !graph.any, !graph.any, !graph.any) attributes {entry, graph.result_names = ["a", "b", "c", "d", "e"]} {
    %s = graph.constant(dense<[0, -1]> : tensor<2xi64>) : tensor<2xi64>
    %a = graph.node "onnx.Reshape" since 13(%x, %s) {} : (tensor<2x3x4xf32>, tensor<2xi64>) -> !graph.any
    %b = graph.node "onnx.Transpose" since 13(%x) {} : (tensor<2x3x4xf32>) -> !graph.any
    %start = graph.constant(dense<-1> : tensor<1xi64>) : tensor<1xi64>
    %end = graph.constant(dense<-9223372036854775807> : tensor<1xi64>) : tensor<1xi64>
    %step = graph.constant(dense<-2> : tensor<1xi64>) : tensor<1xi64>
    %c = graph.node "onnx.Slice" since 13(%x, %start, %end, %start, %step) {} : (tensor<2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !graph.any
    %d:2 = graph.node "onnx.Split" since 18(%x) {axis = -2 : i64, num_outputs = 2 : i64} : (tensor<2x3x4xf32>) -> (!graph.any, !graph.any)
    graph.return %a, %b, %c, %d#0, %d#1 : !graph.any, !graph.any, !graph.any, !graph.any, !graph.any
  }
}

// -----

// Axes as an attribute and as an input; negative pads crop.
// CHECK-LABEL: func.func @main
// CHECK: ms.reshape %arg0 : tensor<1x3x1xf32> -> tensor<3x1xf32>
// CHECK: ms.reshape %arg0 : tensor<1x3x1xf32> -> tensor<3xf32>
// CHECK: ms.reshape %arg0 : tensor<1x3x1xf32> -> tensor<1x3x1x1xf32>
// CHECK: %[[CROPPED:.*]] = ms.slice %arg0 {sizes = array<i64: 1, 2, 1>, starts = array<i64: 0, 1, 0>, steps = array<i64: 1, 1, 1>}
// CHECK: ms.pad %[[CROPPED]] {high = array<i64: 0, 2, 0>, low = array<i64: 0, 0, 0>, mode = "edge"}
module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<1x3x1xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any, !graph.any, !graph.any) attributes {entry, graph.result_names = ["a", "b", "c", "d"]} {
    %a = graph.node "onnx.Squeeze" since 11(%x) {axes = array<i64: 0>} : (tensor<1x3x1xf32>) -> !graph.any
    %b = graph.node "onnx.Squeeze" since 13(%x) {} : (tensor<1x3x1xf32>) -> !graph.any
    %axis = graph.constant(dense<-1> : tensor<1xi64>) : tensor<1xi64>
    %c = graph.node "onnx.Unsqueeze" since 13(%x, %axis) {} : (tensor<1x3x1xf32>, tensor<1xi64>) -> !graph.any
    %d = graph.node "onnx.Pad" since 2(%x) {mode = "edge", pads = array<i64: 0, -1, 0, 0, 2, 0>} : (tensor<1x3x1xf32>) -> !graph.any
    graph.return %a, %b, %c, %d : !graph.any, !graph.any, !graph.any, !graph.any
  }
}

// -----

// What depends on shapes alone is a constant.
// CHECK-LABEL: func.func @main
// CHECK-DAG: ms.constant dense<[3, 4]> : tensor<2xi64>
// CHECK-DAG: ms.constant dense<24> : tensor<i64>
// CHECK-DAG: ms.constant dense<{{\[}}[false, true, false, false], [false, false, true, false], [false, false, false, true]]> : tensor<3x4xi1>
module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3x4xf32> {graph.kind = "tensor", graph.name = "x"}, %m: tensor<3x4xi1> {graph.kind = "tensor", graph.name = "m"}) -> (!graph.any, !graph.any, !graph.any) attributes {entry, graph.result_names = ["a", "b", "c"]} {
    %a = graph.node "onnx.Shape" since 15(%x) {start = -2 : i64} : (tensor<2x3x4xf32>) -> !graph.any
    %b = graph.node "onnx.Size" since 13(%x) {} : (tensor<2x3x4xf32>) -> !graph.any
    %c = graph.node "onnx.EyeLike" since 9(%m) {k = 1 : i64} : (tensor<3x4xi1>) -> !graph.any
    graph.return %a, %b, %c : !graph.any, !graph.any, !graph.any
  }
}

// RUN: msc-opt %s --msc-legalize-graph | FileCheck %s

// The sizes of results follow those of operands; each is one more result.
// CHECK: func.func @main(%[[X:.*]]: tensor<2x3xf32> {{.*}}) -> (tensor<2x6xi64> {{{.*}}ms.name = "at"{{.*}}}, tensor<6x4xf32> {{{.*}}ms.name = "rows"{{.*}}}, tensor<3xi64> {{{.*}}ms.name = "shape"{{.*}}}, tensor<i64> {ms.extent = array<i64: 0, 1>}, tensor<i64> {ms.extent = array<i64: 1, 0>})
// CHECK: %[[AT:.*]], %[[COUNT:.*]] = ms.non_zero %[[X]] {by_dimension} : tensor<2x3xf32> -> tensor<2x6xi64>, tensor<i64>
// CHECK: %[[ROWS:.*]], %[[N:.*]] = ms.non_zero %[[X]] : tensor<2x3xf32> -> tensor<6x2xi64>, tensor<i64>
// CHECK: ms.slice %[[ROWS]]
// CHECK: ms.gather
// CHECK: ms.reshape %[[N]] : tensor<i64> -> tensor<1xi64>
// CHECK: ms.concat
module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3xf32> {graph.kind = "tensor", graph.name = "x"}, %t: tensor<5x4xf32> {graph.kind = "tensor", graph.name = "t"}) -> (!graph.any, !graph.any, !graph.any) attributes {entry, graph.result_names = ["at", "rows", "shape"]} {
    %at = graph.node "onnx.NonZero" since 13(%x) {} : (tensor<2x3xf32>) -> !graph.any
    %rows = graph.node "onnx.Transpose" since 13(%at) {perm = [1, 0]} : (!graph.any) -> !graph.any
    %one = graph.constant(dense<1> : tensor<1xi64>) : tensor<1xi64>
    %two = graph.constant(dense<2> : tensor<1xi64>) : tensor<1xi64>
    %column = graph.node "onnx.Slice" since 13(%rows, %one, %two, %one, %one) {} : (!graph.any, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !graph.any
    %i = graph.node "onnx.Squeeze" since 13(%column, %one) {} : (!graph.any, tensor<1xi64>) -> !graph.any
    %g = graph.node "onnx.Gather" since 13(%t, %i) {axis = 0 : i64} : (tensor<5x4xf32>, !graph.any) -> !graph.any
    %u = graph.node "onnx.Unsqueeze" since 13(%g, %one) {} : (!graph.any, tensor<1xi64>) -> !graph.any
    %shape = graph.node "onnx.Shape" since 13(%u) {} : (!graph.any) -> !graph.any
    graph.return %at, %g, %shape : !graph.any, !graph.any, !graph.any
  }
}

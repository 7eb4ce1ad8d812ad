module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<24xf32> {graph.kind = "tensor", graph.name = "x"}, %i: tensor<2xi64> {graph.kind = "tensor", graph.name = "i"}) -> !graph.any attributes {entry, graph.result_names = ["y"]} {
    %y = graph.node "onnx.Gather" since 13(%x, %i) {axis = 0 : i64} : (tensor<24xf32>, tensor<2xi64>) -> !graph.any
    graph.return %y : !graph.any
  }
}

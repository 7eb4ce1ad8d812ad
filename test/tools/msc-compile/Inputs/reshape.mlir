module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<24xf32> {graph.kind = "tensor", graph.name = "x"}, %s: tensor<2xi64> {graph.kind = "tensor", graph.name = "s"}) -> !graph.any attributes {entry, graph.result_names = ["y"]} {
    %y = graph.node "onnx.Reshape" since 13(%x, %s) {} : (tensor<24xf32>, tensor<2xi64>) -> !graph.any
    graph.return %y : !graph.any
  }
}

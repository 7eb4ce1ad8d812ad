// RUN: msc-opt %s --msc-legalize-graph -split-input-file -verify-diagnostics

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any) attributes {entry, graph.result_names = ["a"]} {
    %s = graph.constant(dense<[4, -1]> : tensor<2xi64>) : tensor<2xi64>
    // expected-error @below {{cannot reshape 'tensor<2x3xf32>' to [4, -1]}}
    %a = graph.node "onnx.Reshape" since 13(%x, %s) {} : (tensor<2x3xf32>, tensor<2xi64>) -> !graph.any
    graph.return %a : !graph.any
  }
}

// -----

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3xf32> {graph.kind = "tensor", graph.name = "x"}, %s: tensor<2xi64> {graph.kind = "tensor", graph.name = "s"}) -> (!graph.any) attributes {entry, graph.result_names = ["a"]} {
    // expected-error @below {{input 1 must be integers known while compiling}}
    %a = graph.node "onnx.Reshape" since 13(%x, %s) {} : (tensor<2x3xf32>, tensor<2xi64>) -> !graph.any
    graph.return %a : !graph.any
  }
}

// -----

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any) attributes {entry, graph.result_names = ["a"]} {
    // expected-error @below {{cannot drop dimension 1 of extent 3}}
    %a = graph.node "onnx.Squeeze" since 1(%x) {axes = array<i64: 1>} : (tensor<2x3xf32>) -> !graph.any
    graph.return %a : !graph.any
  }
}

// -----

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<2x3xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any, !graph.any) attributes {entry, graph.result_names = ["a", "b"]} {
    // expected-error @below {{parts [1, 1] do not add up to the extent 3}}
    %a:2 = graph.node "onnx.Split" since 2(%x) {axis = 1 : i64, split = array<i64: 1, 1>} : (tensor<2x3xf32>) -> (!graph.any, !graph.any)
    graph.return %a#0, %a#1 : !graph.any, !graph.any
  }
}

// -----

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<1x6x2x2xf32> {graph.kind = "tensor", graph.name = "x"}) -> (!graph.any) attributes {entry, graph.result_names = ["a"]} {
    // expected-error @below {{cannot spread 6 channels over blocks of 2}}
    %a = graph.node "onnx.DepthToSpace" since 13(%x) {blocksize = 2 : i64} : (tensor<1x6x2x2xf32>) -> !graph.any
    graph.return %a : !graph.any
  }
}

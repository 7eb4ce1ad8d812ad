// What cannot work on a tensor whose size depends on data says so.
// RUN: msc-opt %s --msc-legalize-graph -split-input-file -verify-diagnostics

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<6xf32> {graph.kind = "tensor", graph.name = "x"}, %m: tensor<6xi1> {graph.kind = "tensor", graph.name = "m"}) -> (!graph.any) attributes {entry, graph.result_names = ["y"]} {
    %s = graph.node "onnx.Compress" since 13(%x, %m) {} : (tensor<6xf32>, tensor<6xi1>) -> !graph.any
    // expected-error@+1 {{'ms.softmax' of a tensor whose size depends on data ('tensor<6xf32>' at most, dimension 0) is not supported}}
    %y = graph.node "onnx.Softmax" since 13(%s) {axis = 0 : i64} : (!graph.any) -> !graph.any
    graph.return %y : !graph.any
  }
}

// -----

// The number of elements is not read off the type.
module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<6xf32> {graph.kind = "tensor", graph.name = "x"}, %m: tensor<6xi1> {graph.kind = "tensor", graph.name = "m"}) -> (!graph.any) attributes {entry, graph.result_names = ["y"]} {
    %s = graph.node "onnx.Compress" since 13(%x, %m) {} : (tensor<6xf32>, tensor<6xi1>) -> !graph.any
    // expected-error@+1 {{a tensor whose size depends on data ('tensor<6xf32>' at most) is not supported here}}
    %y = graph.node "onnx.Size" since 13(%s) {} : (!graph.any) -> !graph.any
    graph.return %y : !graph.any
  }
}

// -----

module attributes {graph.format = "onnx"} {
  graph.func @main(%x: tensor<6xf32> {graph.kind = "tensor", graph.name = "x"}, %m: tensor<6xi1> {graph.kind = "tensor", graph.name = "m"}) -> (!graph.any) attributes {entry, graph.result_names = ["y"]} {
    %s = graph.node "onnx.Compress" since 13(%x, %m) {} : (tensor<6xf32>, tensor<6xi1>) -> !graph.any
    // expected-error@+1 {{'ms.add' of tensors with a size that depends on data and with a fixed one is not supported}}
    %y = graph.node "onnx.Add" since 14(%s, %x) {} : (!graph.any, tensor<6xf32>) -> !graph.any
    graph.return %y : !graph.any
  }
}

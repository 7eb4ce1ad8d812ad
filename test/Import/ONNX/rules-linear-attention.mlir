// SPDX-License-Identifier: Apache-2.0
//
// ONNX LinearAttention: a loop over tokens, none for one.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @main(
// CHECK-NOT: ms.while
// CHECK: return {{.*}} : tensor<2x1x32xf32>, tensor<2x2x8x8xf32>
graph.func @f(%q: tensor<2x1x32xf32> {graph.name = "q"}, %k: tensor<2x1x16xf32> {graph.name = "k"}, %v: tensor<2x1x16xf32> {graph.name = "v"}) attributes {entry} {
  %0:2 = graph.node "onnx.LinearAttention" since 27 (%q, %k, %v) {q_num_heads = 4 : i64, kv_num_heads = 2 : i64, update_rule = "linear"}
      : (tensor<2x1x32xf32>, tensor<2x1x16xf32>, tensor<2x1x16xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

// The state is kept in f32.
// CHECK-LABEL: @main(
// CHECK: ms.while
// CHECK: ms.dynamic_update_slice
// CHECK: return {{.*}} : tensor<2x5x16xf16>, tensor<2x2x8x8xf16>
graph.func @f(%x: tensor<2x5x16xf16> {graph.name = "x"}) attributes {entry} {
  %0:2 = graph.node "onnx.LinearAttention" since 27 (%x, %x, %x) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64, update_rule = "linear"}
      : (tensor<2x5x16xf16>, tensor<2x5x16xf16>, tensor<2x5x16xf16>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// -----

graph.func @f(%x: tensor<2x5x16xf32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{update_rule 'gated_delta' does not go with its inputs decay and beta}}
  %0:2 = graph.node "onnx.LinearAttention" since 27 (%x, %x, %x) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64}
      : (tensor<2x5x16xf32>, tensor<2x5x16xf32>, tensor<2x5x16xf32>) -> (!graph.any, !graph.any)
  graph.return %0#0, %0#1 : !graph.any, !graph.any
}

// SPDX-License-Identifier: Apache-2.0
//
// MindIR's recurrent layers and attention.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// All weights are one vector: 16 * 3 of the input, 16 * 4 of the state, and one
// bias.
// CHECK-LABEL: @main(
// CHECK: ms.lstm %arg0, {{.*}} : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>, tensor<2x4xf32>, tensor<2x4xf32>
// CHECK: ms.reshape {{.*}} -> tensor<1x2x4xf32>
graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %h: tensor<1x2x4xf32> {graph.name = "h"}, %w: tensor<128x1x1xf32> {graph.name = "w"}) attributes {entry} {
  %0 = graph.node "mindir.LSTM" since 0 (%x, %h, %h, %w) {input_size = 3 : i64, hidden_size = 4 : i64, num_layers = 1 : i64, has_bias = true, bidirectional = false, dropout = 0.0 : f32} : (tensor<5x2x3xf32>, tensor<1x2x4xf32>, tensor<1x2x4xf32>, tensor<128x1x1xf32>) -> !graph.any
  %1 = graph.constant(1 : i64) : !graph.any
  %2 = graph.node "mindir.TupleGetItem" since 0 (%0, %1) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %2 : !graph.any
}

// -----

graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %h: tensor<1x2x4xf32> {graph.name = "h"}, %w: tensor<100x1x1xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{has 100 weights, expected at least 112}}
  %0 = graph.node "mindir.LSTM" since 0 (%x, %h, %h, %w) {hidden_size = 4 : i64} : (tensor<5x2x3xf32>, tensor<1x2x4xf32>, tensor<1x2x4xf32>, tensor<100x1x1xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %h: tensor<2x2x4xf32> {graph.name = "h"}, %w: tensor<256x1x1xf32> {graph.name = "w"}) attributes {entry} {
  // expected-error @below {{stacked or bidirectional layers in one node are not supported}}
  %0 = graph.node "mindir.LSTM" since 0 (%x, %h, %h, %w) {hidden_size = 4 : i64, num_layers = 2 : i64} : (tensor<5x2x3xf32>, tensor<2x2x4xf32>, tensor<2x2x4xf32>, tensor<256x1x1xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// Two biases follow the weights.
// CHECK-LABEL: @main(
// CHECK: ms.gru {{.*}} lengths(%arg3 : tensor<2xi32>) {reset_after}
graph.func @f(%x: tensor<5x2x3xf32> {graph.name = "x"}, %h: tensor<1x2x4xf32> {graph.name = "h"}, %w: tensor<108x1x1xf32> {graph.name = "w"}, %n: tensor<2xi32> {graph.name = "n"}) attributes {entry} {
  %0 = graph.node "mindir.GRUV2" since 0 (%x, %h, %w, %n) {hidden_size = 4 : i64} : (tensor<5x2x3xf32>, tensor<1x2x4xf32>, tensor<108x1x1xf32>, tensor<2xi32>) -> !graph.any
  %1 = graph.constant(0 : i64) : !graph.any
  %2 = graph.node "mindir.TupleGetItem" since 0 (%0, %1) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %2 : !graph.any
}

// -----

// The mask says what is dropped; grouped keys are split by the query's size.
// CHECK-LABEL: @main(
// CHECK: %[[D:.*]] = ms.cast %arg2 : tensor<1x1x4x4xui8> -> tensor<1x1x4x4xi1>
// CHECK: %[[M:.*]] = ms.logical_not %[[D]]
// CHECK: %[[Y:.*]] = ms.attention {{.*}} mask(%[[M]] : tensor<1x1x4x4xi1>) {scale = 5.000000e-01 : f64} : tensor<1x4x4x8xf16>, tensor<1x2x4x8xf16>
// CHECK: ms.transpose %[[Y]]
graph.func @f(%q: tensor<1x4x32xf16> {graph.name = "q"}, %k: tensor<1x4x16xf16> {graph.name = "k"}, %m: tensor<1x1x4x4xui8> {graph.name = "m"}) attributes {entry} {
  %none = graph.constant(unit) : !graph.any
  %0 = graph.node "mindir.FlashAttentionScore" since 0 (%q, %k, %k, %none, %none, %none, %m, %none) {head_num = 4 : i64, scale_value = 0.5 : f32, input_layout = "BSH", keep_prob = 1.0 : f32, pre_tokens = 65536 : i64, next_tokens = 65536 : i64, sparse_mode = 0 : i64} : (tensor<1x4x32xf16>, tensor<1x4x16xf16>, tensor<1x4x16xf16>, !graph.any, !graph.any, !graph.any, tensor<1x1x4x4xui8>, !graph.any) -> !graph.any
  %1 = graph.constant(3 : i64) : !graph.any
  %2 = graph.node "mindir.TupleGetItem" since 0 (%0, %1) {} : (!graph.any, !graph.any) -> !graph.any
  graph.return %2 : !graph.any
}

// -----

// Causal to the last query.
// CHECK-LABEL: @main(
// CHECK: ms.attention {{.*}} {band_high = 2 : i64
graph.func @f(%q: tensor<1x2x3x8xf16> {graph.name = "q"}, %k: tensor<1x2x5x8xf16> {graph.name = "k"}) attributes {entry} {
  %0 = graph.node "mindir.PromptFlashAttention" since 0 (%q, %k, %k) {num_heads = 2 : i64, input_layout = "BNSD", sparse_mode = 3 : i64} : (tensor<1x2x3x8xf16>, tensor<1x2x5x8xf16>, tensor<1x2x5x8xf16>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%q: tensor<6x2x8xf16> {graph.name = "q"}) attributes {entry} {
  // expected-error @below {{the input_layout TND is not supported}}
  %0 = graph.node "mindir.PromptFlashAttention" since 0 (%q, %q, %q) {num_heads = 2 : i64, input_layout = "TND"} : (tensor<6x2x8xf16>, tensor<6x2x8xf16>, tensor<6x2x8xf16>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.rotary_embedding %arg0, %arg1, %arg1 {interleaved}
graph.func @f(%x: tensor<1x2x4x8xf32> {graph.name = "x"}, %c: tensor<1x1x4x8xf32> {graph.name = "c"}) attributes {entry} {
  %0 = graph.node "mindir.RotaryPositionEmbedding" since 0 (%x, %c, %c) {mode = 1 : i64} : (tensor<1x2x4x8xf32>, tensor<1x1x4x8xf32>, tensor<1x1x4x8xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

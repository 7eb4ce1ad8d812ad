// SPDX-License-Identifier: Apache-2.0
//
// ONNX's n-gram counts and thresholds.
// RUN: msc-opt %s -split-input-file -msc-legalize-graph -verify-diagnostics | FileCheck %s

// Two 1-grams, and one 2-gram whose tokens are next to or one apart.
// CHECK-LABEL: @main(
// CHECK-COUNT-3: ms.reduce_sum
// CHECK-NOT: ms.reduce_sum
// CHECK: ms.gather {{.*}} : tensor<2x4xi32>, tensor<5xi64>
// CHECK: return {{.*}} : tensor<2x5xf32>
graph.func @f(%x: tensor<2x6xi32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.TfIdfVectorizer" since 9 (%x) {max_gram_length = 2 : i64, max_skip_count = 1 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = [0, 2], ngram_indexes = [0, 1, 4], pool_int64s = [2, 3, 5, 6]} : (tensor<2x6xi32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

graph.func @f(%x: tensor<6xi32> {graph.name = "x"}) attributes {entry} {
  // expected-error @below {{the pool's 3 tokens are not 2-grams with an index each}}
  %0 = graph.node "onnx.TfIdfVectorizer" since 9 (%x) {max_gram_length = 2 : i64, max_skip_count = 0 : i64, min_gram_length = 2 : i64, mode = "TF", ngram_counts = [0, 1], ngram_indexes = [0, 1], pool_int64s = [2, 3, 5, 6]} : (tensor<6xi32>) -> !graph.any
  graph.return %0 : !graph.any
}

// -----

// CHECK-LABEL: @main(
// CHECK: ms.greater
// CHECK: ms.cast
graph.func @f(%x: tensor<6xf32> {graph.name = "x"}) attributes {entry} {
  %0 = graph.node "onnx.ai.onnx.ml.Binarizer" since 1 (%x) {threshold = 0.5 : f32} : (tensor<6xf32>) -> !graph.any
  graph.return %0 : !graph.any
}

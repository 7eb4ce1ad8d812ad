// SPDX-License-Identifier: Apache-2.0
//
// The loops of recurrences, attention and rotary embeddings.
// RUN: msc-opt %s -msc-convert-ms-to-linalg -split-input-file | FileCheck %s

// One product for the whole input, one per step; the states are written in the
// order of the steps, from the last on.
// CHECK-LABEL: @lstm
// CHECK: %[[P:.*]] = linalg.generic {{.*}}["parallel", "parallel", "reduction", "parallel"]{{.*}} outs(%{{.*}} : tensor<5x2x16xf32>)
// CHECK: scf.for %[[S:[a-z0-9]+]] = %{{.*}} iter_args(%[[Y:.*]] = %{{.*}}, %[[H:.*]] = %arg4, %[[C:.*]] = %arg5)
// CHECK: %[[T:.*]] = arith.subi %{{.*}}, %[[S]]
// CHECK: tensor.extract_slice %[[P]][%[[T]], 0, 0] [1, 2, 16]
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]{{.*}} ins(%[[H]], %arg2
// CHECK: %[[N:.*]]:3 = linalg.generic {{.*}}["parallel", "parallel"]
// CHECK-SAME: outs(%{{.*}}, %[[H]], %[[C]]
// CHECK: tensor.insert_slice %[[N]]#0 into %[[Y]][%[[T]], 0, 0]
// CHECK: scf.yield %{{.*}}, %[[N]]#1, %[[N]]#2
func.func @lstm(%x: tensor<5x2x3xf32>, %w: tensor<3x16xf32>, %r: tensor<4x16xf32>, %b: tensor<16xf32>,
                %h: tensor<2x4xf32>, %c: tensor<2x4xf32>) -> tensor<5x2x4xf32> {
  %y, %hn, %cn = ms.lstm %x, %w, %r, %b, %h, %c {reverse}
      : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>, tensor<2x4xf32>, tensor<2x4xf32>
  return %y : tensor<5x2x4xf32>
}

// -----

// The reset gate comes before the candidate's product; f16 is computed in f32.
// CHECK-LABEL: @gru
// CHECK: scf.for
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]{{.*}} outs(%{{.*}} : tensor<2x8xf32>)
// CHECK: %[[R:.*]] = linalg.generic {{.*}}["parallel", "parallel"]{{.*}} outs(%{{.*}} : tensor<2x4xf32>)
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]{{.*}} ins(%[[R]],
// CHECK: scf.yield
// CHECK: arith.truncf
func.func @gru(%x: tensor<5x2x3xf16>, %w: tensor<3x12xf16>, %r: tensor<4x12xf16>, %b: tensor<12xf16>,
               %h: tensor<2x4xf16>) -> tensor<5x2x4xf16> {
  %y, %hn = ms.gru %x, %w, %r, %b, %b, %h
      : tensor<5x2x3xf16>, tensor<3x12xf16>, tensor<4x12xf16>, tensor<12xf16>, tensor<12xf16>, tensor<2x4xf16>
  return %y : tensor<5x2x4xf16>
}

// -----

// Steps behind the end give zeros and keep the state.
// CHECK-LABEL: @rnn
// CHECK: scf.for %[[T:[a-z0-9]+]] =
// CHECK: ^bb0(%{{.*}}: f32, %[[L:.*]]: i32, %{{.*}}: f32, %[[OLD:.*]]: f32):
// CHECK: %[[NEW:.*]] = {{.*}}call @msc_tanh_f32
// CHECK: %[[I:.*]] = arith.index_cast %[[L]]
// CHECK: %[[A:.*]] = arith.cmpi slt, %[[T]], %[[I]]
// CHECK: arith.select %[[A]], %[[NEW]], %{{.*}}
// CHECK: arith.select %[[A]], %[[NEW]], %[[OLD]]
func.func @rnn(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>,
               %h: tensor<2x4xf32>, %n: tensor<2xi32>) -> tensor<5x2x4xf32> {
  %y, %hn = ms.rnn %x, %w, %r, %b, %h lengths(%n : tensor<2xi32>)
      : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return %y : tensor<5x2x4xf32>
}

// -----

// Keys are transposed; query heads are split into groups that share keys.
// CHECK-LABEL: @attention
// CHECK: linalg.transpose
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "parallel"]{{.*}} outs(%{{.*}} : tensor<1x2x3x4x5xf32>)
// CHECK: arith.cmpi slt, %{{.*}}, %{{.*}} : index
// CHECK: func.call @msc_exp_f32
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "parallel"]{{.*}} outs(%{{.*}} : tensor<1x2x3x4x7xf32>)
// CHECK: arith.divf
func.func @attention(%q: tensor<1x6x4x8xf32>, %k: tensor<1x2x5x8xf32>, %v: tensor<1x2x5x7xf32>) -> tensor<1x6x4x7xf32> {
  %0 = ms.attention %q, %k, %v {scale = 0.5 : f64, band_high = 1 : i64}
      : tensor<1x6x4x8xf32>, tensor<1x2x5x8xf32>, tensor<1x2x5x7xf32>
  return %0 : tensor<1x6x4x7xf32>
}

// -----

// A single query reads the keys as they lie.
// CHECK-LABEL: @decode
// CHECK-NOT: linalg.transpose
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]
func.func @decode(%q: tensor<1x2x1x8xf32>, %k: tensor<1x2x5x8xf32>) -> tensor<1x2x1x8xf32> {
  %0 = ms.attention %q, %k, %k {scale = 0.5 : f64} : tensor<1x2x1x8xf32>, tensor<1x2x5x8xf32>, tensor<1x2x5x8xf32>
  return %0 : tensor<1x2x1x8xf32>
}

// -----

// The other one of a pair is read with 1 - index.
// CHECK: affine_map<(d0, d1, d2) -> (d0, -d1 + 1, d2)>
// CHECK-LABEL: @rotary
// CHECK: tensor.insert_slice %{{.*}} into %arg0[0, 0] [2, 4]
func.func @rotary(%x: tensor<2x6xf32>, %c: tensor<1x4xf32>) -> tensor<2x6xf32> {
  %0 = ms.rotary_embedding %x, %c, %c : tensor<2x6xf32>, tensor<1x4xf32>, tensor<1x4xf32>
  return %0 : tensor<2x6xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// The kernel contract holds attention with an online softmax: one stage, a
// point per head and block of queries, that never stores the scores. What each
// point keeps besides its result is a slice of the workspace.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @attention
// CHECK: ms.softmax
// CHECK: stages {
// CHECK-NEXT: ^bb0(%{{.*}}: memref<4x32x16xf32>, %{{.*}}: memref<4x32x16xf32>, %{{.*}}: memref<4x32x16xf32>, %{{.*}}: memref<4x32x16xf32>, %{{.*}}: memref<4x4x8x8xf32>):
// CHECK: ms.stage "attend" grid [4, 4, 1]
func.func @attention(%q: tensor<4x32x16xf32>, %k: tensor<4x32x16xf32>, %v: tensor<4x32x16xf32>)
    -> tensor<4x32x16xf32> {
  %0 = ms.kernel (%q, %k, %v)
      : (tensor<4x32x16xf32>, tensor<4x32x16xf32>, tensor<4x32x16xf32>) -> tensor<4x32x16xf32> {
  ^bb0(%a: tensor<4x32x16xf32>, %b: tensor<4x32x16xf32>, %c: tensor<4x32x16xf32>):
    %scores = ms.matmul %a, %b {transpose_rhs} : tensor<4x32x16xf32>, tensor<4x32x16xf32>
    %scale = ms.constant dense<0.25> : tensor<f32>
    %scaled = ms.mul %scores, %scale : tensor<4x32x32xf32>, tensor<f32>
    %weights = ms.softmax %scaled {axis = 2 : i64} : tensor<4x32x32xf32>
    %result = ms.matmul %weights, %c : tensor<4x32x32xf32>, tensor<4x32x16xf32>
    ms.yield %result : tensor<4x32x16xf32>
  } stages {
  ^bb0(%a: memref<4x32x16xf32>, %b: memref<4x32x16xf32>, %c: memref<4x32x16xf32>, %r: memref<4x32x16xf32>,
       %scratch: memref<4x4x8x8xf32>):
    ms.stage "attend" grid [4, 4, 1] {
    ^bb0(%head: index, %block: index, %u: index):
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c32 = arith.constant 32 : index
      %zero = arith.constant 0.0 : f32
      %scale = arith.constant dense<0.25> : vector<8x8xf32>
      %none = arith.constant dense<0.0> : vector<8x8xf32>
      %lowest = arith.constant dense<0xFF800000> : vector<8xf32>
      %empty = arith.constant dense<0.0> : vector<8xf32>
      %nothing = arith.constant dense<0.0> : vector<8x16xf32>
      %row = affine.apply affine_map<(d0) -> (d0 * 8)>(%block)
      %queries = vector.transfer_read %a[%head, %row, %c0], %zero : memref<4x32x16xf32>, vector<8x16xf32>
      // Running maximum, sum and result; all are rescaled when the maximum grows.
      %max, %sum, %out = scf.for %key = %c0 to %c32 step %c8
          iter_args(%m = %lowest, %s = %empty, %o = %nothing) -> (vector<8xf32>, vector<8xf32>, vector<8x16xf32>) {
        %keys = vector.transfer_read %b[%head, %key, %c0], %zero : memref<4x32x16xf32>, vector<8x16xf32>
        %values = vector.transfer_read %c[%head, %key, %c0], %zero : memref<4x32x16xf32>, vector<8x16xf32>
        %dots = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %queries, %keys, %none : vector<8x16xf32>, vector<8x16xf32> into vector<8x8xf32>
        %scores = arith.mulf %dots, %scale : vector<8x8xf32>
        %m1 = vector.multi_reduction <maximumf>, %scores, %m [1] : vector<8x8xf32> to vector<8xf32>
        %shift0 = arith.subf %m, %m1 : vector<8xf32>
        %shift = math.exp %shift0 : vector<8xf32>
        %m2 = vector.broadcast %m1 : vector<8xf32> to vector<8x8xf32>
        %m3 = vector.transpose %m2, [1, 0] : vector<8x8xf32> to vector<8x8xf32>
        %centred = arith.subf %scores, %m3 : vector<8x8xf32>
        %weights = math.exp %centred : vector<8x8xf32>
        vector.transfer_write %weights, %scratch[%head, %block, %c0, %c0] : vector<8x8xf32>, memref<4x4x8x8xf32>
        %s0 = arith.mulf %s, %shift : vector<8xf32>
        %s1 = vector.multi_reduction <add>, %weights, %s0 [1] : vector<8x8xf32> to vector<8xf32>
        %shifts0 = vector.broadcast %shift : vector<8xf32> to vector<16x8xf32>
        %shifts = vector.transpose %shifts0, [1, 0] : vector<16x8xf32> to vector<8x16xf32>
        %o0 = arith.mulf %o, %shifts : vector<8x16xf32>
        %stored = vector.transfer_read %scratch[%head, %block, %c0, %c0], %zero : memref<4x4x8x8xf32>, vector<8x8xf32>
        %o1 = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %stored, %values, %o0 : vector<8x8xf32>, vector<8x16xf32> into vector<8x16xf32>
        scf.yield %m1, %s1, %o1 : vector<8xf32>, vector<8xf32>, vector<8x16xf32>
      }
      %sums0 = vector.broadcast %sum : vector<8xf32> to vector<16x8xf32>
      %sums = vector.transpose %sums0, [1, 0] : vector<16x8xf32> to vector<8x16xf32>
      %result = arith.divf %out, %sums : vector<8x16xf32>
      vector.transfer_write %result, %r[%head, %row, %c0] : vector<8x16xf32>, memref<4x32x16xf32>
      ms.yield
    }
    ms.yield
  }
  return %0 : tensor<4x32x16xf32>
}

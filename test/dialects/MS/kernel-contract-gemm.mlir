// SPDX-License-Identifier: Apache-2.0
//
// The kernel contract holds a tiled GEMM with a fused epilogue: the right-hand
// side is packed into panels first, then a grid of tiles is multiplied from
// vectors.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @gemm
// CHECK: ms.kernel
// CHECK: ms.yield %{{.*}} : tensor<64x96xf32>
// CHECK: stages {
// CHECK-NEXT: ^bb0(%{{.*}}: memref<64x128xf32>, %{{.*}}: memref<128x96xf32>, %{{.*}}: memref<96xf32>, %{{.*}}: memref<64x96xf32>, %{{.*}}: memref<6x128x16xf32>):
// CHECK: ms.stage "pack" grid [6, 1, 1]
// CHECK: ms.stage "multiply" grid [16, 6, 1]
func.func @gemm(%a: tensor<64x128xf32>, %b: tensor<128x96xf32>, %bias: tensor<96xf32>) -> tensor<64x96xf32> {
  %0 = ms.kernel (%a, %b, %bias) : (tensor<64x128xf32>, tensor<128x96xf32>, tensor<96xf32>) -> tensor<64x96xf32> {
  ^bb0(%x: tensor<64x128xf32>, %y: tensor<128x96xf32>, %c: tensor<96xf32>):
    %product = ms.matmul %x, %y : tensor<64x128xf32>, tensor<128x96xf32>
    %sum = ms.add %product, %c : tensor<64x96xf32>, tensor<96xf32>
    %r = ms.relu %sum : tensor<64x96xf32>
    ms.yield %r : tensor<64x96xf32>
  } stages {
  ^bb0(%x: memref<64x128xf32>, %y: memref<128x96xf32>, %c: memref<96xf32>, %r: memref<64x96xf32>,
       %panels: memref<6x128x16xf32>):
    ms.stage "pack" grid [6, 1, 1] {
    ^bb0(%panel: index, %u0: index, %u1: index):
      %from = affine.apply affine_map<(d0) -> (d0 * 16)>(%panel)
      %columns = memref.subview %y[0, %from] [128, 16] [1, 1]
        : memref<128x96xf32> to memref<128x16xf32, strided<[96, 1], offset: ?>>
      %to = memref.subview %panels[%panel, 0, 0] [1, 128, 16] [1, 1, 1]
        : memref<6x128x16xf32> to memref<128x16xf32, strided<[16, 1], offset: ?>>
      linalg.copy ins(%columns : memref<128x16xf32, strided<[96, 1], offset: ?>>)
                  outs(%to : memref<128x16xf32, strided<[16, 1], offset: ?>>)
      ms.yield
    }
    ms.stage "multiply" grid [16, 6, 1] {
    ^bb0(%i: index, %j: index, %u: index):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c128 = arith.constant 128 : index
      %zero = arith.constant dense<0.0> : vector<4x16xf32>
      %zeros = arith.constant 0.0 : f32
      %row = arith.muli %i, %c4 : index
      %column = affine.apply affine_map<(d0) -> (d0 * 16)>(%j)
      %tile = scf.for %k = %c0 to %c128 step %c1 iter_args(%acc = %zero) -> vector<4x16xf32> {
        %left = vector.transfer_read %x[%row, %k], %zeros
          {permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<64x128xf32>, vector<4xf32>
        %right = vector.transfer_read %panels[%j, %k, %c0], %zeros : memref<6x128x16xf32>, vector<16xf32>
        %next = vector.outerproduct %left, %right, %acc : vector<4xf32>, vector<16xf32>
        scf.yield %next : vector<4x16xf32>
      }
      %add = vector.transfer_read %c[%column], %zeros : memref<96xf32>, vector<16xf32>
      %wide = vector.broadcast %add : vector<16xf32> to vector<4x16xf32>
      %sum = arith.addf %tile, %wide : vector<4x16xf32>
      %out = arith.maximumf %sum, %zero : vector<4x16xf32>
      vector.transfer_write %out, %r[%row, %column] : vector<4x16xf32>, memref<64x96xf32>
      ms.yield
    }
    ms.yield
  }
  return %0 : tensor<64x96xf32>
}

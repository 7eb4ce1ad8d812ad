// SPDX-License-Identifier: Apache-2.0
//
// The kernel contract holds a Winograd convolution F(2,3): three grid stages
// over two workspaces. The filter arrives transformed, packed by the bind
// function; the input has a halo; activations are NHWC.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @winograd
// CHECK: stages {
// CHECK-NEXT: ^bb0(%{{.*}}: memref<1x10x10x16xf32>, %{{.*}}: memref<16x16x32xf32>, %{{.*}}: memref<1x8x8x32xf32>, %{{.*}}: memref<16x16x16xf32>, %{{.*}}: memref<16x16x32xf32>):
// CHECK: ms.stage "input" grid [4, 4, 1]
// CHECK: ms.stage "multiply" grid [16, 1, 1]
// CHECK: ms.stage "output" grid [4, 4, 1]
func.func @winograd(%x: tensor<1x16x8x8xf32>, %w: tensor<32x16x3x3xf32>) -> tensor<1x32x8x8xf32> {
  %0 = ms.kernel (%x, %w) : (tensor<1x16x8x8xf32>, tensor<32x16x3x3xf32>) -> tensor<1x32x8x8xf32> {
  ^bb0(%a: tensor<1x16x8x8xf32>, %b: tensor<32x16x3x3xf32>):
    %c = ms.conv %a, %b {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
        dilations = array<i64: 1, 1>} : tensor<1x16x8x8xf32>, tensor<32x16x3x3xf32>
    %r = ms.relu %c : tensor<1x32x8x8xf32>
    ms.yield %r : tensor<1x32x8x8xf32>
  } stages {
  ^bb0(%a: memref<1x10x10x16xf32>, %b: memref<16x16x32xf32>, %r: memref<1x8x8x32xf32>,
       %v: memref<16x16x16xf32>, %m: memref<16x16x32xf32>):
    // v[4 i + j, tile, c] = (B^T d B)[i, j] with d the 4x4 patch of the tile.
    ms.stage "input" grid [4, 4, 1] {
    ^bb0(%ty: index, %tx: index, %u: index):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c16 = arith.constant 16 : index
      %y = affine.apply affine_map<(d0) -> (d0 * 2)>(%ty)
      %x0 = affine.apply affine_map<(d0) -> (d0 * 2)>(%tx)
      %tile = affine.apply affine_map<(d0, d1) -> (d0 * 4 + d1)>(%ty, %tx)
      %zero = arith.constant 0.0 : f32
      %bt = arith.constant dense<[[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 1.0, 0.0],
                                  [0.0, -1.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0]]> : vector<4x4xf32>
      %clear = arith.constant dense<0.0> : vector<4x4xf32>
      scf.for %c = %c0 to %c16 step %c1 {
        %d = vector.transfer_read %a[%c0, %y, %x0, %c], %zero
          {permutation_map = affine_map<(d0, d1, d2, d3) -> (d1, d2)>} : memref<1x10x10x16xf32>, vector<4x4xf32>
        %half = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %bt, %d, %clear : vector<4x4xf32>, vector<4x4xf32> into vector<4x4xf32>
        %full = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %half, %bt, %clear : vector<4x4xf32>, vector<4x4xf32> into vector<4x4xf32>
        %flat = vector.shape_cast %full : vector<4x4xf32> to vector<16xf32>
        vector.transfer_write %flat, %v[%c0, %tile, %c]
          {permutation_map = affine_map<(d0, d1, d2) -> (d0)>} : vector<16xf32>, memref<16x16x16xf32>
      }
      ms.yield
    }
    // 16 independent products, tiles x channels by channels x filters.
    ms.stage "multiply" grid [16, 1, 1] {
    ^bb0(%i: index, %u0: index, %u1: index):
      %zero = arith.constant 0.0 : f32
      %lhs = memref.subview %v[%i, 0, 0] [1, 16, 16] [1, 1, 1]
        : memref<16x16x16xf32> to memref<16x16xf32, strided<[16, 1], offset: ?>>
      %rhs = memref.subview %b[%i, 0, 0] [1, 16, 32] [1, 1, 1]
        : memref<16x16x32xf32> to memref<16x32xf32, strided<[32, 1], offset: ?>>
      %out = memref.subview %m[%i, 0, 0] [1, 16, 32] [1, 1, 1]
        : memref<16x16x32xf32> to memref<16x32xf32, strided<[32, 1], offset: ?>>
      linalg.fill ins(%zero : f32) outs(%out : memref<16x32xf32, strided<[32, 1], offset: ?>>)
      linalg.matmul ins(%lhs, %rhs : memref<16x16xf32, strided<[16, 1], offset: ?>>,
                                     memref<16x32xf32, strided<[32, 1], offset: ?>>)
                    outs(%out : memref<16x32xf32, strided<[32, 1], offset: ?>>)
      ms.yield
    }
    // r[2 ty + i, 2 tx + j, f] = relu((A^T m A)[i, j])
    ms.stage "output" grid [4, 4, 1] {
    ^bb0(%ty: index, %tx: index, %u: index):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c32 = arith.constant 32 : index
      %y = affine.apply affine_map<(d0) -> (d0 * 2)>(%ty)
      %x0 = affine.apply affine_map<(d0) -> (d0 * 2)>(%tx)
      %tile = affine.apply affine_map<(d0, d1) -> (d0 * 4 + d1)>(%ty, %tx)
      %zero = arith.constant 0.0 : f32
      %at = arith.constant dense<[[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, -1.0, -1.0]]> : vector<2x4xf32>
      %clear = arith.constant dense<0.0> : vector<2x4xf32>
      %low = arith.constant dense<0.0> : vector<2x2xf32>
      scf.for %f = %c0 to %c32 step %c1 {
        %flat = vector.transfer_read %m[%c0, %tile, %f], %zero
          {permutation_map = affine_map<(d0, d1, d2) -> (d0)>} : memref<16x16x32xf32>, vector<16xf32>
        %p = vector.shape_cast %flat : vector<16xf32> to vector<4x4xf32>
        %half = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %at, %p, %clear : vector<2x4xf32>, vector<4x4xf32> into vector<2x4xf32>
        %full = vector.contract {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>,
            affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
          %half, %at, %low : vector<2x4xf32>, vector<2x4xf32> into vector<2x2xf32>
        %relu = arith.maximumf %full, %low : vector<2x2xf32>
        vector.transfer_write %relu, %r[%c0, %y, %x0, %f]
          {permutation_map = affine_map<(d0, d1, d2, d3) -> (d1, d2)>} : vector<2x2xf32>, memref<1x8x8x32xf32>
      }
      ms.yield
    }
    ms.yield
  }
  return %0 : tensor<1x32x8x8xf32>
}

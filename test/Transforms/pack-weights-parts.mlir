// RUN: msc-opt %s --pass-pipeline='builtin.module(msc-pack-weights{panel=16 parts=2 fewest-rows=4},func.func(msc-form-kernels))' | FileCheck %s

// Large enough products read weights as sums of parts in tiles, with zeros up to
// whole tiles; reading them is part of the kernel.
// CHECK-LABEL: func.func @bind
// CHECK-SAME: -> (tensor<3x32x16x2xbf16>, tensor<3x32x16x2xbf16>)
// CHECK: ms.pad %{{.*}} {high = array<i64: 29, 8>, low = array<i64: 0, 0>} : tensor<35x40xf32>
// CHECK: ms.cast %{{.*}} : tensor<64x48xf32> -> tensor<64x48xbf16>
// CHECK: ms.transpose %{{.*}} {permutation = array<i64: 2, 0, 3, 1>} : tensor<32x2x3x16xbf16>
// CHECK: %[[BACK:.*]] = ms.cast %{{.*}} : tensor<64x48xbf16> -> tensor<64x48xf32>
// CHECK-NEXT: %[[REST:.*]] = ms.sub %{{.*}}, %[[BACK]]
// CHECK-NEXT: ms.cast %[[REST]] : tensor<64x48xf32> -> tensor<64x48xbf16>
// CHECK: ms.transpose
func.func @bind(%w: tensor<35x40xf32> {ms.parameter = "w"}) -> tensor<35x40xf32> {
  return %w : tensor<35x40xf32>
}
// CHECK-LABEL: func.func @main
// CHECK: ms.kernel
// CHECK-NEXT: ^bb0
// CHECK-NEXT: ms.slice %{{.*}} {sizes = array<i64: 3, 18, 16, 2>
// CHECK-NEXT: ms.transpose
// CHECK-NEXT: ms.unpack_panels %{{.*}} {axis = 1 : i64, extent = 35 : i64} : tensor<18x3x16x2xbf16>
// CHECK-NEXT: ms.unpack_panels %{{.*}} {axis = 0 : i64, extent = 40 : i64} : tensor<3x35x16xbf16>
// CHECK: ms.add
// CHECK-NEXT: ms.matmul %{{.*}}, %{{.*}} : tensor<5x35xf32>, tensor<35x40xf32>
// CHECK-NEXT: ms.relu
// CHECK-NOT: ms.kernel
func.func @main(%x: tensor<5x35xf32>, %w: tensor<35x40xf32> {ms.packed = 0 : i64}) -> tensor<5x40xf32> {
  %0 = ms.matmul %x, %w : tensor<5x35xf32>, tensor<35x40xf32>
  %1 = ms.relu %0 : tensor<5x40xf32>
  return %1 : tensor<5x40xf32>
}

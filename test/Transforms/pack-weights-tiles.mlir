// Filters of 3 x 3 taps are transformed before they are packed, where the result
// can be cut into tiles; others stay.
// RUN: msc-opt %s --pass-pipeline='builtin.module(msc-pack-weights{panel=16 tile=4})' | FileCheck %s

// CHECK-LABEL: func.func @bind
// CHECK-SAME: -> (tensor<1x6x6x4x16xf32>, tensor<1x3x3x8x16xf32>)
// CHECK-DAG: ms.reshape %{{.*}} : tensor<8x4x3x3xf32> -> tensor<32x9xf32>
// CHECK-DAG: ms.matmul %{{.*}}, %{{.*}} : tensor<32x9xf32>, tensor<9x36xf32>
// CHECK-DAG: ms.reshape %{{.*}} : tensor<32x36xf32> -> tensor<8x4x6x6xf32>
func.func @bind(%w: tensor<8x4x3x3xf32> {ms.parameter = "w"}, %v: tensor<8x8x3x3xf32> {ms.parameter = "v"})
    -> (tensor<8x4x3x3xf32>, tensor<8x8x3x3xf32>) {
  return %w, %v : tensor<8x4x3x3xf32>, tensor<8x8x3x3xf32>
}
// CHECK-LABEL: func.func @main
// CHECK: ms.conv {{.*}} tile = 4 : i64{{.*}} : tensor<1x4x12x8xf32>, tensor<8x4x6x6xf32>
// CHECK-NOT: tile =
// CHECK: ms.conv {{.*}} : tensor<1x8x12x8xf32>, tensor<8x8x3x3xf32>
func.func @main(%x: tensor<1x4x12x8xf32>, %w: tensor<8x4x3x3xf32> {ms.packed = 0 : i64},
                %v: tensor<8x8x3x3xf32> {ms.packed = 1 : i64}) -> tensor<1x8x10x6xf32> {
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>} : tensor<1x4x12x8xf32>, tensor<8x4x3x3xf32>
  %1 = ms.conv %0, %v {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x8x12x8xf32>, tensor<8x8x3x3xf32>
  return %1 : tensor<1x8x10x6xf32>
}

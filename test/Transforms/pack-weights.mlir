// Weights are stored as products read them; what nothing reads is dropped.
// RUN: msc-opt %s --split-input-file --pass-pipeline='builtin.module(msc-pack-weights{panel=16},func.func(msc-form-kernels))' | FileCheck %s

// A matrix used as it is and transposed: panels of its columns, and of its rows.
// CHECK-LABEL: func.func @bind
// CHECK-SAME: -> (tensor<2x6x16xf32>, tensor<1x20x16xf32>)
// CHECK-DAG: ms.pad %{{.*}} {high = array<i64: 0, 12>, low = array<i64: 0, 0>} : tensor<6x20xf32>
// CHECK-DAG: ms.transpose %{{.*}} {permutation = array<i64: 1, 0, 2>} : tensor<6x2x16xf32>
// CHECK-DAG: ms.pad %{{.*}} {high = array<i64: 10, 0>, low = array<i64: 0, 0>} : tensor<6x20xf32>
// CHECK-DAG: ms.transpose %{{.*}} {permutation = array<i64: 0, 2, 1>} : tensor<1x16x20xf32>
func.func @bind(%w: tensor<6x20xf32> {ms.parameter = "w"}) -> tensor<6x20xf32> {
  return %w : tensor<6x20xf32>
}
// Reading them is part of the product's kernel.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<3x6xf32>, %[[P:.*]]: tensor<2x6x16xf32> {ms.packed = {{[01]}} : i64}, %[[Q:.*]]: tensor<1x20x16xf32> {ms.packed = {{[01]}} : i64})
// CHECK: ms.kernel(%[[P]], %[[X]]) {name = "matmul"}
// CHECK: ms.unpack_panels %{{.*}} {axis = 0 : i64, extent = 20 : i64} : tensor<2x6x16xf32>
// CHECK-NEXT: ms.transpose %{{.*}} {permutation = array<i64: 1, 0>} : tensor<20x6xf32>
// CHECK-NEXT: ms.matmul %{{.*}}, %{{.*}} : tensor<3x6xf32>, tensor<6x20xf32>
// CHECK: ms.kernel(%[[Q]], %{{.*}}) {name = "matmul"}
// CHECK: ms.unpack_panels %{{.*}} {axis = 0 : i64, extent = 6 : i64} : tensor<1x20x16xf32>
// CHECK-NEXT: ms.transpose %{{.*}} {permutation = array<i64: 1, 0>} : tensor<6x20xf32>
// CHECK-NEXT: ms.matmul %{{.*}}, %{{.*}} : tensor<3x20xf32>, tensor<20x6xf32>
func.func @main(%x: tensor<3x6xf32>, %w: tensor<6x20xf32> {ms.packed = 0 : i64}) -> tensor<3x6xf32> {
  %0 = ms.matmul %x, %w : tensor<3x6xf32>, tensor<6x20xf32>
  %1 = ms.matmul %0, %w {transpose_rhs} : tensor<3x20xf32>, tensor<6x20xf32>
  return %1 : tensor<3x6xf32>
}

// -----

// Filters: panels of outputs, or the outputs innermost where each output reads
// one channel. Filters of groups stay, and so does what is read otherwise.
// CHECK-LABEL: func.func @bind
// CHECK-SAME: -> (tensor<8x2x3x3xf32>, tensor<1x3x3x4x16xf32>, tensor<3x3x1x8xf32>)
func.func @bind(%w: tensor<8x4x3x3xf32> {ms.parameter = "w"}, %d: tensor<8x1x3x3xf32> {ms.parameter = "d"},
                %g: tensor<8x2x3x3xf32> {ms.parameter = "g"})
    -> (tensor<8x4x3x3xf32>, tensor<8x1x3x3xf32>, tensor<8x2x3x3xf32>) {
  return %w, %d, %g : tensor<8x4x3x3xf32>, tensor<8x1x3x3xf32>, tensor<8x2x3x3xf32>
}
// CHECK-LABEL: func.func @main
// CHECK: ms.unpack_panels %{{.*}} {axis = 0 : i64, extent = 8 : i64} : tensor<1x3x3x4x16xf32>
// CHECK-NEXT: ms.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>} : tensor<8x3x3x4xf32>
// CHECK-NEXT: ms.conv
// CHECK: ms.transpose %{{.*}} {permutation = array<i64: 3, 2, 0, 1>} : tensor<3x3x1x8xf32>
// CHECK-NEXT: ms.conv
// CHECK: ^bb0(%[[X:.*]]: tensor<1x8x6x6xf32>, %[[G:.*]]: tensor<8x2x3x3xf32>)
// CHECK-NEXT: ms.conv %[[X]], %[[G]]
func.func @main(%x: tensor<1x4x10x10xf32>, %w: tensor<8x4x3x3xf32> {ms.packed = 0 : i64},
                %d: tensor<8x1x3x3xf32> {ms.packed = 1 : i64}, %g: tensor<8x2x3x3xf32> {ms.packed = 2 : i64})
    -> tensor<1x8x4x4xf32> {
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x10x10xf32>, tensor<8x4x3x3xf32>
  %1 = ms.conv %0, %d {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 8 : i64} : tensor<1x8x8x8xf32>, tensor<8x1x3x3xf32>
  %2 = ms.conv %1, %g {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 4 : i64} : tensor<1x8x6x6xf32>, tensor<8x2x3x3xf32>
  return %2 : tensor<1x8x4x4xf32>
}

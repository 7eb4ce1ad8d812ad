// Transposes move behind what moves data whole, and cancel.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-move-transposes))' | FileCheck %s

// CHECK-LABEL: func.func @cancel
// CHECK-NOT: ms.transpose
// CHECK: %[[C:.*]] = ms.concat %arg0, %arg0 {axis = 3 : i64}
// CHECK-NEXT: %[[R:.*]] = ms.relu %[[C]]
// CHECK-NEXT: %[[S:.*]] = ms.slice %[[R]] {sizes = array<i64: 1, 2, 2, 4>, starts = array<i64: 0, 1, 0, 2>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: return %[[S]]
func.func @cancel(%x: tensor<1x3x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %a = ms.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x3x2x4xf32>
  %b = ms.concat %a, %a {axis = 1 : i64} : tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>
  %c = ms.relu %b : tensor<1x8x3x2xf32>
  %d = ms.slice %c {starts = array<i64: 0, 2, 1, 0>, sizes = array<i64: 1, 4, 2, 2>, steps = array<i64: 1, 1, 1, 1>} : tensor<1x8x3x2xf32>
  %e = ms.transpose %d {permutation = array<i64: 0, 2, 3, 1>} : tensor<1x4x2x2xf32>
  return %e : tensor<1x2x2x4xf32>
}

// CHECK-LABEL: func.func @gather
// CHECK: %[[G:.*]] = ms.gather %arg0, %arg1 {axis = 2 : i64}
// CHECK-NEXT: %[[T:.*]] = ms.transpose %[[G]] {permutation = array<i64: 2, 0, 1>}
// CHECK-NEXT: return %[[T]]
func.func @gather(%x: tensor<2x3x4xf32>, %i: tensor<5xi64>) -> tensor<5x2x3xf32> {
  %a = ms.transpose %x {permutation = array<i64: 2, 0, 1>} : tensor<2x3x4xf32>
  %b = ms.gather %a, %i {axis = 0 : i64} : tensor<4x2x3xf32>, tensor<5xi64>
  return %b : tensor<5x2x3xf32>
}

// Operands in different orders stay as they are.
// CHECK-LABEL: func.func @differ
// CHECK: ms.transpose
// CHECK: ms.transpose
// CHECK: ms.add
func.func @differ(%x: tensor<2x3x4xf32>, %y: tensor<3x4x2xf32>) -> tensor<4x2x3xf32> {
  %a = ms.transpose %x {permutation = array<i64: 2, 0, 1>} : tensor<2x3x4xf32>
  %b = ms.transpose %y {permutation = array<i64: 1, 2, 0>} : tensor<3x4x2xf32>
  %c = ms.add %a, %b : tensor<4x2x3xf32>, tensor<4x2x3xf32>
  return %c : tensor<4x2x3xf32>
}

// A small operand in another order is transposed for the sake of a large one.
// CHECK-LABEL: func.func @mixed
// CHECK: %[[S:.*]] = ms.transpose %arg1 {permutation = array<i64: 0, 2, 3, 1>} : tensor<1x2x3x5xf32>
// CHECK: %[[C:.*]] = ms.concat %arg0, %[[S]] {axis = 3 : i64} : tensor<1x3x5x9xf32>, tensor<1x3x5x2xf32>
// CHECK: return %[[C]]
func.func @mixed(%large: tensor<1x3x5x9xf32>, %small: tensor<1x2x3x5xf32>) -> tensor<1x3x5x11xf32> {
  %a = ms.transpose %large {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x3x5x9xf32>
  %b = ms.concat %a, %small {axis = 1 : i64} : tensor<1x9x3x5xf32>, tensor<1x2x3x5xf32>
  %c = ms.transpose %b {permutation = array<i64: 0, 2, 3, 1>} : tensor<1x11x3x5xf32>
  return %c : tensor<1x3x5x11xf32>
}

// The other way round it stays.
// CHECK-LABEL: func.func @small
// CHECK: ms.concat %{{.*}}, %arg1 {axis = 1 : i64}
func.func @small(%small: tensor<1x3x5x2xf32>, %large: tensor<1x9x3x5xf32>) -> tensor<1x11x3x5xf32> {
  %a = ms.transpose %small {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x3x5x2xf32>
  %b = ms.concat %a, %large {axis = 1 : i64} : tensor<1x2x3x5xf32>, tensor<1x9x3x5xf32>
  return %b : tensor<1x11x3x5xf32>
}

// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-form-kernels))' | FileCheck %s

// A root takes the elementwise ops after it; small constants are copied in.
// CHECK-LABEL: func.func @epilogue
// CHECK: %[[K:.+]] = ms.kernel(%arg0, %arg1)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: ms.matmul
// CHECK-NEXT: ms.constant
// CHECK-NEXT: ms.add
// CHECK-NEXT: ms.relu
// CHECK-NEXT: ms.yield
// CHECK: return %[[K]]
func.func @epilogue(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %c = ms.constant dense<1.0> : tensor<4xf32>
  %0 = ms.matmul %a, %b : tensor<2x3xf32>, tensor<3x4xf32>
  %1 = ms.add %0, %c : tensor<2x4xf32>, tensor<4xf32>
  %2 = ms.relu %1 : tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// A value with users in two kernels is computed once, in its own.
// CHECK-LABEL: func.func @shared
// CHECK-COUNT-3: ms.kernel
// CHECK-NOT: ms.kernel
func.func @shared(%a: tensor<4xf32>, %w: tensor<4x4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = ms.exp %a : tensor<4xf32>
  %1 = ms.reduce_sum %w {axes = array<i64: 0>} : tensor<4x4xf32>
  %2 = ms.neg %0 : tensor<4xf32>
  %3 = ms.add %0, %1 : tensor<4xf32>, tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// An assertion is a kernel without results, with what computes its condition.
// CHECK-LABEL: func.func @assertion
// CHECK: ms.kernel(%arg0) {name = "less_assert"} : (tensor<4xf32>) -> () {
// CHECK: ms.less
// CHECK-NEXT: ms.assert
// CHECK-NEXT: ms.yield
func.func @assertion(%a: tensor<4xf32>) {
  %c = ms.constant dense<1.0> : tensor<f32>
  %0 = ms.less %a, %c : tensor<4xf32>, tensor<f32>
  ms.assert %0, "bad" : tensor<4xi1>
  return
}

// Interpolation reads an image at two places: one kernel.
// CHECK-LABEL: func.func @interpolation
// CHECK-COUNT-1: ms.kernel
// CHECK-NOT: ms.kernel
func.func @interpolation(%x: tensor<10x4xf32>, %i: tensor<20xi64>, %j: tensor<20xi64>, %v: tensor<20x1xf32>, %w: tensor<20x1xf32>) -> tensor<20x4xf32> {
  %0 = ms.gather %x, %i {axis = 0 : i64} : tensor<10x4xf32>, tensor<20xi64>
  %1 = ms.mul %0, %v : tensor<20x4xf32>, tensor<20x1xf32>
  %2 = ms.gather %x, %j {axis = 0 : i64} : tensor<10x4xf32>, tensor<20xi64>
  %3 = ms.mul %2, %w : tensor<20x4xf32>, tensor<20x1xf32>
  %4 = ms.add %1, %3 : tensor<20x4xf32>, tensor<20x4xf32>
  return %4 : tensor<20x4xf32>
}

// RUN: msc-opt %s --msc-outline-bind | FileCheck %s

// What depends on parameters alone is computed when they are bound.
// CHECK-LABEL: func.func @bind(%arg0: tensor<4xf32> {ms.parameter = "w"})
// CHECK: %[[E:.+]] = ms.exp %arg0
// CHECK: return %[[E]]
// CHECK-LABEL: func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32> {ms.packed = 0 : i64})
// CHECK-NOT: ms.parameter "w"
// CHECK: ms.add %arg0, %arg1
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = ms.parameter "w" : tensor<4xf32>
  %0 = ms.exp %w : tensor<4xf32>
  %1 = ms.add %x, %0 : tensor<4xf32>, tensor<4xf32>
  return %1 : tensor<4xf32>
}

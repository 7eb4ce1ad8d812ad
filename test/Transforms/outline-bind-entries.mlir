// What two entries compute of parameters alone is computed and stored once.
// RUN: msc-opt %s -msc-outline-bind | FileCheck %s

// CHECK: func.func @bind(%[[W:.*]]: tensor<2x3xf32> {ms.parameter = "w"}) -> (tensor<3x2xf32>, tensor<2x3xf32>)
// CHECK-COUNT-1: ms.transpose
// CHECK-NOT: ms.transpose
// CHECK: return %{{.*}}, %[[W]] : tensor<3x2xf32>, tensor<2x3xf32>
// CHECK: func.func @main(%{{.*}}: tensor<1x3xf32>, %{{.*}}: tensor<3x2xf32> {ms.packed = 0 : i64})
// CHECK: func.func @main_1(%{{.*}}: tensor<2x3xf32>, %{{.*}}: tensor<2x3xf32> {ms.packed = 1 : i64}, %{{.*}}: tensor<3x2xf32> {ms.packed = 0 : i64})
func.func @main(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %w = ms.parameter "w" : tensor<2x3xf32>
  %t = ms.transpose %w {permutation = array<i64: 1, 0>} : tensor<2x3xf32>
  %y = ms.matmul %x, %t : tensor<1x3xf32>, tensor<3x2xf32>
  return %y : tensor<1x2xf32>
}
func.func @main_1(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  %w = ms.parameter "w" : tensor<2x3xf32>
  %s = ms.add %x, %w : tensor<2x3xf32>, tensor<2x3xf32>
  %t = ms.transpose %w {permutation = array<i64: 1, 0>} : tensor<2x3xf32>
  %y = ms.matmul %s, %t : tensor<2x3xf32>, tensor<3x2xf32>
  return %y : tensor<2x2xf32>
}

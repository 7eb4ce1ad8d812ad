// SPDX-License-Identifier: Apache-2.0
//
// A product for tiles in registers, and two that no schedule takes.
func.func @main(%a: tensor<128x128xf32>, %b: tensor<128x128xf32>, %c: tensor<3x4xf32>, %d: tensor<4x5xf32>, %e: tensor<16x16xi32>) -> (tensor<128x128xf32>, tensor<3x5xf32>, tensor<16x16xi32>) {
  %0 = ms.matmul %a, %b : tensor<128x128xf32>, tensor<128x128xf32> loc("large")
  %1 = ms.matmul %c, %d : tensor<3x4xf32>, tensor<4x5xf32> loc("few")
  %2 = ms.matmul %e, %e : tensor<16x16xi32>, tensor<16x16xi32> loc("integers")
  return %0, %1, %2 : tensor<128x128xf32>, tensor<3x5xf32>, tensor<16x16xi32>
}

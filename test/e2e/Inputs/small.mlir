// SPDX-License-Identifier: Apache-2.0
//
// A layer as small as those of digit networks.
func.func @main(%x: tensor<16x32xf32>, %w: tensor<32x16xf32>, %b: tensor<16xf32>) -> tensor<16x16xf32> {
  %0 = ms.matmul %x, %w : tensor<16x32xf32>, tensor<32x16xf32>
  %1 = ms.add %0, %b : tensor<16x16xf32>, tensor<16xf32>
  %2 = ms.relu %1 : tensor<16x16xf32>
  %3 = ms.softmax %2 {axis = 1} : tensor<16x16xf32>
  return %3 : tensor<16x16xf32>
}

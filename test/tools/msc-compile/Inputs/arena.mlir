// SPDX-License-Identifier: Apache-2.0
//
// A value of 16 x 20 x 20 numbers, 25600 bytes, between two convolutions; the
// second one reads zeros around it. Its result is transposed at the end.
func.func @main(%x: tensor<1x16x20x20xf32>) -> tensor<1x16x20x20xf32> {
  %w = ms.parameter "w" : tensor<16x16x1x1xf32>
  %v = ms.parameter "v" : tensor<16x16x5x5xf32>
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x16x20x20xf32>, tensor<16x16x1x1xf32>
  %1 = ms.conv %0, %v {strides = array<i64: 1, 1>, pads = array<i64: 2, 2, 2, 2>, dilations = array<i64: 1, 1>} : tensor<1x16x20x20xf32>, tensor<16x16x5x5xf32>
  return %1 : tensor<1x16x20x20xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// Convolutions with a bias, and one with two addends: the sums of the products
// start from what is added to them first.
func.func @main(%x: tensor<1x8x12x12xf32>, %w: tensor<20x8x3x3xf32>, %d: tensor<20x1x3x3xf32>, %b: tensor<20x1x1xf32>, %r: tensor<1x20x8x8xf32>) -> (tensor<1x20x10x10xf32>, tensor<1x20x8x8xf32>) {
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x8x12x12xf32>, tensor<20x8x3x3xf32>
  %1 = ms.add %0, %b : tensor<1x20x10x10xf32>, tensor<20x1x1xf32>
  %2 = ms.conv %1, %d {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 20 : i64} : tensor<1x20x10x10xf32>, tensor<20x1x3x3xf32>
  %3 = ms.add %2, %b : tensor<1x20x8x8xf32>, tensor<20x1x1xf32>
  %4 = ms.relu %3 : tensor<1x20x8x8xf32>
  return %1, %4 : tensor<1x20x10x10xf32>, tensor<1x20x8x8xf32>
}

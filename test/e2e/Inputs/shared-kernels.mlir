// SPDX-License-Identifier: Apache-2.0
//
// Kernels of some ten microseconds: a depthwise convolution, which has few
// products for what it reads and writes, and a product with three panels of
// weights, which do not halve.
func.func @main(%x: tensor<1x32x56x56xf32>, %w: tensor<32x1x3x3xf32>, %a: tensor<64x96xf32>, %b: tensor<96x96xf32>) -> (tensor<1x32x54x54xf32>, tensor<64x96xf32>) {
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 32 : i64} : tensor<1x32x56x56xf32>, tensor<32x1x3x3xf32> loc("depthwise")
  %1 = ms.matmul %a, %b : tensor<64x96xf32>, tensor<96x96xf32> loc("product")
  return %0, %1 : tensor<1x32x54x54xf32>, tensor<64x96xf32>
}

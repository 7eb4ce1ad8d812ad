// SPDX-License-Identifier: Apache-2.0
//
// Interpolation between two rows, clipped; transposed convolutions that make
// blocks, plain and with groups.
func.func @main(%x: tensor<10x20xf32>, %i: tensor<24xi64>, %j: tensor<24xi64>, %v: tensor<24x1xf32>, %lo: tensor<f32>, %hi: tensor<f32>,
                %y: tensor<2x6x7x9xf32>, %w: tensor<6x5x2x2xf32>, %g: tensor<6x2x3x2xf32>, %b: tensor<5x1x1xf32>)
    -> (tensor<24x20xf32>, tensor<2x5x14x18xf32>, tensor<2x4x21x18xf32>) {
  %0 = ms.gather %x, %i {axis = 0 : i64} : tensor<10x20xf32>, tensor<24xi64>
  %1 = ms.mul %0, %v : tensor<24x20xf32>, tensor<24x1xf32>
  %2 = ms.gather %x, %j {axis = 0 : i64} : tensor<10x20xf32>, tensor<24xi64>
  %3 = ms.add %1, %2 : tensor<24x20xf32>, tensor<24x20xf32>
  %4 = ms.maximum %3, %lo : tensor<24x20xf32>, tensor<f32>
  %5 = ms.minimum %4, %hi : tensor<24x20xf32>, tensor<f32>
  %6 = ms.conv_transpose %y, %w {strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, output_padding = array<i64: 0, 0>} : tensor<2x6x7x9xf32>, tensor<6x5x2x2xf32>
  %7 = ms.add %6, %b : tensor<2x5x14x18xf32>, tensor<5x1x1xf32>
  %8 = ms.conv_transpose %y, %g {strides = array<i64: 3, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, output_padding = array<i64: 0, 0>, groups = 2 : i64} : tensor<2x6x7x9xf32>, tensor<6x2x3x2xf32>
  return %5, %7, %8 : tensor<24x20xf32>, tensor<2x5x14x18xf32>, tensor<2x4x21x18xf32>
}

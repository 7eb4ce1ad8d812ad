// SPDX-License-Identifier: Apache-2.0
//
// A kernel of each kind that faults are planted into; see plant-faults.test.
// Locations stand for source nodes.
#stem = loc("stem")
#pool = loc("pool")
#scores = loc("scores")
#norm = loc("norm")
#quant = loc("quant")
#total = loc("total")
#turn = loc("turn")
#lookup = loc("lookup")

func.func @main(%x: tensor<2x3x9x9xf32>, %w: tensor<8x3x3x3xf32>, %q: tensor<6x7xi8>, %table: tensor<10x5xf32>,
                %i: tensor<4xi64>, %m: tensor<5x7xf32>)
    -> (tensor<2x8x3x3xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<6x7xf32>, tensor<7xf32>, tensor<7x5xf32>,
        tensor<4x5xf32>) {
  %stem = ms.conv %x, %w {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>,
      dilations = array<i64: 1, 1>} : tensor<2x3x9x9xf32>, tensor<8x3x3x3xf32> loc(#stem)
  %relu = ms.relu %stem : tensor<2x8x5x5xf32> loc(#stem)
  %pool = ms.max_pool %relu {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>,
      dilations = array<i64: 1, 1>} : tensor<2x8x5x5xf32> loc(#pool)
  %scores = ms.softmax %m {axis = 1 : i64} : tensor<5x7xf32> loc(#scores)
  %norm, %mean, %inv = ms.layer_norm %m {axis = 1 : i64, epsilon = 1.0e-5 : f64} : tensor<5x7xf32> loc(#norm)
  %wide = ms.cast %q : tensor<6x7xi8> -> tensor<6x7xf32> loc(#quant)
  %scale = ms.constant dense<0.25> : tensor<f32>
  %real = ms.mul %wide, %scale : tensor<6x7xf32>, tensor<f32> loc(#quant)
  %total = ms.reduce_sum %m {axes = array<i64: 0>} : tensor<5x7xf32> loc(#total)
  %turned = ms.transpose %m {permutation = array<i64: 1, 0>} : tensor<5x7xf32> loc(#turn)
  %rows = ms.gather %table, %i {axis = 0 : i64} : tensor<10x5xf32>, tensor<4xi64> loc(#lookup)
  return %pool, %scores, %norm, %real, %total, %turned, %rows
    : tensor<2x8x3x3xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<6x7xf32>, tensor<7xf32>, tensor<7x5xf32>,
      tensor<4x5xf32>
}

// Type inference of the selection ops names what it refuses.
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @non_zero(%x: tensor<f32>) {
  // expected-error@+2 {{needs a rank of one or more, got 'tensor<f32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0:2 = "ms.non_zero"(%x) : (tensor<f32>) -> (tensor<1x0xi64>, tensor<i64>)
  return
}

// -----

func.func @compress_axis(%x: tensor<2x3xf32>, %m: tensor<2xi1>) {
  // expected-error@+2 {{axis 2 is out of range [0, 2)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0:2 = "ms.compress"(%x, %m) {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2xi1>) -> (tensor<2x3xf32>, tensor<i64>)
  return
}

// -----

func.func @compress_mask(%x: tensor<2x3xf32>, %m: tensor<4xi1>) {
  // expected-error@+2 {{the mask has 4 elements, axis 1 only 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %0:2 = "ms.compress"(%x, %m) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<4xi1>) -> (tensor<2x3xf32>, tensor<i64>)
  return
}

// -----

func.func @nms(%b: tensor<1x6x4xf32>, %s: tensor<1x2x5xf32>, %most: tensor<i64>, %t: tensor<f32>) {
  // expected-error@+2 {{expected boxes [batches, n, 4] and scores [batches, classes, n], got 'tensor<1x6x4xf32>' and 'tensor<1x2x5xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0:2 = "ms.non_max_suppression"(%b, %s, %most, %t, %t) {limit = 3 : i64} : (tensor<1x6x4xf32>, tensor<1x2x5xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> (tensor<6x3xi64>, tensor<i64>)
  return
}

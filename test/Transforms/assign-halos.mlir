// A kernel stores the zeros around its result that the convolutions after it add.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-assign-halos))' | FileCheck %s

// The first convolution wants one more on each side, the second two before and
// one behind, so that is stored; the pooling kernel reads the middle.
// CHECK-LABEL: func.func @three
// CHECK: %[[X:.*]] = ms.kernel(%arg0) : (tensor<1x6x6x8xf32>) -> tensor<1x9x9x8xf32>
// CHECK: %[[R:.*]] = ms.relu
// CHECK-NEXT: %[[P:.*]] = ms.pad %[[R]] {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 2, 2, 0>}
// CHECK-NEXT: ms.yield %[[P]]
// CHECK: ms.kernel(%[[X]], %arg1)
// CHECK: %[[A:.*]] = ms.slice %{{.*}} {sizes = array<i64: 1, 8, 8, 8>, starts = array<i64: 0, 1, 1, 0>
// CHECK-NEXT: %[[T:.*]] = ms.transpose %[[A]] {permutation = array<i64: 0, 3, 1, 2>}
// CHECK-NEXT: ms.conv %[[T]], %{{.*}} {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>
// CHECK: ms.kernel(%[[X]], %arg2)
// CHECK: %[[T2:.*]] = ms.transpose
// CHECK-NEXT: ms.conv %[[T2]], %{{.*}} {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>
// CHECK: ms.kernel(%[[X]])
// CHECK: ms.slice %{{.*}} {sizes = array<i64: 1, 6, 6, 8>, starts = array<i64: 0, 2, 2, 0>
func.func @three(%x: tensor<1x6x6x8xf32>, %w: tensor<8x8x3x3xf32>, %v: tensor<8x8x4x4xf32>) -> (tensor<1x8x6x6xf32>, tensor<1x8x6x6xf32>, tensor<1x8x3x3xf32>) {
  %0 = ms.kernel(%x) : (tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>):
    %r = ms.relu %a : tensor<1x6x6x8xf32>
    ms.yield %r : tensor<1x6x6x8xf32>
  }
  %1 = ms.kernel(%0, %w) : (tensor<1x6x6x8xf32>, tensor<8x8x3x3xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>, %b: tensor<8x8x3x3xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x6x6x8xf32>
    %c = ms.conv %t, %b {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>} : tensor<1x8x6x6xf32>, tensor<8x8x3x3xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %2 = ms.kernel(%0, %v) : (tensor<1x6x6x8xf32>, tensor<8x8x4x4xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>, %b: tensor<8x8x4x4xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x6x6x8xf32>
    %c = ms.conv %t, %b {strides = array<i64: 1, 1>, pads = array<i64: 2, 2, 1, 1>, dilations = array<i64: 1, 1>} : tensor<1x8x6x6xf32>, tensor<8x8x4x4xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %3 = ms.kernel(%0) : (tensor<1x6x6x8xf32>) -> tensor<1x8x3x3xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x6x6x8xf32>
    %p = ms.max_pool %t {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x8x6x6xf32>
    ms.yield %p : tensor<1x8x3x3xf32>
  }
  return %1, %2, %3 : tensor<1x8x6x6xf32>, tensor<1x8x6x6xf32>, tensor<1x8x3x3xf32>
}

// Maxima find minus infinity around an image that no convolution pads.
// CHECK-LABEL: func.func @pool
// CHECK: %[[X:.*]] = ms.kernel(%arg0) : (tensor<1x6x6x8xf32>) -> tensor<1x7x7x8xf32>
// CHECK: %[[V:.*]] = ms.constant dense<0xFF800000> : tensor<f32>
// CHECK-NEXT: ms.pad %{{.*}}, %[[V]] {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 1, 0>}
// CHECK: ms.kernel(%[[X]])
// CHECK: ms.max_pool %{{.*}} {{{.*}}pads = array<i64: 0, 0, 0, 0>
func.func @pool(%x: tensor<1x6x6x8xf32>) -> tensor<1x8x3x3xf32> {
  %0 = ms.kernel(%x) : (tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>):
    %r = ms.relu %a : tensor<1x6x6x8xf32>
    ms.yield %r : tensor<1x6x6x8xf32>
  }
  %1 = ms.kernel(%0) : (tensor<1x6x6x8xf32>) -> tensor<1x8x3x3xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x6x6x8xf32>
    %p = ms.max_pool %t {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x8x6x6xf32>
    ms.yield %p : tensor<1x8x3x3xf32>
  }
  return %1 : tensor<1x8x3x3xf32>
}

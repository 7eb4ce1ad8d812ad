// What a convolution with packed filters writes goes on with the channels innermost
// until a kernel needs it otherwise.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-assign-layouts))' | FileCheck %s

// CHECK-LABEL: func.func @chain
// CHECK: %[[CONV:.*]] = ms.kernel(%arg0, %arg1) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK: %[[C:.*]] = ms.conv
// CHECK-NEXT: %[[L:.*]] = ms.transpose %[[C]] {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: ms.yield %[[L]]
// The next kernel keeps the layout, as its result goes to kernels.
// CHECK: %[[ADD:.*]] = ms.kernel(%[[CONV]]) : (tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<1x6x6x8xf32>):
// CHECK-NEXT: %[[N:.*]] = ms.transpose %[[A]] {permutation = array<i64: 0, 3, 1, 2>}
// CHECK-NEXT: ms.relu %[[N]]
// CHECK-NEXT: ms.transpose
// What is returned is in the order that callers see.
// CHECK: ms.kernel(%[[ADD]]) : (tensor<1x6x6x8xf32>) -> tensor<1x8x6x6xf32>
// CHECK: ms.transpose
// CHECK-NEXT: %[[E:.*]] = ms.exp
// CHECK-NEXT: ms.yield %[[E]]
func.func @chain(%x: tensor<1x4x6x6xf32>, %w: tensor<1x1x4x8xf32>) -> tensor<1x8x6x6xf32> {
  %0 = ms.kernel(%x, %w) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x4x6x6xf32>, %b: tensor<1x1x4x8xf32>):
    %f = ms.transpose %b {permutation = array<i64: 3, 2, 0, 1>} : tensor<1x1x4x8xf32>
    %c = ms.conv %a, %f {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %1 = ms.kernel(%0) : (tensor<1x8x6x6xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x8x6x6xf32>):
    %r = ms.relu %a : tensor<1x8x6x6xf32>
    ms.yield %r : tensor<1x8x6x6xf32>
  }
  %2 = ms.kernel(%1) : (tensor<1x8x6x6xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x8x6x6xf32>):
    %r = ms.exp %a : tensor<1x8x6x6xf32>
    ms.yield %r : tensor<1x8x6x6xf32>
  }
  return %2 : tensor<1x8x6x6xf32>
}

// A convolution's own result is transposed by a kernel for what is no kernel.
// CHECK-LABEL: func.func @returned
// CHECK: %[[CONV:.*]] = ms.kernel(%arg0, %arg1) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK: %[[T:.*]] = ms.kernel(%[[CONV]]) {name = "transpose"} : (tensor<1x6x6x8xf32>) -> tensor<1x8x6x6xf32>
// CHECK: %[[R:.*]] = ms.reshape %[[T]]
// CHECK: return %[[T]], %[[R]]
func.func @returned(%x: tensor<1x4x6x6xf32>, %w: tensor<1x1x4x8xf32>) -> (tensor<1x8x6x6xf32>, tensor<288xf32>) {
  %0 = ms.kernel(%x, %w) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x4x6x6xf32>, %b: tensor<1x1x4x8xf32>):
    %f = ms.transpose %b {permutation = array<i64: 3, 2, 0, 1>} : tensor<1x1x4x8xf32>
    %c = ms.conv %a, %f {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %1 = ms.reshape %0 : tensor<1x8x6x6xf32> -> tensor<288xf32>
  return %0, %1 : tensor<1x8x6x6xf32>, tensor<288xf32>
}

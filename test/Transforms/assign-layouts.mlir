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

// What is transposed to have the channels last is stored like that, and so is
// what is transposed back from there.
// CHECK-LABEL: func.func @permuted
// CHECK: %[[CONV:.*]] = ms.kernel(%arg0, %arg1) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK: %[[TURNED:.*]] = ms.kernel(%[[CONV]]) : (tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK: ms.yield %{{.*}} : tensor<1x6x6x8xf32>
// CHECK: %[[PRODUCT:.*]] = ms.kernel(%[[TURNED]], %arg2) : (tensor<1x6x6x8xf32>, tensor<8x5xf32>) -> tensor<1x6x6x5xf32>
// CHECK: ms.matmul
// CHECK-NEXT: ms.yield
// CHECK: ms.kernel(%[[PRODUCT]]) : (tensor<1x6x6x5xf32>) -> tensor<1x6x6x5xf32>
// CHECK: %[[BACK:.*]] = ms.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>}
// CHECK-NEXT: ms.transpose %[[BACK]] {permutation = array<i64: 0, 2, 3, 1>}
func.func @permuted(%x: tensor<1x4x6x6xf32>, %w: tensor<1x1x4x8xf32>, %m: tensor<8x5xf32>) -> tensor<1x5x6x6xf32> {
  %0 = ms.kernel(%x, %w) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x4x6x6xf32>, %b: tensor<1x1x4x8xf32>):
    %f = ms.transpose %b {permutation = array<i64: 3, 2, 0, 1>} : tensor<1x1x4x8xf32>
    %c = ms.conv %a, %f {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %1 = ms.kernel(%0) : (tensor<1x8x6x6xf32>) -> tensor<1x6x6x8xf32> {
  ^bb0(%a: tensor<1x8x6x6xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 2, 3, 1>} : tensor<1x8x6x6xf32>
    ms.yield %t : tensor<1x6x6x8xf32>
  }
  %2 = ms.kernel(%1, %m) : (tensor<1x6x6x8xf32>, tensor<8x5xf32>) -> tensor<1x6x6x5xf32> {
  ^bb0(%a: tensor<1x6x6x8xf32>, %b: tensor<8x5xf32>):
    %p = ms.matmul %a, %b : tensor<1x6x6x8xf32>, tensor<8x5xf32>
    ms.yield %p : tensor<1x6x6x5xf32>
  }
  %3 = ms.kernel(%2) : (tensor<1x6x6x5xf32>) -> tensor<1x5x6x6xf32> {
  ^bb0(%a: tensor<1x6x6x5xf32>):
    %t = ms.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : tensor<1x6x6x5xf32>
    ms.yield %t : tensor<1x5x6x6xf32>
  }
  %4 = ms.kernel(%3) : (tensor<1x5x6x6xf32>) -> tensor<1x5x6x6xf32> {
  ^bb0(%a: tensor<1x5x6x6xf32>):
    %r = ms.exp %a : tensor<1x5x6x6xf32>
    ms.yield %r : tensor<1x5x6x6xf32>
  }
  return %4 : tensor<1x5x6x6xf32>
}

// A convolution of several groups, whose filters are not packed, reads and writes
// images in the model's order.
// CHECK-LABEL: func.func @groups
// CHECK: %[[CONV:.*]] = ms.kernel(%arg0, %arg1) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x6x6x8xf32>
// CHECK: %[[T:.*]] = ms.kernel(%[[CONV]]) {name = "transpose"} : (tensor<1x6x6x8xf32>) -> tensor<1x8x6x6xf32>
// CHECK: %[[G:.*]] = ms.kernel(%[[T]], %arg2) : (tensor<1x8x6x6xf32>, tensor<6x4x1x1xf32>) -> tensor<1x6x6x6xf32>
// CHECK: %[[C:.*]] = ms.conv
// CHECK-NEXT: ms.yield %[[C]]
func.func @groups(%x: tensor<1x4x6x6xf32>, %w: tensor<1x1x4x8xf32>, %g: tensor<6x4x1x1xf32>) -> tensor<1x6x6x6xf32> {
  %0 = ms.kernel(%x, %w) : (tensor<1x4x6x6xf32>, tensor<1x1x4x8xf32>) -> tensor<1x8x6x6xf32> {
  ^bb0(%a: tensor<1x4x6x6xf32>, %b: tensor<1x1x4x8xf32>):
    %f = ms.transpose %b {permutation = array<i64: 3, 2, 0, 1>} : tensor<1x1x4x8xf32>
    %c = ms.conv %a, %f {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
    ms.yield %c : tensor<1x8x6x6xf32>
  }
  %1 = ms.kernel(%0, %g) : (tensor<1x8x6x6xf32>, tensor<6x4x1x1xf32>) -> tensor<1x6x6x6xf32> {
  ^bb0(%a: tensor<1x8x6x6xf32>, %b: tensor<6x4x1x1xf32>):
    %c = ms.conv %a, %b {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64} : tensor<1x8x6x6xf32>, tensor<6x4x1x1xf32>
    ms.yield %c : tensor<1x6x6x6xf32>
  }
  %2 = ms.kernel(%1) : (tensor<1x6x6x6xf32>) -> tensor<1x6x6x6xf32> {
  ^bb0(%a: tensor<1x6x6x6xf32>):
    %r = ms.exp %a : tensor<1x6x6x6xf32>
    ms.yield %r : tensor<1x6x6x6xf32>
  }
  return %2 : tensor<1x6x6x6xf32>
}

// Batch normalization by parameters is a product and a sum; the product goes into
// the filters of the convolution before it.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-fold-batch-norm))' | FileCheck %s

// CHECK-LABEL: func.func @conv
// CHECK-DAG: %[[W:.*]] = ms.parameter "w"
// CHECK-DAG: %[[S:.*]] = ms.parameter "s"
// CHECK-DAG: %[[EPS:.*]] = ms.constant dense<1.000000e-03> : tensor<8xf32>
// CHECK: %[[V:.*]] = ms.add %[[S]], %[[EPS]]
// CHECK: %[[D:.*]] = ms.sqrt %[[V]]
// CHECK: %[[F:.*]] = ms.div %[[S]], %[[D]]
// CHECK: %[[M:.*]] = ms.mul %[[S]], %[[F]]
// CHECK: %[[SHIFT:.*]] = ms.sub %[[S]], %[[M]]
// CHECK: %[[F4:.*]] = ms.reshape %[[F]] : tensor<8xf32> -> tensor<8x1x1x1xf32>
// CHECK: %[[WF:.*]] = ms.mul %[[W]], %[[F4]]
// CHECK: %[[Y:.*]] = ms.conv %arg0, %[[WF]]
// CHECK: %[[SHIFT3:.*]] = ms.reshape %[[SHIFT]] : tensor<8xf32> -> tensor<8x1x1xf32>
// CHECK: ms.add %[[Y]], %[[SHIFT3]]
// CHECK-NOT: ms.batch_norm
func.func @conv(%x: tensor<1x4x6x6xf32>) -> tensor<1x8x6x6xf32> {
  %w = ms.parameter "w" : tensor<8x4x1x1xf32>
  %s = ms.parameter "s" : tensor<8xf32>
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
  %1 = ms.batch_norm %0, %s, %s, %s, %s {epsilon = 1.0e-3 : f64} : tensor<1x8x6x6xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  return %1 : tensor<1x8x6x6xf32>
}

// The convolution has another user: the factor stays outside.
// CHECK-LABEL: func.func @shared
// CHECK: %[[Y:.*]] = ms.conv %arg0, %{{.*}} {
// CHECK: %[[F:.*]] = ms.reshape %{{.*}} : tensor<8xf32> -> tensor<8x1x1xf32>
// CHECK: %[[P:.*]] = ms.mul %[[Y]], %[[F]]
// CHECK: ms.add %[[P]]
func.func @shared(%x: tensor<1x4x6x6xf32>) -> (tensor<1x8x6x6xf32>, tensor<1x8x6x6xf32>) {
  %w = ms.parameter "w" : tensor<8x4x1x1xf32>
  %s = ms.parameter "s" : tensor<8xf32>
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x6x6xf32>, tensor<8x4x1x1xf32>
  %1 = ms.batch_norm %0, %s, %s, %s, %s {epsilon = 1.0e-3 : f64} : tensor<1x8x6x6xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  return %0, %1 : tensor<1x8x6x6xf32>, tensor<1x8x6x6xf32>
}

// Statistics that are no parameters: nothing can be computed before.
// CHECK-LABEL: func.func @given
// CHECK: ms.batch_norm
func.func @given(%x: tensor<1x8x6x6xf32>, %s: tensor<8xf32>) -> tensor<1x8x6x6xf32> {
  %1 = ms.batch_norm %x, %s, %s, %s, %s {epsilon = 1.0e-3 : f64} : tensor<1x8x6x6xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  return %1 : tensor<1x8x6x6xf32>
}

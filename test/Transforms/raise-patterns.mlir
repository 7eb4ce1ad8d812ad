// Formulas of simpler ops become the op that they are.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-raise-patterns))' | FileCheck %s

// CHECK-LABEL: func.func @gelu_erf
// CHECK-NEXT: %[[Y:.*]] = ms.gelu %arg0 : tensor<2x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_erf(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %root = ms.constant dense<1.41421354> : tensor<f32>
  %one = ms.constant dense<1.0> : tensor<f32>
  %half = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.div %x, %root : tensor<2x8xf32>, tensor<f32>
  %1 = ms.erf %0 : tensor<2x8xf32>
  %2 = ms.add %1, %one : tensor<2x8xf32>, tensor<f32>
  %3 = ms.mul %half, %2 : tensor<f32>, tensor<2x8xf32>
  %4 = ms.mul %x, %3 : tensor<2x8xf32>, tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @gelu_tanh
// CHECK-NEXT: %[[Y:.*]] = ms.gelu %arg0 {tanh} : tensor<8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_tanh(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = ms.constant dense<0.044715> : tensor<f32>
  %d = ms.constant dense<0.797884583> : tensor<f32>
  %one = ms.constant dense<1.0> : tensor<f32>
  %three = ms.constant dense<3.0> : tensor<f32>
  %half = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.mul %x, %half : tensor<8xf32>, tensor<f32>
  %1 = ms.pow %x, %three : tensor<8xf32>, tensor<f32>
  %2 = ms.mul %1, %c : tensor<8xf32>, tensor<f32>
  %3 = ms.add %x, %2 : tensor<8xf32>, tensor<8xf32>
  %4 = ms.mul %3, %d : tensor<8xf32>, tensor<f32>
  %5 = ms.tanh %4 : tensor<8xf32>
  %6 = ms.add %5, %one : tensor<8xf32>, tensor<f32>
  %7 = ms.mul %0, %6 : tensor<8xf32>, tensor<8xf32>
  return %7 : tensor<8xf32>
}

// Another factor: no gelu.
// CHECK-LABEL: func.func @no_gelu
// CHECK: ms.erf
func.func @no_gelu(%x: tensor<8xf32>) -> tensor<8xf32> {
  %one = ms.constant dense<1.0> : tensor<f32>
  %half = ms.constant dense<0.5> : tensor<f32>
  %1 = ms.erf %x : tensor<8xf32>
  %2 = ms.add %1, %one : tensor<8xf32>, tensor<f32>
  %3 = ms.mul %half, %2 : tensor<f32>, tensor<8xf32>
  %4 = ms.mul %x, %3 : tensor<8xf32>, tensor<8xf32>
  return %4 : tensor<8xf32>
}

// CHECK-LABEL: func.func @activations
// CHECK-DAG: %[[A:.*]] = ms.silu %arg0
// CHECK-DAG: %[[B:.*]] = ms.hard_swish %arg0
// CHECK-DAG: %[[C:.*]] = ms.hard_swish %arg0
// CHECK-DAG: %[[D:.*]] = ms.mul %arg0, %arg0
// CHECK-DAG: %[[E:.*]] = ms.sqrt %arg0
// CHECK: return %[[A]], %[[B]], %[[C]], %[[D]], %[[E]]
func.func @activations(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %zero = ms.constant dense<0.0> : tensor<f32>
  %two = ms.constant dense<2.0> : tensor<f32>
  %three = ms.constant dense<3.0> : tensor<f32>
  %six = ms.constant dense<6.0> : tensor<f32>
  %half = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.sigmoid %x : tensor<8xf32>
  %1 = ms.mul %0, %x : tensor<8xf32>, tensor<8xf32>
  %2 = ms.add %x, %three : tensor<8xf32>, tensor<f32>
  %3 = ms.maximum %2, %zero : tensor<8xf32>, tensor<f32>
  %4 = ms.minimum %3, %six : tensor<8xf32>, tensor<f32>
  %5 = ms.mul %x, %4 : tensor<8xf32>, tensor<8xf32>
  %6 = ms.div %5, %six : tensor<8xf32>, tensor<f32>
  %7 = ms.hard_sigmoid %x {alpha = 0.16666667 : f64, beta = 0.5 : f64} : tensor<8xf32>
  %8 = ms.mul %x, %7 : tensor<8xf32>, tensor<8xf32>
  %9 = ms.pow %x, %two : tensor<8xf32>, tensor<f32>
  %10 = ms.pow %x, %half : tensor<8xf32>, tensor<f32>
  return %1, %6, %8, %9, %10 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: func.func @layer_norm
// CHECK-NEXT: %[[Y:.*]], %{{.*}}, %{{.*}} = ms.layer_norm %arg0 affine(%arg1, %arg2 : tensor<8xf32>, tensor<8xf32>) {axis = 1 : i64, epsilon = 5.000000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @layer_norm(%x: tensor<2x8xf32>, %scale: tensor<8xf32>, %bias: tensor<8xf32>) -> tensor<2x8xf32> {
  %two = ms.constant dense<2.0> : tensor<f32>
  %eps = ms.constant dense<0.5> : tensor<f64>
  %e = ms.cast %eps : tensor<f64> -> tensor<f32>
  %0 = ms.reduce_mean %x {axes = array<i64: 1>, keep_dims} : tensor<2x8xf32>
  %1 = ms.sub %x, %0 : tensor<2x8xf32>, tensor<2x1xf32>
  %2 = ms.pow %1, %two : tensor<2x8xf32>, tensor<f32>
  %3 = ms.reduce_mean %2 {axes = array<i64: 1>, keep_dims} : tensor<2x8xf32>
  %4 = ms.add %3, %e : tensor<2x1xf32>, tensor<f32>
  %5 = ms.sqrt %4 : tensor<2x1xf32>
  %6 = ms.div %1, %5 : tensor<2x8xf32>, tensor<2x1xf32>
  %7 = ms.mul %6, %scale : tensor<2x8xf32>, tensor<8xf32>
  %8 = ms.add %7, %bias : tensor<2x8xf32>, tensor<8xf32>
  return %8 : tensor<2x8xf32>
}

// The form of TensorFlow's batch norm.
// CHECK-LABEL: func.func @moved_norm
// CHECK: %[[Y:.*]], %{{.*}}, %{{.*}} = ms.layer_norm %arg0 affine(%arg1, %arg2 : tensor<8xf32>, tensor<8xf32>) {axis = 1 : i64, epsilon = 5.000000e-01 : f64}
// CHECK: return %[[Y]]
func.func @moved_norm(%x: tensor<2x8xf32>, %scale: tensor<8xf32>, %bias: tensor<8xf32>) -> tensor<2x8xf32> {
  %eps = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.reduce_mean %x {axes = array<i64: 1>, keep_dims} : tensor<2x8xf32>
  %1 = ms.sub %0, %x : tensor<2x1xf32>, tensor<2x8xf32>
  %2 = ms.mul %1, %1 : tensor<2x8xf32>, tensor<2x8xf32>
  %3 = ms.reduce_mean %2 {axes = array<i64: 1>, keep_dims} : tensor<2x8xf32>
  %4 = ms.add %eps, %3 : tensor<f32>, tensor<2x1xf32>
  %5 = ms.rsqrt %4 : tensor<2x1xf32>
  %6 = ms.mul %5, %scale : tensor<2x1xf32>, tensor<8xf32>
  %7 = ms.mul %6, %0 : tensor<2x8xf32>, tensor<2x1xf32>
  %8 = ms.sub %bias, %7 : tensor<8xf32>, tensor<2x8xf32>
  %9 = ms.mul %6, %x : tensor<2x8xf32>, tensor<2x8xf32>
  %10 = ms.add %9, %8 : tensor<2x8xf32>, tensor<2x8xf32>
  return %10 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @rms_norm
// CHECK-NEXT: %[[Y:.*]], %{{.*}} = ms.rms_norm %arg0 affine(%arg1 : tensor<8xf32>) {axis = 1 : i64, epsilon = 5.000000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @rms_norm(%x: tensor<2x8xf32>, %scale: tensor<8xf32>) -> tensor<2x8xf32> {
  %eps = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.mul %x, %x : tensor<2x8xf32>, tensor<2x8xf32>
  %1 = ms.reduce_mean %0 {axes = array<i64: 1>, keep_dims} : tensor<2x8xf32>
  %2 = ms.add %1, %eps : tensor<2x1xf32>, tensor<f32>
  %3 = ms.sqrt %2 : tensor<2x1xf32>
  %4 = ms.div %x, %3 : tensor<2x8xf32>, tensor<2x1xf32>
  %5 = ms.mul %scale, %4 : tensor<8xf32>, tensor<2x8xf32>
  return %5 : tensor<2x8xf32>
}

// The mean over other dimensions than the trailing ones stays.
// CHECK-LABEL: func.func @other_axis
// CHECK-NOT: rms_norm
// CHECK: return
func.func @other_axis(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %eps = ms.constant dense<0.5> : tensor<f32>
  %0 = ms.mul %x, %x : tensor<2x8xf32>, tensor<2x8xf32>
  %1 = ms.reduce_mean %0 {axes = array<i64: 0>, keep_dims} : tensor<2x8xf32>
  %2 = ms.add %1, %eps : tensor<1x8xf32>, tensor<f32>
  %3 = ms.sqrt %2 : tensor<1x8xf32>
  %4 = ms.div %x, %3 : tensor<2x8xf32>, tensor<1x8xf32>
  return %4 : tensor<2x8xf32>
}

// Bias, activation and residual come before the reshape behind a product.
// CHECK-LABEL: func.func @reshape_behind_product
// CHECK: %[[P:.*]] = ms.matmul
// CHECK: %[[B:.*]] = ms.add %[[P]], %arg2 : tensor<6x4xf32>, tensor<4xf32>
// CHECK: %[[R:.*]] = ms.relu %[[B]]
// CHECK: %[[X:.*]] = ms.reshape %arg3 : tensor<2x3x4xf32> -> tensor<6x4xf32>
// CHECK: %[[S:.*]] = ms.add %[[R]], %[[X]]
// CHECK: %[[Y:.*]] = ms.reshape %[[S]] : tensor<6x4xf32> -> tensor<2x3x4xf32>
// CHECK: return %[[Y]]
func.func @reshape_behind_product(%x: tensor<6x5xf32>, %w: tensor<5x4xf32>, %bias: tensor<4xf32>, %z: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = ms.matmul %x, %w : tensor<6x5xf32>, tensor<5x4xf32>
  %1 = ms.reshape %0 : tensor<6x4xf32> -> tensor<2x3x4xf32>
  %2 = ms.add %1, %bias : tensor<2x3x4xf32>, tensor<4xf32>
  %3 = ms.relu %2 : tensor<2x3x4xf32>
  %4 = ms.add %3, %z : tensor<2x3x4xf32>, tensor<2x3x4xf32>
  return %4 : tensor<2x3x4xf32>
}

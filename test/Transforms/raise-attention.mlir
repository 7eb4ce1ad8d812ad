// Products around a softmax become attention, which reads heads where they lie.
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-raise-patterns))' | FileCheck %s
// RUN: msc-opt %s --pass-pipeline='builtin.module(func.func(msc-raise-patterns,msc-form-kernels))' | FileCheck %s --check-prefix=KERNEL

// CHECK-LABEL: func.func @attention
// CHECK: %[[K:.*]] = ms.transpose %arg1 {permutation = array<i64: 0, 2, 1, 3>}
// CHECK: %[[Y:.*]] = ms.attention %{{.*}}, %[[K]], %{{.*}} mask(%arg3 : tensor<1x1x5x7xf32>) {scale = 2.500000e-01 : f64}
// KERNEL-LABEL: func.func @attention
// KERNEL: ms.kernel(%arg0, %arg2, %arg1, %arg3) {name = "attention_transpose"}
// KERNEL-COUNT-3: ms.transpose
// KERNEL: ms.attention
// KERNEL: ms.transpose
// KERNEL: ms.yield
func.func @attention(%q: tensor<1x5x2x16xf32>, %k: tensor<1x7x2x16xf32>, %v: tensor<1x7x2x16xf32>, %mask: tensor<1x1x5x7xf32>) -> tensor<1x5x2x16xf32> {
  %c = ms.constant dense<0.25> : tensor<f32>
  %0 = ms.transpose %q {permutation = array<i64: 0, 2, 1, 3>} : tensor<1x5x2x16xf32>
  %1 = ms.transpose %k {permutation = array<i64: 0, 2, 3, 1>} : tensor<1x7x2x16xf32>
  %2 = ms.transpose %v {permutation = array<i64: 0, 2, 1, 3>} : tensor<1x7x2x16xf32>
  %3 = ms.matmul %0, %1 : tensor<1x2x5x16xf32>, tensor<1x2x16x7xf32>
  %4 = ms.mul %3, %c : tensor<1x2x5x7xf32>, tensor<f32>
  %5 = ms.add %4, %mask : tensor<1x2x5x7xf32>, tensor<1x1x5x7xf32>
  %6 = ms.softmax %5 {axis = 3 : i64} : tensor<1x2x5x7xf32>
  %7 = ms.matmul %6, %2 : tensor<1x2x5x7xf32>, tensor<1x2x7x16xf32>
  %8 = ms.transpose %7 {permutation = array<i64: 0, 2, 1, 3>} : tensor<1x2x5x16xf32>
  return %8 : tensor<1x5x2x16xf32>
}

// Heads of keys and values that are repeated are not copied; scales of both
// operands count.
// CHECK-LABEL: func.func @grouped
// CHECK: ms.attention %arg0, %{{.*}}, %{{.*}} {scale = 1.000000e+00 : f64} : tensor<1x4x5x16xf32>, tensor<1x2x7x16xf32>, tensor<1x2x7x16xf32>
func.func @grouped(%q: tensor<1x4x5x16xf32>, %k: tensor<1x2x1x7x16xf32>, %v: tensor<1x2x1x7x16xf32>) -> tensor<1x4x5x16xf32> {
  %half = ms.constant dense<0.5> : tensor<f32>
  %two = ms.constant dense<2.0> : tensor<f32>
  %0 = ms.broadcast_to %k : tensor<1x2x1x7x16xf32> -> tensor<1x2x2x7x16xf32>
  %1 = ms.reshape %0 : tensor<1x2x2x7x16xf32> -> tensor<1x4x7x16xf32>
  %2 = ms.transpose %1 {permutation = array<i64: 0, 1, 3, 2>} : tensor<1x4x7x16xf32>
  %3 = ms.broadcast_to %v : tensor<1x2x1x7x16xf32> -> tensor<1x2x2x7x16xf32>
  %4 = ms.reshape %3 : tensor<1x2x2x7x16xf32> -> tensor<1x4x7x16xf32>
  %5 = ms.mul %q, %half : tensor<1x4x5x16xf32>, tensor<f32>
  %6 = ms.mul %2, %two : tensor<1x4x16x7xf32>, tensor<f32>
  %7 = ms.matmul %5, %6 : tensor<1x4x5x16xf32>, tensor<1x4x16x7xf32>
  %8 = ms.softmax %7 {axis = 3 : i64} : tensor<1x4x5x7xf32>
  %9 = ms.matmul %8, %4 : tensor<1x4x5x7xf32>, tensor<1x4x7x16xf32>
  return %9 : tensor<1x4x5x16xf32>
}

// A product that reads its right operand transposed has the keys as they are.
// CHECK-LABEL: func.func @keys_in_order
// CHECK: ms.attention %arg0, %arg1, %arg2 {scale = 1.000000e+00 : f64}
func.func @keys_in_order(%q: tensor<1x4x5x16xf32>, %k: tensor<1x4x7x16xf32>, %v: tensor<1x4x7x16xf32>) -> tensor<1x4x5x16xf32> {
  %0 = ms.matmul %q, %k {transpose_rhs} : tensor<1x4x5x16xf32>, tensor<1x4x7x16xf32>
  %1 = ms.softmax %0 {axis = 3 : i64} : tensor<1x4x5x7xf32>
  %2 = ms.matmul %1, %v : tensor<1x4x5x7xf32>, tensor<1x4x7x16xf32>
  return %2 : tensor<1x4x5x16xf32>
}

// Values that are transposed by the product stay with it.
// CHECK-LABEL: func.func @values_transposed
// CHECK-NOT: ms.attention
// CHECK: return
func.func @values_transposed(%q: tensor<1x4x5x16xf32>, %k: tensor<1x4x16x7xf32>, %v: tensor<1x4x16x7xf32>) -> tensor<1x4x5x16xf32> {
  %0 = ms.matmul %q, %k : tensor<1x4x5x16xf32>, tensor<1x4x16x7xf32>
  %1 = ms.softmax %0 {axis = 3 : i64} : tensor<1x4x5x7xf32>
  %2 = ms.matmul %1, %v {transpose_rhs} : tensor<1x4x5x7xf32>, tensor<1x4x16x7xf32>
  return %2 : tensor<1x4x5x16xf32>
}

// The softmax over another axis is no attention.
// CHECK-LABEL: func.func @other_axis
// CHECK-NOT: ms.attention
// CHECK: return
func.func @other_axis(%q: tensor<1x4x7x16xf32>, %k: tensor<1x4x16x7xf32>, %v: tensor<1x4x7x16xf32>) -> tensor<1x4x7x16xf32> {
  %0 = ms.matmul %q, %k : tensor<1x4x7x16xf32>, tensor<1x4x16x7xf32>
  %1 = ms.softmax %0 {axis = 2 : i64} : tensor<1x4x7x7xf32>
  %2 = ms.matmul %1, %v : tensor<1x4x7x7xf32>, tensor<1x4x7x16xf32>
  return %2 : tensor<1x4x7x16xf32>
}

// Parts that are picked by a known number are slices of the product.
// CHECK-LABEL: func.func @parts
// CHECK: ms.slice %{{.*}} {sizes = array<i64: 1, 7, 1, 2, 16>, starts = array<i64: 0, 0, 1, 0, 0>
// CHECK-NOT: ms.gather
// CHECK-NOT: ms.assert
func.func @parts(%x: tensor<1x7x3x2x16xf32>) -> tensor<1x2x7x16xf32> {
  %one = ms.constant dense<1> : tensor<i64>
  %zero = ms.constant dense<0> : tensor<i64>
  %fits = ms.greater_equal %one, %zero : tensor<i64>, tensor<i64>
  ms.assert %fits, "out of range" : tensor<i1>
  %0 = ms.transpose %x {permutation = array<i64: 2, 0, 3, 1, 4>} : tensor<1x7x3x2x16xf32>
  %1 = ms.gather %0, %one {axis = 0 : i64} : tensor<3x1x2x7x16xf32>, tensor<i64>
  return %1 : tensor<1x2x7x16xf32>
}

// Masks of shifted windows are added in a view that has the image's dimension.
// CHECK-LABEL: func.func @windows
// CHECK: %[[M:.*]] = ms.reshape %arg4 : tensor<1x6x1x5x5xf32> -> tensor<6x1x5x5xf32>
// CHECK: %[[SUM:.*]] = ms.add %arg3, %[[M]] : tensor<1x2x5x5xf32>, tensor<6x1x5x5xf32>
// CHECK: %[[A:.*]] = ms.attention %{{.*}}, %{{.*}}, %arg2 mask(%[[SUM]] : tensor<6x2x5x5xf32>)
// CHECK-NEXT: return %[[A]]
func.func @windows(%q: tensor<6x2x5x16xf32>, %k: tensor<6x2x16x5xf32>, %v: tensor<6x2x5x16xf32>, %bias: tensor<1x2x5x5xf32>, %mask: tensor<1x6x1x5x5xf32>) -> tensor<6x2x5x16xf32> {
  %0 = ms.matmul %q, %k : tensor<6x2x5x16xf32>, tensor<6x2x16x5xf32>
  %1 = ms.add %0, %bias : tensor<6x2x5x5xf32>, tensor<1x2x5x5xf32>
  %2 = ms.reshape %1 : tensor<6x2x5x5xf32> -> tensor<1x6x2x5x5xf32>
  %3 = ms.add %2, %mask : tensor<1x6x2x5x5xf32>, tensor<1x6x1x5x5xf32>
  %4 = ms.reshape %3 : tensor<1x6x2x5x5xf32> -> tensor<6x2x5x5xf32>
  %5 = ms.softmax %4 {axis = 3 : i64} : tensor<6x2x5x5xf32>
  %6 = ms.matmul %5, %v : tensor<6x2x5x5xf32>, tensor<6x2x5x16xf32>
  return %6 : tensor<6x2x5x16xf32>
}

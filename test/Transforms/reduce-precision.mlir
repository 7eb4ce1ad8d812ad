// RUN: msc-opt %s -split-input-file -msc-reduce-precision | FileCheck %s
// RUN: msc-opt %s -split-input-file '-msc-reduce-precision=to=f16' | FileCheck %s --check-prefix=F16
// RUN: not msc-opt %s -split-input-file '-msc-reduce-precision=to=f8' 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: error: msc-reduce-precision: 'to' is 'f8', expected bf16 or f16

// CHECK-LABEL: @products(
// CHECK-SAME: %[[X:.*]]: tensor<1x4x5x6xf32>
// CHECK-DAG: %[[XN:.*]] = ms.cast %[[X]] : tensor<1x4x5x6xf32> -> tensor<1x4x5x6xbf16>
// CHECK-DAG: %[[WN:.*]] = ms.cast %{{.*}} : tensor<2x4x1x1xf32> -> tensor<2x4x1x1xbf16>
// CHECK: %[[C:.*]] = ms.conv %[[XN]], %[[WN]] {{{.*}}element = f32{{.*}}} : tensor<1x4x5x6xbf16>, tensor<2x4x1x1xbf16>
// CHECK: %[[CN:.*]] = ms.cast %[[C]] : tensor<1x2x5x6xf32> -> tensor<1x2x5x6xbf16>
// CHECK: %[[BN:.*]] = ms.cast %{{.*}} : tensor<6x3xf32> -> tensor<6x3xbf16>
// CHECK: %[[Y:.*]] = ms.matmul %[[CN]], %[[BN]] {element = f32} : tensor<1x2x5x6xbf16>, tensor<6x3xbf16>
// CHECK: return %[[Y]] : tensor<1x2x5x3xf32>
// F16-LABEL: @products(
// F16: ms.conv {{.*}}element = f32{{.*}} : tensor<1x4x5x6xf16>, tensor<2x4x1x1xf16>
// F16: ms.matmul {{.*}} {element = f32} : tensor<1x2x5x6xf16>, tensor<6x3xf16>
func.func @products(%x: tensor<1x4x5x6xf32>) -> tensor<1x2x5x3xf32> {
  %w = ms.parameter "w" : tensor<2x4x1x1xf32>
  %b = ms.parameter "b" : tensor<6x3xf32>
  %0 = ms.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : tensor<1x4x5x6xf32>, tensor<2x4x1x1xf32>
  %1 = ms.matmul %0, %b : tensor<1x2x5x6xf32>, tensor<6x3xf32>
  return %1 : tensor<1x2x5x3xf32>
}

// -----

// Narrow products, wide ones and integers stay; so does what is no product, and
// the product of two values of a run.
// CHECK-LABEL: @others(
// CHECK-NOT: ms.cast
// CHECK: return
// F16-LABEL: @others(
// F16-NOT: ms.cast
// F16: return
func.func @others(%h: tensor<2x2xf16>, %d: tensor<2x2xf64>, %i: tensor<2x2xi32>, %f: tensor<2x2xf32>) -> (tensor<2x2xf16>, tensor<2x2xf64>, tensor<2x2xi32>, tensor<2x2xf32>) {
  %0 = ms.matmul %h, %h : tensor<2x2xf16>, tensor<2x2xf16>
  %1 = ms.matmul %d, %d : tensor<2x2xf64>, tensor<2x2xf64>
  %2 = ms.matmul %i, %i : tensor<2x2xi32>, tensor<2x2xi32>
  %s = ms.add %f, %f : tensor<2x2xf32>, tensor<2x2xf32>
  %3 = ms.matmul %s, %f : tensor<2x2xf32>, tensor<2x2xf32>
  return %0, %1, %2, %3 : tensor<2x2xf16>, tensor<2x2xf64>, tensor<2x2xi32>, tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @dynamic(
// CHECK: ms.matmul %{{.*}}, %{{.*}} {element = f32} : tensor<?x4xbf16>, tensor<4x3xbf16>
// F16-LABEL: @dynamic(
// F16: ms.matmul
func.func @dynamic(%a: tensor<?x4xf32>) -> tensor<?x3xf32> {
  %b = ms.parameter "b" : tensor<4x3xf32>
  %0 = ms.matmul %a, %b : tensor<?x4xf32>, tensor<4x3xf32>
  return %0 : tensor<?x3xf32>
}

// Selection ops become calls of the device library that return the count.
// RUN: msc-opt %s -msc-convert-ms-to-linalg | FileCheck %s

// CHECK-DAG: func.func private @msc_nonzero_f32(memref<2x3xf32>, memref<2xi64>, i64, memref<6x2xi64>, i1, memref<16xi8>) -> i64
// CHECK-DAG: func.func private @msc_compress_b32(memref<2x3xf32>, memref<2xi1>, i64, memref<2x2xf32>, i64, i64, i64) -> i64

// CHECK-LABEL: @non_zero
// CHECK: %[[N:.*]] = call @msc_nonzero_f32
// CHECK: tensor.from_elements %[[N]] : tensor<i64>
func.func @non_zero(%x: tensor<2x3xf32>) -> (tensor<6x2xi64>, tensor<i64>) {
  %0:2 = ms.non_zero %x : tensor<2x3xf32> -> tensor<6x2xi64>, tensor<i64>
  return %0#0, %0#1 : tensor<6x2xi64>, tensor<i64>
}

// The mask has two elements; one slice before, three along, one behind the axis.
// CHECK-LABEL: @compress
// CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i64
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3 : i64
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i64
// CHECK: call @msc_compress_b32({{.*}}, %{{.*}}, %[[TWO]]{{.*}}, %{{.*}}, %[[THREE]], %[[ONE]])
func.func @compress(%x: tensor<2x3xf32>, %m: tensor<2xi1>) -> (tensor<2x2xf32>, tensor<i64>) {
  %0:2 = ms.compress %x, %m {axis = 1 : i64} : tensor<2x3xf32>, tensor<2xi1> -> tensor<2x2xf32>, tensor<i64>
  return %0#0, %0#1 : tensor<2x2xf32>, tensor<i64>
}

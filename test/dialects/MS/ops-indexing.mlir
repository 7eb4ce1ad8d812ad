// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: @gather
func.func @gather(%x: tensor<2x10x4xf32>, %i: tensor<2x3xi64>) -> (tensor<2x2x3x4xf32>, tensor<2x3x4xf32>) {
  // CHECK: ms.gather %{{.*}}, %{{.*}} {axis = 1 : i64} : tensor<2x10x4xf32>, tensor<2x3xi64>
  %0 = ms.gather %x, %i {axis = 1 : i64} : tensor<2x10x4xf32>, tensor<2x3xi64>
  // CHECK: ms.gather %{{.*}}, %{{.*}} {axis = 1 : i64, batch_dims = 1 : i64}
  %1 = ms.gather %x, %i {axis = 1 : i64, batch_dims = 1 : i64} : tensor<2x10x4xf32>, tensor<2x3xi64>
  return %0, %1 : tensor<2x2x3x4xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: @gather_elements
func.func @gather_elements(%x: tensor<3x4xf32>, %i: tensor<3x2xi32>) -> tensor<3x2xf32> {
  // CHECK: ms.gather_elements %{{.*}}, %{{.*}} {axis = 1 : i64} : tensor<3x4xf32>, tensor<3x2xi32>
  %0 = ms.gather_elements %x, %i {axis = 1 : i64} : tensor<3x4xf32>, tensor<3x2xi32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: @gather_nd
func.func @gather_nd(%x: tensor<3x4x5xf32>, %i: tensor<7x2xi64>, %j: tensor<3x6x1xi64>)
    -> (tensor<7x5xf32>, tensor<3x6x5xf32>) {
  // CHECK: ms.gather_nd %{{.*}}, %{{.*}} : tensor<3x4x5xf32>, tensor<7x2xi64>
  %0 = ms.gather_nd %x, %i : tensor<3x4x5xf32>, tensor<7x2xi64>
  // CHECK: ms.gather_nd %{{.*}}, %{{.*}} {batch_dims = 1 : i64}
  %1 = ms.gather_nd %x, %j {batch_dims = 1 : i64} : tensor<3x4x5xf32>, tensor<3x6x1xi64>
  return %0, %1 : tensor<7x5xf32>, tensor<3x6x5xf32>
}

// CHECK-LABEL: @scatter
func.func @scatter(%x: tensor<3x4xf32>, %i: tensor<2x4xi64>, %u: tensor<2x4xf32>,
                   %t: tensor<2x1xi32>) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  // CHECK: ms.scatter_elements %{{.*}}, %{{.*}}, %{{.*}} {axis = 0 : i64, reduction = "add"}
  %0 = ms.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = "add"} : tensor<3x4xf32>, tensor<2x4xi64>, tensor<2x4xf32>
  // CHECK: ms.scatter_nd %{{.*}}, %{{.*}}, %{{.*}} : tensor<3x4xf32>, tensor<2x1xi32>, tensor<2x4xf32>
  %1 = ms.scatter_nd %x, %t, %u : tensor<3x4xf32>, tensor<2x1xi32>, tensor<2x4xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<3x4xf32>
}

// CHECK-LABEL: @dynamic_slice
func.func @dynamic_slice(%x: tensor<8x4xf32>, %u: tensor<1x4xf32>, %s: tensor<2xi64>)
    -> (tensor<1x4xf32>, tensor<8x4xf32>) {
  // CHECK: ms.dynamic_slice %{{.*}}, %{{.*}} {sizes = array<i64: 1, 4>} : tensor<8x4xf32>, tensor<2xi64>
  %0 = ms.dynamic_slice %x, %s {sizes = array<i64: 1, 4>} : tensor<8x4xf32>, tensor<2xi64>
  // CHECK: ms.dynamic_update_slice %{{.*}}, %{{.*}}, %{{.*}} : tensor<8x4xf32>, tensor<1x4xf32>, tensor<2xi64>
  %1 = ms.dynamic_update_slice %x, %u, %s : tensor<8x4xf32>, tensor<1x4xf32>, tensor<2xi64>
  return %0, %1 : tensor<1x4xf32>, tensor<8x4xf32>
}

// CHECK-LABEL: @one_hot
func.func @one_hot(%i: tensor<2x3xi32>, %on: tensor<f16>, %off: tensor<1xf16>) -> tensor<2x10x3xf16> {
  // CHECK: ms.one_hot %{{.*}}, %{{.*}}, %{{.*}} {axis = 1 : i64, depth = 10 : i64}
  %0 = ms.one_hot %i, %on, %off {depth = 10 : i64, axis = 1 : i64} : tensor<2x3xi32>, tensor<f16>, tensor<1xf16>
  return %0 : tensor<2x10x3xf16>
}

// CHECK-LABEL: @search_sorted
func.func @search_sorted(%s: tensor<9xf32>, %v: tensor<3x4xf32>) {
  // CHECK: ms.search_sorted %{{.*}}, %{{.*}} {right} : tensor<9xf32>, tensor<3x4xf32> -> tensor<3x4xi32>
  %0 = ms.search_sorted %s, %v {right} : tensor<9xf32>, tensor<3x4xf32> -> tensor<3x4xi32>
  return
}

// CHECK-LABEL: @sort
func.func @sort(%x: tensor<3x9xf32>) -> (tensor<3x9xf32>, tensor<3x9xi64>) {
  // CHECK: ms.sort %{{.*}} {axis = 1 : i64, descending} : tensor<3x9xf32>
  %0, %1 = ms.sort %x {axis = 1 : i64, descending} : tensor<3x9xf32>
  return %0, %1 : tensor<3x9xf32>, tensor<3x9xi64>
}

// CHECK-LABEL: @top_k
func.func @top_k(%x: tensor<3x9xui8>) -> (tensor<3x4xui8>, tensor<3x4xi64>) {
  // CHECK: ms.top_k %{{.*}} {axis = 1 : i64, k = 4 : i64, smallest} : tensor<3x9xui8>
  %0, %1 = ms.top_k %x {axis = 1 : i64, k = 4 : i64, smallest} : tensor<3x9xui8>
  return %0, %1 : tensor<3x4xui8>, tensor<3x4xi64>
}

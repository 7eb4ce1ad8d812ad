// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: @reshape
func.func @reshape(%x: tensor<2x3x4xf32>, %s: tensor<f32>) {
  // CHECK: ms.reshape %{{.*}} : tensor<2x3x4xf32> -> tensor<6x4xf32>
  %0 = ms.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
  // CHECK: ms.reshape %{{.*}} : tensor<f32> -> tensor<1x1xf32>
  %1 = ms.reshape %s : tensor<f32> -> tensor<1x1xf32>
  return
}

// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x?x4xi8>) -> tensor<4x2x?xi8> {
  // CHECK: ms.transpose %{{.*}} {permutation = array<i64: 2, 0, 1>} : tensor<2x?x4xi8>
  %0 = ms.transpose %x {permutation = array<i64: 2, 0, 1>} : tensor<2x?x4xi8>
  return %0 : tensor<4x2x?xi8>
}

// CHECK-LABEL: @concat
func.func @concat(%x: tensor<2x3xf32>, %y: tensor<2x5xf32>, %z: tensor<?x?xf32>)
    -> (tensor<2x8xf32>, tensor<2x?xf32>) {
  // CHECK: ms.concat %{{.*}}, %{{.*}} {axis = 1 : i64} : tensor<2x3xf32>, tensor<2x5xf32>
  %0 = ms.concat %x, %y {axis = 1 : i64} : tensor<2x3xf32>, tensor<2x5xf32>
  %1 = ms.concat %z, %y {axis = 1 : i64} : tensor<?x?xf32>, tensor<2x5xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x?xf32>
}

// CHECK-LABEL: @slice
func.func @slice(%x: tensor<2x5xf32>) -> tensor<2x3xf32> {
  // CHECK: ms.slice %{{.*}} {sizes = array<i64: 2, 3>, starts = array<i64: 0, 4>, steps = array<i64: 1, -2>} : tensor<2x5xf32>
  %0 = ms.slice %x {starts = array<i64: 0, 4>, sizes = array<i64: 2, 3>, steps = array<i64: 1, -2>} : tensor<2x5xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: @pad
func.func @pad(%x: tensor<2x3xf32>, %v: tensor<f32>) -> (tensor<2x6xf32>, tensor<4x3xf32>) {
  // CHECK: ms.pad %{{.*}}, %{{.*}} {high = array<i64: 0, 2>, low = array<i64: 0, 1>} : tensor<2x3xf32>, tensor<f32>
  %0 = ms.pad %x, %v {low = array<i64: 0, 1>, high = array<i64: 0, 2>} : tensor<2x3xf32>, tensor<f32>
  // CHECK: ms.pad %{{.*}} {{{.*}}mode = "reflect"} : tensor<2x3xf32>
  %1 = ms.pad %x {low = array<i64: 1, 0>, high = array<i64: 1, 0>, mode = "reflect"} : tensor<2x3xf32>
  return %0, %1 : tensor<2x6xf32>, tensor<4x3xf32>
}

// CHECK-LABEL: @repeat
func.func @repeat(%x: tensor<3x1xf32>) -> tensor<6x2xf32> {
  // CHECK: ms.broadcast_to %{{.*}} : tensor<3x1xf32> -> tensor<2x3x4xf32>
  %0 = ms.broadcast_to %x : tensor<3x1xf32> -> tensor<2x3x4xf32>
  // CHECK: ms.tile %{{.*}} {repeats = array<i64: 2, 2>} : tensor<3x1xf32>
  %1 = ms.tile %x {repeats = array<i64: 2, 2>} : tensor<3x1xf32>
  return %1 : tensor<6x2xf32>
}

// CHECK-LABEL: @reverse
func.func @reverse(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: ms.reverse %{{.*}} {axes = array<i64: 1>} : tensor<2x3xf32>
  %0 = ms.reverse %x {axes = array<i64: 1>} : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: @iota
func.func @iota() -> tensor<3x2xi64> {
  // CHECK: ms.iota {axis = 1 : i64} : tensor<3x2xi64>
  %0 = ms.iota {axis = 1 : i64} : tensor<3x2xi64>
  return %0 : tensor<3x2xi64>
}

// CHECK-LABEL: @unpack_panels
func.func @unpack_panels(%p: tensor<2x64x16xf32>) -> (tensor<64x20xf32>, tensor<20x64xf32>) {
  // CHECK: ms.unpack_panels %{{.*}} {axis = 1 : i64, extent = 20 : i64} : tensor<2x64x16xf32>
  %0 = ms.unpack_panels %p {axis = 1 : i64, extent = 20 : i64} : tensor<2x64x16xf32>
  %1 = ms.unpack_panels %p {axis = 0 : i64, extent = 20 : i64} : tensor<2x64x16xf32>
  return %0, %1 : tensor<64x20xf32>, tensor<20x64xf32>
}

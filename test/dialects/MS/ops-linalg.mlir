// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: @fft
func.func @fft(%x: tensor<3x16x2xf32>, %d: tensor<?x?x?xf64>) -> (tensor<3x16x2xf32>, tensor<?x?x?xf64>) {
  // CHECK: ms.fft %{{.*}} {axis = 1 : i64} : tensor<3x16x2xf32>
  %0 = ms.fft %x {axis = 1 : i64} : tensor<3x16x2xf32>
  // CHECK: ms.fft %{{.*}} {axis = 0 : i64, inverse, scale = 5.000000e-01 : f64} : tensor<?x?x?xf64>
  %1 = ms.fft %d {axis = 0 : i64, inverse, scale = 0.5 : f64} : tensor<?x?x?xf64>
  return %0, %1 : tensor<3x16x2xf32>, tensor<?x?x?xf64>
}

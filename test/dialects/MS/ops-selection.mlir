// Selection ops are printed as they are written.
// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: @selection
func.func @selection(%x: tensor<2x3xf32>, %m: tensor<2xi1>, %b: tensor<1x6x4xf32>, %s: tensor<1x2x6xf32>,
                     %most: tensor<i64>, %iou: tensor<f32>, %score: tensor<f32>) {
  // CHECK: ms.non_zero %{{.*}} : tensor<2x3xf32> -> tensor<6x2xi64>, tensor<i64>
  %0:2 = ms.non_zero %x : tensor<2x3xf32> -> tensor<6x2xi64>, tensor<i64>
  // CHECK: ms.non_zero %{{.*}} {by_dimension} : tensor<2x3xf32> -> tensor<2x6xi64>, tensor<i64>
  %1:2 = ms.non_zero %x {by_dimension} : tensor<2x3xf32> -> tensor<2x6xi64>, tensor<i64>
  // CHECK: ms.compress %{{.*}}, %{{.*}} {axis = 1 : i64} : tensor<2x3xf32>, tensor<2xi1> -> tensor<2x2xf32>, tensor<i64>
  %2:2 = ms.compress %x, %m {axis = 1 : i64} : tensor<2x3xf32>, tensor<2xi1> -> tensor<2x2xf32>, tensor<i64>
  // CHECK: ms.unique %{{.*}} {axis = 0 : i64, sorted} : tensor<2x3xf32> -> tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<i64>
  %3:5 = ms.unique %x {axis = 0 : i64, sorted} : tensor<2x3xf32> -> tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<i64>
  // CHECK: ms.non_max_suppression {{.*}} {limit = 3 : i64} : {{.*}} -> tensor<6x3xi64>, tensor<i64>
  %4:2 = ms.non_max_suppression %b, %s, %most, %iou, %score {limit = 3 : i64} : tensor<1x6x4xf32>, tensor<1x2x6xf32>, tensor<i64>, tensor<f32>, tensor<f32> -> tensor<6x3xi64>, tensor<i64>
  return
}

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: @roi_align
func.func @roi_align(%x: tensor<1x3x9x9xf32>, %rois: tensor<?x4xf32>, %batch: tensor<?xi64>) -> tensor<?x3x5x6xf32> {
  // CHECK: ms.roi_align %{{.*}}, %{{.*}}, %{{.*}} {aligned, height = 5 : i64, samples = 2 : i64, scale = 1.000000e+00 : f64, width = 6 : i64}
  %0 = ms.roi_align %x, %rois, %batch {height = 5 : i64, width = 6 : i64, samples = 2 : i64, scale = 1.0 : f64, aligned}
      : tensor<1x3x9x9xf32>, tensor<?x4xf32>, tensor<?xi64>
  return %0 : tensor<?x3x5x6xf32>
}

// RUN: msc-opt %s --msc-outline-bind --split-input-file | FileCheck %s

// What depends on parameters alone is computed when they are bound.
// CHECK-LABEL: func.func @bind(%arg0: tensor<4xf32> {ms.parameter = "w"})
// CHECK: %[[E:.+]] = ms.exp %arg0
// CHECK: return %[[E]]
// CHECK-LABEL: func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32> {ms.packed = 0 : i64})
// CHECK-NOT: ms.parameter "w"
// CHECK: ms.add %arg0, %arg1
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = ms.parameter "w" : tensor<4xf32>
  %0 = ms.exp %w : tensor<4xf32>
  %1 = ms.add %x, %0 : tensor<4xf32>, tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// A table that is computed of parameters is stored, one that repeats them is
// not.
// CHECK-LABEL: func.func @bind(
// CHECK: %[[TABLE:.+]] = ms.sub
// CHECK: return %{{.*}}, %[[TABLE]] : tensor<100x1xf32>, tensor<100x100xf32>
// CHECK-LABEL: func.func @main(
// CHECK: ms.broadcast_to
func.func @main(%x: tensor<100x100xf32>) -> tensor<100x100xf32> {
  %w = ms.parameter "w" : tensor<100x1xf32>
  %v = ms.parameter "v" : tensor<1x100xf32>
  %t = ms.sub %w, %v : tensor<100x1xf32>, tensor<1x100xf32>
  %r = ms.broadcast_to %w : tensor<100x1xf32> -> tensor<100x100xf32>
  %0 = ms.add %x, %t : tensor<100x100xf32>, tensor<100x100xf32>
  %1 = ms.mul %0, %r : tensor<100x100xf32>, tensor<100x100xf32>
  return %1 : tensor<100x100xf32>
}

// -----

// So is what depends on constants alone.
// CHECK-LABEL: func.func @bind(
// CHECK: %[[E:.+]] = ms.exp
// CHECK: return %[[E]] : tensor<2xf32>
// CHECK-LABEL: func.func @main(
// CHECK-NOT: ms.exp
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = ms.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = ms.exp %c : tensor<2xf32>
  %0 = ms.add %x, %e : tensor<2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// The kernel contract holds a recurrence: the products of the inputs with their
// weights, for all steps at once, are a stage with a grid; the steps are a loop
// inside the second stage, whose points are what does not depend on each other,
// the elements of the batch. Three results; the gates are workspace.
// RUN: msc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @lstm
// CHECK: stages {
// CHECK-NEXT: ^bb0({{.*}}, %{{.*}}: memref<2x2x32xf32>):
// CHECK: ms.stage "project" grid [2, 1, 1]
// CHECK: ms.stage "recur" grid [2, 1, 1]
// CHECK: scf.for
func.func @lstm(%x: tensor<2x2x3xf32>, %w: tensor<3x32xf32>, %u: tensor<8x32xf32>, %bias: tensor<32xf32>,
                %h0: tensor<2x8xf32>, %c0: tensor<2x8xf32>)
    -> (tensor<2x2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>) {
  %y, %h, %c = ms.kernel (%x, %w, %u, %bias, %h0, %c0)
      : (tensor<2x2x3xf32>, tensor<3x32xf32>, tensor<8x32xf32>, tensor<32xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
        -> (tensor<2x2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>) {
  ^bb0(%a: tensor<2x2x3xf32>, %b: tensor<3x32xf32>, %r: tensor<8x32xf32>, %d: tensor<32xf32>, %e: tensor<2x8xf32>,
       %f: tensor<2x8xf32>):
    %x0_ = ms.slice %a {starts = array<i64: 0, 0, 0>, sizes = array<i64: 1, 2, 3>, steps = array<i64: 1, 1, 1>}
        : tensor<2x2x3xf32>
    %x0 = ms.reshape %x0_ : tensor<1x2x3xf32> -> tensor<2x3xf32>
    %p0 = ms.matmul %x0, %b : tensor<2x3xf32>, tensor<3x32xf32>
    %q0 = ms.matmul %e, %r : tensor<2x8xf32>, tensor<8x32xf32>
    %s0 = ms.add %p0, %q0 : tensor<2x32xf32>, tensor<2x32xf32>
    %g0 = ms.add %s0, %d : tensor<2x32xf32>, tensor<32xf32>
    %ig0 = ms.slice %g0 {starts = array<i64: 0, 0>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %ia0 = ms.sigmoid %ig0 : tensor<2x8xf32>
    %og0 = ms.slice %g0 {starts = array<i64: 0, 8>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %oa0 = ms.sigmoid %og0 : tensor<2x8xf32>
    %fg0 = ms.slice %g0 {starts = array<i64: 0, 16>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %fa0 = ms.sigmoid %fg0 : tensor<2x8xf32>
    %gg0 = ms.slice %g0 {starts = array<i64: 0, 24>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %ga0 = ms.tanh %gg0 : tensor<2x8xf32>
    %kept0 = ms.mul %fa0, %f : tensor<2x8xf32>, tensor<2x8xf32>
    %new0 = ms.mul %ia0, %ga0 : tensor<2x8xf32>, tensor<2x8xf32>
    %cell0 = ms.add %kept0, %new0 : tensor<2x8xf32>, tensor<2x8xf32>
    %t0 = ms.tanh %cell0 : tensor<2x8xf32>
    %hidden0 = ms.mul %oa0, %t0 : tensor<2x8xf32>, tensor<2x8xf32>
    %y0 = ms.reshape %hidden0 : tensor<2x8xf32> -> tensor<1x2x8xf32>
    %x1_ = ms.slice %a {starts = array<i64: 1, 0, 0>, sizes = array<i64: 1, 2, 3>, steps = array<i64: 1, 1, 1>}
        : tensor<2x2x3xf32>
    %x1 = ms.reshape %x1_ : tensor<1x2x3xf32> -> tensor<2x3xf32>
    %p1 = ms.matmul %x1, %b : tensor<2x3xf32>, tensor<3x32xf32>
    %q1 = ms.matmul %hidden0, %r : tensor<2x8xf32>, tensor<8x32xf32>
    %s1 = ms.add %p1, %q1 : tensor<2x32xf32>, tensor<2x32xf32>
    %g1 = ms.add %s1, %d : tensor<2x32xf32>, tensor<32xf32>
    %ig1 = ms.slice %g1 {starts = array<i64: 0, 0>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %ia1 = ms.sigmoid %ig1 : tensor<2x8xf32>
    %og1 = ms.slice %g1 {starts = array<i64: 0, 8>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %oa1 = ms.sigmoid %og1 : tensor<2x8xf32>
    %fg1 = ms.slice %g1 {starts = array<i64: 0, 16>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %fa1 = ms.sigmoid %fg1 : tensor<2x8xf32>
    %gg1 = ms.slice %g1 {starts = array<i64: 0, 24>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>}
        : tensor<2x32xf32>
    %ga1 = ms.tanh %gg1 : tensor<2x8xf32>
    %kept1 = ms.mul %fa1, %cell0 : tensor<2x8xf32>, tensor<2x8xf32>
    %new1 = ms.mul %ia1, %ga1 : tensor<2x8xf32>, tensor<2x8xf32>
    %cell1 = ms.add %kept1, %new1 : tensor<2x8xf32>, tensor<2x8xf32>
    %t1 = ms.tanh %cell1 : tensor<2x8xf32>
    %hidden1 = ms.mul %oa1, %t1 : tensor<2x8xf32>, tensor<2x8xf32>
    %y1 = ms.reshape %hidden1 : tensor<2x8xf32> -> tensor<1x2x8xf32>
    %ys = ms.concat %y0, %y1 {axis = 0 : i64} : tensor<1x2x8xf32>, tensor<1x2x8xf32>
    ms.yield %ys, %hidden1, %cell1 : tensor<2x2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>
  } stages {
  ^bb0(%a: memref<2x2x3xf32>, %b: memref<3x32xf32>, %r: memref<8x32xf32>, %d: memref<32xf32>, %e: memref<2x8xf32>,
       %f: memref<2x8xf32>, %y0: memref<2x2x8xf32>, %hn: memref<2x8xf32>, %cn: memref<2x8xf32>,
       %gates: memref<2x2x32xf32>):
    ms.stage "project" grid [2, 1, 1] {
    ^bb0(%t: index, %u0: index, %u1: index):
      %step = memref.subview %a[%t, 0, 0] [1, 2, 3] [1, 1, 1]
        : memref<2x2x3xf32> to memref<2x3xf32, strided<[3, 1], offset: ?>>
      %out = memref.subview %gates[%t, 0, 0] [1, 2, 32] [1, 1, 1]
        : memref<2x2x32xf32> to memref<2x32xf32, strided<[32, 1], offset: ?>>
      linalg.broadcast ins(%d : memref<32xf32>) outs(%out : memref<2x32xf32, strided<[32, 1], offset: ?>>)
        dimensions = [0]
      linalg.matmul ins(%step, %b : memref<2x3xf32, strided<[3, 1], offset: ?>>, memref<3x32xf32>)
                    outs(%out : memref<2x32xf32, strided<[32, 1], offset: ?>>)
      ms.yield
    }
    ms.stage "recur" grid [2, 1, 1] {
    ^bb0(%n: index, %u0: index, %u1: index):
      %c0_ = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %zero = arith.constant 0.0 : f32
      %one = arith.constant dense<1.0> : vector<8xf32>
      %h_first = vector.transfer_read %e[%n, %c0_], %zero : memref<2x8xf32>, vector<8xf32>
      %c_first = vector.transfer_read %f[%n, %c0_], %zero : memref<2x8xf32>, vector<8xf32>
      %weights = vector.transfer_read %r[%c0_, %c0_], %zero : memref<8x32xf32>, vector<8x32xf32>
      %h_last, %c_last = scf.for %t = %c0_ to %c2 step %c1 iter_args(%h = %h_first, %c = %c_first)
          -> (vector<8xf32>, vector<8xf32>) {
        %projected = vector.transfer_read %gates[%t, %n, %c0_], %zero : memref<2x2x32xf32>, vector<32xf32>
        %all = vector.contract {indexing_maps = [affine_map<(j, k) -> (k)>, affine_map<(j, k) -> (k, j)>,
            affine_map<(j, k) -> (j)>], iterator_types = ["parallel", "reduction"]}
          %h, %weights, %projected : vector<8xf32>, vector<8x32xf32> into vector<32xf32>
        %i0 = vector.extract_strided_slice %all {offsets = [0], sizes = [8], strides = [1]}
          : vector<32xf32> to vector<8xf32>
        %o0 = vector.extract_strided_slice %all {offsets = [8], sizes = [8], strides = [1]}
          : vector<32xf32> to vector<8xf32>
        %f0 = vector.extract_strided_slice %all {offsets = [16], sizes = [8], strides = [1]}
          : vector<32xf32> to vector<8xf32>
        %g0 = vector.extract_strided_slice %all {offsets = [24], sizes = [8], strides = [1]}
          : vector<32xf32> to vector<8xf32>
        %i1 = math.exp %i0 : vector<8xf32>
        %i2 = arith.addf %i1, %one : vector<8xf32>
        %i = arith.divf %i1, %i2 : vector<8xf32>
        %o1 = math.exp %o0 : vector<8xf32>
        %o2 = arith.addf %o1, %one : vector<8xf32>
        %o = arith.divf %o1, %o2 : vector<8xf32>
        %f1 = math.exp %f0 : vector<8xf32>
        %f2 = arith.addf %f1, %one : vector<8xf32>
        %forget = arith.divf %f1, %f2 : vector<8xf32>
        %g = math.tanh %g0 : vector<8xf32>
        %kept = arith.mulf %forget, %c : vector<8xf32>
        %added = arith.mulf %i, %g : vector<8xf32>
        %c_next = arith.addf %kept, %added : vector<8xf32>
        %squashed = math.tanh %c_next : vector<8xf32>
        %h_next = arith.mulf %o, %squashed : vector<8xf32>
        vector.transfer_write %h_next, %y0[%t, %n, %c0_] : vector<8xf32>, memref<2x2x8xf32>
        scf.yield %h_next, %c_next : vector<8xf32>, vector<8xf32>
      }
      vector.transfer_write %h_last, %hn[%n, %c0_] : vector<8xf32>, memref<2x8xf32>
      vector.transfer_write %c_last, %cn[%n, %c0_] : vector<8xf32>, memref<2x8xf32>
      ms.yield
    }
    ms.yield
  }
  return %y, %h, %c : tensor<2x2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// Round trip of ms.assert, which is kept for its effect unless it holds.
// RUN: msc-opt %s --verify-roundtrip --canonicalize | FileCheck %s

// CHECK-LABEL: @assert
// CHECK-NEXT: ms.assert %arg0, "bad" : tensor<4xi1>
// CHECK-NEXT: return
func.func @assert(%c: tensor<4xi1>) {
  ms.assert %c, "bad" : tensor<4xi1>
  return
}

// CHECK-LABEL: @holds
// CHECK-NEXT: return
func.func @holds() {
  %c = ms.constant dense<true> : tensor<4xi1>
  ms.assert %c, "bad" : tensor<4xi1>
  return
}

// CHECK-LABEL: @in_region
// CHECK: ms.if
// CHECK: ms.assert
func.func @in_region(%c: tensor<i1>, %d: tensor<4xi1>) {
  ms.if %c : tensor<i1> {
    ms.assert %d, "bad" : tensor<4xi1>
    ms.yield
  } else {
    ms.yield
  }
  return
}

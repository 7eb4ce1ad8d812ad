// SPDX-License-Identifier: Apache-2.0
//
// RUN: msc-opt %s --msc-convert-ms-to-linalg | FileCheck %s

// The condition is reduced, and its code reported if it is false.
// CHECK: func.func private @msc_report_error(i32)
// CHECK-LABEL: func.func @assert
// CHECK: %[[ALL:.+]] = linalg.generic {{.*}}iterator_types = ["reduction", "reduction"]} ins(%arg0 : tensor<2x3xi1>)
// CHECK: arith.andi
// CHECK: %[[HOLDS:.+]] = tensor.extract %[[ALL]][]
// CHECK: %[[FAILS:.+]] = arith.xori %[[HOLDS]]
// CHECK: scf.if %[[FAILS]]
// CHECK-NEXT: %[[CODE:.+]] = arith.constant 7 : i32
// CHECK-NEXT: func.call @msc_report_error(%[[CODE]]) : (i32) -> ()
func.func @assert(%c: tensor<2x3xi1>) {
  ms.assert %c, "bad" {msc.error_code = 7 : i32} : tensor<2x3xi1>
  return
}

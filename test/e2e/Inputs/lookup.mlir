// SPDX-License-Identifier: Apache-2.0
//
// What the importers make of a checked lookup: the condition is elementwise,
// the lookup itself clamps.
func.func @main(%table: tensor<5x3xf32>, %i: tensor<4xi64>) -> tensor<4x3xf32> {
  %low = ms.constant dense<-5> : tensor<i64>
  %high = ms.constant dense<5> : tensor<i64>
  %0 = ms.greater_equal %i, %low : tensor<4xi64>, tensor<i64>
  %1 = ms.less %i, %high : tensor<4xi64>, tensor<i64>
  %2 = ms.logical_and %0, %1 : tensor<4xi1>, tensor<4xi1>
  ms.assert %2, "lookup: an index is out of range [-5, 5)" : tensor<4xi1>
  %3 = ms.gather %table, %i {axis = 0 : i64} : tensor<5x3xf32>, tensor<4xi64>
  return %3 : tensor<4x3xf32>
}

// SPDX-License-Identifier: Apache-2.0
//
// The lookup of lookup.mlir with many indices.
func.func @main(%table: tensor<5x3xf32>, %i: tensor<1048576xi64>) -> tensor<1048576x3xf32> {
  %low = ms.constant dense<-5> : tensor<i64>
  %high = ms.constant dense<5> : tensor<i64>
  %0 = ms.greater_equal %i, %low : tensor<1048576xi64>, tensor<i64>
  %1 = ms.less %i, %high : tensor<1048576xi64>, tensor<i64>
  %2 = ms.logical_and %0, %1 : tensor<1048576xi1>, tensor<1048576xi1>
  ms.assert %2, "lookups: an index is out of range [-5, 5)" : tensor<1048576xi1>
  %3 = ms.gather %table, %i {axis = 0 : i64} : tensor<5x3xf32>, tensor<1048576xi64>
  return %3 : tensor<1048576x3xf32>
}

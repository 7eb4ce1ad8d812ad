// SPDX-License-Identifier: Apache-2.0
//
// A loop around a branch: doubles its input three times, then negates once.
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = ms.constant dense<0> : tensor<i64>
  %y, %n = ms.while (%x, %zero) : tensor<4xf32>, tensor<i64> {
  ^bb0(%a: tensor<4xf32>, %i: tensor<i64>):
    %four = ms.constant dense<4> : tensor<i64>
    %go = ms.less %i, %four : tensor<i64>, tensor<i64>
    ms.yield %go : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>, %i: tensor<i64>):
    %one = ms.constant dense<1> : tensor<i64>
    %three = ms.constant dense<3> : tensor<i64>
    %double = ms.less %i, %three : tensor<i64>, tensor<i64>
    %b = ms.if %double : tensor<i1> -> tensor<4xf32> {
      %c = ms.add %a, %a : tensor<4xf32>, tensor<4xf32>
      ms.yield %c : tensor<4xf32>
    } else {
      %c = ms.neg %a : tensor<4xf32> loc("minus")
      ms.yield %c : tensor<4xf32>
    }
    %j = ms.add %i, %one : tensor<i64>, tensor<i64>
    ms.yield %b, %j : tensor<4xf32>, tensor<i64>
  } -> tensor<4xf32>, tensor<i64>
  return %y : tensor<4xf32>
}

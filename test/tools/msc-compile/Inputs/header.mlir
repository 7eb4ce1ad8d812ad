// SPDX-License-Identifier: Apache-2.0
//
// Names that C++ does not take, or takes only once.
func.func @main(%x: tensor<2x3xf32> {ms.name = "onnx::x.0"}, %n: tensor<i64> {ms.name = "class"}, %h: tensor<1xf16>) -> (tensor<2x3xf32> {ms.name = "onnx.x.0"}, tensor<i64>, tensor<1xf16>) {
  %0 = ms.neg %x : tensor<2x3xf32>
  %1 = ms.neg %n : tensor<i64>
  %2 = ms.neg %h : tensor<1xf16>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<i64>, tensor<1xf16>
}

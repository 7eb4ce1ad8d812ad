// SPDX-License-Identifier: Apache-2.0
//
// Classical machine learning.

def : Onnx<"TfIdfVectorizer", 9, [MS_EqualOp, MS_ReduceSumOp, MS_GatherOp]> {
  let hook = "importTfIdfVectorizer";
  let note = "of integers";
}
def : Onnx<"ai.onnx.ml.Binarizer", 1, [MS_GreaterOp, MS_CastOp]> { let hook = "importBinarizer"; }

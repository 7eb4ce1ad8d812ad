// SPDX-License-Identifier: Apache-2.0
//
// Operators whose result sizes depend on data.

def : Onnx<"Compress", 9, [MS_CompressOp]> { let hook = "importCompress"; }
def : Onnx<"NonMaxSuppression", 10, [MS_NonMaxSuppressionOp]> { let hook = "importNonMaxSuppression"; }
def : Onnx<"NonZero", 9, [MS_NonZeroOp]> { let hook = "importNonZero"; }
def : Onnx<"Unique", 11, [MS_UniqueOp]> { let hook = "importUnique"; }

// SPDX-License-Identifier: Apache-2.0
//
// Optimizers: one step each.

def : Onnx<"ai.onnx.preview.training.Adagrad", 1, [MS_AddOp, MS_MulOp, MS_DivOp, MS_SqrtOp]> { let hook = "importAdagrad"; }
def : Onnx<"ai.onnx.preview.training.Adam", 1, [MS_AddOp, MS_MulOp, MS_DivOp, MS_SqrtOp, MS_PowOp]> { let hook = "importAdam"; }
def : Onnx<"ai.onnx.preview.training.Momentum", 1, [MS_AddOp, MS_MulOp]> { let hook = "importMomentum"; }

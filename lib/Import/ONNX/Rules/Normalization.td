// SPDX-License-Identifier: Apache-2.0
//
// Normalization operators.

def : Onnx<"Softmax", 1, [MS_ReshapeOp, MS_SoftmaxOp]> { let hook = "importFlatSoftmax"; }
def : Onnx<"Softmax", 13, [MS_SoftmaxOp]> { let attrs = [Attr_<"axis", "axis", "-1", "axisOfRank">]; }
def : Onnx<"LogSoftmax", 1, [MS_ReshapeOp, MS_LogSoftmaxOp]> { let hook = "importFlatLogSoftmax"; }
def : Onnx<"LogSoftmax", 13, [MS_LogSoftmaxOp]> { let attrs = [Attr_<"axis", "axis", "-1", "axisOfRank">]; }
def : Onnx<"Hardmax", 1, [MS_ReduceMaxOp, MS_EqualOp, MS_SelectOp]> { let hook = "importFlatHardmax"; }
def : Onnx<"Hardmax", 13, [MS_ReduceMaxOp, MS_EqualOp, MS_SelectOp]> { let hook = "importHardmax"; }

def : Onnx<"BatchNormalization", 7, [MS_BatchNormOp]> { let hook = "importBatchNormalization"; }
def : Onnx<"InstanceNormalization", 6, [MS_GroupNormOp]> { let hook = "importInstanceNormalization"; }
def : Onnx<"GroupNormalization", 18, [MS_GroupNormOp, MS_MulOp, MS_AddOp]> { let hook = "importGroupwiseNormalization"; }
def : Onnx<"GroupNormalization", 21, [MS_GroupNormOp]> { let hook = "importGroupNormalization"; }
def : Onnx<"LayerNormalization", 1, [MS_LayerNormOp]> { let hook = "importLayerNormalization"; }
def : Onnx<"SimplifiedLayerNormalization", 1, [MS_RMSNormOp]> { let hook = "importRMSNormalization"; }
def : Onnx<"RMSNormalization", 23, [MS_RMSNormOp]> { let hook = "importRMSNormalization"; }
def : Onnx<"LRN", 1, [MS_LRNOp]> { let hook = "importLRN"; }
def : Onnx<"LpNormalization", 1, [MS_ReduceSumOp, MS_DivOp]> { let hook = "importLpNormalization"; }
def : Onnx<"MeanVarianceNormalization", 9, [MS_ReduceMeanOp, MS_SubOp, MS_DivOp]> { let hook = "importMeanVarianceNormalization"; }

def : Onnx<"com.microsoft.LayerNormalization", 1, [MS_LayerNormOp]> { let hook = "importLayerNormalization"; }
def : Onnx<"com.microsoft.SimplifiedLayerNormalization", 1, [MS_RMSNormOp]> { let hook = "importRMSNormalization"; }
def : Onnx<"com.microsoft.SkipLayerNormalization", 1, [MS_AddOp, MS_LayerNormOp]> { let hook = "importSkipLayerNormalization"; }
def : Onnx<"com.microsoft.SkipSimplifiedLayerNormalization", 1, [MS_AddOp, MS_RMSNormOp]> { let hook = "importSkipSimplifiedLayerNormalization"; }
def : Onnx<"com.microsoft.EmbedLayerNormalization", 1, [MS_GatherOp, MS_AddOp, MS_LayerNormOp]> { let hook = "importEmbedLayerNormalization"; }

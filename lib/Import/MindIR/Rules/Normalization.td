// SPDX-License-Identifier: Apache-2.0
//
// Normalization primitives.

def : MindIR<"Softmax", ["input", "axis"], [MS_SoftmaxOp]> { let hook = "importSoftmax"; }
def : MindIR<"LogSoftmax", ["logits", "axis"], [MS_LogSoftmaxOp]> { let hook = "importLogSoftmax"; }
def : MindIR<"LogSoftmaxExt", ["input", "dim", "dtype"], [MS_LogSoftmaxOp]> { let hook = "importLogSoftmaxExt"; }

class BatchNormLike<string name> :
    MindIR<name, ["input_x", "scale", "bias", "mean", "variance", "is_training", "epsilon", "momentum", "data_format"],
           [MS_BatchNormOp]> {
  let hook = "importBatchNorm";
}
def : BatchNormLike<"BatchNorm">;
def : BatchNormLike<"FusedBatchNorm">;
def : BatchNormLike<"FusedBatchNormEx">;
def : MindIR<"BatchNormExt", ["input", "weight", "bias", "running_mean", "runnning_var", "training", "momentum", "epsilon"],
             [MS_BatchNormOp]> { let hook = "importBatchNormExt"; }

class LayerNormLike<string name, string function> :
    MindIR<name, ["input_x", "gamma", "beta", "begin_norm_axis", "begin_params_axis", "epsilon"], [MS_LayerNormOp]> {
  let hook = function;
}
def : LayerNormLike<"LayerNorm", "importLayerNorm">;
def : LayerNormLike<"LayerNormV3", "importLayerNormV3">;
def : MindIR<"LayerNormExt", ["input", "normalized_shape", "weight", "bias", "eps"], [MS_LayerNormOp]> {
  let hook = "importLayerNormExt";
}
def : MindIR<"AddLayerNormV2", ["x1", "x2", "gamma", "beta", "epsilon", "additionalOut"], [MS_AddOp, MS_LayerNormOp]> {
  let hook = "importAddLayerNorm";
}
def : MindIR<"AddLayerNorm", ["x1", "x2", "gamma", "beta", "epsilon", "additionalOut"], [MS_AddOp, MS_LayerNormOp]> {
  let hook = "importAddLayerNorm";
}
def : MindIR<"GroupNorm", ["input", "num_groups", "weight", "bias", "eps"], [MS_GroupNormOp]> {
  let hook = "importGroupNorm";
}
def : MindIR<"InstanceNorm", ["x", "gamma", "beta", "mean", "variance"], [MS_GroupNormOp]> {
  let hook = "importInstanceNorm";
}
def : MindIR<"InstanceNormV2", ["x", "gamma", "beta", "mean", "variance"], [MS_GroupNormOp]> {
  let hook = "importInstanceNorm";
}
def : MindIR<"RmsNorm", ["x", "gamma", "epsilon"], [MS_RMSNormOp]> { let hook = "importRmsNorm"; }
def : MindIR<"AddRmsNorm", ["x1", "x2", "gamma", "epsilon"], [MS_AddOp, MS_RMSNormOp]> { let hook = "importAddRmsNorm"; }
def : MindIR<"LRN", ["x"], [MS_LRNOp]> { let hook = "importLRN"; }
def : MindIR<"L2Normalize", ["x"], [MS_MulOp, MS_DivOp]> { let hook = "importL2Normalize"; }
def : MindIR<"GLU", ["x", "axis"], [MS_SigmoidOp, MS_MulOp]> { let hook = "importGLU"; }
def : MindIR<"Swiglu", ["input", "dim"], [MS_SiluOp, MS_MulOp]> { let hook = "importSwiglu"; }
def : MindIR<"Renorm", ["input_x"], [MS_PowOp, MS_SelectOp, MS_MulOp]> { let hook = "importRenorm"; }

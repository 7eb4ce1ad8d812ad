// SPDX-License-Identifier: Apache-2.0
//
// Reductions, arg-reductions and scans.

class MindIRReduce<string name, list<Op> ops> : MindIR<name, ["x", "axis", "keep_dims", "skip_mode"], ops> {
  let hook = "importReduce";
}
def : MindIRReduce<"ReduceAll", [MS_ReduceAllOp]>;
def : MindIRReduce<"ReduceAny", [MS_ReduceAnyOp]>;
def : MindIRReduce<"ReduceMax", [MS_ReduceMaxOp]>;
def : MindIRReduce<"ReduceMean", [MS_ReduceMeanOp]>;
def : MindIRReduce<"ReduceMin", [MS_ReduceMinOp]>;
def : MindIRReduce<"ReduceProd", [MS_ReduceProdOp]>;
def : MindIRReduce<"ReduceSum", [MS_ReduceSumOp]>;
class MindIRReduceExt<string name, list<Op> ops> : MindIR<name, ["input", "axis", "keep_dims", "dtype"], ops> {
  let hook = "importReduceExt";
  let note = "integer and bool sums are i64";
}
def : MindIRReduceExt<"MeanExt", [MS_ReduceMeanOp]>;
def : MindIRReduceExt<"ProdExt", [MS_ReduceProdOp]>;
def : MindIRReduceExt<"SumExt", [MS_ReduceSumOp]>;
def : MindIR<"Nansum", ["input", "axis", "keep_dims", "dtype"], [MS_ReduceSumOp]> { let hook = "importReduceExt"; }
foreach name = ["Max", "Min"] in
  def : MindIR<name, ["input"], [MS_ReduceMaxOp, MS_ReduceMinOp]> { let hook = "importReduceAll"; }
foreach name = ["MaxDim", "MinDim"] in
  def : MindIR<name, ["input", "axis", "keep_dims"], [MS_ArgMaxOp, MS_ArgMinOp]> { let hook = "importExtremeDim"; }
foreach name = ["ArgMaxWithValue", "ArgMinWithValue"] in
  def : MindIR<name, ["input", "axis", "keep_dims"], [MS_ArgMaxOp, MS_ArgMinOp]> { let hook = "importArgWithValue"; }
foreach name = ["Argmax", "Argmin"] in
  def : MindIR<name, ["input", "axis", "output_type"], [MS_ArgMaxOp, MS_ArgMinOp]> { let hook = "importArg"; }
foreach name = ["ArgMaxExt", "ArgMinExt"] in
  def : MindIR<name, ["input", "axis", "keep_dims"], [MS_ArgMaxOp, MS_ArgMinOp]> { let hook = "importArgExt"; }
foreach name = ["CumSum", "CumProd"] in
  def : MindIR<name, ["input", "axis", "exclusive", "reverse"], [MS_CumSumOp, MS_CumProdOp]> { let hook = "importScan"; }
def : MindIR<"CumsumExt", ["input", "axis", "dtype"], [MS_CumSumOp]> { let hook = "importScan"; }
def : MindIR<"CumulativeLogsumexp", ["input", "axis"], [MS_CumLogSumExpOp]> { let hook = "importScan"; }
def : MindIR<"LogSumExp", ["input", "axis", "keep_dims"], [MS_ReduceMaxOp, MS_ReduceSumOp]> { let hook = "importLogSumExp"; }
def : MindIR<"LpNorm", ["input", "axis", "p", "keep_dims", "epsilon"], [MS_ReduceSumOp, MS_PowOp]> { let hook = "importLpNorm"; }
def : MindIR<"LinalgVectorNorm", ["input", "p", "axis", "keep_dims", "dtype"], [MS_ReduceSumOp, MS_PowOp]> { let hook = "importLpNorm"; }
def : MindIR<"ReduceStd", ["input", "axis", "unbiased", "keep_dims"], [MS_ReduceMeanOp, MS_SqrtOp]> { let hook = "importReduceStd"; }
foreach name = ["Std", "Var", "VarMean"] in
  def : MindIR<name, ["input", "axis", "correction", "keep_dims"], [MS_ReduceMeanOp, MS_SqrtOp]> { let hook = "importVariance"; }
def : MindIR<"CountNonZero", ["input", "axis"], [MS_NotEqualOp, MS_ReduceSumOp]> { let hook = "importCountNonZero"; }

// SPDX-License-Identifier: Apache-2.0
//
// Reductions, arg-reductions and scans.

#ifndef DIALECTS_MS_IR_MSOPSREDUCTION_TD
#define DIALECTS_MS_IR_MSOPSREDUCTION_TD

include "dialects/MS/IR/MSBase.td"

class MS_Reduce<string mnemonic, string what, TypeConstraint type> :
    MS_InferredOp<mnemonic> {
  let summary = "Computes " # what # " over axes";
  let description = [{
    Reduces the given axes (distinct, in [0, rank) (C1)); they become extents of
    one with `keep_dims` and vanish without. No axes: nothing is reduced. An
    empty range gives the neutral element. Floats are accumulated in f32 at
    least.

    ```mlir
    %y = ms.}] # mnemonic # [{ %x {axes = array<i64: 1>, keep_dims} : tensor<2x3xT>
    ```
  }];
  let arguments = (ins type:$input, DenseI64ArrayAttr:$axes, UnitAttr:$keep_dims);
  let results = (outs type:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::inferReturnTypes(
        mlir::MLIRContext *, std::optional<mlir::Location> loc, Adaptor adaptor,
        llvm::SmallVectorImpl<mlir::Type> &types) {
      return ::msc::ms::inferReduction(loc, adaptor.getInput(), adaptor.getAxes(),
                                       adaptor.getKeepDims(), {}, types);
    }
  }];
}

def MS_ReduceSumOp : MS_Reduce<"reduce_sum", "the sum", MS_NumberTensor>;
def MS_ReduceMeanOp : MS_Reduce<"reduce_mean", "the mean (integers round towards zero)", MS_NumberTensor>;
def MS_ReduceMaxOp : MS_Reduce<"reduce_max", "the maximum (NaN if there is one)", MS_Tensor>;
def MS_ReduceMinOp : MS_Reduce<"reduce_min", "the minimum (NaN if there is one)", MS_Tensor>;
def MS_ReduceProdOp : MS_Reduce<"reduce_prod", "the product", MS_NumberTensor>;
def MS_ReduceAllOp : MS_Reduce<"reduce_all", "whether all are true", MS_BoolTensor>;
def MS_ReduceAnyOp : MS_Reduce<"reduce_any", "whether any is true", MS_BoolTensor>;

class MS_ArgReduce<string mnemonic, string what> : MS_InferredOp<mnemonic> {
  let summary = "Finds " # what # " along an axis";
  let description = [{
    The i64 index of the first such element, or of the last with `last`. NaN
    counts as more extreme than any number. The axis is in [0, rank) (C1) and not
    empty (C2).

    ```mlir
    %i = ms.}] # mnemonic # [{ %x {axis = 1 : i64} : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins MS_Tensor:$input, I64Attr:$axis, UnitAttr:$keep_dims, UnitAttr:$last);
  let results = (outs RankedTensorOf<[I64]>:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::inferReturnTypes(
        mlir::MLIRContext *ctx, std::optional<mlir::Location> loc, Adaptor adaptor,
        llvm::SmallVectorImpl<mlir::Type> &types) {
      return ::msc::ms::inferArgReduction(loc, adaptor.getInput(), adaptor.getAxis(),
                                          adaptor.getKeepDims(), types);
    }
  }];
}
def MS_ArgMaxOp : MS_ArgReduce<"arg_max", "the largest element">;
def MS_ArgMinOp : MS_ArgReduce<"arg_min", "the smallest element">;

class MS_Scan<string mnemonic, string what> :
    MS_Op<mnemonic, [SameOperandsAndResultType]> {
  let summary = "Computes the running " # what # " along an axis";
  let description = [{
    result[i] combines elements 0 to i of the axis; without element i when
    `exclusive` (the first result is then the neutral element); from the end
    when `reverse`. The axis is in [0, rank) (C1).

    ```mlir
    %y = ms.}] # mnemonic # [{ %x {axis = 0 : i64} : tensor<4xf32>
    ```
  }];
  let arguments = (ins MS_NumberTensor:$input, I64Attr:$axis, UnitAttr:$exclusive,
                       UnitAttr:$reverse);
  let results = (outs MS_NumberTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    llvm::LogicalResult $cppClass::verify() {
      return ::msc::ms::normalizeAxis(getLoc(), getAxis(), getType().getRank());
    }
  }];
}
def MS_CumSumOp : MS_Scan<"cum_sum", "sum">;
def MS_CumProdOp : MS_Scan<"cum_prod", "product">;
def MS_CumMaxOp : MS_Scan<"cum_max", "maximum">;
def MS_CumMinOp : MS_Scan<"cum_min", "minimum">;
def MS_CumLogSumExpOp : MS_Scan<"cum_log_sum_exp", "logarithm of the sum of exponentials">;

#endif // DIALECTS_MS_IR_MSOPSREDUCTION_TD

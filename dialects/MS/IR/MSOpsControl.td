// SPDX-License-Identifier: Apache-2.0
//
// Constants, parameters, control flow, and kernels.

#ifndef DIALECTS_MS_IR_MSOPSCONTROL_TD
#define DIALECTS_MS_IR_MSOPSCONTROL_TD

include "dialects/MS/IR/MSBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def MS_ConstantOp : MS_InferredOp<"constant", [ConstantLike]> {
  let summary = "A literal tensor";
  let description = [{
    For values of the program, not for weights: those are parameters.

    ```mlir
    %c = ms.constant dense<[1, 2]> : tensor<2xi64>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def MS_ParameterOp : MS_Op<"parameter"> {
  let summary = "The value of a named weight";
  let description = [{
    The data lies in the ParameterStore; checkpoints bind to the name.

    ```mlir
    %w = ms.parameter "conv1.weight" : tensor<6x1x5x5xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs MS_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def MS_YieldOp : MS_Op<"yield", [Terminator, ReturnLike]> {
  let summary = "Ends a region with its results";
  let description = [{
    ```mlir
    ms.yield %x : tensor<4xf32>
    ```
  }];
  let arguments = (ins Variadic<MS_Tensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def MS_IfOp : MS_Op<"if", [SingleBlock, NoRegionArguments, RecursiveMemoryEffects]> {
  let summary = "Runs one of two regions";
  let description = [{
    The condition has one element (C1). Both regions yield the result types (C2).

    ```mlir
    %y = ms.if %c : tensor<i1> -> tensor<4xf32> {
      ms.yield %a : tensor<4xf32>
    } else {
      ms.yield %b : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins MS_BoolTensor:$condition);
  let results = (outs Variadic<MS_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let assemblyFormat = [{
    $condition `:` type($condition) (`->` type($outputs)^)? $thenRegion `else` $elseRegion attr-dict
  }];
  let hasVerifier = 1;
}

def MS_WhileOp : MS_Op<"while", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "Repeats a region while a condition holds";
  let description = [{
    Both regions take the loop-carried values, whose types never change (C1).
    `before` yields the condition, one bool (C2); `body` the next values (C3).
    The results are the values for which the condition was false. Regions may
    use values from outside.

    ```mlir
    %r = ms.while (%x) : tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      ms.yield %c : tensor<i1>
    } do {
    ^bb0(%a: tensor<4xf32>):
      ms.yield %b : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<MS_Tensor>:$inits);
  let results = (outs Variadic<MS_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$before, SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $inits `)` (`:` type($inits)^)? $before `do` $body attr-dict (`->` type($outputs)^)?
  }];
  let hasVerifier = 1;
}

def MS_KernelOp : MS_Op<"kernel", [SingleBlock, IsolatedFromAbove]> {
  let summary = "Ops that a target compiles and launches as one unit";
  let description = [{
    One root and the elementwise producers and consumers fused around it. The
    region takes the operands and yields the results; it is isolated and holds
    ms ops only. Equal regions are compiled once.

    ```mlir
    %y = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %b = ms.relu %a : tensor<4xf32>
      ms.yield %b : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<MS_Tensor>:$inputs);
  let results = (outs Variadic<MS_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs) $body
  }];
  let hasVerifier = 1;
}

#endif // DIALECTS_MS_IR_MSOPSCONTROL_TD

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

def MS_AssertOp : Op<MS_Dialect, "assert", [MemoryEffects<[MemWrite]>]> {
  let summary = "Ends the run with an error where a condition is false";
  let description = [{
    Every element of the condition has to be true. If one is not, the run reports
    the message and its results mean nothing. Ops after it may still run before
    that: they must not rely on the condition to be safe.

    ```mlir
    ms.assert %inside, "Gather_3: an index is out of range" : tensor<4xi1>
    ```
  }];
  let arguments = (ins MS_BoolTensor:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict `:` type($condition)";
  let hasCanonicalizeMethod = 1;
}

def MS_KernelOp : MS_Op<"kernel", [SingleBlock, IsolatedFromAbove, RecursiveMemoryEffects]> {
  let summary = "Ops that a target compiles and launches as one unit";
  let description = [{
    One root and the elementwise producers and consumers fused around it. The
    first region says what is computed: it takes the operands and yields the
    results, is isolated and holds ms ops only (C1). Equal regions are compiled
    once.

    The second region, where a schedule has been chosen, says how: a short list
    of grid stages on buffers, which run one after the other. Its arguments are
    the operands, then the results, in the layouts that the schedule works on,
    then the workspace, all memrefs of static shape; a buffer of an operand or a
    result has its element type (signless) and at least its elements, as packed
    and padded layouts do (C2). The region holds ms.stage ops, at least one, and
    ends with an empty ms.yield (C3). A stage allocates nothing but on the stack:
    what it needs besides operands and results is workspace (C4).

    ```mlir
    %y = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %b = ms.relu %a : tensor<4xf32>
      ms.yield %b : tensor<4xf32>
    } stages {
    ^bb0(%a: memref<4xf32>, %b: memref<4xf32>):
      ms.stage "relu" grid [4, 1, 1] {
      ^bb0(%i: index, %j: index, %k: index):
        %zero = arith.constant 0.0 : f32
        %v = memref.load %a[%i] : memref<4xf32>
        %r = arith.maximumf %v, %zero : f32
        memref.store %r, %b[%i] : memref<4xf32>
        ms.yield
      }
      ms.yield
    }
    ```
  }];
  let arguments = (ins Variadic<MS_Tensor>:$inputs);
  let results = (outs Variadic<MS_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$body, AnyRegion:$stages);
  let assemblyFormat = [{
    `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs) $body
    (`stages` $stages^)?
  }];
  let hasVerifier = 1;
}

def MS_StageOp : Op<MS_Dialect, "stage", [HasParent<"KernelOp">, SingleBlock,
                                          RecursiveMemoryEffects]> {
  let summary = "Does one launch of a kernel: code for each point of a grid";
  let description = [{
    The region takes the grid point (C1) and reads and writes the buffers of the
    kernel. The points of a stage are independent and run in any order; each of
    the three extents is at least one (C2). A stage sees all that the stages
    before it have written.

    ```mlir
    ms.stage "clear" grid [4, 2, 1] {
    ^bb0(%i: index, %j: index, %k: index):
      memref.store %zero, %buffer[%i, %j] : memref<4x2xf32>
      ms.yield
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, DenseI64ArrayAttr:$grid);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `grid` $grid attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

#endif // DIALECTS_MS_IR_MSOPSCONTROL_TD

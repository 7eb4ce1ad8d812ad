// SPDX-License-Identifier: Apache-2.0
//
// The graph dialect: models exactly as their files state them. Readers emit it,
// LegalizeGraph consumes it; nothing else may look at it.

#ifndef DIALECTS_GRAPH_IR_GRAPHOPS_TD
#define DIALECTS_GRAPH_IR_GRAPHOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::msc::graph";
  let summary = "Source-format nodes, verbatim, before legalisation to ms";
  let description = [{
    A reader turns bytes into this dialect and knows no operator. Values are
    tensors where the file states their type and `!graph.any` where it does not
    (tuples, closures, monads, Python scalars, unknown shapes).
  }];
  let useDefaultTypePrinterParser = 1;
}

def Graph_AnyType : TypeDef<Graph_Dialect, "Any"> {
  let mnemonic = "any";
  let summary = "A value whose type the file does not state as a tensor";
}

def Graph_Value : AnyTypeOf<[AnyRankedTensor, AnyUnrankedTensor, Graph_AnyType]>;

class Graph_Op<string mnemonic, list<Trait> traits = []> :
    Op<Graph_Dialect, mnemonic, traits>;

def Graph_FuncOp : Graph_Op<"func", [
    IsolatedFromAbove, Symbol, FunctionOpInterface]> {
  let summary = "A function of the model; the one marked `entry` is the model";
  let description = [{
    Argument attributes: `graph.name` (StringAttr), `graph.kind`
    ("tensor", "scalar", "tuple", "list", "sequence" of unknown length, "dict",
    "string", "none", "monad", "function", "any"), `graph.type` (TypeAttr: the
    type of a scalar), `graph.tuple` (ArrayAttr, the elements of a tuple, list,
    sequence or dict: TypeAttr for tensors and scalars, ArrayAttr for nested
    ones, else StringAttr with the kind), `graph.dims` (ArrayAttr of StringAttr:
    symbolic dimension names, "" where unnamed), `graph.captured` (UnitAttr: a
    free variable of the source, bound by graph.func_ref). Result attributes are
    `graph.kind`, `graph.type` (of tensors too: the node may not state it) and
    `graph.tuple`.
    The attribute `graph.result_names` (ArrayAttr) names the results.

    ```mlir
    graph.func @main(%x: tensor<1x3xf32> {graph.name = "x"}) attributes {entry} {
      %0 = graph.node "onnx.Relu" since 13 (%x) {} : (tensor<1x3xf32>) -> !graph.any
      graph.return %0 : !graph.any
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    llvm::ArrayRef<mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    llvm::ArrayRef<mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Graph_ReturnOp : Graph_Op<"return", [Terminator, Pure]> {
  let summary = "Ends a graph.func or a sub-graph region with its results";
  let arguments = (ins Variadic<Graph_Value>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Graph_NodeOp : Graph_Op<"node"> {
  let summary = "One node of a model, named as its format names it";
  let description = [{
    `op` is "<format>.<operator>", for operators outside the default domain
    "<format>.<domain>.<operator>" ("onnx.com.microsoft.FusedConv").
    `version` is the operator set of the domain (0 where the format has none).
    Sub-graphs of ONNX control flow are regions, in the order of the attributes
    named in `graph.regions`; they see enclosing values. An absent optional
    operand is a graph.constant of `unit`.

    MindIR nodes whose primitive states its attributes as inputs carry
    `graph.args_as_inputs`.

    ```mlir
    %0 = graph.node "onnx.Concat" since 13 (%a, %b) {axis = 1 : i64}
           : (tensor<2x3xf32>, tensor<2x5xf32>) -> !graph.any
    ```
  }];
  let arguments = (ins StrAttr:$op, I64Attr:$version,
                       Variadic<Graph_Value>:$inputs, DictionaryAttr:$attrs);
  let results = (outs Variadic<Graph_Value>:$outputs);
  let regions = (region VariadicRegion<AnyRegion>:$subgraphs);
  let assemblyFormat = [{
    $op `since` $version `(` $inputs `)` $attrs $subgraphs attr-dict `:`
    functional-type($inputs, $outputs)
  }];
}

def Graph_ParameterOp : Graph_Op<"parameter", [Pure]> {
  let summary = "A named weight whose data lies in the ParameterStore";
  let arguments = (ins StrAttr:$name);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Graph_ConstantOp : Graph_Op<"constant", [Pure]> {
  let summary = "A literal of the file";
  let description = [{
    `value` is one of: an elements attribute (a tensor), IntegerAttr (i64, or i1
    for a Python bool), FloatAttr, StringAttr, TypeAttr (a dtype), ArrayAttr (a
    tuple or list of these), DictionaryAttr (a dict), UnitAttr (None or an absent
    operand), or a SymbolRefAttr: `@monad`, `@"prim::ScalarAdd"` (a primitive as
    a value), `@"ClassType::..."` (a Python object of a front-end graph).

    ```mlir
    %axis = graph.constant(1 : i64) : !graph.any
    ```
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs Graph_Value:$result);
  let assemblyFormat = "`(` $value `)` attr-dict `:` type($result)";
}

def Graph_FuncRefOp : Graph_Op<"func_ref", [Pure]> {
  let summary = "A function of the model as a value, with leading arguments bound";
  let description = [{
    A reader that meets free variables adds them as leading arguments of the
    function and binds them here.

    ```mlir
    %f = graph.func_ref @branch (%x) : (tensor<4xf32>) -> !graph.any
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Graph_Value>:$bound);
  let results = (outs Graph_AnyType:$result);
  let assemblyFormat = [{
    $callee `(` $bound `)` attr-dict `:` functional-type($bound, $result)
  }];
}

#endif // DIALECTS_GRAPH_IR_GRAPHOPS_TD

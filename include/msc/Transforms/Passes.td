// SPDX-License-Identifier: Apache-2.0

#ifndef MSC_TRANSFORMS_PASSES_TD
#define MSC_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def OutlineBind : Pass<"msc-outline-bind", "mlir::ModuleOp"> {
  let summary = "Moves computation on parameters alone into the bind function";
  let description = [{
    Parameters are bound at load time, so what depends on them alone (casts,
    transposes, folded normalisations) is computed once, when they are bound.
    Afterwards `@main` reads no ms.parameter: each packed value is an argument
    with the attribute `ms.packed`, its index among the results of `@bind`,
    whose arguments carry `ms.parameter`, the name. State arguments of `@main`
    (`ms.state`) get their first value from the result that `ms.packed` on them
    names.
  }];
  let dependentDialects = ["::msc::ms::MSDialect", "mlir::func::FuncDialect"];
}

def FormKernels : Pass<"msc-form-kernels", "mlir::func::FuncOp"> {
  let summary = "Groups ops into kernels";
  let description = [{
    A kernel has at most one root (an op that is not elementwise) with the
    elementwise ops after it, and before it where the root reads each element
    once. A producer joins only if all its uses are in the kernel, so that
    nothing is computed twice. Views (ms.reshape), constants, parameters and
    control flow stay in the host program. Small constants are copied into the
    kernels that use them.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def ReducePrecision : Pass<"msc-reduce-precision", "mlir::func::FuncOp"> {
  let summary = "Rounds the operands of products to a narrower type";
  let description = [{
    The operands of ms.matmul and ms.conv that are f32 are rounded to `to`; the
    products are still added up in f32, and so are the results. What is rounded
    of parameters ends up in the bind function: the packed weights are narrow.
    All other ops stay in f32.

    This changes values, on the user's request alone (`--precision=bf16|f16`):
    with `u` half a unit in the last place of 1 (2^-8 or 2^-11) and operands in
    the range of the type, a sum of products is off by at most about
    2 u sum |a b|.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
  let options = [Option<"to", "to", "std::string", "\"bf16\"", "bf16 or f16">];
}

#endif // MSC_TRANSFORMS_PASSES_TD

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

#endif // MSC_TRANSFORMS_PASSES_TD

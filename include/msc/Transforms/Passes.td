// SPDX-License-Identifier: Apache-2.0

#ifndef MSC_TRANSFORMS_PASSES_TD
#define MSC_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def OutlineBind : Pass<"msc-outline-bind", "mlir::ModuleOp"> {
  let summary = "Moves computation on parameters alone into the bind function";
  let description = [{
    Parameters are bound at load time, so what depends on them and on constants
    alone (casts, transposes, folded normalisations, masks) is computed once, when
    they are bound.
    Afterwards `@main` reads no ms.parameter: each packed value is an argument
    with the attribute `ms.packed`, its index among the results of `@bind`,
    whose arguments carry `ms.parameter`, the name. State arguments of `@main`
    (`ms.state`) get their first value from the result that `ms.packed` on them
    names.
  }];
  let dependentDialects = ["::msc::ms::MSDialect", "mlir::func::FuncDialect"];
}

def FoldBatchNorm : Pass<"msc-fold-batch-norm", "mlir::func::FuncOp"> {
  let summary = "Makes batch normalization a product and a sum";
  let description = [{
    Where statistics, scale and bias are parameters, they become one factor and
    one shift per channel, which `@bind` computes; the factor goes into the
    filters of a convolution that nothing else reads. What is left is
    elementwise and joins a kernel. Results differ in rounding: not for
    `--precision=strict`.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def PackWeights : Pass<"msc-pack-weights", "mlir::ModuleOp"> {
  let summary = "Stores weights in the order in which products read them";
  let description = [{
    Right operands of ms.matmul and filters of ms.conv that are results of `@bind`
    (`ms.packed`) are stored as panels of `panel` columns or outputs, so that a
    product reads memory from one end to the other. `@bind` packs them; a product
    reads them through ms.unpack_panels and ms.transpose, which are part of its
    addresses. Filters of one channel each are stored with the outputs innermost.
    Filters of 3 x 3 taps are transformed before, where the target chooses a
    `tile` for the convolution: its sums then need fewer multiplications.
    Results of `@bind` that nothing reads any more are dropped.

    With `parts`, matrices of f32 for products that are large enough are stored
    as sums of that many numbers of bf16: the nearest one, the nearest one to what
    that leaves, and so on; those of bf16 as they are. Each part is a result of
    `@bind` of shape [n / 16, k / 2, 16, 2], the sum's k last and in pairs as
    matrix units read them, with zeros up to k a multiple of 32. A product reads
    the sum of the parts.
  }];
  let dependentDialects = ["::msc::ms::MSDialect", "mlir::func::FuncDialect"];
  let options = [Option<"panel", "panel", "int64_t", "32", "columns of a panel">,
                 Option<"tile", "tile", "int64_t", "0",
                        "2 or 4: Winograd's tile for all convolutions that can be cut into such">,
                 Option<"parts", "parts", "unsigned", "0", "numbers of bf16 per number of f32, 0 to 3">,
                 Option<"fewestRows", "fewest-rows", "int64_t", "0", "rows of products that read parts">,
                 Option<"fewestProducts", "fewest-products", "int64_t", "0", "rows times columns times terms of a sum of those">];
}

def AssignLayouts : Pass<"msc-assign-layouts", "mlir::func::FuncOp"> {
  let summary = "Stores images with the channels innermost between kernels";
  let description = [{
    The values of rank 4 that a convolution writes, and what other kernels compute
    from them and pass on to kernels, are stored as [n, y, x, c]. The ops keep
    their order of dimensions: a kernel reads such a value through ms.transpose
    and writes it through one, which ends up in the strides of its buffers. What
    the program returns or reshapes is transposed by a kernel of its own.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def AssignHalos : Pass<"msc-assign-halos", "mlir::func::FuncOp"> {
  let summary = "Stores images with what windows find around them";
  let description = [{
    What only kernels read, and convolutions with pads among them, is stored with
    the largest of their pads around it: the kernel that computes it writes the
    zeros (ms.pad), and no kernel copies its input to surround it. The others
    read the part that they need (ms.slice), which ends up in the offsets and
    strides of their buffers. What no convolution pads but max_pool does is
    stored with minus infinity around it likewise.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def MoveTransposes : Pass<"msc-move-transposes", "mlir::func::FuncOp"> {
  let summary = "Moves transposes behind other ops and cancels them";
  let description = [{
    A transpose of the operands of concat, slice, gather and elementwise ops
    becomes one of the result, so that transposes meet and cancel.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def FormKernels : Pass<"msc-form-kernels", "mlir::func::FuncOp"> {
  let summary = "Groups ops into kernels";
  let description = [{
    A kernel has at most one root (an op that is not elementwise) with the
    elementwise ops after it, and before it where the root reads each element
    once; ms.unpack_panels joins what reads through it, slices and transposes of
    heads join the attention that reads or writes them. A producer joins only if
    all its uses are in the kernel, so that nothing is computed twice. Views
    (ms.reshape), constants, parameters and control flow stay in the host
    program. Small constants are copied into the kernels that use them.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def RaisePatterns : Pass<"msc-raise-patterns", "mlir::func::FuncOp"> {
  let summary = "Makes one op of formulas that are ops of ms";
  let description = [{
    Attention, gelu, silu, hard_swish, layer_norm and rms_norm that a model spells
    out, in the forms that exporters write; powers by 2, 3 and 1/2; picking a part
    by a known number, which becomes a slice before any transpose; assertions that
    hold. Reshapes behind products move below the elementwise ops that follow, so
    that these join the product's kernel. The numbers in a formula may be
    parameters: those are frozen. Results differ in rounding: not for
    `--precision=strict`.
  }];
  let constructor = "::msc::createRaisePatterns()";
  let dependentDialects = ["::msc::ms::MSDialect"];
}

def ReducePrecision : Pass<"msc-reduce-precision", "mlir::func::FuncOp"> {
  let summary = "Rounds the operands of products to a narrower type";
  let description = [{
    The operands of ms.matmul and ms.conv that are f32 are rounded to `to`, where
    one of them is known when parameters are; the products are still added up in
    f32, and so are the results. What is rounded of parameters ends up in the bind
    function: the packed weights are narrow. All other ops stay in f32.

    This changes values, on the user's request alone (`--precision=bf16|f16`):
    with `u` half a unit in the last place of 1 (2^-8 or 2^-11) and operands in
    the range of the type, a sum of products is off by at most about
    2 u sum |a b|.
  }];
  let dependentDialects = ["::msc::ms::MSDialect"];
  let options = [Option<"to", "to", "std::string", "\"bf16\"", "bf16 or f16">];
}

#endif // MSC_TRANSFORMS_PASSES_TD

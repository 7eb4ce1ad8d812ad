// SPDX-License-Identifier: Apache-2.0
//
/// \file Passes on ms programs.
#ifndef MSC_TRANSFORMS_PASSES_H
#define MSC_TRANSFORMS_PASSES_H

#include "dialects/MS/IR/MSOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace msc {

class ParameterStore;

/// Parameters of \p store whose values are read become frozen; without a store
/// only constants are read.
std::unique_ptr<mlir::Pass>
createRaisePatterns(ParameterStore *store = nullptr);

#define GEN_PASS_DECL
#include "msc/Transforms/Passes.h.inc"

/// The tile of Winograd's transform for a convolution: 2, 4, or 0 for none.
using ChooseConvTile = std::function<int64_t(ms::ConvOp)>;
/// msc-pack-weights with a choice of its own for each convolution.
std::unique_ptr<mlir::Pass> createPackWeights(const PackWeightsOptions &options,
                                              ChooseConvTile chooseTile);

#define GEN_PASS_REGISTRATION
#include "msc/Transforms/Passes.h.inc"

/// True for ops that only rename a buffer: the result is the operand's bytes.
bool isView(mlir::Operation *op);

} // namespace msc

#endif // MSC_TRANSFORMS_PASSES_H

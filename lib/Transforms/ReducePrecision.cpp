// SPDX-License-Identifier: Apache-2.0
//
/// \file Products of narrow numbers.
#include "msc/Transforms/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_REDUCEPRECISION
#include "msc/Transforms/Passes.h.inc"

namespace {
struct ReducePrecision : impl::ReducePrecisionBase<ReducePrecision> {
  using ReducePrecisionBase::ReducePrecisionBase;

  LogicalResult initialize(MLIRContext *ctx) final {
    Builder b(ctx);
    narrow = to == "bf16"  ? b.getBF16Type()
             : to == "f16" ? Type(b.getF16Type())
                           : Type();
    if (!narrow)
      return emitError(UnknownLoc::get(ctx))
             << "msc-reduce-precision: 'to' is '" << to
             << "', expected bf16 or f16";
    return success();
  }

  // matmul(a, b) ~> matmul(cast(a), cast(b)) {element = f32}
  void runOnOperation() final {
    llvm::DenseSet<Value> known; // when parameters are
    auto isKnown = [&](Value value) { return known.contains(value); };
    getOperation().walk([&](Operation *op) {
      // What two values of a run make stays in f32: that is where attention is,
      // whose scores need the bits.
      bool readsWeights = llvm::any_of(op->getOperands(), isKnown);
      if (op->getNumRegions() == 0 && llvm::all_of(op->getOperands(), isKnown))
        known.insert(op->result_begin(), op->result_end());
      if (!isa<ms::MatMulOp, ms::ConvOp>(op) || op->hasAttr("element"))
        return;
      Type wide = ms::tensorType(op->getResult(0)).getElementType();
      if (wide.isF32() && readsWeights)
        round(op, wide);
    });
  }

private:
  void round(Operation *op, Type wide) {
    OpBuilder b(op);
    for (OpOperand &operand : op->getOpOperands())
      operand.set(b.create<ms::CastOp>(
          op->getLoc(), ms::tensorType(operand.get()).clone(narrow),
          operand.get()));
    op->setAttr("element", TypeAttr::get(wide));
  }

  Type narrow;
};
} // namespace

} // namespace msc

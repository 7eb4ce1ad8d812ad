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

  /// Whether an operand is known when parameters are. What two values of a run
  /// make stays in f32: that is where attention is, whose scores need the bits.
  bool readsWeights(Operation *op) {
    return llvm::any_of(op->getOperands(), [&](Value operand) {
      SmallVector<Value> pending{operand};
      llvm::SmallDenseSet<Value> seen;
      while (!pending.empty()) {
        Value value = pending.pop_back_val();
        if (!seen.insert(value).second)
          continue;
        Operation *from = value.getDefiningOp();
        if (!from || from->getNumRegions() > 0)
          return false;
        llvm::append_range(pending, from->getOperands());
      }
      return true;
    });
  }

  // matmul(a, b) ~> matmul(cast(a), cast(b)) {element = f32}
  void runOnOperation() final {
    getOperation().walk([&](Operation *op) {
      if (!isa<ms::MatMulOp, ms::ConvOp>(op) || op->hasAttr("element"))
        return;
      Type wide = ms::tensorType(op->getResult(0)).getElementType();
      if (!wide.isF32() || !readsWeights(op))
        return;
      OpBuilder b(op);
      for (OpOperand &operand : op->getOpOperands())
        operand.set(b.create<ms::CastOp>(
            op->getLoc(), ms::tensorType(operand.get()).clone(narrow),
            operand.get()));
      op->setAttr("element", TypeAttr::get(wide));
    });
  }

private:
  Type narrow;
};
} // namespace

} // namespace msc

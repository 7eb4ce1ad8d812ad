// SPDX-License-Identifier: Apache-2.0
//
/// \file Zeros around images, written by the kernels that make the images.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/MSOps.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_ASSIGNHALOS
#include "msc/Transforms/Passes.h.inc"

namespace {
/// Elements before and behind those of each dimension, as it is stored.
struct Halo {
  SmallVector<int64_t> low, high;

  explicit Halo(int64_t rank) : low(rank, 0), high(rank, 0) {}
  bool isEmpty() const {
    return llvm::all_of(low, [](int64_t n) { return n == 0; }) &&
           llvm::all_of(high, [](int64_t n) { return n == 0; });
  }
  bool operator==(const Halo &other) const {
    return low == other.low && high == other.high;
  }
  void cover(const Halo &other) {
    for (size_t d = 0; d < low.size(); ++d) {
      low[d] = std::max(low[d], other.low[d]);
      high[d] = std::max(high[d], other.high[d]);
    }
  }
};

struct AssignHalos : impl::AssignHalosBase<AssignHalos> {
  void runOnOperation() final {
    SmallVector<ms::KernelOp> kernels;
    getOperation().walk([&](ms::KernelOp op) { kernels.push_back(op); });
    for (ms::KernelOp kernel : kernels)
      for (OpResult result : kernel->getResults())
        surround(kernel, result);
  }

private:
  void surround(ms::KernelOp kernel, OpResult result);
};
} // namespace

/// The transpose through which the kernel reads \p argument and the
/// convolutions that read it there; none where something else reads it.
static SmallVector<ms::ConvOp> readingConvs(BlockArgument argument,
                                            ms::TransposeOp &transpose) {
  SmallVector<ms::ConvOp> convs;
  if (!argument.hasOneUse())
    return convs;
  transpose = dyn_cast<ms::TransposeOp>(*argument.user_begin());
  if (!transpose)
    return convs;
  for (OpOperand &use : transpose->getUses()) {
    auto conv = dyn_cast<ms::ConvOp>(use.getOwner());
    if (!conv || use.getOperandNumber() != 0)
      return {};
    convs.push_back(conv);
  }
  return convs;
}

/// The zeros that \p conv adds to what it reads through \p transpose.
static Halo haloOf(ms::ConvOp conv, ms::TransposeOp transpose) {
  ArrayRef<int64_t> pads = conv.getPads(), order = transpose.getPermutation();
  size_t rank = pads.size() / 2;
  Halo halo(order.size());
  for (size_t d = 0; d < rank; ++d) {
    halo.low[order[2 + d]] = pads[d];
    halo.high[order[2 + d]] = pads[rank + d];
  }
  return halo;
}

/// \p value without what \p halo has more than \p kept.
static Value cut(OpBuilder &b, Value value, const Halo &halo,
                 const Halo &kept) {
  if (halo == kept)
    return value;
  SmallVector<int64_t> starts, sizes, steps;
  for (auto [d, extent] : llvm::enumerate(ms::tensorType(value).getShape())) {
    starts.push_back(halo.low[d] - kept.low[d]);
    sizes.push_back(extent - starts.back() - halo.high[d] + kept.high[d]);
    steps.push_back(1);
  }
  return b.create<ms::SliceOp>(value.getLoc(), value, starts, sizes, steps);
}

/// conv(transpose(argument), padded) ~> conv(transpose(slice(argument)))
static void readPadded(BlockArgument argument, Type type, const Halo &halo) {
  ms::TransposeOp transpose;
  SmallVector<ms::ConvOp> convs = readingConvs(argument, transpose);
  argument.setType(type);
  OpBuilder b = OpBuilder::atBlockBegin(argument.getOwner());
  for (ms::ConvOp conv : convs) {
    Value part = cut(b, argument, halo, haloOf(conv, transpose));
    conv.getInputMutable().assign(b.create<ms::TransposeOp>(
        transpose.getLoc(), part, transpose.getPermutation()));
    conv.setPads(SmallVector<int64_t>(conv.getPads().size(), 0));
  }
  if (!convs.empty()) {
    transpose.erase();
    return;
  }
  Value inner = cut(b, argument, halo, Halo(halo.low.size()));
  argument.replaceAllUsesExcept(inner, inner.getDefiningOp());
}

void AssignHalos::surround(ms::KernelOp kernel, OpResult result) {
  Halo halo(ms::tensorType(result).getRank());
  for (OpOperand &use : result.getUses()) {
    auto reader = dyn_cast<ms::KernelOp>(use.getOwner());
    if (!reader)
      return; // others see the value as it is
    ms::TransposeOp transpose;
    for (ms::ConvOp conv : readingConvs(
             reader.getBody().getArgument(use.getOperandNumber()), transpose))
      halo.cover(haloOf(conv, transpose));
  }
  if (halo.isEmpty())
    return;
  Operation *yield = kernel.getBody().front().getTerminator();
  OpBuilder b(yield);
  unsigned number = result.getResultNumber();
  Value stored = b.create<ms::PadOp>(kernel.getLoc(), yield->getOperand(number),
                                     Value(), halo.low, halo.high);
  yield->setOperand(number, stored);
  result.setType(stored.getType());
  for (OpOperand &use : result.getUses())
    readPadded(cast<ms::KernelOp>(use.getOwner())
                   .getBody()
                   .getArgument(use.getOperandNumber()),
               stored.getType(), halo);
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file What windows find around images, written by the kernels that make the
/// images.
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

/// What is around an image: zeros for convolutions, what is below everything
/// else for maxima.
enum class Around { Zeros, Lowest };
} // namespace

/// Whether the windows of \p op find \p around outside of its first operand.
static bool hasWindows(Operation *op, Around around) {
  if (around == Around::Zeros)
    return isa<ms::ConvOp>(op);
  return isa<ms::MaxPoolOp>(op) &&
         isa<FloatType>(getElementTypeOrSelf(op->getOperand(0).getType()));
}

static ArrayRef<int64_t> padsOf(Operation *op) {
  if (auto conv = dyn_cast<ms::ConvOp>(op))
    return conv.getPads();
  return cast<ms::MaxPoolOp>(op).getPads();
}

/// The transpose through which the kernel reads \p argument and the ops whose
/// windows find \p around there; none where something else reads it.
static SmallVector<Operation *> readingWindows(BlockArgument argument,
                                               Around around,
                                               ms::TransposeOp &transpose) {
  SmallVector<Operation *> ops;
  if (!argument.hasOneUse())
    return ops;
  transpose = dyn_cast<ms::TransposeOp>(*argument.user_begin());
  if (!transpose)
    return ops;
  for (OpOperand &use : transpose->getUses()) {
    if (!hasWindows(use.getOwner(), around) || use.getOperandNumber() != 0)
      return {};
    ops.push_back(use.getOwner());
  }
  return ops;
}

/// The elements that \p op adds to what it reads through \p transpose.
static Halo haloOf(Operation *op, ms::TransposeOp transpose) {
  ArrayRef<int64_t> pads = padsOf(op), order = transpose.getPermutation();
  size_t rank = pads.size() / 2;
  Halo halo(order.size());
  for (size_t d = 0; d < rank; ++d) {
    halo.low[order[2 + d]] = pads[d];
    halo.high[order[2 + d]] = pads[rank + d];
  }
  return halo;
}

/// The largest of the elements that ops add around \p result; none where
/// others than kernels see it.
static Halo haloFor(OpResult result, Around around) {
  Halo none(ms::tensorType(result).getRank()), halo = none;
  for (OpOperand &use : result.getUses()) {
    auto reader = dyn_cast<ms::KernelOp>(use.getOwner());
    if (!reader)
      return none;
    ms::TransposeOp transpose;
    for (Operation *op :
         readingWindows(reader.getBody().getArgument(use.getOperandNumber()),
                        around, transpose))
      halo.cover(haloOf(op, transpose));
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
static void readPadded(BlockArgument argument, Type type, const Halo &halo,
                       Around around) {
  ms::TransposeOp transpose;
  SmallVector<Operation *> ops = readingWindows(argument, around, transpose);
  argument.setType(type);
  OpBuilder b = OpBuilder::atBlockBegin(argument.getOwner());
  for (Operation *op : ops) {
    Value part = cut(b, argument, halo, haloOf(op, transpose));
    op->setOperand(0, b.create<ms::TransposeOp>(transpose.getLoc(), part,
                                                transpose.getPermutation()));
    SmallVector<int64_t> none(padsOf(op).size(), 0);
    if (auto conv = dyn_cast<ms::ConvOp>(op))
      conv.setPads(none);
    else
      cast<ms::MaxPoolOp>(op).setPads(none);
  }
  if (!ops.empty()) {
    transpose.erase();
    return;
  }
  Value inner = cut(b, argument, halo, Halo(halo.low.size()));
  argument.replaceAllUsesExcept(inner, inner.getDefiningOp());
}

/// What ms.pad stores; null for zeros.
static Value buildAround(OpBuilder &b, Location loc, Type element,
                         Around around) {
  if (around == Around::Zeros)
    return Value();
  auto type = cast<FloatType>(element);
  auto lowest = APFloat::getInf(type.getFloatSemantics(), /*Negative=*/true);
  return b.create<ms::ConstantOp>(
      loc, DenseElementsAttr::get(RankedTensorType::get({}, type), lowest));
}

void AssignHalos::surround(ms::KernelOp kernel, OpResult result) {
  Around around = Around::Zeros;
  Halo halo = haloFor(result, around);
  if (halo.isEmpty()) {
    around = Around::Lowest;
    halo = haloFor(result, around);
  }
  if (halo.isEmpty())
    return;
  Operation *yield = kernel.getBody().front().getTerminator();
  OpBuilder b(yield);
  unsigned number = result.getResultNumber();
  Value computed = yield->getOperand(number);
  Value outside = buildAround(
      b, kernel.getLoc(), ms::tensorType(computed).getElementType(), around);
  Value stored = b.create<ms::PadOp>(kernel.getLoc(), computed, outside,
                                     halo.low, halo.high);
  yield->setOperand(number, stored);
  result.setType(stored.getType());
  for (OpOperand &use : result.getUses())
    readPadded(cast<ms::KernelOp>(use.getOwner())
                   .getBody()
                   .getArgument(use.getOperandNumber()),
               stored.getType(), halo, around);
}

} // namespace msc

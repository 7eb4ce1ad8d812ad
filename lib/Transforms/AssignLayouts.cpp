// SPDX-License-Identifier: Apache-2.0
//
/// \file How images are stored between kernels.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/MSOps.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_ASSIGNLAYOUTS
#include "msc/Transforms/Passes.h.inc"

/// [n, c, y, x] ~> [n, y, x, c], and back.
static constexpr int64_t toChannelsLast[] = {0, 2, 3, 1};
static constexpr int64_t fromChannelsLast[] = {0, 3, 1, 2};

static Value transpose(OpBuilder &b, Value value, ArrayRef<int64_t> order) {
  return b.create<ms::TransposeOp>(value.getLoc(), value, order);
}

/// Whether the filters are packed with the outputs innermost, see PackWeights.
static bool holdsPackedConv(ms::KernelOp kernel) {
  return llvm::any_of(kernel.getBody().getOps<ms::ConvOp>(), [](ms::ConvOp op) {
    return ms::tensorType(op.getInput()).getRank() == 4 &&
           op.getWeight().getDefiningOp<ms::TransposeOp>();
  });
}

static bool isImage(Value value) {
  RankedTensorType type = ms::tensorType(value);
  return type.getRank() == 4 && type.hasStaticShape() &&
         type.getNumElements() > 0;
}

namespace {
struct AssignLayouts : impl::AssignLayoutsBase<AssignLayouts> {
  void runOnOperation() final {
    SmallVector<ms::KernelOp> kernels;
    getOperation().walk([&](ms::KernelOp op) { kernels.push_back(op); });
    for (ms::KernelOp kernel : kernels)
      assign(kernel);
  }

private:
  void assign(ms::KernelOp kernel);
  void store(ms::KernelOp kernel, OpResult result);
  void load(ms::KernelOp kernel, unsigned operand);

  llvm::DenseSet<Value> channelsLast;
};
} // namespace

/// Decides for the results of \p kernel, whose operands are decided.
void AssignLayouts::assign(ms::KernelOp kernel) {
  bool isConv = holdsPackedConv(kernel);
  bool reads = llvm::any_of(kernel.getInputs(), [&](Value input) {
    return channelsLast.contains(input);
  });
  for (OpResult result : kernel->getResults()) {
    bool stays = llvm::all_of(result.getUsers(), llvm::IsaPred<ms::KernelOp>);
    if (isImage(result) && (isConv || (reads && stays)))
      store(kernel, result);
  }
}

/// Stores \p result with the channels innermost.
void AssignLayouts::store(ms::KernelOp kernel, OpResult result) {
  Operation *yield = kernel.getBody().front().getTerminator();
  OpBuilder b(yield);
  unsigned number = result.getResultNumber();
  Value stored = transpose(b, yield->getOperand(number), toChannelsLast);
  yield->setOperand(number, stored);
  result.setType(stored.getType());
  channelsLast.insert(result);
  SmallVector<OpOperand *> others;
  for (OpOperand &use : llvm::make_early_inc_range(result.getUses()))
    if (auto reader = dyn_cast<ms::KernelOp>(use.getOwner()))
      load(reader, use.getOperandNumber());
    else
      others.push_back(&use);
  if (others.empty())
    return;
  b.setInsertionPointAfter(kernel);
  RankedTensorType type = ms::tensorType(result);
  SmallVector<int64_t> shape;
  for (int64_t dim : fromChannelsLast)
    shape.push_back(type.getDimSize(dim));
  auto copy = b.create<ms::KernelOp>(
      kernel.getLoc(), TypeRange(type.clone(shape)), ValueRange(result));
  copy->setAttr("name", b.getStringAttr("transpose"));
  Block &body = copy.getBody().emplaceBlock();
  body.addArgument(type, kernel.getLoc());
  b.setInsertionPointToStart(&body);
  b.create<ms::YieldOp>(kernel.getLoc(),
                        transpose(b, body.getArgument(0), fromChannelsLast));
  for (OpOperand *use : others)
    use->set(copy.getOutputs()[0]);
}

/// Lets \p kernel read operand \p operand with the channels innermost.
void AssignLayouts::load(ms::KernelOp kernel, unsigned operand) {
  BlockArgument argument = kernel.getBody().getArgument(operand);
  argument.setType(kernel.getInputs()[operand].getType());
  OpBuilder b = OpBuilder::atBlockBegin(argument.getOwner());
  Value read = transpose(b, argument, fromChannelsLast);
  argument.replaceAllUsesExcept(read, read.getDefiningOp());
}

} // namespace msc

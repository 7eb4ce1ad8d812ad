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
static bool isPackedConv(Operation *op) {
  auto conv = dyn_cast<ms::ConvOp>(op);
  return conv && ms::tensorType(conv.getInput()).getRank() == 4 &&
         conv.getWeight().getDefiningOp<ms::TransposeOp>();
}

static bool isImage(Value value) {
  RankedTensorType type = ms::tensorType(value);
  return type.getRank() == 4 && type.hasStaticShape() &&
         type.getNumElements() > 0;
}

/// Dimensions, outermost first as their elements lie in memory.
using Order = SmallVector<int64_t, 4>;
static const Order inOrder{0, 1, 2, 3};

/// The order in which \p op computes its results, by \p orders of its operands.
static Order orderOf(Operation *op,
                     const llvm::DenseMap<Value, Order> &orders) {
  if (isPackedConv(op))
    return Order(ArrayRef(toChannelsLast));
  if (isa<ms::ConvOp, ms::MatMulOp, ms::AttentionOp>(op))
    return inOrder;
  for (Value operand : op->getOperands()) {
    auto found = orders.find(operand);
    if (found == orders.end())
      continue;
    Order order = found->second;
    if (auto turned = dyn_cast<ms::TransposeOp>(op))
      for (int64_t &dim : order)
        dim = llvm::find(turned.getPermutation(), dim) -
              turned.getPermutation().begin();
    if (order != inOrder)
      return order;
  }
  return inOrder;
}

/// Whether a convolution reads \p argument whose filters are not packed: those
/// of several groups, whose channels do not lie in the order of the results.
static bool isReadInOrder(BlockArgument argument) {
  return llvm::any_of(argument.getUses(), [](OpOperand &use) {
    return isa<ms::ConvOp>(use.getOwner()) && use.getOperandNumber() == 0 &&
           !isPackedConv(use.getOwner());
  });
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
};
} // namespace

/// Decides for the results of \p kernel, whose operands are decided.
void AssignLayouts::assign(ms::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  llvm::DenseMap<Value, Order> orders;
  for (Value argument : body.getArguments())
    if (ms::tensorType(argument).getRank() == 4)
      orders[argument] = inOrder;
  bool isConv = false;
  for (Operation &op : body.without_terminator()) {
    isConv |= isPackedConv(&op);
    for (Value result : op.getResults())
      if (ms::tensorType(result).getRank() == 4)
        orders[result] = orderOf(&op, orders);
  }
  ValueRange yielded = body.getTerminator()->getOperands();
  SmallVector<OpResult> channelsLast;
  for (auto [result, value] : llvm::zip(kernel->getResults(), yielded)) {
    bool stays = llvm::all_of(result.getUsers(), llvm::IsaPred<ms::KernelOp>);
    if (isImage(result) && (isConv || stays) &&
        orders.lookup(value) == Order(ArrayRef(toChannelsLast)))
      channelsLast.push_back(result);
  }
  for (OpResult result : channelsLast)
    store(kernel, result);
}

/// Stores \p result with the channels innermost.
void AssignLayouts::store(ms::KernelOp kernel, OpResult result) {
  Operation *yield = kernel.getBody().front().getTerminator();
  OpBuilder b(yield);
  unsigned number = result.getResultNumber();
  Value stored = transpose(b, yield->getOperand(number), toChannelsLast);
  yield->setOperand(number, stored);
  result.setType(stored.getType());
  SmallVector<OpOperand *> others;
  for (OpOperand &use : llvm::make_early_inc_range(result.getUses()))
    if (auto reader = dyn_cast<ms::KernelOp>(use.getOwner());
        reader &&
        !isReadInOrder(reader.getBody().getArgument(use.getOperandNumber())))
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

// SPDX-License-Identifier: Apache-2.0
//
/// \file Cutting a bufferised kernel into grid stages.
#include "lib/Target/CPU/Stages.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "msc/Conversion/MSToLinalg.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace msc::target {

/// Work (element operations) that is worth a task of its own: about 10 us.
static constexpr double taskCost = 1 << 16;
static constexpr int64_t maxTasks = 64;

/// Views, constants and allocations: copied to where they are used.
static bool isShared(Operation *op) {
  return isa<ViewLikeOpInterface, memref::AllocOp, memref::GetGlobalOp>(op) ||
         (isMemoryEffectFree(op) && op->getNumRegions() == 0);
}

static double bodyCost(Region &region) {
  double cost = 0;
  region.walk([&](Operation *op) { cost += isa<func::CallOp>(op) ? 16 : 1; });
  return std::max(cost - 1, 1.0);
}

/// Rough number of element operations of \p op.
static double costOf(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    double cost = bodyCost(op->getRegion(0));
    for (int64_t extent : linalgOp.getStaticLoopRanges())
      cost *= double(extent);
    return cost;
  }
  return taskCost; // loops of unknown cost never share a stage for free
}

/// The element stride with which \p map moves through \p type in loop \p dim.
static int64_t strideAlong(AffineMap map, MemRefType type, unsigned dim) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(getStridesAndOffset(type, strides, offset)))
    return ShapedType::kDynamic;
  int64_t total = 0;
  for (auto [expr, stride] : llvm::zip(map.getResults(), strides)) {
    AffineExpr unit = expr.replace(getAffineDimExpr(dim, map.getContext()),
                                   getAffineConstantExpr(1, map.getContext()));
    AffineExpr zero = expr.replace(getAffineDimExpr(dim, map.getContext()),
                                   getAffineConstantExpr(0, map.getContext()));
    AffineExpr difference =
        simplifyAffineExpr(unit - zero, map.getNumDims(), 0);
    auto constant = dyn_cast<AffineConstantExpr>(difference);
    if (!constant || ShapedType::isDynamic(stride))
      return ShapedType::kDynamic;
    total += constant.getValue() * stride;
  }
  return total;
}

/// How well loop \p dim suits vectors: contiguous results first, then operands.
static int innermostScore(linalg::GenericOp op, unsigned dim) {
  if (op.getStaticLoopRanges()[dim] < 4)
    return -100;
  int score =
      op.getIteratorTypesArray()[dim] == utils::IteratorType::parallel ? 1 : 0;
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type)
      continue;
    int64_t stride =
        strideAlong(op.getMatchingIndexingMap(&operand), type, dim);
    bool isResult = op.isDpsInit(&operand);
    int weight = isResult ? 3 : 2;
    score += stride == 1 ? weight : stride == 0 ? (isResult ? -1 : 1) : -weight;
  }
  return score;
}

/// Reorders loops so that the innermost one is contiguous: parallel loops, then
/// reductions, then that one. Bodies that compute addresses themselves keep
/// their order.
static linalg::GenericOp chooseLoopOrder(RewriterBase &rewriter,
                                         linalg::GenericOp op) {
  unsigned loops = op.getNumLoops();
  if (loops < 2 ||
      op.getRegion()
          .walk([](memref::LoadOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return op;
  unsigned best = loops - 1;
  for (unsigned dim = 0; dim < loops; ++dim)
    if (innermostScore(op, dim) > innermostScore(op, best))
      best = dim;
  SmallVector<unsigned> order;
  auto iterators = op.getIteratorTypesArray();
  for (auto kind :
       {utils::IteratorType::parallel, utils::IteratorType::reduction})
    for (unsigned dim = 0; dim < loops; ++dim)
      if (dim != best && iterators[dim] == kind)
        order.push_back(dim);
  order.push_back(best);
  if (llvm::is_sorted(order))
    return op;
  FailureOr<linalg::GenericOp> swapped =
      linalg::interchangeGenericOp(rewriter, op, order);
  return succeeded(swapped) ? *swapped : op;
}

/// Sums may be computed in several partial sums: that is what vectors need.
static void allowReassociation(linalg::GenericOp op) {
  if (op.getNumReductionLoops() == 0)
    return;
  auto flags = arith::FastMathFlagsAttr::get(
      op.getContext(),
      arith::FastMathFlags::reassoc | arith::FastMathFlags::contract);
  op.getRegion().walk([&](arith::ArithFastMathInterface fast) {
    if (isa<arith::AddFOp>(fast.getOperation()))
      fast->setAttr("fastmath", flags);
  });
}

namespace {
class StageSplitter {
public:
  StageSplitter(func::FuncOp kernel, bool reassociate)
      : kernel(kernel), reassociate(reassociate),
        rewriter(kernel.getContext()) {}

  FailureOr<StagedKernel> split();

private:
  void collectWorkspace();
  func::FuncOp newFunction(ArrayRef<Operation *> actions);
  void addSerial(ArrayRef<Operation *> actions);
  void addParallel(linalg::GenericOp op, double cost);

  func::FuncOp kernel;
  bool reassociate;
  IRRewriter rewriter;
  StagedKernel result;
};
} // namespace

void StageSplitter::collectWorkspace() {
  SmallVector<memref::AllocOp> allocs;
  kernel.walk([&](memref::AllocOp op) { allocs.push_back(op); });
  for (memref::AllocOp op : allocs) {
    MemRefType type = op.getType();
    unsigned bits = type.getElementTypeBitWidth();
    result.workspace.push_back(type.getNumElements() *
                               (bits == 1 ? 1 : bits / 8));
    unsigned index = kernel.getNumArguments();
    kernel.insertArgument(index, type, {}, op.getLoc());
    op.replaceAllUsesWith(Value(kernel.getArgument(index)));
    op.erase();
  }
}

/// msc_report_error(code) ~> error[] = code
static void storeErrors(RewriterBase &rewriter, func::FuncOp stage) {
  Value error = stage.getArguments().back();
  SmallVector<func::CallOp> calls;
  stage.walk([&](func::CallOp call) {
    if (call.getCallee() == reportErrorFunction)
      calls.push_back(call);
  });
  for (func::CallOp call : calls) {
    rewriter.setInsertionPoint(call);
    rewriter.replaceOpWithNewOp<memref::StoreOp>(call, call.getOperand(0),
                                                 error);
  }
}

/// A function with the kernel's buffers and the grid point as arguments that
/// holds copies of \p actions and of the views and constants they use.
func::FuncOp StageSplitter::newFunction(ArrayRef<Operation *> actions) {
  llvm::SetVector<Operation *> needed;
  std::function<void(Operation *)> need = [&](Operation *op) {
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (Operation *def = operand.getDefiningOp())
          if (def->getBlock() == &kernel.getBody().front() &&
              !needed.contains(def) && !llvm::is_contained(actions, def)) {
            need(def);
            needed.insert(def);
          }
    });
  };
  for (Operation *op : actions)
    need(op);
  SmallVector<Type> types(kernel.getArgumentTypes());
  types.append(2, rewriter.getIndexType());
  types.push_back(MemRefType::get({}, rewriter.getI32Type()));
  rewriter.setInsertionPoint(kernel);
  std::string name =
      (kernel.getSymName() + "_" + Twine(result.stages.size())).str();
  auto function = rewriter.create<func::FuncOp>(
      kernel.getLoc(), name, rewriter.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  rewriter.setInsertionPointToStart(body);
  IRMapping map;
  map.map(kernel.getArguments(), body->getArguments().drop_back(3));
  SmallVector<Operation *> order(needed.begin(), needed.end());
  order.append(actions.begin(), actions.end());
  llvm::sort(order,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *op : order)
    rewriter.clone(*op, map);
  rewriter.create<func::ReturnOp>(kernel.getLoc());
  storeErrors(rewriter, function);
  result.stages.push_back({name, {1, 1, 1}});
  return function;
}

/// Lowers all linalg ops of \p function to loops.
static LogicalResult lowerToLoops(RewriterBase &rewriter, func::FuncOp function,
                                  bool reassociate) {
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    if (auto generic = dyn_cast<linalg::GenericOp>(op.getOperation())) {
      generic = chooseLoopOrder(rewriter, generic);
      if (reassociate)
        allowReassociation(generic);
      op = generic;
      rewriter.setInsertionPoint(op);
    }
    if (failed(linalg::linalgOpToLoops(rewriter, op)))
      return op->emitError("cannot be lowered to loops");
    rewriter.eraseOp(op);
  }
  return success();
}

void StageSplitter::addSerial(ArrayRef<Operation *> actions) {
  newFunction(actions);
}

/// Restricts \p loop to the \p point-th of the chunks of \p size iterations.
static void restrictLoop(RewriterBase &rewriter, scf::ForOp loop, Value point,
                         int64_t extent, int64_t size) {
  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  Value chunk = rewriter.create<arith::ConstantIndexOp>(loc, size);
  Value low = rewriter.create<arith::MulIOp>(loc, point, chunk);
  Value high = rewriter.create<arith::AddIOp>(loc, low, chunk);
  if (extent % size != 0)
    high = rewriter.create<arith::MinSIOp>(
        loc, high, rewriter.create<arith::ConstantIndexOp>(loc, extent));
  loop.setLowerBound(low);
  loop.setUpperBound(high);
}

void StageSplitter::addParallel(linalg::GenericOp op, double cost) {
  func::FuncOp function = newFunction({op.getOperation()});
  StagePlan &plan = result.stages.back();
  linalg::GenericOp copy;
  function.walk([&](linalg::GenericOp found) { copy = found; });
  rewriter.setInsertionPoint(copy);
  copy = chooseLoopOrder(rewriter, copy);
  if (reassociate)
    allowReassociation(copy);
  SmallVector<int64_t> extents = copy.getStaticLoopRanges();
  auto iterators = copy.getIteratorTypesArray();
  rewriter.setInsertionPoint(copy);
  FailureOr<linalg::LinalgLoops> loops =
      linalg::linalgOpToLoops(rewriter, copy);
  if (failed(loops))
    return;
  rewriter.eraseOp(copy);
  int64_t tasks = std::clamp<int64_t>(int64_t(cost / taskCost), 1, maxTasks);
  unsigned axis = 0;
  for (size_t i = 0; i < loops->size() && axis < 2 && tasks > 1; ++i) {
    if (iterators[i] != utils::IteratorType::parallel)
      break;
    if (extents[i] < 2)
      continue;
    int64_t size = llvm::divideCeil(extents[i], std::min(extents[i], tasks));
    int64_t count = llvm::divideCeil(extents[i], size);
    Value point = function.getArgument(kernel.getNumArguments() + axis);
    restrictLoop(rewriter, cast<scf::ForOp>((*loops)[i]), point, extents[i],
                 size);
    plan.grid[axis++] = count;
    tasks = llvm::divideCeil(tasks, count);
  }
}

FailureOr<StagedKernel> StageSplitter::split() {
  collectWorkspace();
  SmallVector<Operation *> serial;
  double serialCost = 0;
  auto flush = [&] {
    if (!serial.empty())
      addSerial(serial);
    serial.clear();
    serialCost = 0;
  };
  SmallVector<Operation *> ops;
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!isShared(&op))
      ops.push_back(&op);
  for (Operation *op : ops) {
    double cost = costOf(op);
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (generic && cost >= 2 * taskCost) {
      flush();
      addParallel(generic, cost);
      continue;
    }
    serial.push_back(op);
    serialCost += cost;
  }
  flush();
  if (result.stages.empty())
    addSerial({}); // nothing to do, but a kernel has a stage
  auto module = kernel->getParentOfType<ModuleOp>();
  rewriter.eraseOp(kernel);
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal() &&
        failed(lowerToLoops(rewriter, function, reassociate)))
      return failure();
  return result;
}

FailureOr<StagedKernel> splitIntoStages(func::FuncOp kernel, bool reassociate) {
  return StageSplitter(kernel, reassociate).split();
}

} // namespace msc::target

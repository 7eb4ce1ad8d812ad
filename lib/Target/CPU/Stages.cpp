// SPDX-License-Identifier: Apache-2.0
//
/// \file Cutting a bufferised kernel into grid stages.
#include "lib/Target/CPU/Stages.h"

#include "lib/Target/CPU/Buffers.h"
#include "lib/Target/CPU/Schedules/AMXProduct.h"
#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "lib/Target/CPU/Schedules/Schedule.h"
#include "lib/Target/CPU/StageCost.h"
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

/// Cycles of one operation on an element, roughly.
static constexpr double cyclesPerOperation = 0.5;

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

/// Cycles that \p op takes in the generic schedule, estimated.
static double cyclesOf(linalg::GenericOp op) {
  double cycles = cyclesPerOperation * bodyCost(op->getRegion(0));
  for (int64_t extent : op.getStaticLoopRanges())
    cycles *= double(extent);
  return cycles;
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

/// Makes one of parallel loops that pass through memory like one.
static linalg::GenericOp collapse(RewriterBase &rewriter,
                                  linalg::GenericOp op) {
  if (op.getNumReductionLoops() != 0 || op.hasIndexSemantics() ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return op;
  std::optional<LoopNest> nest = readLoopNest(op);
  if (!nest)
    return op;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<ReassociationIndices> groups;
  for (AffineExpr place : maps.back().getResults()) {
    int64_t loop = cast<AffineDimExpr>(place).getPosition();
    int64_t before = groups.empty() ? loop : groups.back().back();
    if (before != loop && nest->continues(before, loop) &&
        linalg::areDimSequencesPreserved(maps, {{before, loop}}))
      groups.back().push_back(loop);
    else
      groups.push_back({loop});
  }
  llvm::erase_if(groups,
                 [](ArrayRef<int64_t> group) { return group.size() == 1; });
  if (groups.empty())
    return op;
  FailureOr<linalg::CollapseResult> collapsed =
      linalg::collapseOpIterationDims(op, groups, rewriter);
  if (failed(collapsed))
    return op;
  rewriter.eraseOp(op);
  return cast<linalg::GenericOp>(collapsed->collapsedOp.getOperation());
}

/// Reorders loops so that the innermost one is contiguous: parallel loops, then
/// reductions, then that one. Bodies that compute addresses themselves keep
/// their order.
static linalg::GenericOp chooseLoopOrder(RewriterBase &rewriter,
                                         linalg::GenericOp op) {
  if (op.getNumLoops() < 2 ||
      op.getRegion()
          .walk([](memref::LoadOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return op;
  op = collapse(rewriter, op);
  unsigned loops = op.getNumLoops(), best = loops - 1;
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
  StageSplitter(func::FuncOp kernel, const CPUInfo &cpu, bool reassociate,
                const KernelChoices &choices)
      : kernel(kernel), options{cpu, reassociate}, choices(choices),
        rewriter(kernel.getContext()) {}

  FailureOr<StagedKernel> split();

private:
  void collectWorkspace();
  void dropUnusedWorkspace(unsigned first);
  func::FuncOp newFunction(ArrayRef<Operation *> actions);
  void addSerial(ArrayRef<Operation *> actions);
  void addParallel(linalg::GenericOp op);
  void addScheduled(const Schedule &schedule, ArrayRef<Operation *> actions);

  func::FuncOp kernel;
  ScheduleOptions options;
  const KernelChoices &choices;
  IRRewriter rewriter;
  StagedKernel result;
};
} // namespace

void StageSplitter::collectWorkspace() {
  Builder b(kernel.getContext());
  DictionaryAttr workspace =
      b.getDictionaryAttr(b.getNamedAttr(workspaceAttr, b.getUnitAttr()));
  SmallVector<memref::AllocOp> allocs;
  kernel.walk([&](memref::AllocOp op) { allocs.push_back(op); });
  for (memref::AllocOp op : allocs) {
    MemRefType type = op.getType();
    unsigned bits = type.getElementTypeBitWidth();
    result.workspace.push_back(type.getNumElements() *
                               (bits == 1 ? 1 : bits / 8));
    unsigned index = kernel.getNumArguments();
    kernel.insertArgument(index, type, workspace, op.getLoc());
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
  StageCost cost = stageCost(actions);
  result.stages.push_back(
      {name, {1, 1, 1}, 0, {"generic", "", cost.flops, cost.bytes}});
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

/// Why the ops of a stage got the generic schedule.
static std::string whyGeneric(ArrayRef<Operation *> ops,
                              const ScheduleOptions &options) {
  std::string what = describeOps(ops);
  if (isLayoutChange(ops))
    return "layout change: " + what;
  for (const Schedule &schedule : schedules())
    if (schedule.whyNot)
      for (size_t i = 0; i < ops.size(); ++i)
        if (std::string why = schedule.whyNot(ops.drop_front(i), options);
            !why.empty())
          return what + ": " + why;
  return what + ": no schedule takes that";
}

void StageSplitter::addSerial(ArrayRef<Operation *> actions) {
  newFunction(actions);
  result.stages.back().facts.note =
      actions.empty() ? "nothing to do" : whyGeneric(actions, options);
}

void StageSplitter::addParallel(linalg::GenericOp op) {
  func::FuncOp function = newFunction({op.getOperation()});
  StagePlan &plan = result.stages.back();
  plan.facts.note = whyGeneric({op.getOperation()}, options);
  linalg::GenericOp copy;
  function.walk([&](linalg::GenericOp found) { copy = found; });
  rewriter.setInsertionPoint(copy);
  copy = chooseLoopOrder(rewriter, copy);
  if (options.anyOrder)
    allowReassociation(copy);
  SmallVector<int64_t> extents = copy.getStaticLoopRanges();
  auto iterators = copy.getIteratorTypesArray();
  rewriter.setInsertionPoint(copy);
  FailureOr<linalg::LinalgLoops> loops =
      linalg::linalgOpToLoops(rewriter, copy);
  if (failed(loops))
    return;
  rewriter.eraseOp(copy);
  SmallVector<scf::ForOp> outer;
  for (size_t i = 0;
       i < loops->size() && iterators[i] == utils::IteratorType::parallel; ++i)
    outer.push_back(cast<scf::ForOp>((*loops)[i]));
  StageBuilder stage{rewriter, function, options};
  stage.shareOut(outer, ArrayRef(extents).take_front(outer.size()),
                 cyclesOf(op));
  std::copy(stage.grid, stage.grid + 3, plan.grid);
}

/// A buffer of \p bytes as the last one of \p stage.
static Value addScratch(func::FuncOp stage, uint64_t bytes) {
  unsigned index = stage.getNumArguments() - 3;
  auto type = MemRefType::get({int64_t(bytes)},
                              IntegerType::get(stage.getContext(), 8));
  stage.insertArgument(index, type, {}, stage.getLoc());
  return stage.getArgument(index);
}

/// The stages of \p actions, which \p schedule took.
void StageSplitter::addScheduled(const Schedule &schedule,
                                 ArrayRef<Operation *> actions) {
  StageNeeds needs =
      schedule.needs ? schedule.needs(actions, options) : StageNeeds();
  unsigned workspace = kernel.getNumArguments();
  if (needs.workspace != 0) {
    kernel.insertArgument(
        workspace,
        MemRefType::get({int64_t(needs.workspace)}, rewriter.getI8Type()), {},
        kernel.getLoc());
    result.workspace.push_back(needs.workspace);
  }
  for (unsigned number = 0; number < needs.stages; ++number) {
    func::FuncOp function = newFunction(actions);
    SmallVector<Operation *> copies;
    function.walk([&](linalg::LinalgOp op) { copies.push_back(op); });
    StageBuilder stage{rewriter, function, options, number};
    if (needs.workspace != 0)
      stage.workspace = function.getArgument(workspace);
    StagePlan &plan = result.stages.back();
    if ((plan.scratch = needs.scratch) != 0)
      stage.scratch = addScratch(function, needs.scratch);
    if (result.candidates.size() < choices.size())
      stage.candidate = choices[result.candidates.size()];
    schedule.emit(stage, copies);
    if (stage.candidates > 1)
      result.candidates.push_back(stage.candidates);
    std::copy(stage.grid, stage.grid + 3, plan.grid);
    plan.facts.schedule = schedule.name;
    plan.facts.note = stage.note;
    if (stage.flops)
      plan.facts.flops = *stage.flops;
    plan.facts.bytes -= std::min(plan.facts.bytes, stage.keptBytes);
    if (number + 1 < needs.stages) { // prepares operands for the last one
      plan.facts.flops = 0;
      plan.facts.bytes = needs.workspace;
    }
  }
}

/// The schedule that takes \p ops from the first on, and how many of them.
static std::pair<const Schedule *, size_t>
findSchedule(ArrayRef<Operation *> ops, const ScheduleOptions &options) {
  for (const Schedule &schedule : schedules())
    if (size_t count = schedule.match(ops, options))
      return {&schedule, count};
  return {nullptr, 0};
}

/// A workspace that no stage uses any more takes no room.
void StageSplitter::dropUnusedWorkspace(unsigned first) {
  auto module = kernel->getParentOfType<ModuleOp>();
  for (auto [i, bytes] : llvm::enumerate(result.workspace)) {
    bool isUsed = false;
    for (const StagePlan &plan : result.stages) {
      auto function = module.lookupSymbol<func::FuncOp>(plan.function);
      // A stage does not know the workspaces of schedules behind it.
      unsigned others = 3 + (plan.scratch != 0);
      isUsed |= first + i + others < function.getNumArguments() &&
                !function.getArgument(first + i).use_empty();
    }
    if (!isUsed)
      bytes = 1;
  }
}

FailureOr<StagedKernel> StageSplitter::split() {
  unsigned given = kernel.getNumArguments();
  narrowFills(kernel);
  computeInPlace(kernel);
  if (options.anyOrder)
    startSums(kernel);
  sumOtherParts(kernel);
  collectWorkspace();
  SmallVector<Operation *> serial;
  auto flush = [&] {
    if (!serial.empty())
      addSerial(serial);
    serial.clear();
  };
  SmallVector<Operation *> ops;
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!isShared(&op))
      ops.push_back(&op);
  for (size_t i = 0; i < ops.size(); ++i) {
    auto [schedule, count] = findSchedule(ArrayRef(ops).drop_front(i), options);
    if (schedule) {
      flush();
      addScheduled(*schedule, ArrayRef(ops).slice(i, count));
      i += count - 1;
      continue;
    }
    auto generic = dyn_cast<linalg::GenericOp>(ops[i]);
    if (generic && isWorthSharing(cyclesOf(generic))) {
      flush();
      addParallel(generic);
      continue;
    }
    serial.push_back(ops[i]);
  }
  flush();
  if (result.stages.empty())
    addSerial({}); // nothing to do, but a kernel has a stage
  dropUnusedWorkspace(given);
  auto module = kernel->getParentOfType<ModuleOp>();
  rewriter.eraseOp(kernel);
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal() &&
        failed(lowerToLoops(rewriter, function, options.anyOrder)))
      return failure();
  return result;
}

FailureOr<StagedKernel> splitIntoStages(func::FuncOp kernel, const CPUInfo &cpu,
                                        bool reassociate,
                                        const KernelChoices &choices) {
  return StageSplitter(kernel, cpu, reassociate, choices).split();
}

} // namespace msc::target

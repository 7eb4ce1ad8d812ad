// SPDX-License-Identifier: Apache-2.0
//
/// \file Counts operations and bytes of ops on buffers, and names their kind.
#include "lib/Target/CPU/StageCost.h"

#include "lib/Target/CPU/Schedules/LoopNest.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace msc::target {

/// What a call of a function such as exp counts.
static constexpr double functionFlops = 16;

static bool hasFloatResult(Operation *op) {
  return op->getNumResults() != 0 &&
         isa<FloatType>(getElementTypeOrSelf(op->getResult(0).getType()));
}

/// Floating-point operations of \p op itself.
static double flopsOf(Operation *op) {
  if (!hasFloatResult(op))
    return 0;
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
          arith::RemFOp, arith::NegFOp, arith::MaximumFOp, arith::MinimumFOp,
          arith::MaxNumFOp, arith::MinNumFOp, math::AbsFOp, math::SqrtOp,
          math::CeilOp, math::FloorOp, math::TruncOp, math::RoundOp,
          math::RoundEvenOp, math::CopySignOp>(op))
    return 1;
  if (isa<math::FmaOp>(op))
    return 2;
  bool isFunction = isa<func::CallOp>(op) ||
                    isa_and_nonnull<math::MathDialect>(op->getDialect());
  return isFunction ? functionFlops : 0;
}

static int64_t elementBytes(MemRefType type) {
  return std::max(type.getElementTypeBitWidth() / 8, 1u);
}

static int64_t bytesOf(MemRefType type) {
  return type.hasStaticShape() ? type.getNumElements() * elementBytes(type) : 0;
}

namespace {
/// Bytes of one buffer that a stage reads and writes.
struct Traffic {
  double read = 0, written = 0;
};

/// Adds up the ops of a stage.
class CostCounter {
public:
  /// \p op, executed \p times.
  void add(Operation *op, double times);
  StageCost total() const;

private:
  void addLinalg(linalg::LinalgOp op, double times);
  void addNested(Operation *op, double times);
  void addMemory(Operation *op, double times);
  void read(Value buffer, double bytes);
  void write(Value buffer, double bytes);

  double flops = 0;
  llvm::MapVector<Value, Traffic> traffic; ///< by root
};
} // namespace

/// At most the bytes of \p buffer's root.
static double limited(Value root, double bytes) {
  double size = double(bytesOf(cast<MemRefType>(root.getType())));
  return size > 0 ? std::min(bytes, size) : bytes;
}

void CostCounter::read(Value buffer, double bytes) {
  Value root = rootOf(buffer);
  Traffic &of = traffic[root];
  if (of.written == 0) // else it is the stage's own
    of.read = limited(root, of.read + bytes);
}

void CostCounter::write(Value buffer, double bytes) {
  Value root = rootOf(buffer);
  Traffic &of = traffic[root];
  of.written = limited(root, of.written + bytes);
}

StageCost CostCounter::total() const {
  double bytes = 0;
  for (const auto &[root, of] : traffic)
    bytes += of.read + of.written;
  return {flops, uint64_t(bytes)};
}

/// Elements of \p operand that the loops of \p op touch, at most.
static double touched(linalg::LinalgOp op, OpOperand &operand,
                      ArrayRef<int64_t> extents) {
  double iterations = 1;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (map.isFunctionOfDim(dim) && !ShapedType::isDynamic(extent))
      iterations *= double(extent);
  auto type = cast<MemRefType>(operand.get().getType());
  double elements = iterations;
  if (type.hasStaticShape())
    elements = std::min(elements, double(type.getNumElements()));
  return elements * double(elementBytes(type));
}

void CostCounter::addLinalg(linalg::LinalgOp op, double times) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  double iterations = times;
  for (int64_t extent : extents)
    iterations *= ShapedType::isDynamic(extent) ? 1 : double(extent);
  for (OpOperand *input : op.getDpsInputOperands())
    if (isa<MemRefType>(input->get().getType()) &&
        op.payloadUsesValueFromOperand(input))
      read(input->get(), times * touched(op, *input, extents));
  for (OpOperand &out : op.getDpsInitsMutable())
    if (op.payloadUsesValueFromOperand(&out))
      read(out.get(), times * touched(op, out, extents));
  // The body's own loads, before the stores: a gather.
  for (Operation &nested : op.getBlock()->without_terminator())
    add(&nested, iterations);
  for (OpOperand &out : op.getDpsInitsMutable())
    write(out.get(), times * touched(op, out, extents));
}

void CostCounter::addNested(Operation *op, double times) {
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    std::optional<int64_t> trips = constantTripCount(
        loop.getLowerBound(), loop.getUpperBound(), loop.getStep());
    times *= double(trips.value_or(1));
  }
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (Operation &nested : block)
        add(&nested, times);
}

/// Loads, stores, copies and calls; without knowledge of an op, its buffers are
/// read and written as a whole.
void CostCounter::addMemory(Operation *op, double times) {
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return read(load.getMemRef(),
                times * double(elementBytes(load.getMemRefType())));
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return write(store.getMemRef(),
                 times * double(elementBytes(store.getMemRefType())));
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  if (isMemoryEffectFree(op))
    return;
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<MemRefType>(operand.getType());
    if (!type)
      continue;
    double bytes = times * double(bytesOf(type));
    if (!effects || effects.getEffectOnValue<MemoryEffects::Read>(operand))
      read(operand, bytes);
    if (!effects || effects.getEffectOnValue<MemoryEffects::Write>(operand))
      write(operand, bytes);
  }
}

void CostCounter::add(Operation *op, double times) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return addLinalg(linalgOp, times);
  flops += times * flopsOf(op);
  if (op->getNumRegions() != 0)
    return addNested(op, times);
  addMemory(op, times);
}

StageCost stageCost(ArrayRef<Operation *> ops) {
  CostCounter counter;
  for (Operation *op : ops)
    counter.add(op, 1);
  return counter.total();
}

/// Kinds that only move elements begin with these.
static constexpr StringLiteral moves[] = {"transpose", "copy", "fill"};

/// The body does nothing but pass an element on, or a constant.
static bool onlyMoves(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  return llvm::all_of(body.without_terminator(), [](Operation &nested) {
    return isa<arith::ConstantOp>(nested);
  });
}

static bool sumsProducts(linalg::GenericOp op) {
  bool multiplies = false;
  op.getRegion().walk([&](Operation *nested) {
    multiplies |= isa<arith::MulFOp, arith::MulIOp>(nested);
  });
  unsigned inputs = 0;
  for (OpOperand *input : op.getDpsInputOperands())
    inputs += isa<MemRefType>(input->get().getType());
  return multiplies && inputs >= 2;
}

static std::string kindOfReduction(linalg::GenericOp op) {
  if (sumsProducts(op)) {
    std::string text;
    llvm::raw_string_ostream os(text);
    os << "sum of products of "
       << getElementTypeOrSelf(op.getDpsInputs()[0].getType());
    return text;
  }
  bool isWindow = llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
    return !op.getMatchingIndexingMap(input).isProjectedPermutation();
  });
  return isWindow ? "reduction over windows" : "reduction";
}

static std::string kindOfGeneric(linalg::GenericOp op) {
  bool gathers = false;
  op.getRegion().walk([&](memref::LoadOp) { gathers = true; });
  if (op.getNumReductionLoops() != 0)
    return kindOfReduction(op);
  if (gathers)
    return "reads at computed places";
  if (!onlyMoves(op))
    return "elementwise";
  SmallVector<OpOperand *> inputs = op.getDpsInputOperands();
  if (inputs.empty() || !isa<MemRefType>(inputs[0]->get().getType()))
    return "fill";
  AffineMap in = op.getMatchingIndexingMap(inputs[0]),
            out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (in == out)
    return "copy";
  return in.isPermutation() && out.isPermutation() ? "transpose" : "copy";
}

/// A few words for one op.
static std::string kindOf(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return kindOfGeneric(generic);
  if (isa<memref::CopyOp, linalg::CopyOp>(op))
    return "copy";
  if (isa<linalg::FillOp>(op))
    return "fill";
  if (isa<linalg::TransposeOp>(op))
    return "transpose";
  std::string callee;
  op->walk([&](func::CallOp call) { callee = call.getCallee().str(); });
  return callee.empty() ? "loops of its own"
                        : "calls of the library's " + callee;
}

/// What \p op weighs beside others: a byte moved counts as an operation.
static double weightOf(Operation *op) {
  StageCost cost = stageCost(op);
  return cost.flops + double(cost.bytes);
}

std::string describeOps(ArrayRef<Operation *> ops) {
  llvm::MapVector<StringRef, double> weights;
  std::vector<std::string> names;
  names.reserve(ops.size());
  for (Operation *op : ops) {
    names.push_back(kindOf(op));
    weights[names.back()] += weightOf(op);
  }
  auto kinds = weights.takeVector();
  llvm::stable_sort(kinds,
                    [](auto &a, auto &b) { return a.second > b.second; });
  // Filling in the start of a sum says nothing beside the sum.
  if (kinds.size() > 1)
    llvm::erase_if(kinds, [](auto &kind) { return kind.first == "fill"; });
  return llvm::join(
      llvm::map_range(kinds, [](auto &kind) { return kind.first; }), ", ");
}

bool isLayoutChange(ArrayRef<Operation *> ops) {
  bool passesOn = false; // filling alone does not
  for (Operation *op : ops) {
    std::string kind = kindOf(op);
    if (!llvm::is_contained(moves, kind))
      return false;
    passesOn |= kind != "fill";
  }
  return passesOn;
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file The faults: each edits one op of a kernel, or the list of its stages.
#include "lib/Target/CPU/PlantFault.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace msc::target {

namespace {
/// A kernel under edit. Each fault returns whether it found its place.
struct Patient {
  ModuleOp module;
  StagedKernel &plan;
};

struct Fault {
  const char *kind;
  bool (*plant)(Patient &);
};
} // namespace

/// The first op of type \p OpT that \p fits.
template <typename OpT>
static OpT find(Patient &p, llvm::function_ref<bool(OpT)> fits) {
  OpT found;
  p.module.walk([&](OpT op) {
    if (!fits(op))
      return WalkResult::advance();
    found = op;
    return WalkResult::interrupt();
  });
  return found;
}

template <typename OpT> static bool isData(OpT op) {
  return !op->getResult(0).getType().isIndex();
}

static bool isConstant(Value value) {
  return matchPattern(value, m_Constant());
}

static Value indexConstant(OpBuilder &b, Location loc, int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}

static bool dependsOn(Value value, Value on) {
  if (value == on)
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOn(operand, on);
         });
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

/// Dimensions along which \p op really moves, and its operand for the first.
template <typename OpT> static SmallVector<unsigned> movingDims(OpT op) {
  SmallVector<unsigned> dims;
  for (auto [d, index] : llvm::enumerate(op.getIndices()))
    if (!isConstant(index) && op.getMemRefType().getDimSize(d) > 1)
      dims.push_back(d);
  return dims;
}

/// Index \p dim of \p op becomes \p index modulo the extent.
template <typename OpT>
static void setIndex(OpT op, unsigned dim, Value index) {
  OpBuilder b(op);
  Value extent =
      indexConstant(b, op.getLoc(), op.getMemRefType().getDimSize(dim));
  Value wrapped = b.create<arith::RemSIOp>(op.getLoc(), index, extent);
  op->setOperand(op->getNumOperands() - op.getIndices().size() + dim, wrapped);
}

template <typename OpT> static void shiftIndex(OpT op, unsigned dim) {
  OpBuilder b(op);
  Value one = indexConstant(b, op.getLoc(), 1);
  setIndex(op, dim,
           b.create<arith::AddIOp>(op.getLoc(), op.getIndices()[dim], one));
}

/// The first load whose value is used and whose address moves along at least
/// \p rank dimensions.
static memref::LoadOp findLoad(Patient &p, size_t rank) {
  return find<memref::LoadOp>(p, [&](memref::LoadOp op) {
    return !op->use_empty() && movingDims(op).size() >= rank;
  });
}

static bool wrongIndex(Patient &p) {
  memref::LoadOp load = findLoad(p, 1);
  return load && (shiftIndex(load, movingDims(load).back()), true);
}

static bool wrongRow(Patient &p) {
  memref::LoadOp load = findLoad(p, 2);
  return load && (shiftIndex(load, movingDims(load).front()), true);
}

static bool wrongStoreIndex(Patient &p) {
  auto store = find<memref::StoreOp>(p, [](memref::StoreOp op) {
    return !movingDims(op).empty() && !isConstant(op.getValue());
  });
  return store && (shiftIndex(store, movingDims(store).back()), true);
}

static bool swappedIndices(Patient &p) {
  memref::LoadOp load = findLoad(p, 2);
  if (!load)
    return false;
  SmallVector<unsigned> dims = movingDims(load);
  Value first = load.getIndices()[dims.front()],
        last = load.getIndices()[dims.back()];
  setIndex(load, dims.front(), last);
  setIndex(load, dims.back(), first);
  return true;
}

static bool stuckIndex(Patient &p) {
  memref::LoadOp load = findLoad(p, 1);
  if (!load)
    return false;
  OpBuilder b(load);
  setIndex(load, movingDims(load).back(), indexConstant(b, load.getLoc(), 0));
  return true;
}

/// d0 * 2 + d1 ~> d0 + d1
static bool wrongStride(Patient &p) {
  auto hasStride = [](affine::AffineApplyOp op) {
    bool found = false;
    op.getAffineMap().getResult(0).walk([&](AffineExpr e) {
      auto product = dyn_cast<AffineBinaryOpExpr>(e);
      if (product && e.getKind() == AffineExprKind::Mul)
        found |= !isa<AffineConstantExpr>(product.getLHS());
    });
    return found;
  };
  auto apply = find<affine::AffineApplyOp>(p, hasStride);
  if (!apply)
    return false;
  MLIRContext *ctx = apply.getContext();
  AffineMap map = apply.getAffineMap();
  AffineExpr sum = getAffineConstantExpr(0, ctx);
  for (unsigned d = 0; d < map.getNumDims(); ++d)
    sum = sum + getAffineDimExpr(d, ctx);
  apply.setMap(AffineMap::get(map.getNumDims(), map.getNumSymbols(), sum));
  return true;
}

/// Reads another buffer of the same type.
static bool wrongOperand(Patient &p) {
  bool done = false;
  p.module.walk([&](memref::LoadOp op) {
    auto argument = dyn_cast<BlockArgument>(op.getMemRef());
    if (!argument || op->use_empty())
      return WalkResult::advance();
    for (BlockArgument other : argument.getOwner()->getArguments())
      if (!done && other != argument && other.getType() == argument.getType()) {
        op.setMemRef(other);
        done = true;
      }
    return done ? WalkResult::interrupt() : WalkResult::advance();
  });
  return done;
}

//===----------------------------------------------------------------------===//
// Loops, stages and initial values
//===----------------------------------------------------------------------===//

/// The first innermost loop whose stores move with it, or do not: a reduction,
/// which may also carry its sums.
static scf::ForOp findLoop(Patient &p, bool isReduction) {
  return find<scf::ForOp>(p, [&](scf::ForOp loop) {
    if (loop.getNumRegionIterArgs() > 0)
      return isReduction;
    bool moves = false, accumulates = false;
    loop.walk([&](memref::StoreOp store) {
      bool depends = llvm::any_of(store.getIndices(), [&](Value index) {
        return dependsOn(index, loop.getInductionVar());
      });
      moves |= depends;
      accumulates |= !depends;
    });
    return isReduction ? accumulates && !moves : moves;
  });
}

static bool dropIteration(scf::ForOp loop, bool isLast) {
  if (!loop)
    return false;
  OpBuilder b(loop);
  if (isLast)
    loop.setUpperBound(b.create<arith::SubIOp>(
        loop.getLoc(), loop.getUpperBound(), loop.getStep()));
  else
    loop.setLowerBound(b.create<arith::AddIOp>(
        loop.getLoc(), loop.getLowerBound(), loop.getStep()));
  return true;
}

static bool lostReductionStep(Patient &p) {
  return dropIteration(findLoop(p, true), true);
}
static bool lostFirstStep(Patient &p) {
  return dropIteration(findLoop(p, true), false);
}
static bool lostLastTile(Patient &p) {
  return dropIteration(findLoop(p, false), true);
}

static bool lostGridPoint(Patient &p) {
  for (StagePlan &stage : p.plan.stages)
    for (uint32_t &extent : stage.grid)
      if (extent > 1) {
        --extent;
        return true;
      }
  return false;
}

static bool lostStage(Patient &p) {
  if (p.plan.stages.size() < 2)
    return false;
  p.plan.stages.pop_back();
  return true;
}

static bool swappedStages(Patient &p) {
  if (p.plan.stages.size() < 2)
    return false;
  // The first ones may be fills, in any order.
  std::swap(p.plan.stages.rbegin()[0], p.plan.stages.rbegin()[1]);
  return true;
}

static memref::StoreOp findInit(Patient &p) {
  return find<memref::StoreOp>(
      p, [](memref::StoreOp op) { return isConstant(op.getValue()); });
}

/// Another number: x + 1, or 1 for what is no ordinary number.
static TypedAttr otherNumber(Attribute attr) {
  if (auto number = dyn_cast<FloatAttr>(attr)) {
    double value = number.getValueAsDouble();
    return FloatAttr::get(number.getType(),
                          std::isfinite(value) ? value + 1 : 1.0);
  }
  auto integer = cast<IntegerAttr>(attr);
  return IntegerAttr::get(integer.getType(), integer.getValue() + 1);
}

/// The first sum that \p loop carries starts from one.
static bool wrongFirstSum(scf::ForOp loop) {
  Type type = loop.getInitArgs()[0].getType();
  OpBuilder b(loop);
  TypedAttr one = b.getOneAttr(getElementTypeOrSelf(type));
  if (auto vector = dyn_cast<VectorType>(type))
    one = DenseElementsAttr::get(vector, one);
  loop.getInitArgsMutable()[0].assign(
      b.create<arith::ConstantOp>(loop.getLoc(), type, one));
  return true;
}

static bool wrongInit(Patient &p) {
  memref::StoreOp store = findInit(p);
  scf::ForOp loop = findLoop(p, true);
  if (!store && loop && loop.getNumRegionIterArgs() > 0)
    return wrongFirstSum(loop);
  Attribute value;
  if (!store || !matchPattern(store.getValue(), m_Constant(&value)))
    return false;
  OpBuilder b(store);
  store.getValueMutable().assign(
      b.create<arith::ConstantOp>(store.getLoc(), otherNumber(value)));
  return true;
}

/// What was accumulated so far is forgotten.
static bool lostCarry(Patient &p) {
  scf::ForOp loop = findLoop(p, true);
  if (loop && loop.getNumRegionIterArgs() > 0) {
    loop.getRegionIterArg(0).replaceAllUsesWith(loop.getInitArgs()[0]);
    return true;
  }
  memref::StoreOp store;
  if (loop)
    loop.walk([&](memref::StoreOp op) { store = op; });
  bool done = false;
  if (store)
    store->getBlock()->walk([&](memref::LoadOp op) {
      if (op.getMemRef() != store.getMemRef())
        return;
      OpBuilder b(op);
      Value zero = b.create<arith::ConstantOp>(
          op.getLoc(), cast<TypedAttr>(b.getZeroAttr(op.getType())));
      op.replaceAllUsesWith(zero);
      done = true;
    });
  return done;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Replaces \p op by another of the same operands and result.
template <typename ToT> static bool become(Operation *op) {
  OpBuilder b(op);
  auto other =
      b.create<ToT>(op->getLoc(), op->getResultTypes(), op->getOperands());
  op->replaceAllUsesWith(other);
  op->erase();
  return true;
}

/// Replaces the result of \p op by its first operand of that type.
static bool skip(Operation *op) {
  for (Value operand : op->getOperands())
    if (operand.getType() == op->getResult(0).getType()) {
      op->getResult(0).replaceAllUsesWith(operand);
      return true;
    }
  return false;
}

template <typename FromT, typename ToT> static bool exchange(Patient &p) {
  auto op = find<FromT>(p, [](FromT op) { return isData(op); });
  return op && become<ToT>(op);
}

static bool wrongOperation(Patient &p) {
  return exchange<arith::AddFOp, arith::SubFOp>(p) ||
         exchange<arith::MulFOp, arith::AddFOp>(p);
}

static bool wrongCast(Patient &p) {
  return exchange<arith::ExtSIOp, arith::ExtUIOp>(p) ||
         exchange<arith::SIToFPOp, arith::UIToFPOp>(p);
}

static bool swappedOperands(Patient &p) {
  auto op = find<Operation *>(p, [](Operation *op) {
    return isa<arith::SubFOp, arith::DivFOp, arith::SubIOp, arith::DivSIOp>(
               op) &&
           isData(op);
  });
  if (!op)
    return false;
  Value first = op->getOperand(0);
  op->setOperand(0, op->getOperand(1));
  op->setOperand(1, first);
  return true;
}

static bool lostFactor(Patient &p) {
  auto op = find<arith::MulFOp>(p, [](arith::MulFOp) { return true; });
  return op && skip(op);
}

static bool wrongConstant(Patient &p) {
  FloatAttr value;
  auto op = find<arith::ConstantOp>(p, [&](arith::ConstantOp op) {
    value = dyn_cast<FloatAttr>(op.getValue());
    return value && llvm::any_of(op->getUsers(), [](Operation *user) {
             return !isa<memref::StoreOp>(user);
           });
  });
  if (!op)
    return false;
  op.setValueAttr(otherNumber(value));
  return true;
}

static bool wrongComparison(Patient &p) {
  auto op = find<arith::CmpFOp>(p, [](arith::CmpFOp) { return true; });
  if (!op)
    return false;
  Value first = op.getLhs();
  op.getLhsMutable().assign(op.getRhs());
  op.getRhsMutable().assign(first);
  return true;
}

static bool swappedSelect(Patient &p) {
  auto op = find<arith::SelectOp>(
      p, [](arith::SelectOp op) { return isa<FloatType>(op.getType()); });
  if (!op)
    return false;
  Value first = op.getTrueValue();
  op.getTrueValueMutable().assign(op.getFalseValue());
  op.getFalseValueMutable().assign(first);
  return true;
}

/// exp(x) ~> x
static bool lostFunction(Patient &p) {
  auto op = find<Operation *>(p, [](Operation *op) {
    bool isFunction = isa<func::CallOp>(op) ||
                      isa_and_present<math::MathDialect>(op->getDialect());
    return isFunction && op->getNumResults() == 1 &&
           llvm::is_contained(op->getOperandTypes(), op->getResultTypes()[0]);
  });
  return op && skip(op);
}

/// The operand of \p op that it stores; null where it is no store.
static OpOperand *storedOperand(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return &store.getValueMutable();
  if (auto store = dyn_cast<vector::StoreOp>(op))
    return &store.getValueToStoreMutable();
  if (auto store = dyn_cast<vector::MaskedStoreOp>(op))
    return &store.getValueToStoreMutable();
  return nullptr;
}

/// The last store writes what its value was computed from.
static bool lostEpilogue(Patient &p) {
  Operation *last = nullptr;
  p.module.walk([&](Operation *store) {
    OpOperand *stored = storedOperand(store);
    Operation *op = stored ? stored->get().getDefiningOp() : nullptr;
    if (op && !isa<memref::LoadOp, arith::ConstantOp>(op))
      last = op;
  });
  return last && skip(last);
}

/// The last store writes a value rounded to bfloat16.
static bool lostPrecision(Patient &p) {
  OpOperand *last = nullptr;
  p.module.walk([&](Operation *store) {
    OpOperand *stored = storedOperand(store);
    if (stored && getElementTypeOrSelf(stored->get().getType()).isF32() &&
        !isConstant(stored->get()))
      last = stored;
  });
  if (!last)
    return false;
  OpBuilder b(last->getOwner());
  Location loc = last->getOwner()->getLoc();
  Type type = last->get().getType(), narrowType = b.getBF16Type();
  if (auto vector = dyn_cast<VectorType>(type))
    narrowType = vector.clone(narrowType);
  Value narrow = b.create<arith::TruncFOp>(loc, narrowType, last->get());
  last->set(b.create<arith::ExtFOp>(loc, type, narrow));
  return true;
}

static const Fault faults[] = {
    {"wrong-index", wrongIndex},
    {"wrong-row", wrongRow},
    {"wrong-store-index", wrongStoreIndex},
    {"swapped-indices", swappedIndices},
    {"stuck-index", stuckIndex},
    {"wrong-stride", wrongStride},
    {"wrong-operand", wrongOperand},
    {"lost-reduction-step", lostReductionStep},
    {"lost-first-step", lostFirstStep},
    {"lost-last-tile", lostLastTile},
    {"lost-grid-point", lostGridPoint},
    {"lost-stage", lostStage},
    {"swapped-stages", swappedStages},
    {"wrong-init", wrongInit},
    {"lost-carry", lostCarry},
    {"wrong-operation", wrongOperation},
    {"wrong-cast", wrongCast},
    {"swapped-operands", swappedOperands},
    {"lost-factor", lostFactor},
    {"wrong-constant", wrongConstant},
    {"wrong-comparison", wrongComparison},
    {"swapped-select", swappedSelect},
    {"lost-function", lostFunction},
    {"lost-epilogue", lostEpilogue},
    {"lost-precision", lostPrecision},
};

LogicalResult plantFault(ModuleOp module, StagedKernel &plan, StringRef kind) {
  Patient patient{module, plan};
  for (const Fault &fault : faults)
    if (kind == fault.kind)
      return fault.plant(patient)
                 ? success()
                 : emitError(module.getLoc(), "no place for the fault '")
                       << kind << "'";
  SmallVector<StringRef> kinds;
  for (const Fault &fault : faults)
    kinds.push_back(fault.kind);
  return emitError(module.getLoc(), "no fault is called '")
         << kind << "'; there are " << llvm::join(kinds, ", ");
}

} // namespace msc::target

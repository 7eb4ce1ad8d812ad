// SPDX-License-Identifier: Apache-2.0
//
/// \file linalg ops on buffers as loops and strides.
#include "lib/Target/CPU/Schedules/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace msc::target {

Value rootOf(Value buffer) {
  while (Operation *op = buffer.getDefiningOp())
    if (auto view = dyn_cast<ViewLikeOpInterface>(op))
      buffer = view.getViewSource();
    else if (auto transposed = dyn_cast<memref::TransposeOp>(op))
      buffer = transposed.getIn();
    else
      break;
  return buffer;
}

int64_t strideAlong(AffineMap map, MemRefType type, unsigned dim) {
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

/// Sums of dimensions times constants: what strides describe.
static bool isLinear(AffineMap map) {
  bool linear = true;
  for (AffineExpr result : map.getResults())
    result.walk([&](AffineExpr expr) {
      linear &= expr.getKind() != AffineExprKind::FloorDiv &&
                expr.getKind() != AffineExprKind::CeilDiv &&
                expr.getKind() != AffineExprKind::Mod;
    });
  return linear;
}

/// The dimension and the constant of `dimension <kind> constant`.
static std::optional<std::pair<unsigned, int64_t>>
readPart(AffineExpr expr, AffineExprKind kind) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || binary.getKind() != kind)
    return std::nullopt;
  auto dim = dyn_cast<AffineDimExpr>(binary.getLHS());
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!dim || !constant)
    return std::nullopt;
  return std::pair(dim.getPosition(), constant.getValue());
}

/// (d floordiv w, ..., d mod w) ~> (0, ..., d) and the panel; no change where
/// the map reads no panels.
static std::optional<Panel> takePanel(AffineMap &map,
                                      ArrayRef<int64_t> strides) {
  MLIRContext *ctx = map.getContext();
  SmallVector<AffineExpr> results(map.getResults());
  for (auto [i, result] : llvm::enumerate(map.getResults()))
    if (auto number = readPart(result, AffineExprKind::FloorDiv))
      for (auto [j, other] : llvm::enumerate(map.getResults()))
        if (readPart(other, AffineExprKind::Mod) == number) {
          results[i] = getAffineConstantExpr(0, ctx);
          results[j] = getAffineDimExpr(number->first, ctx);
          map = AffineMap::get(map.getNumDims(), 0, results, ctx);
          return Panel{number->first, number->second, strides[i]};
        }
  return std::nullopt;
}

std::optional<Access> readAccess(Value buffer, AffineMap map) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> strides;
  Access access;
  access.buffer = buffer;
  if (!type || !type.hasStaticShape() ||
      failed(getStridesAndOffset(type, strides, access.offset)) ||
      ShapedType::isDynamic(access.offset))
    return std::nullopt;
  access.panel = takePanel(map, strides);
  if (!isLinear(map))
    return std::nullopt;
  SmallVector<int64_t> origin(map.getNumDims(), 0);
  for (auto [index, stride] : llvm::zip(map.compose(origin), strides))
    access.offset += index * stride;
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim) {
    access.strides.push_back(strideAlong(map, type, dim));
    if (ShapedType::isDynamic(access.strides.back()))
      return std::nullopt;
  }
  return access;
}

std::optional<LoopNest> readLoopNest(linalg::GenericOp op) {
  LoopNest nest;
  for (auto [extent, kind] :
       llvm::zip(op.getStaticLoopRanges(), op.getIteratorTypesArray())) {
    if (ShapedType::isDynamic(extent))
      return std::nullopt;
    nest.loops.push_back({extent, kind == utils::IteratorType::reduction});
  }
  for (OpOperand &operand : op->getOpOperands()) {
    std::optional<Access> access =
        readAccess(operand.get(), op.getMatchingIndexingMap(&operand));
    if (!access)
      return std::nullopt;
    nest.accesses.push_back(std::move(*access));
  }
  return nest;
}

int64_t LoopNest::footprint(const Access &access) const {
  int64_t count = 1;
  for (auto [loop, stride] : llvm::zip(loops, access.strides))
    count *= stride ? loop.extent : 1;
  return count;
}

int64_t LoopNest::reach(const Access &access) const {
  int64_t last = 0;
  for (auto [i, loop] : llvm::enumerate(loops)) {
    int64_t end = loop.extent - 1;
    if (access.panel && access.panel->loop == i) {
      last += end / access.panel->width * access.panel->stride;
      end = access.panel->width - 1; // the last panel is there as a whole
    }
    last += end * access.strides[i];
  }
  return last + 1;
}

Access flatten(OpBuilder &b, Location loc, const LoopNest &nest,
               const Access &access) {
  int64_t size = nest.reach(access);
  MemRefType type = access.type();
  OpFoldResult offset = b.getIndexAttr(access.offset);
  if (access.moved)
    offset = b.createOrFold<arith::AddIOp>(
        loc, access.moved,
        b.create<arith::ConstantIndexOp>(loc, access.offset));
  auto layout = StridedLayoutAttr::get(
      b.getContext(), access.moved ? ShapedType::kDynamic : access.offset, {1});
  auto flat = MemRefType::get({size}, type.getElementType(), layout,
                              type.getMemorySpace());
  Access result = access;
  result.buffer = b.create<memref::ReinterpretCastOp>(
      loc, flat, access.buffer, offset,
      ArrayRef<OpFoldResult>{b.getIndexAttr(size)},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  result.offset = 0;
  result.moved = nullptr;
  return result;
}

void LoopNest::permute(ArrayRef<unsigned> order) {
  SmallVector<Loop> permuted;
  for (unsigned i : order)
    permuted.push_back(loops[i]);
  loops = std::move(permuted);
  for (Access &access : accesses) {
    SmallVector<int64_t> strides;
    for (unsigned i : order)
      strides.push_back(access.strides[i]);
    access.strides = std::move(strides);
    if (access.panel)
      access.panel->loop =
          llvm::find(order, access.panel->loop) - order.begin();
  }
}

bool LoopNest::continues(size_t outer, size_t inner) const {
  return llvm::all_of(accesses, [&](const Access &access) {
    if (access.panel &&
        (access.panel->loop == outer || access.panel->loop == inner))
      return false;
    return access.strides[outer] == loops[inner].extent * access.strides[inner];
  });
}

void LoopNest::coalesce() {
  auto erase = [&](size_t i) {
    loops.erase(loops.begin() + i);
    for (Access &access : accesses) {
      access.strides.erase(access.strides.begin() + i);
      if (access.panel && access.panel->loop == i)
        access.panel.reset();
      else if (access.panel && access.panel->loop > i)
        --access.panel->loop;
    }
  };
  for (size_t i = loops.size(); i-- > 0;)
    if (loops[i].extent == 1)
      erase(i);
  // No other reduction between two that become one.
  auto inOrder = [&](size_t outer, size_t inner) {
    return outer < inner &&
           llvm::none_of(
               ArrayRef(loops).slice(outer + 1, inner - outer - 1),
               [](const Loop &loop) { return loop.isReduction; });
  };
  auto becomeOne = [&](size_t outer, size_t inner) {
    return loops[outer].isReduction == loops[inner].isReduction &&
           (!loops[outer].isReduction || inOrder(outer, inner)) &&
           continues(outer, inner);
  };
  for (size_t inner = 0; inner < loops.size(); ++inner)
    for (size_t outer = 0; outer < loops.size(); ++outer)
      if (outer != inner && becomeOne(outer, inner)) {
        loops[inner].extent *= loops[outer].extent;
        erase(outer);
        inner = size_t(-1); // from the start again
        break;
      }
}

Attribute filledWith(linalg::GenericOp op) {
  Attribute value;
  if (op.getNumDpsInputs() == 0 && op.getNumDpsInits() == 1)
    matchPattern(op.getRegion().front().getTerminator()->getOperand(0),
                 m_Constant(&value));
  return value;
}

} // namespace msc::target

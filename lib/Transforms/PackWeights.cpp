// SPDX-License-Identifier: Apache-2.0
//
/// \file Weights in the order in which products read them.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/Winograd.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "msc/Transforms/Passes.h.inc"

/// Convolutions of images whose results are best computed channel by channel:
/// of all channels, or of each channel by itself.
static bool isChannelsLastConv(ms::ConvOp op) {
  RankedTensorType weight = ms::tensorType(op.getWeight());
  return op.getGroups() == 1 ||
         (weight.getDimSize(1) == 1 &&
          weight.getDimSize(0) == int64_t(op.getGroups()));
}

/// Whether the filters of \p op can be transformed for tiles of \p tile.
static bool takesTile(ms::ConvOp op, int64_t tile) {
  auto isOne = [](int64_t n) { return n == 1; };
  ArrayRef<int64_t> kernel =
      ms::tensorType(op.getWeight()).getShape().drop_front(2);
  RankedTensorType result = ms::tensorType(op.getResult());
  return op.getGroups() == 1 && kernel == ArrayRef<int64_t>({3, 3}) &&
         llvm::all_of(op.getStrides(), isOne) &&
         llvm::all_of(op.getDilations(), isOne) && result.hasStaticShape() &&
         result.getDimSize(2) % tile == 0 && result.getDimSize(3) % tile == 0;
}

namespace {
struct PackWeights : impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;
  PackWeights(int64_t columns, ChooseConvTile chooseTile)
      : chooseTile(std::move(chooseTile)) {
    panel = columns;
  }

  void runOnOperation() final {
    bind = getOperation().lookupSymbol<func::FuncOp>("bind");
    if (!bind)
      return;
    stored = cast<func::ReturnOp>(bind.getBody().front().getTerminator());
    SmallVector<func::FuncOp> entries;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function != bind)
        entries.push_back(function);
    for (func::FuncOp entry : entries)
      packEntry(entry);
    dropUnread(entries);
  }

private:
  /// How a weight is stored: its dimensions in another order, and panels of
  /// the first of them.
  struct Packing {
    SmallVector<int64_t> order; ///< dimension i is the weight's order[i]
    bool inPanels;
    int64_t tile = 0; ///< of Winograd's transform, which comes first; 0: none
  };

  void packEntry(func::FuncOp entry);
  void packMatMul(func::FuncOp entry, ms::MatMulOp op);
  void packConv(func::FuncOp entry, ms::ConvOp op);
  Value emitPacked(OpBuilder &b, Value weight, const Packing &packing);
  /// What reads \p weight back out of the argument of \p entry that holds it
  /// packed, with dimensions in the order of the packing.
  Value read(OpBuilder &b, func::FuncOp entry, BlockArgument weight,
             const Packing &packing);
  void dropUnread(ArrayRef<func::FuncOp> entries);

  ChooseConvTile chooseTile;
  func::FuncOp bind;
  func::ReturnOp stored;
  /// Results of bind: of a packed weight, by that of the weight.
  std::map<std::pair<int64_t, SmallVector<int64_t>>, int64_t> packedResults;
};
} // namespace

/// The entry's argument that \p value is, if that is a weight of f32 which bind
/// computes.
static BlockArgument weightOf(Value value, func::FuncOp entry, int64_t rank) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != &entry.getBody().front() ||
      !entry.getArgAttr(argument.getArgNumber(), "ms.packed") ||
      entry.getArgAttr(argument.getArgNumber(), "ms.state"))
    return {};
  RankedTensorType type = ms::tensorType(argument);
  return type.getRank() == rank && type.getElementType().isF32() &&
                 type.getNumElements() > 0
             ? argument
             : BlockArgument();
}

/// filters [o, c, 3, 3] ~> G * filter * transpose(G) [o, c, tile + 2, tile + 2]
static Value emitTransformed(OpBuilder &b, Value filters, int64_t tile) {
  Location loc = filters.getLoc();
  RankedTensorType type = ms::tensorType(filters);
  ms::WinogradMatrix g = ms::Winograd(tile).filter;
  int64_t size = g.rows, count = type.getDimSize(0) * type.getDimSize(1);
  SmallVector<float> factors; // of tap (y, x) in element (i, j): [9, size^2]
  for (int64_t y = 0; y < 3; ++y)
    for (int64_t x = 0; x < 3; ++x)
      for (int64_t i = 0; i < size; ++i)
        for (int64_t j = 0; j < size; ++j)
          factors.push_back(float(g.at(i, y) * g.at(j, x)));
  Value matrix = b.create<ms::ConstantOp>(
      loc, DenseElementsAttr::get(type.clone({9, size * size}),
                                  ArrayRef<float>(factors)));
  Value taps = b.create<ms::ReshapeOp>(loc, type.clone({count, 9}), filters);
  Value product =
      b.create<ms::MatMulOp>(loc, taps, matrix, false, false, TypeAttr());
  SmallVector<int64_t> shape{type.getDimSize(0), type.getDimSize(1), size,
                             size};
  return b.create<ms::ReshapeOp>(loc, type.clone(shape), product);
}

/// weight ~> transposed ~> [n / panel, others..., panel] of its first dimension
/// n
Value PackWeights::emitPacked(OpBuilder &b, Value weight,
                              const Packing &packing) {
  Location loc = weight.getLoc();
  if (packing.tile)
    weight = emitTransformed(b, weight, packing.tile);
  if (!packing.inPanels)
    return b.create<ms::TransposeOp>(loc, weight, packing.order);
  RankedTensorType type = ms::tensorType(weight);
  int64_t rank = type.getRank(), axis = packing.order[0];
  int64_t count = llvm::divideCeil(type.getDimSize(axis), panel);
  if (int64_t missing = count * panel - type.getDimSize(axis)) {
    SmallVector<int64_t> low(rank, 0), high(rank, 0);
    high[axis] = missing;
    weight = b.create<ms::PadOp>(loc, weight, Value(), low, high);
  }
  // [..., n, ...] ~> [..., n / panel, panel, ...] ~> the panel goes last.
  SmallVector<int64_t> split(type.getShape()), order{axis};
  split[axis] = count;
  split.insert(split.begin() + axis + 1, panel);
  for (int64_t dim : ArrayRef(packing.order).drop_front())
    order.push_back(dim < axis ? dim : dim + 1);
  order.push_back(axis + 1);
  Value cut = b.create<ms::ReshapeOp>(loc, type.clone(split), weight);
  return b.create<ms::TransposeOp>(loc, cut, order);
}

Value PackWeights::read(OpBuilder &b, func::FuncOp entry, BlockArgument weight,
                        const Packing &packing) {
  int64_t result =
      entry.getArgAttrOfType<IntegerAttr>(weight.getArgNumber(), "ms.packed")
          .getInt();
  SmallVector<int64_t> key(packing.order);
  key.append({packing.inPanels, packing.tile});
  auto [found, isNew] = packedResults.try_emplace({result, key}, 0);
  if (isNew) {
    OpBuilder inBind(stored);
    found->second = stored.getNumOperands();
    stored->insertOperands(
        stored.getNumOperands(),
        emitPacked(inBind, stored.getOperand(result), packing));
  }
  auto index = b.getI64IntegerAttr(found->second);
  unsigned number = 0;
  while (number < entry.getNumArguments() &&
         entry.getArgAttr(number, "ms.packed") != index)
    ++number;
  if (number == entry.getNumArguments())
    entry.insertArgument(
        number, stored.getOperand(found->second).getType(),
        b.getDictionaryAttr(b.getNamedAttr("ms.packed", index)),
        weight.getLoc());
  Value packed = entry.getArgument(number);
  if (!packing.inPanels)
    return packed;
  return b.create<ms::UnpackPanelsOp>(
      packed.getLoc(), packed, /*axis=*/0,
      ms::tensorType(weight).getDimSize(packing.order[0]));
}

/// \p value, whose dimension i is dimension order[i] of the result.
static Value undo(OpBuilder &b, Value value, ArrayRef<int64_t> order) {
  SmallVector<int64_t> inverse(order.size());
  for (auto [i, dim] : llvm::enumerate(order))
    inverse[dim] = i;
  return b.create<ms::TransposeOp>(value.getLoc(), value, inverse);
}

/// matmul(x, weight) ~> matmul(x, transpose(unpack_panels(packed)))
void PackWeights::packMatMul(func::FuncOp entry, ms::MatMulOp op) {
  BlockArgument weight = weightOf(op.getRhs(), entry, 2);
  if (!weight || op.getElement())
    return;
  OpBuilder b(op);
  bool transposed = op.getTransposeRhs();
  SmallVector<int64_t> columnsFirst{transposed ? 0 : 1, transposed ? 1 : 0};
  Value columns = read(b, entry, weight, {columnsFirst, /*inPanels=*/true});
  op.getRhsMutable().assign(undo(b, columns, {1, 0}));
  op.removeTransposeRhsAttr();
}

/// The same for filters [o, c, y, x]: panels of outputs, or [y, x, c, o] where
/// each output reads one channel.
void PackWeights::packConv(func::FuncOp entry, ms::ConvOp op) {
  BlockArgument weight = weightOf(op.getWeight(), entry, 4);
  if (!weight || op.getElement() || !isChannelsLastConv(op))
    return;
  OpBuilder b(op);
  Packing packing{{0, 2, 3, 1}, /*inPanels=*/true};
  if (op.getGroups() > 1)
    packing = {{2, 3, 1, 0}, /*inPanels=*/false};
  packing.tile = chooseTile ? chooseTile(op) : int64_t(tile);
  if (packing.tile && takesTile(op, packing.tile))
    op.setTile(packing.tile);
  else
    packing.tile = 0;
  Value filters = read(b, entry, weight, packing);
  op.getWeightMutable().assign(undo(b, filters, packing.order));
}

void PackWeights::packEntry(func::FuncOp entry) {
  SmallVector<Operation *> products;
  entry.walk([&](Operation *op) {
    if (isa<ms::MatMulOp, ms::ConvOp>(op))
      products.push_back(op);
  });
  for (Operation *op : products)
    if (auto matmul = dyn_cast<ms::MatMulOp>(op))
      packMatMul(entry, matmul);
    else
      packConv(entry, cast<ms::ConvOp>(op));
}

/// Results of bind that no entry reads any more.
void PackWeights::dropUnread(ArrayRef<func::FuncOp> entries) {
  llvm::SmallDenseMap<int64_t, int64_t> places;
  SmallVector<Value> kept;
  Builder b(&getContext());
  for (func::FuncOp entry : entries) {
    for (unsigned i = entry.getNumArguments(); i-- > 0;)
      if (entry.getArgAttr(i, "ms.packed") &&
          !entry.getArgAttr(i, "ms.state") && entry.getArgument(i).use_empty())
        entry.eraseArgument(i);
    for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
      auto index = entry.getArgAttrOfType<IntegerAttr>(i, "ms.packed");
      if (!index)
        continue;
      auto [place, isNew] = places.try_emplace(index.getInt(), kept.size());
      if (isNew)
        kept.push_back(stored.getOperand(index.getInt()));
      entry.setArgAttr(i, "ms.packed", b.getI64IntegerAttr(place->second));
    }
  }
  stored->setOperands(kept);
  bind.setFunctionType(b.getFunctionType(bind.getBody().getArgumentTypes(),
                                         TypeRange(ValueRange(kept))));
}

std::unique_ptr<Pass> createPackWeights(int64_t panel,
                                        ChooseConvTile chooseTile) {
  return std::make_unique<PackWeights>(panel, std::move(chooseTile));
}

} // namespace msc

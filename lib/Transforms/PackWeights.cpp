// SPDX-License-Identifier: Apache-2.0
//
/// \file Weights in the order in which products read them.
#include "msc/Transforms/Passes.h"

#include "dialects/MS/IR/Winograd.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
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
  PackWeights(const PackWeightsOptions &options, ChooseConvTile chooseTile)
      : PackWeightsBase(options), chooseTile(std::move(chooseTile)) {}

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
  bool isWorthParts(ms::MatMulOp op) const;
  bool splitMatMul(func::FuncOp entry, ms::MatMulOp op);
  Value readPart(OpBuilder &b, Value part, int64_t depth, int64_t columns);
  void packMatMul(func::FuncOp entry, ms::MatMulOp op);
  void packConv(func::FuncOp entry, ms::ConvOp op);
  Value emitPacked(OpBuilder &b, Value weight, const Packing &packing);
  /// What reads \p weight back out of the argument of \p entry that holds it
  /// packed, with dimensions in the order of the packing.
  Value read(OpBuilder &b, func::FuncOp entry, BlockArgument weight,
             const Packing &packing);
  int64_t store(ValueRange values);
  Value argumentOf(func::FuncOp entry, int64_t result, Location loc);
  void dropUnread(ArrayRef<func::FuncOp> entries);

  ChooseConvTile chooseTile;
  func::FuncOp bind;
  func::ReturnOp stored;
  /// Results of bind: of a packed weight, by that of the weight.
  std::map<std::pair<int64_t, SmallVector<int64_t>>, int64_t> packedResults;
  /// The first result that holds a part, by the weight's and whether that is
  /// transposed.
  std::map<std::pair<int64_t, bool>, int64_t> splitResults;
};
} // namespace

/// The entry's argument that \p value is, if that is a weight of f32 (bf16)
/// which bind computes.
static BlockArgument weightOf(Value value, func::FuncOp entry, int64_t rank,
                              bool isBF16 = false) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != &entry.getBody().front() ||
      !entry.getArgAttr(argument.getArgNumber(), "ms.packed") ||
      entry.getArgAttr(argument.getArgNumber(), "ms.state"))
    return {};
  RankedTensorType type = ms::tensorType(argument);
  Type element = type.getElementType();
  return type.getRank() == rank &&
                 (isBF16 ? element.isBF16() : element.isF32()) &&
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

/// Which result of bind \p weight, an argument of \p entry, holds.
static int64_t resultOf(func::FuncOp entry, BlockArgument weight) {
  return entry.getArgAttrOfType<IntegerAttr>(weight.getArgNumber(), "ms.packed")
      .getInt();
}

/// Makes \p values results of bind; the number of the first one.
int64_t PackWeights::store(ValueRange values) {
  int64_t first = stored.getNumOperands();
  stored->insertOperands(first, values);
  return first;
}

/// The argument of \p entry that holds \p result of bind.
Value PackWeights::argumentOf(func::FuncOp entry, int64_t result,
                              Location loc) {
  Builder b(&getContext());
  auto index = b.getI64IntegerAttr(result);
  unsigned number = 0;
  while (number < entry.getNumArguments() &&
         entry.getArgAttr(number, "ms.packed") != index)
    ++number;
  if (number == entry.getNumArguments())
    entry.insertArgument(
        number, stored.getOperand(result).getType(),
        b.getDictionaryAttr(b.getNamedAttr("ms.packed", index)), loc);
  return entry.getArgument(number);
}

Value PackWeights::read(OpBuilder &b, func::FuncOp entry, BlockArgument weight,
                        const Packing &packing) {
  int64_t result = resultOf(entry, weight);
  SmallVector<int64_t> key(packing.order);
  key.append({packing.inPanels, packing.tile});
  auto [found, isNew] = packedResults.try_emplace({result, key}, 0);
  if (isNew) {
    OpBuilder inBind(stored);
    found->second =
        store(emitPacked(inBind, stored.getOperand(result), packing));
  }
  Value packed = argumentOf(entry, found->second, weight.getLoc());
  if (!packing.inPanels)
    return packed;
  return b.create<ms::UnpackPanelsOp>(
      packed.getLoc(), packed, /*axis=*/0,
      ms::tensorType(weight).getDimSize(packing.order[0]));
}

/// \p value, whose dimension i is dimension order[i] of the result.
static Value undo(OpBuilder &b, Value value, ArrayRef<int64_t> order) {
  return b.create<ms::TransposeOp>(value.getLoc(), value,
                                   invertPermutationVector(order));
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// Rows and columns of bf16 tiles: 16 columns, 16 pairs of terms.
static constexpr int64_t tileColumns = 16, tileDepth = 32;

/// [k, n], or [n, k], with zeros up to whole tiles.
static Value padToTiles(OpBuilder &b, Value weight, bool isTransposed) {
  ArrayRef<int64_t> shape = ms::tensorType(weight).getShape();
  SmallVector<int64_t> low(2, 0), high(2, 0);
  unsigned n = isTransposed ? 0 : 1;
  high[n] = llvm::alignTo(shape[n], tileColumns) - shape[n];
  high[1 - n] = llvm::alignTo(shape[1 - n], tileDepth) - shape[1 - n];
  if (high[0] == 0 && high[1] == 0)
    return weight;
  return b.create<ms::PadOp>(weight.getLoc(), weight, Value(), low, high);
}

/// [k, n], or [n, k], ~> [n / 16, k / 2, 16, 2]
static Value toTiles(OpBuilder &b, Value part, bool isTransposed) {
  RankedTensorType type = ms::tensorType(part);
  int64_t n = type.getDimSize(isTransposed ? 0 : 1) / tileColumns,
          k = type.getDimSize(isTransposed ? 1 : 0) / 2;
  SmallVector<int64_t> cut{k, 2, n, tileColumns}, order{2, 0, 3, 1};
  if (isTransposed) {
    cut = {n, tileColumns, k, 2};
    order = {0, 2, 1, 3};
  }
  Value split = b.create<ms::ReshapeOp>(part.getLoc(), type.clone(cut), part);
  return b.create<ms::TransposeOp>(part.getLoc(), split, order);
}

/// The parts of \p weight in tiles.
static SmallVector<Value> emitParts(OpBuilder &b, Value weight,
                                    bool isTransposed, unsigned count) {
  Location loc = weight.getLoc();
  Value rest = padToTiles(b, weight, isTransposed);
  RankedTensorType type = ms::tensorType(rest);
  if (type.getElementType().isBF16())
    return {toTiles(b, rest, isTransposed)};
  SmallVector<Value> parts;
  for (unsigned i = 0; i < count; ++i) {
    Value part = b.create<ms::CastOp>(loc, type.clone(b.getBF16Type()), rest);
    parts.push_back(toTiles(b, part, isTransposed));
    if (i + 1 < count)
      rest =
          b.create<ms::SubOp>(loc, rest, b.create<ms::CastOp>(loc, type, part));
  }
  return parts;
}

/// [depth, columns] out of a part.
Value PackWeights::readPart(OpBuilder &b, Value part, int64_t depth,
                            int64_t columns) {
  Location loc = part.getLoc();
  SmallVector<int64_t> shape(ms::tensorType(part).getShape());
  if (int64_t pairs = llvm::divideCeil(depth, 2); pairs != shape[1]) {
    shape[1] = pairs;
    part = b.create<ms::SliceOp>(loc, part, SmallVector<int64_t>(4, 0), shape,
                                 SmallVector<int64_t>(4, 1));
  }
  Value read =
      b.create<ms::TransposeOp>(loc, part, ArrayRef<int64_t>{1, 0, 2, 3});
  read = b.create<ms::UnpackPanelsOp>(loc, read, /*axis=*/1, depth);
  read = b.create<ms::UnpackPanelsOp>(loc, read, /*axis=*/0, columns);
  return b.create<ms::TransposeOp>(loc, read, ArrayRef<int64_t>{1, 0});
}

/// Whether \p op, with weights of f32 or bf16, is large enough.
bool PackWeights::isWorthParts(ms::MatMulOp op) const {
  RankedTensorType left = ms::tensorType(op.getLhs()),
                   right = ms::tensorType(op.getRhs());
  if (parts == 0 || op.getTransposeLhs() || !left.hasStaticShape() ||
      left.getRank() < 2 || left.getNumElements() == 0 ||
      !ms::tensorType(op.getResult()).getElementType().isF32())
    return false;
  int64_t depth = left.getShape().back(),
          columns = right.getNumElements() / depth,
          rows = left.getNumElements() / depth;
  return rows >= fewestRows && depth >= tileDepth &&
         columns >= 2 * tileColumns && rows * columns * depth >= fewestProducts;
}

/// matmul(x, weight) ~> matmul(x, part + part + part)
bool PackWeights::splitMatMul(func::FuncOp entry, ms::MatMulOp op) {
  bool isNarrow = op.getElement().has_value();
  BlockArgument weight = weightOf(op.getRhs(), entry, 2, isNarrow);
  if (!weight || !isWorthParts(op))
    return false;
  Location loc = op.getLoc();
  bool isTransposed = op.getTransposeRhs();
  unsigned count = isNarrow ? 1 : parts;
  int64_t result = resultOf(entry, weight);
  auto [found, isNew] = splitResults.try_emplace({result, isTransposed}, 0);
  if (isNew) {
    OpBuilder inBind(stored);
    found->second = store(
        emitParts(inBind, stored.getOperand(result), isTransposed, count));
  }
  RankedTensorType type = ms::tensorType(weight);
  int64_t depth = type.getDimSize(isTransposed ? 1 : 0),
          columns = type.getDimSize(isTransposed ? 0 : 1);
  OpBuilder b(op);
  Value sum;
  for (unsigned i = 0; i < count; ++i) {
    Value part =
        readPart(b, argumentOf(entry, found->second + i, loc), depth, columns);
    if (!isNarrow)
      part = b.create<ms::CastOp>(
          loc, type.clone(ms::tensorType(part).getShape()), part);
    sum = sum ? b.create<ms::AddOp>(loc, sum, part).getResult() : part;
  }
  op.getRhsMutable().assign(sum);
  op.removeTransposeRhsAttr();
  // A rounding of its own, which becomes part of the product's kernel.
  if (auto cast = op.getLhs().getDefiningOp<ms::CastOp>(); cast && isNarrow)
    op.getLhsMutable().assign(b.clone(*cast)->getResult(0));
  return true;
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

/// matmul(x, weight) ~> matmul(x, transpose(unpack_panels(packed)))
void PackWeights::packMatMul(func::FuncOp entry, ms::MatMulOp op) {
  if (splitMatMul(entry, op))
    return;
  BlockArgument weight = weightOf(op.getRhs(), entry, 2);
  bool transposed = op.getTransposeRhs();
  // A single column has its terms side by side.
  if (!weight || op.getElement() ||
      ms::tensorType(weight).getDimSize(transposed ? 0 : 1) == 1)
    return;
  OpBuilder b(op);
  SmallVector<int64_t> columnsFirst{transposed ? 0 : 1, transposed ? 1 : 0};
  Value columns = read(b, entry, weight, {columnsFirst, /*inPanels=*/true});
  op.getRhsMutable().assign(undo(b, columns, {1, 0}));
  op.removeTransposeRhsAttr();
}

/// The same for filters [o, c, y, x]: panels of outputs, [1, y, x, c] where
/// there is one, or [y, x, c, o] where each output reads one channel.
void PackWeights::packConv(func::FuncOp entry, ms::ConvOp op) {
  BlockArgument weight = weightOf(op.getWeight(), entry, 4);
  if (!weight || op.getElement() || !isChannelsLastConv(op))
    return;
  OpBuilder b(op);
  // A single output has its terms side by side.
  bool hasOneOutput = ms::tensorType(weight).getDimSize(0) == 1;
  Packing packing{{0, 2, 3, 1}, /*inPanels=*/!hasOneOutput};
  if (op.getGroups() > 1)
    packing = {{2, 3, 1, 0}, /*inPanels=*/false};
  packing.tile = hasOneOutput ? 0 : chooseTile ? chooseTile(op) : int64_t(tile);
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

std::unique_ptr<Pass> createPackWeights(const PackWeightsOptions &options,
                                        ChooseConvTile chooseTile) {
  return std::make_unique<PackWeights>(options, std::move(chooseTile));
}

} // namespace msc

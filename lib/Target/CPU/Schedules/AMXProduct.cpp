// SPDX-License-Identifier: Apache-2.0
//
/// \file Matrix products on AMX tiles: which ops they are, and their blocks.
#include "lib/Target/CPU/Schedules/AMXProduct.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace msc::target {

//===----------------------------------------------------------------------===//
// Which ops
//===----------------------------------------------------------------------===//

namespace {
/// Numbers of the sum's operands.
struct Operands {
  unsigned left = 0;
  SmallVector<unsigned, 3> parts;
};
} // namespace

/// The argument that is the left operand \p value: f32, or rounded to bf16
/// before or here where weights have one part.
static BlockArgument leftOf(Value value, bool isNarrow) {
  if (!isNarrow) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getType().isF32() ? argument : BlockArgument();
  }
  auto extension = value.getDefiningOp<arith::ExtFOp>();
  Value narrow = extension ? extension.getIn() : Value();
  if (!narrow || !narrow.getType().isBF16())
    return {};
  if (auto rounded = narrow.getDefiningOp<arith::TruncFOp>())
    narrow = rounded.getIn();
  auto argument = dyn_cast<BlockArgument>(narrow);
  return argument && (argument.getType().isF32() || narrow.getType().isBF16())
             ? argument
             : BlockArgument();
}

/// Adds the arguments that \p value is the sum of; false where it is another.
static bool collectParts(Value value, SmallVectorImpl<unsigned> &parts) {
  if (auto sum = value.getDefiningOp<arith::AddFOp>())
    return collectParts(sum.getLhs(), parts) &&
           collectParts(sum.getRhs(), parts);
  auto extension = value.getDefiningOp<arith::ExtFOp>();
  auto argument =
      extension ? dyn_cast<BlockArgument>(extension.getIn()) : BlockArgument();
  if (!argument || !argument.getType().isBF16())
    return false;
  parts.push_back(argument.getArgNumber());
  return true;
}

/// Whether \p map is (n floordiv 16, k floordiv 2, n mod 16, k mod 2).
static bool isPacked(AffineMap map) {
  if (map.getNumResults() != 4)
    return false;
  auto dimOf = [&](unsigned i, AffineExprKind kind,
                   int64_t size) -> std::optional<unsigned> {
    auto expr = dyn_cast<AffineBinaryOpExpr>(map.getResult(i));
    if (!expr || expr.getKind() != kind ||
        expr.getRHS() != getAffineConstantExpr(size, map.getContext()))
      return std::nullopt;
    auto dim = dyn_cast<AffineDimExpr>(expr.getLHS());
    return dim ? std::optional(dim.getPosition()) : std::nullopt;
  };
  auto n = dimOf(0, AffineExprKind::FloorDiv, tileColumns),
       k = dimOf(1, AffineExprKind::FloorDiv, 2);
  return n && k && n == dimOf(2, AffineExprKind::Mod, tileColumns) &&
         k == dimOf(3, AffineExprKind::Mod, 2);
}

/// out + left * (part + part + part)
static std::optional<Operands> readBody(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  Value out = body.getArguments().back();
  if (!sum || !out.getType().isF32() ||
      (sum.getLhs() != out && sum.getRhs() != out))
    return std::nullopt;
  auto product = (sum.getLhs() == out ? sum.getRhs() : sum.getLhs())
                     .getDefiningOp<arith::MulFOp>();
  if (!product)
    return std::nullopt;
  auto isWeights = [&](ArrayRef<unsigned> parts) {
    return llvm::all_of(parts, [&](unsigned i) {
      return isPacked(op.getMatchingIndexingMap(op.getDpsInputOperand(i)));
    });
  };
  for (bool swapped : {false, true}) {
    Operands operands;
    if (!collectParts(swapped ? product.getLhs() : product.getRhs(),
                      operands.parts) ||
        !isWeights(operands.parts) || operands.parts.size() > 3)
      continue;
    BlockArgument left = leftOf(swapped ? product.getRhs() : product.getLhs(),
                                operands.parts.size() == 1);
    if (!left)
      continue;
    operands.left = left.getArgNumber();
    return operands;
  }
  return std::nullopt;
}

/// Of the left operand and the result; the parts are not linear in the loops.
static bool readSum(Contraction &c) {
  if (c.sum.getNumDpsInits() != 1 || c.sum.getNumReductionLoops() == 0)
    return false;
  std::optional<Operands> operands = readBody(c.sum);
  if (!operands)
    return false;
  for (auto [extent, kind] :
       llvm::zip(c.sum.getStaticLoopRanges(), c.sum.getIteratorTypesArray())) {
    if (ShapedType::isDynamic(extent))
      return false;
    c.nest.loops.push_back({extent, kind == utils::IteratorType::reduction});
  }
  OpOperand *left = c.sum.getDpsInputOperand(operands->left),
            *out = c.sum.getDpsInitOperand(0);
  for (OpOperand *operand : {left, out}) {
    std::optional<Access> access =
        readAccess(operand->get(), c.sum.getMatchingIndexingMap(operand));
    if (!access || access->panel)
      return false;
    c.nest.accesses.push_back(std::move(*access));
  }
  c.read.push_back(operands->left);
  return true;
}

/// Sets rows, columns and depth; false where there are more loops or fewer.
static bool findLoops(AMXProduct &p) {
  const Access &left = p.left(), &result = p.c.result();
  if (p.c.nest.loops.size() != 3)
    return false;
  SmallVector<unsigned> rows, columns, depth;
  for (auto [i, loop] : llvm::enumerate(p.c.nest.loops))
    (loop.isReduction       ? depth
     : left.strides[i] == 0 ? columns
                            : rows)
        .push_back(i);
  if (rows.size() != 1 || columns.size() != 1)
    return false;
  p.rows = rows[0];
  p.columns = columns[0];
  p.depth = depth[0];
  return left.strides[p.depth] == 1 && result.strides[p.columns] == 1;
}

/// Sets the parts; false where they are not stored in whole tiles.
static bool findParts(AMXProduct &p) {
  int64_t strips = llvm::divideCeil(p.extent(p.columns), tileColumns);
  Operands operands = *readBody(p.c.sum);
  for (unsigned i : operands.parts) {
    Value part = p.c.sum.getDpsInputs()[i];
    auto type = cast<MemRefType>(part.getType());
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(getStridesAndOffset(type, strides, offset)) || offset != 0 ||
        type.getDimSize(0) != strips || strides[3] != 1 || strides[2] != 2 ||
        strides[1] != 32 || strides[0] < p.steps() * tileDepth * tileColumns)
      return false;
    p.strip = strides[0];
    p.parts.push_back(part);
  }
  return true;
}

std::optional<AMXProduct> readAMXProduct(ArrayRef<Operation *> ops) {
  std::optional<Contraction> c = readContraction(ops, true, readSum);
  if (!c || !c->init ||
      !(c->start || matchPattern(filledWith(c->init), m_AnyZeroFloat())))
    return std::nullopt;
  AMXProduct product;
  product.c = std::move(*c);
  if (!findLoops(product) || !findParts(product))
    return std::nullopt;
  return product;
}

/// The ops that \p sum and what follows it are, with the fill before it.
static SmallVector<Operation *> opsFrom(linalg::GenericOp sum) {
  SmallVector<Operation *> ops{sum};
  for (Operation *op = sum->getPrevNode(); op; op = op->getPrevNode())
    if (isa<linalg::LinalgOp>(op)) {
      ops.insert(ops.begin(), op);
      break;
    }
  for (Operation *op = sum->getNextNode(); op; op = op->getNextNode())
    if (isa<linalg::LinalgOp>(op)) {
      ops.push_back(op);
      break;
    }
  return ops;
}

/// The sum of the parts that \p sum reads, as a buffer [n, k].
static Value emitSumOfParts(OpBuilder &b, linalg::GenericOp sum,
                            const Operands &operands) {
  Location loc = sum.getLoc();
  MLIRContext *ctx = b.getContext();
  AffineMap packed =
      sum.getMatchingIndexingMap(sum.getDpsInputOperand(operands.parts[0]));
  SmallVector<int64_t> ranges = sum.getStaticLoopRanges(), shape;
  SmallVector<AffineExpr> loops(packed.getNumDims(),
                                getAffineConstantExpr(0, ctx));
  for (unsigned i = 0; i < 2; ++i) {
    auto expr = cast<AffineBinaryOpExpr>(packed.getResult(i));
    unsigned loop = cast<AffineDimExpr>(expr.getLHS()).getPosition();
    loops[loop] = getAffineDimExpr(i, ctx);
    shape.push_back(ranges[loop]);
  }
  SmallVector<AffineMap> maps(operands.parts.size(),
                              packed.replaceDimsAndSymbols(loops, {}, 2, 0));
  maps.push_back(AffineMap::getMultiDimIdentityMap(2, ctx));
  SmallVector<Value> parts;
  for (unsigned i : operands.parts)
    parts.push_back(sum.getDpsInputs()[i]);
  Value result = b.create<memref::AllocOp>(
      loc, MemRefType::get(shape, b.getF32Type()), b.getI64IntegerAttr(64));
  b.create<linalg::GenericOp>(
      loc, parts, result, maps,
      SmallVector<utils::IteratorType>(2, utils::IteratorType::parallel),
      [](OpBuilder &inner, Location at, ValueRange arguments) {
        Value value;
        for (Value argument : arguments.drop_back()) {
          Value part =
              inner.create<arith::ExtFOp>(at, inner.getF32Type(), argument);
          value = value ? inner.create<arith::AddFOp>(at, value, part) : part;
        }
        inner.create<linalg::YieldOp>(at, value);
      });
  return result;
}

void sumOtherParts(func::FuncOp kernel) {
  SmallVector<linalg::GenericOp> sums;
  kernel.walk([&](linalg::GenericOp op) {
    if (op.getNumReductionLoops() > 0 && op.getNumDpsInits() == 1 &&
        readBody(op) && !readAMXProduct(opsFrom(op)))
      sums.push_back(op);
  });
  for (linalg::GenericOp sum : sums) {
    Operands operands = *readBody(sum);
    if (operands.parts.size() == 1) // what is multiplied is rounded
      continue;
    OpBuilder b(sum);
    AffineMap packed =
        sum.getMatchingIndexingMap(sum.getDpsInputOperand(operands.parts[0]));
    auto loopOf = [&](unsigned i) {
      return cast<AffineBinaryOpExpr>(packed.getResult(i)).getLHS();
    };
    Value weights = emitSumOfParts(b, sum, operands);
    OpOperand *left = sum.getDpsInputOperand(operands.left),
              *out = sum.getDpsInitOperand(0);
    SmallVector<AffineMap> maps{sum.getMatchingIndexingMap(left),
                                AffineMap::get(packed.getNumDims(), 0,
                                               {loopOf(0), loopOf(1)},
                                               b.getContext()),
                                sum.getMatchingIndexingMap(out)};
    b.create<linalg::GenericOp>(
        sum.getLoc(), ValueRange{left->get(), weights}, out->get(), maps,
        sum.getIteratorTypesArray(),
        [](OpBuilder &inner, Location at, ValueRange arguments) {
          Value product =
              inner.create<arith::MulFOp>(at, arguments[0], arguments[1]);
          inner.create<linalg::YieldOp>(
              at, inner.create<arith::AddFOp>(at, arguments[2], product)
                      .getResult());
        });
    sum.erase();
  }
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

ArrayRef<std::pair<unsigned, unsigned>> partProducts(size_t parts) {
  static const std::pair<unsigned, unsigned> one[] = {{0, 0}},
                                             two[] = {{0, 1}, {0, 0}, {1, 0}},
                                             three[] = {{0, 2}, {0, 1}, {1, 1},
                                                        {1, 0}, {2, 0}, {0, 0}};
  return parts == 1   ? ArrayRef(one)
         : parts == 2 ? ArrayRef(two)
                      : ArrayRef(three);
}

AMXBlocks::AMXBlocks(const AMXProduct &product, const CPUInfo &cpu) {
  constexpr int64_t pair = 2 * tileRows, fewRows = 4 * pair;
  // A longer sum in one register loses more than the third part adds.
  constexpr int64_t mostSteps = 32;
  int64_t extent = product.extent(product.rows), all = product.steps();
  int64_t stepBytes = 2 * tileDepth * int64_t(product.parts.size());
  int64_t budget = cpu.l2Bytes * 5 / 8;
  int64_t most = budget / stepBytes / std::min(extent, fewRows);
  stepBlocks = llvm::divideCeil(all, std::clamp<int64_t>(most, 8, mostSteps));
  steps = llvm::divideCeil(all, stepBlocks);
  stepBlocks = llvm::divideCeil(all, steps);
  int64_t mostRows =
      std::max(budget / stepBytes / steps / pair * pair, fewRows);
  rowBlocks = llvm::divideCeil(extent, mostRows);
  rows = llvm::alignTo(llvm::divideCeil(extent, rowBlocks), pair);
  rowBlocks = llvm::divideCeil(extent, rows);
  perStep = int64_t(product.parts.size()) * tileRows * tileDepth * 2;
  perRowTile = steps * perStep;
  perStepBlock = llvm::divideCeil(extent, tileRows) * perRowTile;
}

} // namespace msc::target

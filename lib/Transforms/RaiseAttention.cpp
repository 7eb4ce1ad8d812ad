// SPDX-License-Identifier: Apache-2.0
//
/// \file Attention written as products and a softmax becomes one op again, and
/// parts of a product are read where they lie.
#include "lib/Transforms/KnownValues.h"

using namespace mlir;

namespace msc {

static ms::ReshapeOp reshape(OpBuilder &b, Value value,
                             ArrayRef<int64_t> shape) {
  return b.create<ms::ReshapeOp>(value.getLoc(),
                                 ms::tensorType(value).clone(shape), value);
}

static Value transpose(OpBuilder &b, Value value, ArrayRef<int64_t> order) {
  RankedTensorType type = ms::tensorType(value);
  SmallVector<int64_t> shape;
  for (int64_t dim : order)
    shape.push_back(type.getDimSize(dim));
  return b.create<ms::TransposeOp>(value.getLoc(), type.clone(shape), value,
                                   b.getDenseI64ArrayAttr(order));
}

static Value slice(OpBuilder &b, Value value, ArrayRef<int64_t> starts,
                   ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> steps(starts.size(), 1);
  return b.create<ms::SliceOp>(
      value.getLoc(), ms::tensorType(value).clone(sizes), value,
      b.getDenseI64ArrayAttr(starts), b.getDenseI64ArrayAttr(sizes),
      b.getDenseI64ArrayAttr(steps));
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

namespace {
/// gather(x, i) {axis} ~> reshape(slice(x)) for a known number i
struct GatherToSlice : RaisePattern<ms::GatherOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::GatherOp op,
                                PatternRewriter &b) const final {
    RankedTensorType type = ms::tensorType(op.getInput());
    KnownValues known(store);
    std::optional<int64_t> at = known.integer(op.getIndices());
    int64_t axis = op.getAxis();
    if (!at || !type.hasStaticShape() || !op.getType().hasStaticShape() ||
        op.getBatchDims() != 0)
      return failure();
    int64_t extent = type.getDimSize(axis);
    int64_t number = *at < 0 ? *at + extent : *at;
    if (number < 0 || number >= extent)
      return failure();
    known.freeze();
    SmallVector<int64_t> starts(type.getRank(), 0), sizes(type.getShape());
    starts[axis] = number;
    sizes[axis] = 1;
    b.replaceOp(op, reshape(b, slice(b, op.getInput(), starts, sizes),
                            op.getType().getShape()));
    return success();
  }
};

bool isUnitStep(ms::SliceOp op) {
  return ms::tensorType(op.getInput()).hasStaticShape() &&
         llvm::all_of(op.getSteps(), [](int64_t step) { return step == 1; });
}

/// slice(transpose(x)) ~> transpose(slice(x))
struct SliceOfTranspose : OpRewritePattern<ms::SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::SliceOp op,
                                PatternRewriter &b) const final {
    auto turned = op.getInput().getDefiningOp<ms::TransposeOp>();
    if (!turned || !isUnitStep(op) ||
        !llvm::all_of(turned->getUsers(), llvm::IsaPred<ms::SliceOp>))
      return failure();
    ArrayRef<int64_t> order = turned.getPermutation();
    SmallVector<int64_t> starts(order.size()), sizes(order.size());
    for (auto [i, dim] : llvm::enumerate(order)) {
      starts[dim] = op.getStarts()[i];
      sizes[dim] = op.getSizes()[i];
    }
    b.replaceOp(
        op, transpose(b, slice(b, turned.getInput(), starts, sizes), order));
    return success();
  }
};

/// slice(reshape(x)) ~> reshape(slice(x)), where the view adds or drops extents
/// of one
struct SliceOfUnitReshape : OpRewritePattern<ms::SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  static SmallVector<int64_t> movingDims(RankedTensorType type) {
    SmallVector<int64_t> dims;
    for (int64_t d = 0; d < type.getRank(); ++d)
      if (type.getDimSize(d) != 1)
        dims.push_back(d);
    return dims;
  }

  LogicalResult matchAndRewrite(ms::SliceOp op,
                                PatternRewriter &b) const final {
    auto view = op.getInput().getDefiningOp<ms::ReshapeOp>();
    if (!view || !isUnitStep(op) ||
        !isa_and_present<ms::TransposeOp>(view.getInput().getDefiningOp()))
      return failure();
    RankedTensorType from = ms::tensorType(view.getInput());
    SmallVector<int64_t> inner = movingDims(from),
                         outer = movingDims(view.getType());
    SmallVector<int64_t> starts(from.getRank(), 0), sizes(from.getShape());
    if (!from.hasStaticShape() || inner.size() != outer.size())
      return failure();
    for (auto [i, o] : llvm::zip(inner, outer)) {
      if (from.getDimSize(i) != view.getType().getDimSize(o))
        return failure();
      starts[i] = op.getStarts()[o];
      sizes[i] = op.getSizes()[o];
    }
    b.replaceOp(op, reshape(b, slice(b, view.getInput(), starts, sizes),
                            op.getType().getShape()));
    return success();
  }
};

/// transpose(x) ~> reshape(x) where only dimensions of one element move
struct UnitTranspose : OpRewritePattern<ms::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::TransposeOp op,
                                PatternRewriter &b) const final {
    RankedTensorType type = ms::tensorType(op.getInput());
    SmallVector<int64_t> moving;
    for (int64_t dim : op.getPermutation())
      if (type.getDimSize(dim) != 1)
        moving.push_back(dim);
    if (!type.hasStaticShape() || !llvm::is_sorted(moving))
      return failure();
    b.replaceOpWithNewOp<ms::ReshapeOp>(op, op.getType(), op.getInput());
    return success();
  }
};

/// reshape(slice(x)) ~> reshape(slice(reshape(x))), where the first reshape
/// only renames what a product wrote and the last one drops extents of one
struct ReshapeOfSlice : OpRewritePattern<ms::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::ReshapeOp op,
                                PatternRewriter &b) const final {
    auto part = op.getInput().getDefiningOp<ms::SliceOp>();
    if (!part || !isUnitStep(part) || !op.getType().hasStaticShape())
      return failure();
    Value source = part.getInput();
    while (auto view = source.getDefiningOp<ms::ReshapeOp>())
      source = view.getInput();
    if (source.getDefiningOp<ms::TransposeOp>()) // a slice moves before that
      return failure();
    RankedTensorType from = ms::tensorType(part.getInput());
    std::optional<int64_t> cut;
    for (int64_t d = 0; d < from.getRank(); ++d)
      if (part.getSizes()[d] != from.getDimSize(d)) {
        if (cut)
          return failure();
        cut = d;
      }
    if (!cut)
      return failure();
    return rewrite(op, part, from, *cut, b);
  }

  static LogicalResult rewrite(ms::ReshapeOp op, ms::SliceOp part,
                               RankedTensorType from, int64_t cut,
                               PatternRewriter &b) {
    // The dimensions of the result that come before, from and after the cut.
    ArrayRef<int64_t> to = op.getType().getShape(),
                      before = from.getShape().take_front(cut);
    size_t first = 0, last = to.size();
    int64_t outside = ShapedType::getNumElements(before), count = 1;
    while (first < to.size() && count < outside)
      count *= to[first++];
    if (count != outside)
      return failure();
    outside = ShapedType::getNumElements(from.getShape().drop_front(cut + 1));
    count = 1;
    while (last > first && count < outside)
      count *= to[--last];
    if (count != outside)
      return failure();
    ArrayRef<int64_t> middle = to.slice(first, last - first);
    while (!middle.empty() && middle.front() == 1)
      middle = middle.drop_front();
    // Rows of `inner` elements of the cut dimension stay whole.
    int64_t size = part.getSizes()[cut], start = part.getStarts()[cut];
    int64_t inner =
        middle.empty() ? size : ShapedType::getNumElements(middle.drop_front());
    if (start % inner != 0 || from.getDimSize(cut) % inner != 0)
      return failure();
    SmallVector<int64_t> shape(to.take_front(first));
    size_t at = shape.size();
    shape.push_back(from.getDimSize(cut) / inner);
    if (!middle.empty())
      llvm::append_range(shape, middle.drop_front());
    else if (inner > 1)
      return failure();
    llvm::append_range(shape, to.drop_front(last));
    if (ArrayRef(shape) == from.getShape())
      return failure();
    SmallVector<int64_t> starts(shape.size(), 0), sizes(shape);
    starts[at] = start / inner;
    sizes[at] = size / inner;
    Value cutOut = slice(b, reshape(b, part.getInput(), shape), starts, sizes);
    if (ArrayRef(sizes) != to)
      cutOut = reshape(b, cutOut, to);
    b.replaceOp(op, cutOut);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// softmax(scale * query key^T + masks) value
struct Scores {
  Value query, key;
  SmallVector<Value, 2> masks;
  bool isTransposed; ///< the key, [..., E, S]
  double scale = 1;
};
} // namespace

/// Takes factors that are numbers off \p value; others may not use it.
static Value peelScale(Value value, double &scale, KnownValues &known) {
  while (value.hasOneUse()) {
    Operation *op = value.getDefiningOp();
    if (!isa_and_present<ms::MulOp, ms::DivOp>(op))
      return value;
    Value rest = op->getOperand(0), factor = op->getOperand(1);
    if (isa<ms::MulOp>(op) && known.number(rest))
      std::swap(rest, factor);
    std::optional<double> number = known.number(factor);
    if (!number || *number == 0 || rest.getType() != value.getType())
      return value;
    scale *= isa<ms::MulOp>(op) ? *number : 1 / *number;
    value = rest;
  }
  return value;
}

/// \p value through views, where nothing else reads them.
static Value throughReshapes(Value value) {
  while (auto view = value.getDefiningOp<ms::ReshapeOp>()) {
    if (!view->hasOneUse())
      break;
    value = view.getInput();
  }
  return value;
}

namespace {
/// scores + mask
struct MaskedScores {
  Value scores, mask;
};
} // namespace

/// The sum that \p value is, if one of its operands is a product of matrices or
/// such a sum and nothing else reads it.
static std::optional<MaskedScores> peelMask(Value value, KnownValues &known) {
  auto add = value.getDefiningOp<ms::AddOp>();
  if (!add || !value.hasOneUse())
    return std::nullopt;
  for (auto [scores, mask] : {std::pair(add.getLhs(), add.getRhs()),
                              std::pair(add.getRhs(), add.getLhs())}) {
    double scale = 1;
    if (scores.getType() == value.getType() &&
        (peelScale(scores, scale, known).getDefiningOp<ms::MatMulOp>() ||
         peelMask(scores, known)))
      return MaskedScores{scores, mask};
  }
  return std::nullopt;
}

/// \p scores of [..., L, S] as product of queries and keys.
static std::optional<Scores> readScores(Value scores, KnownValues &known) {
  Scores result;
  while (std::optional<MaskedScores> masked = peelMask(scores, known)) {
    result.masks.push_back(masked->mask);
    scores = masked->scores;
  }
  scores = peelScale(scores, result.scale, known);
  auto product = scores.getDefiningOp<ms::MatMulOp>();
  if (!product || !scores.hasOneUse() || product.getTransposeLhs() ||
      product.getElement())
    return std::nullopt;
  result.query = peelScale(product.getLhs(), result.scale, known);
  result.key = peelScale(product.getRhs(), result.scale, known);
  result.isTransposed = !product.getTransposeRhs();
  return result;
}

/// \p value with its last two dimensions swapped, through views that add outer
/// extents of one.
static Value swapLast(OpBuilder &b, Value value) {
  RankedTensorType type = ms::tensorType(value);
  int64_t rank = type.getRank();
  if (auto view = value.getDefiningOp<ms::ReshapeOp>()) {
    RankedTensorType from = ms::tensorType(view.getInput());
    ArrayRef<int64_t> added =
        type.getShape().drop_back(std::min(rank, from.getRank()));
    if (from.getRank() >= 2 && from.getRank() < rank &&
        llvm::all_of(added, [](int64_t extent) { return extent == 1; }) &&
        type.getShape().drop_front(added.size()) == from.getShape()) {
      SmallVector<int64_t> shape(type.getShape());
      std::swap(shape[rank - 1], shape[rank - 2]);
      return reshape(b, swapLast(b, view.getInput()), shape);
    }
  }
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (auto turned = value.getDefiningOp<ms::TransposeOp>()) {
    order.assign(turned.getPermutation().begin(),
                 turned.getPermutation().end());
    value = turned.getInput();
  }
  std::swap(order[rank - 1], order[rank - 2]);
  return llvm::is_sorted(order) ? value : transpose(b, value, order);
}

/// [B, K, S, E] where \p value repeats each of K heads for the H = K * n heads
/// of [B, H, S, E]; else \p value.
static Value withoutRepeats(OpBuilder &b, Value value) {
  auto outer = value.getDefiningOp<ms::ReshapeOp>();
  auto repeat = outer ? outer.getInput().getDefiningOp<ms::BroadcastToOp>()
                      : ms::BroadcastToOp();
  if (!repeat)
    return value;
  RankedTensorType to = ms::tensorType(outer), wide = ms::tensorType(repeat),
                   from = ms::tensorType(repeat.getInput());
  if (to.getRank() != 4 || wide.getRank() != 5 || from.getRank() != 5 ||
      from.getDimSize(2) != 1)
    return value;
  SmallVector<int64_t> expected(wide.getShape()), shape(to.getShape());
  expected[2] = 1;
  if (from.getShape() != ArrayRef(expected) ||
      wide.getDimSize(1) * wide.getDimSize(2) != shape[1] ||
      wide.getDimSize(0) != shape[0] || wide.getDimSize(3) != shape[2])
    return value;
  shape[1] = wide.getDimSize(1);
  return reshape(b, repeat.getInput(), shape);
}

namespace {
/// reshape(add(reshape(x), y)) ~> add(x, reshape(y)), where the inner view adds
/// outer extents of one and the outer one drops them: masks of windows
struct AddInUnitReshapes : OpRewritePattern<ms::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::ReshapeOp op,
                                PatternRewriter &b) const final {
    auto add = op.getInput().getDefiningOp<ms::AddOp>();
    if (!add || !add->hasOneUse())
      return failure();
    for (auto [x, y] : {std::pair(add.getLhs(), add.getRhs()),
                        std::pair(add.getRhs(), add.getLhs())}) {
      auto view = x.getDefiningOp<ms::ReshapeOp>();
      if (!view || view.getType() != add.getType() ||
          view.getInput().getType() != op.getType() ||
          !op.getType().hasStaticShape())
        continue;
      ArrayRef<int64_t> shape = ms::tensorType(y).getShape();
      int64_t added = view.getType().getRank() - op.getType().getRank();
      if (added <= 0 || view.getType().getShape().drop_front(added) !=
                            op.getType().getShape())
        continue;
      int64_t kept = std::min<int64_t>(shape.size(), op.getType().getRank());
      b.replaceOpWithNewOp<ms::AddOp>(op, op.getType(), view.getInput(),
                                      reshape(b, y, shape.take_back(kept)));
      return success();
    }
    return failure();
  }
};

/// softmax(scale * q k^T + masks) v ~> attention(q, k, v) mask(sum of masks)
struct RaiseAttention : RaisePattern<ms::MatMulOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::MatMulOp op,
                                PatternRewriter &b) const final {
    RankedTensorType weights = ms::tensorType(op.getLhs());
    if (op.getTransposeLhs() || op.getTransposeRhs() || op.getElement() ||
        weights.getRank() != 4 || !weights.hasStaticShape() ||
        !weights.getElementType().isF32() || !op.getLhs().hasOneUse())
      return failure();
    auto softmax = throughReshapes(op.getLhs()).getDefiningOp<ms::SoftmaxOp>();
    if (!softmax || !softmax->hasOneUse())
      return failure();
    RankedTensorType rows = softmax.getType();
    if (int64_t(softmax.getAxis()) + 1 != rows.getRank() ||
        rows.getShape().back() != weights.getShape().back())
      return failure();
    KnownValues known(store);
    Value input = throughReshapes(softmax.getInput());
    std::optional<Scores> scores = readScores(input, known);
    if (!scores || ms::tensorType(input).getShape() != weights.getShape() ||
        !agree(*scores, op.getRhs(), weights))
      return failure();
    known.freeze();
    Value wideKey =
        scores->isTransposed ? swapLast(b, scores->key) : scores->key;
    Value key = withoutRepeats(b, wideKey),
          value = withoutRepeats(b, op.getRhs());
    if (ms::tensorType(key).getDimSize(1) !=
        ms::tensorType(value).getDimSize(1)) {
      key = wideKey;
      value = op.getRhs();
    }
    Value mask;
    for (Value part : scores->masks)
      mask = mask ? b.create<ms::AddOp>(op.getLoc(), part, mask) : part;
    b.replaceOpWithNewOp<ms::AttentionOp>(
        op, op.getType(), scores->query, key, value, mask,
        b.getF64FloatAttr(scores->scale), IntegerAttr(), IntegerAttr(),
        FloatAttr());
    return success();
  }

  /// Whether the operands have the shapes that attention takes.
  static bool agree(const Scores &scores, Value value,
                    RankedTensorType weights) {
    RankedTensorType q = ms::tensorType(scores.query),
                     k = ms::tensorType(scores.key), v = ms::tensorType(value);
    auto heads = weights.getShape().take_front(2);
    if (q.getRank() != 4 || k.getRank() != 4 || v.getRank() != 4 ||
        q.getShape().take_front(2) != heads ||
        k.getShape().take_front(2) != heads ||
        v.getShape().take_front(2) != heads ||
        k.getDimSize(scores.isTransposed ? 3 : 2) != weights.getDimSize(3) ||
        k.getDimSize(scores.isTransposed ? 2 : 3) != q.getDimSize(3) ||
        q.getDimSize(2) != weights.getDimSize(2))
      return false;
    return llvm::all_of(scores.masks, [&](Value mask) {
      return isMaskOf(ms::tensorType(mask), weights);
    });
  }

  static bool isMaskOf(RankedTensorType mask, RankedTensorType weights) {
    if (mask.getRank() > 4 || !mask.getElementType().isF32())
      return false;
    for (auto [i, extent] : llvm::enumerate(mask.getShape()))
      if (extent != 1 && extent != weights.getDimSize(4 - mask.getRank() + i))
        return false;
    return true;
  }
};
} // namespace

void populateRaiseAttentionPatterns(RewritePatternSet &patterns,
                                    ParameterStore *store) {
  MLIRContext *ctx = patterns.getContext();
  patterns.add<RaiseAttention, GatherToSlice>(ctx, store);
  patterns.add<SliceOfTranspose, SliceOfUnitReshape, UnitTranspose,
               ReshapeOfSlice, AddInUnitReshapes>(ctx);
}

} // namespace msc

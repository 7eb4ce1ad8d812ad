// SPDX-License-Identifier: Apache-2.0
//
/// \file Normalizations written as formulas become one op again.
#include "lib/Transforms/KnownValues.h"

using namespace mlir;

namespace msc {

/// The trailing axes of a mean: the first of them; -1 where they are others.
static int64_t trailingAxis(ms::ReduceMeanOp mean) {
  int64_t rank = ms::tensorType(mean.getInput()).getRank();
  int64_t axis = rank - int64_t(mean.getAxes().size());
  for (auto [i, at] : llvm::enumerate(mean.getAxes()))
    if (at != axis + int64_t(i))
      return -1;
  return mean.getKeepDims() && axis < rank ? axis : -1;
}

namespace {
/// 1 / sqrt(mean(term^2) + epsilon) over the dimensions from `axis` on.
struct InverseRoot {
  Value term;
  int64_t axis;
  double epsilon;
};

/// a / b, a * (1 / b) or a * rsqrt(b): `a` and sqrt's operand.
struct Quotient {
  Value dividend, radicand;
};
} // namespace

/// The operand of the root of which \p value is the inverse.
static Value inverseRadicand(Value value) {
  if (auto rsqrt = value.getDefiningOp<ms::RsqrtOp>())
    return rsqrt.getOperand();
  auto reciprocal = value.getDefiningOp<ms::ReciprocalOp>();
  auto root = reciprocal ? reciprocal.getOperand().getDefiningOp<ms::SqrtOp>()
                         : ms::SqrtOp();
  return root ? root.getOperand() : Value();
}

static std::optional<InverseRoot> readInverse(Value radicand,
                                              KnownValues &known) {
  auto add = radicand.getDefiningOp<ms::AddOp>();
  if (!add)
    return std::nullopt;
  for (auto [square, number] : {std::pair(add.getLhs(), add.getRhs()),
                                std::pair(add.getRhs(), add.getLhs())}) {
    auto mean = square.getDefiningOp<ms::ReduceMeanOp>();
    std::optional<double> epsilon = known.number(number);
    auto term = mean ? mean.getInput().getDefiningOp<ms::MulOp>() : ms::MulOp();
    if (!term || !epsilon || *epsilon < 0 || term.getLhs() != term.getRhs() ||
        trailingAxis(mean) < 0 ||
        !ms::tensorType(term.getLhs()).getElementType().isF32())
      continue;
    return InverseRoot{term.getLhs(), trailingAxis(mean), *epsilon};
  }
  return std::nullopt;
}

/// x where \p value is x - mean(x) from \p axis on, or the negative of that.
static Value uncentred(Value value, int64_t axis, bool anySign) {
  auto sub = value.getDefiningOp<ms::SubOp>();
  if (!sub)
    return {};
  auto isMeanOf = [&](Value mean, Value x) {
    auto op = mean.getDefiningOp<ms::ReduceMeanOp>();
    return op && op.getInput() == x && trailingAxis(op) == axis;
  };
  if (isMeanOf(sub.getRhs(), sub.getLhs()))
    return sub.getLhs();
  return anySign && isMeanOf(sub.getLhs(), sub.getRhs()) ? sub.getRhs()
                                                         : Value();
}

/// Whether \p value has a dimension for each one normalized, or fewer.
static bool isAffine(Value value, Value x, int64_t axis) {
  RankedTensorType type = ms::tensorType(value), of = ms::tensorType(x);
  return type.getRank() <= of.getRank() - axis &&
         type.getElementType() == of.getElementType();
}

namespace {
/// (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) ~> layer_norm(x)
/// x / sqrt(mean(x^2) + epsilon) ~> rms_norm(x)
/// The same with a product by the inverse.
template <typename OpT> struct RaiseNorm : RaisePattern<OpT> {
  using RaisePattern<OpT>::RaisePattern;

  static SmallVector<Quotient> quotients(OpT op) {
    SmallVector<Quotient> result;
    if constexpr (std::is_same_v<OpT, ms::DivOp>) {
      if (auto root = op.getRhs().template getDefiningOp<ms::SqrtOp>())
        result.push_back({op.getLhs(), root.getOperand()});
    } else {
      if (Value radicand = inverseRadicand(op.getRhs()))
        result.push_back({op.getLhs(), radicand});
      if (Value radicand = inverseRadicand(op.getLhs()))
        result.push_back({op.getRhs(), radicand});
    }
    return result;
  }

  LogicalResult matchAndRewrite(OpT op, PatternRewriter &b) const final {
    for (Quotient quotient : quotients(op)) {
      KnownValues known(this->store);
      std::optional<InverseRoot> inverse =
          readInverse(quotient.radicand, known);
      if (!inverse || inverse->term != quotient.dividend)
        continue;
      known.freeze();
      auto epsilon = b.getF64FloatAttr(inverse->epsilon);
      auto axis = b.getI64IntegerAttr(inverse->axis);
      if (Value x = uncentred(inverse->term, inverse->axis, false))
        b.replaceOp(op, b.create<ms::LayerNormOp>(op.getLoc(), x, ValueRange(),
                                                  axis, epsilon)
                            .getResult());
      else
        b.replaceOp(op, b.create<ms::RMSNormOp>(op.getLoc(), inverse->term,
                                                ValueRange(), axis, epsilon)
                            .getResult());
      return success();
    }
    return failure();
  }
};

/// norm(x) * scale ~> norm(x) affine(scale)
/// layer_norm(x) affine(scale) + bias ~> layer_norm(x) affine(scale, bias)
template <typename NormT, typename OpT>
struct FoldAffine : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op, PatternRewriter &b) const final {
    size_t before = std::is_same_v<OpT, ms::AddOp> ? 1 : 0;
    for (auto [normalized, value] : {std::pair(op.getLhs(), op.getRhs()),
                                     std::pair(op.getRhs(), op.getLhs())}) {
      auto norm = normalized.template getDefiningOp<NormT>();
      if (!norm || normalized != norm.getResult() || !normalized.hasOneUse() ||
          norm.getAffine().size() != before ||
          op.getType() != normalized.getType() ||
          !isAffine(value, norm.getInput(), norm.getAxis()))
        continue;
      SmallVector<Value> affine(norm.getAffine());
      affine.push_back(value);
      b.replaceOp(op, b.create<NormT>(op.getLoc(), norm.getInput(), affine,
                                      norm.getAxisAttr(), norm.getEpsilonAttr())
                          .getResult());
      return success();
    }
    return failure();
  }
};

/// x * (inv * scale) + (bias - mean(x) * (inv * scale)) ~>
///   layer_norm(x) affine(scale, bias), with inv as in layer_norm
struct RaiseMovedNorm : RaisePattern<ms::AddOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::AddOp op, PatternRewriter &b) const final {
    auto product = op.getLhs().getDefiningOp<ms::MulOp>();
    auto shift = op.getRhs().getDefiningOp<ms::SubOp>();
    auto moved =
        shift ? shift.getRhs().getDefiningOp<ms::MulOp>() : ms::MulOp();
    if (!product || !moved)
      return failure();
    for (auto [factor, x] : {std::pair(product.getLhs(), product.getRhs()),
                             std::pair(product.getRhs(), product.getLhs())}) {
      Value mean = moved.getLhs() == factor   ? moved.getRhs()
                   : moved.getRhs() == factor ? moved.getLhs()
                                              : Value();
      auto scaled = factor.getDefiningOp<ms::MulOp>();
      if (mean && scaled &&
          succeeded(raise(op, b, x, mean, scaled, shift.getLhs())))
        return success();
    }
    return failure();
  }

  LogicalResult raise(ms::AddOp op, PatternRewriter &b, Value x, Value mean,
                      ms::MulOp scaled, Value bias) const {
    for (auto [inverse, scale] :
         {std::pair(scaled.getLhs(), scaled.getRhs()),
          std::pair(scaled.getRhs(), scaled.getLhs())}) {
      KnownValues known(store);
      Value radicand = inverseRadicand(inverse);
      std::optional<InverseRoot> root =
          radicand ? readInverse(radicand, known) : std::nullopt;
      auto meanOp = mean.getDefiningOp<ms::ReduceMeanOp>();
      if (!root || uncentred(root->term, root->axis, true) != x || !meanOp ||
          meanOp.getInput() != x || trailingAxis(meanOp) != root->axis ||
          x.getType() != op.getType() || !isAffine(scale, x, root->axis) ||
          !isAffine(bias, x, root->axis))
        continue;
      known.freeze();
      b.replaceOp(
          op, b.create<ms::LayerNormOp>(op.getLoc(), x, ValueRange{scale, bias},
                                        b.getI64IntegerAttr(root->axis),
                                        b.getF64FloatAttr(root->epsilon))
                  .getResult());
      return success();
    }
    return failure();
  }
};
} // namespace

void populateRaiseNormPatterns(RewritePatternSet &patterns,
                               ParameterStore *store) {
  MLIRContext *ctx = patterns.getContext();
  patterns.add<RaiseNorm<ms::DivOp>, RaiseNorm<ms::MulOp>, RaiseMovedNorm>(
      ctx, store);
  patterns.add<FoldAffine<ms::LayerNormOp, ms::MulOp>,
               FoldAffine<ms::LayerNormOp, ms::AddOp>,
               FoldAffine<ms::RMSNormOp, ms::MulOp>>(ctx);
}

} // namespace msc

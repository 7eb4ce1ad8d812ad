// SPDX-License-Identifier: Apache-2.0
//
/// \file Ops written as formulas of simpler ones become one op again.
#include "lib/Transforms/KnownValues.h"
#include "msc/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_RAISEPATTERNS
#include "msc/Transforms/Passes.h.inc"

namespace {
/// A product of numbers and of other factors, however it is written.
struct Product {
  double number = 1;
  SmallVector<Value> factors;

  /// Takes \p value apart; products inside only where nothing else uses them.
  void collect(Value value, KnownValues &known, bool isRoot = true) {
    if (std::optional<double> constant = known.number(value)) {
      number *= *constant;
      return;
    }
    Operation *op = value.getDefiningOp();
    bool isPart = op && (isRoot || value.hasOneUse());
    if (auto mul = dyn_cast_or_null<ms::MulOp>(op); mul && isPart) {
      collect(mul.getLhs(), known, false);
      collect(mul.getRhs(), known, false);
      return;
    }
    if (auto div = dyn_cast_or_null<ms::DivOp>(op); div && isPart)
      if (std::optional<double> by = known.number(div.getRhs()); by && *by) {
        collect(div.getLhs(), known, false);
        number /= *by;
        return;
      }
    if (auto pow = dyn_cast_or_null<ms::PowOp>(op); pow && isPart)
      if (known.isNumber(pow.getRhs(), 3)) {
        factors.append(3, pow.getLhs());
        return;
      }
    factors.push_back(value);
  }
};

/// The operand of the addition \p value that is not the number \p number.
Value addedTo(Value value, double number, KnownValues &known) {
  auto add = value.getDefiningOp<ms::AddOp>();
  if (!add)
    return {};
  if (known.isNumber(add.getLhs(), number))
    return add.getRhs();
  return known.isNumber(add.getRhs(), number) ? add.getLhs() : Value();
}

/// x * (1 + erf(x / sqrt(2))) / 2 ~> gelu(x)
/// x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2 ~> gelu(x) {tanh}
struct RaiseGelu : RaisePattern<ms::MulOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::MulOp op, PatternRewriter &b) const final {
    KnownValues known(store);
    Product product;
    product.collect(op, known);
    if (product.factors.size() != 2 || !isAbout(product.number, 0.5))
      return failure();
    for (unsigned i : {0, 1}) {
      Value x = product.factors[i];
      std::optional<bool> isTanh = match(x, product.factors[1 - i], known);
      if (!isTanh || x.getType() != op.getType())
        continue;
      known.freeze();
      b.replaceOpWithNewOp<ms::GeluOp>(op, x, *isTanh);
      return success();
    }
    return failure();
  }

  /// Whether \p factor is that of gelu(x) with `tanh`; nothing where it is of
  /// no gelu.
  static std::optional<bool> match(Value x, Value factor, KnownValues &known) {
    Value function = addedTo(factor, 1, known);
    if (!function)
      return std::nullopt;
    if (auto erf = function.getDefiningOp<ms::ErfOp>()) {
      Product inner;
      inner.collect(erf.getOperand(), known);
      if (inner.factors.size() == 1 && inner.factors[0] == x &&
          isAbout(inner.number, 0.70710678118654752))
        return false;
    }
    if (auto tanh = function.getDefiningOp<ms::TanhOp>()) {
      Product inner;
      inner.collect(tanh.getOperand(), known);
      if (inner.factors.size() == 1 && isCubic(inner.factors[0], x, known) &&
          isAbout(inner.number, 0.79788456080286536))
        return true;
    }
    return std::nullopt;
  }

  /// x + 0.044715 x^3
  static bool isCubic(Value value, Value x, KnownValues &known) {
    auto add = value.getDefiningOp<ms::AddOp>();
    if (!add || (add.getLhs() != x && add.getRhs() != x))
      return false;
    Product cube;
    cube.collect(add.getLhs() == x ? add.getRhs() : add.getLhs(), known);
    return isAbout(cube.number, 0.044715) && cube.factors.size() == 3 &&
           llvm::all_equal(cube.factors) && cube.factors[0] == x;
  }
};

/// x * sigmoid(x) ~> silu(x)
struct RaiseSilu : OpRewritePattern<ms::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ms::MulOp op, PatternRewriter &b) const final {
    for (auto [x, factor] : {std::pair(op.getLhs(), op.getRhs()),
                             std::pair(op.getRhs(), op.getLhs())}) {
      auto sigmoid = factor.getDefiningOp<ms::SigmoidOp>();
      if (!sigmoid || sigmoid.getOperand() != x)
        continue;
      b.replaceOpWithNewOp<ms::SiluOp>(op, x);
      return success();
    }
    return failure();
  }
};

/// x * min(max(x + 3, 0), 6) / 6 ~> hard_swish(x)
/// x * hard_sigmoid(x) {alpha = 1/6, beta = 1/2} ~> hard_swish(x)
template <typename OpT> struct RaiseHardSwish : RaisePattern<OpT> {
  using RaisePattern<OpT>::RaisePattern;

  LogicalResult matchAndRewrite(OpT op, PatternRewriter &b) const final {
    KnownValues known(this->store);
    Product product;
    product.collect(op, known);
    if (product.factors.size() != 2)
      return failure();
    for (unsigned i : {0, 1}) {
      Value x = product.factors[i], factor = product.factors[1 - i];
      if (x.getType() != op.getType() ||
          !(isLine(factor, x, product.number) ||
            (isAbout(product.number, 1.0 / 6) && isClip(factor, x, known))))
        continue;
      known.freeze();
      b.replaceOpWithNewOp<ms::HardSwishOp>(op, x);
      return success();
    }
    return failure();
  }

  static bool isLine(Value factor, Value x, double number) {
    auto hard = factor.getDefiningOp<ms::HardSigmoidOp>();
    return hard && hard.getOperand() == x && isAbout(number, 1) &&
           isAbout(hard.getAlpha().convertToDouble(), 1.0 / 6) &&
           isAbout(hard.getBeta().convertToDouble(), 0.5);
  }
  static bool isClip(Value factor, Value x, KnownValues &known) {
    auto least = factor.getDefiningOp<ms::MinimumOp>();
    if (!least || !known.isNumber(least.getRhs(), 6))
      return false;
    Value line;
    if (auto most = least.getLhs().getDefiningOp<ms::MaximumOp>();
        most && known.isNumber(most.getRhs(), 0))
      line = most.getLhs();
    else if (auto relu = least.getLhs().getDefiningOp<ms::ReluOp>())
      line = relu.getOperand();
    return line && addedTo(line, 3, known) == x;
  }
};

/// pow(x, 2) ~> x * x, pow(x, 3) ~> x * x * x, pow(x, 0.5) ~> sqrt(x)
struct RaisePow : RaisePattern<ms::PowOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::PowOp op, PatternRewriter &b) const final {
    KnownValues known(store);
    Value x = op.getLhs();
    if (x.getType() != op.getType())
      return failure();
    std::optional<double> exponent = known.number(op.getRhs());
    if (!exponent || (*exponent != 2 && *exponent != 3 && *exponent != 0.5))
      return failure();
    known.freeze();
    if (*exponent == 0.5) {
      b.replaceOpWithNewOp<ms::SqrtOp>(op, x);
      return success();
    }
    Value power = b.create<ms::MulOp>(op.getLoc(), x, x);
    if (*exponent == 3)
      power = b.create<ms::MulOp>(op.getLoc(), power, x);
    b.replaceOp(op, power);
    return success();
  }
};

/// assert(true) ~> nothing
struct DropAssert : RaisePattern<ms::AssertOp> {
  using RaisePattern::RaisePattern;

  LogicalResult matchAndRewrite(ms::AssertOp op,
                                PatternRewriter &b) const final {
    KnownValues known(store);
    if (!known.isTrue(op->getOperand(0)))
      return failure();
    known.freeze();
    b.eraseOp(op);
    return success();
  }
};

/// f(reshape(x), ...) ~> reshape(f(x, ...)), where x comes from a product and f
/// is elementwise: then they are one kernel.
struct SinkReshape : RewritePattern {
  explicit SinkReshape(MLIRContext *ctx)
      : RewritePattern(MatchAnyOpTypeTag(), 1, ctx) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const final {
    if (!op->hasTrait<ms::Elementwise>() || op->getNumResults() != 1)
      return failure();
    for (Value operand : op->getOperands()) {
      auto view = operand.getDefiningOp<ms::ReshapeOp>();
      if (view && view->hasOneUse() && isProduct(view.getOperand()) &&
          succeeded(sink(op, view, b)))
        return success();
    }
    return failure();
  }

  static bool isProduct(Value value, unsigned depth = 0) {
    Operation *op = value.getDefiningOp();
    if (isa_and_present<ms::MatMulOp>(op))
      return true;
    return op && depth < 8 && op->hasTrait<ms::Elementwise>() &&
           llvm::any_of(
               op->getOperands(),
               [&](Value operand) { return isProduct(operand, depth + 1); });
  }

  static LogicalResult sink(Operation *op, ms::ReshapeOp view,
                            PatternRewriter &b) {
    RankedTensorType from = ms::tensorType(view.getOperand()),
                     to = ms::tensorType(view);
    auto result = cast<RankedTensorType>(op->getResult(0).getType());
    if (!from.hasStaticShape() || !to.hasStaticShape() ||
        result.getShape() != to.getShape() || from.getRank() == 0)
      return failure();
    bool keepsRows =
        to.getRank() > 0 && from.getShape().back() == to.getShape().back();
    auto stays = [&](RankedTensorType type) {
      return type.getRank() == 0 ||
             (type.getRank() == 1 &&
              (type.getDimSize(0) == 1 ||
               (keepsRows && type.getDimSize(0) == from.getShape().back())));
    };
    for (Value operand : op->getOperands()) {
      RankedTensorType type = ms::tensorType(operand);
      if (type.getShape() != to.getShape() && !stays(type))
        return failure();
    }
    IRMapping map;
    for (Value operand : op->getOperands()) {
      RankedTensorType type = ms::tensorType(operand);
      if (operand == view.getResult())
        map.map(operand, view.getOperand());
      else if (type.getShape() == to.getShape())
        map.map(operand,
                b.create<ms::ReshapeOp>(op->getLoc(),
                                        type.clone(from.getShape()), operand));
    }
    Operation *moved = b.clone(*op, map);
    moved->getResult(0).setType(result.clone(from.getShape()));
    b.replaceOpWithNewOp<ms::ReshapeOp>(op, result, moved->getResult(0));
    return success();
  }
};

struct RaisePatterns : impl::RaisePatternsBase<RaisePatterns> {
  explicit RaisePatterns(ParameterStore *store = nullptr) : store(store) {}

  void runOnOperation() final {
    MLIRContext *ctx = &getContext();
    RewritePatternSet patterns(ctx);
    patterns.add<RaiseGelu, RaiseHardSwish<ms::MulOp>,
                 RaiseHardSwish<ms::DivOp>, RaisePow, DropAssert>(ctx, store);
    patterns.add<RaiseSilu, SinkReshape>(ctx);
    populateRaiseNormPatterns(patterns, store);
    populateRaiseAttentionPatterns(patterns, store);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }

  ParameterStore *store;
};
} // namespace

std::unique_ptr<Pass> createRaisePatterns(ParameterStore *store) {
  return std::make_unique<RaisePatterns>(store);
}

} // namespace msc

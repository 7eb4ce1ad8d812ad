// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's losses: an elementwise formula and how it is reduced.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"

using namespace mlir;

namespace msc::import::mindir {

/// The attribute `reduction`, whose numbers are those of MindSpore's enum.
static std::string reductionOf(Node &node, StringRef fallback) {
  Attribute value = node.attr("reduction");
  if (!value)
    return fallback.str();
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  static const char *const names[] = {"sum", "mean", "none"};
  int64_t number = node.i64("reduction");
  if (number >= 0 && number < int64_t(std::size(names)))
    return names[number];
  node.error() << "reduction is 0 to 2, got " << number;
  return "none";
}

/// Sets the result: \p loss, reduced as the node states.
static LogicalResult finish(Node &node, Value loss,
                            StringRef fallback = "mean") {
  std::string reduction = reductionOf(node, fallback);
  Emitter &e = node.e;
  if (reduction == "none")
    return node.result(loss);
  if (reduction == "sum" || reduction == "mean")
    return node.result(reduceAll(e, reduction, loss));
  if (reduction == "batchmean" && Emitter::rank(loss) > 0)
    return node.result(
        e.div(reduceAll(e, "sum", loss), double(Emitter::shape(loss)[0])));
  return node.error() << "reduction is 'none', 'mean', 'sum' or 'batchmean', "
                         "got '"
                      << reduction << "'";
}

static Value square(Emitter &e, Value v) { return e.mul(v, v); }
static Value negate(Emitter &e, Value v) { return e.emit<ms::NegOp>(v); }

LogicalResult importMSELoss(Node &node) {
  SmallVector<Value> v = node.promote({0, 1});
  return finish(node, square(node.e, node.e.sub(v[0], v[1])));
}

LogicalResult importL1Loss(Node &node) {
  SmallVector<Value> v = node.promote({0, 1});
  return finish(node, absolute(node.e, node.e.sub(v[0], v[1])));
}

LogicalResult importSmoothL1Loss(Node &node) {
  Emitter &e = node.e;
  SmallVector<Value> v = node.promote({0, 1});
  double beta = node.hasAttr("beta") ? node.f64("beta") : node.f64("sigma", 1);
  Value distance = absolute(e, e.sub(v[0], v[1]));
  if (beta == 0)
    return finish(node, distance, "none");
  Value parabola = e.mul(square(e, distance), 0.5 / beta);
  Value loss =
      e.select(less(e, distance, beta), parabola, e.sub(distance, beta / 2));
  return finish(node, loss, "none");
}

LogicalResult importSoftMarginLoss(Node &node) {
  Emitter &e = node.e;
  SmallVector<Value> v = node.promote({0, 1});
  Value margin = negate(e, e.mul(v[0], v[1]));
  return finish(node, e.emit<ms::SoftplusOp>(margin));
}

LogicalResult importBinaryCrossEntropy(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), y = node.in(1, Emitter::element(x));
  // MindSpore keeps the logarithm finite so.
  constexpr double tiny = 1e-12;
  auto log = [&](Value v) {
    return e.emit<ms::LogOp>(maximum(e, v, number(e, tiny, v)));
  };
  Value one = number(e, 1, x);
  Value hit = e.mul(y, log(x));
  Value miss = e.mul(e.sub(one, y), log(e.sub(one, x)));
  Value loss = negate(e, e.add(hit, miss));
  if (node.has(2))
    loss = e.mul(loss, node.in(2, Emitter::element(x)));
  return finish(node, loss);
}

/// max(x, 0) - x * y + log(1 + e^-|x|), that is softplus(x) - x * y.
static Value crossEntropy(Emitter &e, Value x, Value y) {
  return e.sub(e.emit<ms::SoftplusOp>(x), e.mul(x, y));
}

LogicalResult importSigmoidCrossEntropy(Node &node) {
  SmallVector<Value> v = node.promote({0, 1});
  return node.result(crossEntropy(node.e, v[0], v[1]));
}

LogicalResult importBCEWithLogitsLoss(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), y = node.in(1, Emitter::element(x));
  Value loss = crossEntropy(e, x, y);
  if (node.has(3)) {
    // (1 - y) x + (1 + (p - 1) y) softplus(-x)
    Value weight = node.in(3, Emitter::element(x));
    Value factor = e.add(e.mul(e.sub(weight, 1), y), 1);
    Value tail = e.emit<ms::SoftplusOp>(negate(e, x));
    Value head = e.mul(e.sub(number(e, 1, y), y), x);
    loss = e.add(head, e.mul(factor, tail));
  }
  if (node.has(2))
    loss = e.mul(loss, node.in(2, Emitter::element(x)));
  return finish(node, loss);
}

LogicalResult importKLDiv(Node &node) {
  Emitter &e = node.e;
  SmallVector<Value> v = node.promote({0, 1});
  Value x = v[0], y = v[1];
  if (node.flag("log_target", false))
    return finish(node, e.mul(e.emit<ms::ExpOp>(y), e.sub(y, x)));
  Value loss = e.mul(y, e.sub(e.emit<ms::LogOp>(y), x));
  // y log y is 0 at 0.
  return finish(node, e.select(greater(e, y, 0), loss, number(e, 0, loss)));
}

LogicalResult importL2Loss(Node &node) {
  Value sum = reduceAll(node.e, "sum", square(node.e, node.in(0)));
  return node.result(node.e.mul(sum, 0.5));
}

LogicalResult importSquareSumAll(Node &node) {
  Value x = reduceAll(node.e, "sum", square(node.e, node.in(0)));
  Value y = reduceAll(node.e, "sum", square(node.e, node.in(1)));
  return node.result(Val::tuple({x, y}));
}

LogicalResult importNLLLoss(Node &node) {
  ClassLoss result = negativeLogLikelihood(
      node.e, node.in(0), node.in(1), node.in(2),
      node.i64("ignore_index", -100), reductionOf(node, "mean"));
  return node.result(Val::tuple({result.loss, result.total}));
}

LogicalResult importSoftmaxCrossEntropy(Node &node) {
  Emitter &e = node.e;
  Value logits = node.in(0), labels = node.in(1, Emitter::element(node.in(0)));
  if (!node.expectRank(logits, 2, 2))
    return failure();
  Value log = e.emit<ms::LogSoftmaxOp>(logits, {{"axis", 1}});
  Value loss = negate(e, reduce(e, "sum", e.mul(labels, log), {1}));
  Value gradient = e.sub(e.emit<ms::ExpOp>(log), labels);
  return node.result(Val::tuple({loss, gradient}));
}

LogicalResult importSparseSoftmaxCrossEntropy(Node &node) {
  Emitter &e = node.e;
  Value logits = node.in(0);
  if (!node.expectRank(logits, 2, 2))
    return failure();
  if (node.flag("is_grad", false))
    return node.error() << "the gradient is not supported";
  Value log = e.emit<ms::LogSoftmaxOp>(logits, {{"axis", 1}});
  return node.result(
      negativeLogLikelihood(e, log, node.in(1), {}, {}, "mean").loss);
}

} // namespace msc::import::mindir

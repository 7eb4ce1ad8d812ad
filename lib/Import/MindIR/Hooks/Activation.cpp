// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's activation functions that are not one ms op with its
/// attributes.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

LogicalResult importCelu(Node &node) {
  double alpha = node.f64("alpha", 1.0);
  return node.result(node.e.emit<ms::EluOp>(
      node.in(0), {{"alpha", alpha}, {"input_scale", 1 / alpha}}));
}

LogicalResult importSelu(Node &node) {
  constexpr double alpha = 1.67326324235437728481;
  constexpr double scale = 1.05070098735548049342;
  return node.result(
      node.e.emit<ms::EluOp>(node.in(0), {{"alpha", alpha}, {"scale", scale}}));
}

LogicalResult importFastGelu(Node &node) {
  return node.result(swish(node.e, node.in(0), 1.702));
}

LogicalResult importGeluTanh(Node &node) {
  return node.result(node.e.emit<ms::GeluOp>(node.in(0), {{"tanh", true}}));
}

LogicalResult importHardSigmoid(Node &node) {
  return node.result(node.e.emit<ms::HardSigmoidOp>(
      node.in(0), {{"alpha", 1.0 / 6}, {"beta", 0.5}}));
}

LogicalResult importHardShrink(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double lambda = node.f64("lambd", 0.5);
  Value inside =
      e.emit<ms::LessEqualOp>({absolute(e, x), number(e, lambda, x)});
  return node.result(e.select(inside, number(e, 0, x), x));
}

LogicalResult importSoftShrink(Node &node) {
  double lambda = node.f64("lambd", 0.5);
  return node.result(shrink(node.e, node.in(0), lambda, lambda));
}

LogicalResult importSoftsign(Node &node) {
  return node.result(softsign(node.e, node.in(0)));
}

LogicalResult importThreshold(Node &node) {
  return node.result(
      threshold(node.e, node.in(0), node.f64("threshold"), node.f64("value")));
}

LogicalResult importRelu6(Node &node) {
  return node.result(clip(node.e, node.in(0), 0, 6));
}

LogicalResult importReluV2(Node &node) {
  // Only backward graphs read the mask.
  Value y = node.e.emit<ms::ReluOp>(node.in(0));
  return node.result(Val::tuple({y, Val()}));
}

LogicalResult importLogSigmoid(Node &node) {
  // log(sigmoid(x)) = -log(1 + e^-x)
  Emitter &e = node.e;
  Value inverse = e.emit<ms::SoftplusOp>(e.emit<ms::NegOp>(node.in(0)));
  Value y = e.emit<ms::NegOp>(inverse);
  // Newer releases return a tuple; its second element is for backward graphs.
  if (isa<ShapedType>(node.op.getResult(0).getType()))
    return node.result(y);
  return node.result(Val::tuple({y, Val()}));
}

LogicalResult importLogit(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double eps = node.f64("eps", -1.0);
  if (eps >= 0)
    x = clip(e, x, eps, 1 - eps);
  Value odds = e.div(x, e.sub(number(e, 1, x), x));
  return node.result(e.emit<ms::LogOp>(odds));
}

LogicalResult importSoftplusExt(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double beta = node.f64("beta", 1.0), limit = node.f64("threshold", 20.0);
  Value scaled = e.mul(x, beta);
  Value soft = e.div(e.emit<ms::SoftplusOp>(scaled), beta);
  return node.result(e.select(greater(e, scaled, limit), x, soft));
}

LogicalResult importPRelu(Node &node) {
  Value x = node.in(0), weight = node.in(1);
  if (!node.expectRank(weight, 0, 1))
    return failure();
  // One slope per channel, dimension 1; or one for all.
  int64_t count = Emitter::type(weight).getNumElements();
  int64_t rank = Emitter::rank(x);
  if (count != 1 && rank > 1) {
    SmallVector<int64_t> shape(rank - 1, 1);
    shape[0] = count;
    weight = reshape(node.e, weight, shape);
  }
  return node.result(node.e.emit<ms::PreluOp>({x, weight}));
}

} // namespace msc::import::mindir

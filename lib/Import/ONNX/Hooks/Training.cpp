// SPDX-License-Identifier: Apache-2.0
//
/// \file One step of ONNX's optimizers (ai.onnx.preview.training 1). Inputs:
/// learning rate, update count, then as many tensors of each kind as there are
/// tensors to optimize: those, their gradients, and their histories.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Formulas.h"

using namespace mlir;

namespace msc::import::onnx {

namespace {
/// One tensor that is optimized: the \p kinds inputs of it.
struct Step {
  Emitter &e;
  Value rate, count;
  SmallVector<Value> inputs;

  /// The gradient with that of the squared norm of the tensor.
  Value gradient(double norm) {
    return norm == 0 ? inputs[1] : e.add(e.mul(inputs[0], norm), inputs[1]);
  }
  Value sqrt(Value x) { return e.emit<ms::SqrtOp>(x); }
  Value power(double base) {
    return import::power(e, number(e, base, count), count);
  }
  Value isLater() { return greater(e, count, 0); }
};
} // namespace

/// Runs \p fn for each tensor; results of one kind follow each other.
static LogicalResult
optimize(Node &node, size_t kinds,
         llvm::function_ref<SmallVector<Value>(Step &)> fn) {
  Emitter &e = node.e;
  size_t count = node.numInputs() < 2 ? 0 : (node.numInputs() - 2) / kinds;
  if (count == 0 || 2 + count * kinds != node.numInputs())
    return node.error() << "has " << node.numInputs()
                        << " inputs, expected 2 and " << kinds
                        << " for each tensor";
  std::vector<SmallVector<Value>> parts;
  for (size_t i = 0; i < count; ++i) {
    Type element = Emitter::element(node.in(2 + i));
    Step step{e, node.in(0, element), node.in(1, element), {}};
    for (size_t kind = 0; kind < kinds; ++kind)
      step.inputs.push_back(node.in(2 + kind * count + i));
    parts.push_back(fn(step));
  }
  std::vector<Val> results;
  for (size_t kind = 0; kind < parts[0].size(); ++kind)
    for (SmallVector<Value> &part : parts)
      results.push_back(part[kind]);
  return node.results(std::move(results));
}

LogicalResult importAdagrad(Node &node) {
  double decay = node.f64("decay_factor", 0),
         norm = node.f64("norm_coefficient", 0),
         epsilon = node.f64("epsilon", 1e-6);
  return optimize(node, 3, [&](Step &s) -> SmallVector<Value> {
    Emitter &e = s.e;
    Value rate = e.div(s.rate, e.add(e.mul(s.count, decay), 1.0));
    Value g = s.gradient(norm);
    Value squares = e.add(s.inputs[2], e.mul(g, g));
    Value step = e.div(e.mul(rate, g), e.add(s.sqrt(squares), epsilon));
    return {e.sub(s.inputs[0], step), squares};
  });
}

LogicalResult importAdam(Node &node) {
  double alpha = node.f64("alpha", 0.9f), beta = node.f64("beta", 0.999f),
         epsilon = node.f64("epsilon", 1e-6),
         norm = node.f64("norm_coefficient", 0),
         after = node.f64("norm_coefficient_post", 0);
  return optimize(node, 4, [&](Step &s) -> SmallVector<Value> {
    Emitter &e = s.e;
    Value g = s.gradient(norm);
    Value mean = e.add(e.mul(s.inputs[2], alpha), e.mul(g, 1 - alpha));
    Value squares =
        e.add(e.mul(s.inputs[3], beta), e.mul(e.mul(g, g), 1 - beta));
    auto rest = [&](double base) {
      return e.sub(number(e, 1, s.count), s.power(base));
    };
    // Not divided by where the count is 0 and the power 1.
    Value corrected = e.div(e.mul(s.rate, s.sqrt(rest(beta))), rest(alpha));
    Value rate = e.select(s.isLater(), corrected, s.rate);
    Value step = e.div(e.mul(rate, mean), e.add(s.sqrt(squares), epsilon));
    Value x = e.sub(s.inputs[0], step);
    return {after == 0 ? x : e.mul(x, 1 - after), mean, squares};
  });
}

LogicalResult importMomentum(Node &node) {
  double alpha = node.f64("alpha"), beta = node.f64("beta"),
         norm = node.f64("norm_coefficient");
  std::string mode = node.str("mode");
  if (!node.failed() && mode != "standard" && mode != "nesterov")
    node.error() << "mode '" << mode << "' is not standard or nesterov";
  if (node.failed())
    return failure();
  return optimize(node, 3, [&](Step &s) -> SmallVector<Value> {
    Emitter &e = s.e;
    Value g = s.gradient(norm);
    Value factor = e.select(s.isLater(), number(e, beta, g), number(e, 1, g));
    Value velocity = e.add(e.mul(s.inputs[2], alpha), e.mul(g, factor));
    Value direction =
        mode == "nesterov" ? e.add(g, e.mul(velocity, alpha)) : velocity;
    return {e.sub(s.inputs[0], e.mul(s.rate, direction)), velocity};
  });
}

} // namespace msc::import::onnx

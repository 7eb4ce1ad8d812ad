// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's elementwise operators that are not one ms op. Semantics:
/// https://onnx.ai/onnx/operators/.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// Element types of TensorProto that ms lacks, for messages.
static StringRef refusedElement(int64_t id) {
  static const char *const names[] = {
      "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz",
      "uint4",        "int4",           "float4e2m1", "float8e8m0",
      "uint2",        "int2",           "float6e2m3", "float6e3m2"};
  if (id >= 17 && id < 17 + int64_t(std::size(names)))
    return names[id - 17];
  return id == 8    ? "string"
         : id == 14 ? "complex64"
         : id == 15 ? "complex128"
                    : "";
}

/// The attribute `to`, or null after an error.
static Type targetElement(Node &node) {
  int64_t to = node.i64("to");
  if (StringRef name = refusedElement(to); !name.empty()) {
    node.error() << "conversion to " << name << " is not supported";
    return {};
  }
  Type element = node.elementType(to);
  return node.failed() ? Type() : element;
}

LogicalResult importCast(Node &node) {
  Type element = targetElement(node);
  if (!element)
    return failure();
  return node.result(node.in(0, element));
}

LogicalResult importCastLike(Node &node) {
  return node.result(node.in(0, Emitter::element(node.in(1))));
}

LogicalResult importBitCast(Node &node) {
  Type to = targetElement(node);
  if (!to)
    return failure();
  Value x = node.in(0);
  Type from = Emitter::element(x);
  unsigned fromBits = std::max(from.getIntOrFloatBitWidth(), 8u);
  unsigned toBits = std::max(to.getIntOrFloatBitWidth(), 8u);
  if (fromBits != toBits)
    return node.error() << "the bits of " << from << " do not fit " << to;
  // A bool is a byte that is 0 or 1.
  if (from.isInteger(1) || to.isInteger(1))
    return node.result(node.e.cast(x, to));
  return node.result(
      node.e.emitTyped<ms::BitcastOp>(Emitter::type(x).clone(to), x));
}

LogicalResult importBitShift(Node &node) {
  std::string direction = node.str("direction");
  Value x = node.in(0), y = node.in(1);
  if (direction == "LEFT")
    return node.result(node.e.emit<ms::ShiftLeftOp>({x, y}));
  if (direction == "RIGHT")
    return node.result(node.e.emit<ms::ShiftRightOp>({x, y}));
  return node.error() << "direction is 'LEFT' or 'RIGHT', got '" << direction
                      << "'";
}

LogicalResult importClipAttributes(Node &node) {
  Value x = node.in(0);
  auto bound = [&](StringRef name) {
    return node.hasAttr(name) ? number(node.e, node.f64(name), x) : Value();
  };
  return node.result(clip(node.e, x, bound("min"), bound("max")));
}

LogicalResult importClip(Node &node) {
  Value low = node.has(1) ? node.in(1) : Value();
  Value high = node.has(2) ? node.in(2) : Value();
  return node.result(clip(node.e, node.in(0), low, high));
}

/// op(op(x0, x1), x2) ... of the row's op.
static Value foldInputs(Node &node) {
  SmallVector<Value> values = node.rest();
  if (values.empty()) {
    node.error() << "has no inputs";
    return node.e.poison();
  }
  Value result = values.front();
  for (Value v : ArrayRef(values).drop_front())
    result = node.e.create(node.rule->target, {result, v}, {}, {}).front();
  return result;
}

LogicalResult importVariadic(Node &node) {
  return node.result(foldInputs(node));
}

LogicalResult importMean(Node &node) {
  Value sum = foldInputs(node);
  return node.result(node.e.div(sum, double(node.numInputs())));
}

LogicalResult importMod(Node &node) {
  Value x = node.in(0), y = node.in(1);
  return node.result(node.flag("fmod", false) ? node.e.emit<ms::FmodOp>({x, y})
                                              : node.e.emit<ms::ModOp>({x, y}));
}

LogicalResult importPow(Node &node) {
  Value x = node.in(0), y = node.in(1);
  Type base = Emitter::element(x), exponent = Emitter::element(y);
  Type type = base;
  if (isa<IntegerType>(base) && isa<FloatType>(exponent))
    type = node.e.builder.getF64Type();
  else if (isa<IntegerType>(base) && base != exponent)
    type = node.e.i64();
  Value result = power(node.e, node.e.cast(x, type), node.e.cast(y, type));
  return node.result(node.e.cast(result, base));
}

LogicalResult importDropout(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  bool training = node.has(2) && node.constI64s(2) != SmallVector<int64_t>{0};
  double ratio = 0.5;
  if (training && node.has(1))
    if (SmallVector<double> values = node.constF64s(1); values.size() == 1)
      ratio = values[0];
  if (training && ratio != 0)
    return node.error() << "drops random elements: training mode is not "
                           "supported";
  std::vector<Val> results{x};
  if (node.op.getNumResults() > 1) {
    // Until opset 9 the mask had the type of the data.
    Type type = node.op.getVersion() < 10 ? Emitter::element(x) : e.boolean();
    results.push_back(full(e, 1, Emitter::shape(x), type));
  }
  return node.results(std::move(results));
}

LogicalResult importIsInf(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), zero = e.scalar(0, Emitter::element(x));
  bool negative = node.flag("detect_negative", true);
  bool positive = node.flag("detect_positive", true);
  Value isInf = e.emit<ms::IsInfOp>(x);
  if (negative && positive)
    return node.result(isInf);
  if (!negative && !positive)
    return node.result(full(e, 0, Emitter::shape(x), e.boolean()));
  Value sign = negative ? e.emit<ms::LessOp>({x, zero})
                        : e.emit<ms::GreaterOp>({x, zero});
  return node.result(e.emit<ms::LogicalAndOp>({isInf, sign}));
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

LogicalResult importCelu(Node &node) {
  double alpha = node.f64("alpha", 1.0);
  return node.result(node.e.emit<ms::EluOp>(
      node.in(0), {{"alpha", alpha}, {"input_scale", 1 / alpha}}));
}

LogicalResult importShrink(Node &node) {
  Value x = node.in(0);
  Type element = Emitter::element(x);
  double bias = node.f64("bias", 0.0), lambda = node.f64("lambd", 0.5);
  // Thresholds of integers need not be integers.
  Type wide = isa<FloatType>(element) ? element : node.e.builder.getF64Type();
  Value result = shrink(node.e, node.e.cast(x, wide), lambda, bias);
  return node.result(node.e.cast(result, element));
}

LogicalResult importSoftsign(Node &node) {
  return node.result(softsign(node.e, node.in(0)));
}

LogicalResult importThresholdedRelu(Node &node) {
  return node.result(threshold(node.e, node.in(0), node.f64("alpha", 1.0), 0));
}

LogicalResult importSwish(Node &node) {
  return node.result(swish(node.e, node.in(0), node.f64("alpha", 1.0)));
}

LogicalResult importQuickGelu(Node &node) {
  return node.result(swish(node.e, node.in(0), node.f64("alpha", 1.702)));
}

LogicalResult importSwiGLU(Node &node) {
  Value gate = swish(node.e, node.in(0), node.f64("alpha", 1.0));
  return node.result(node.e.mul(gate, node.in(1)));
}

LogicalResult importBiasGelu(Node &node) {
  Value sum = node.e.add(node.in(0), node.in(1));
  return node.result(node.e.emit<ms::GeluOp>(sum));
}

LogicalResult importFastGelu(Node &node) {
  Value x = node.in(0);
  if (node.has(1))
    x = node.e.add(x, node.in(1));
  return node.result(node.e.emit<ms::GeluOp>(x, {{"tanh", true}}));
}

} // namespace msc::import::onnx

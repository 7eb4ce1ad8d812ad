// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's elementwise primitives that are not one ms op, and the rules
/// of implicit promotion. Semantics: the operator pages of MindSpore 2.x.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace msc::import::mindir {

static bool isFloat(Value v) { return isa<FloatType>(Emitter::element(v)); }

/// Builds the row's op.
static Value emitTarget(Node &node, ValueRange operands) {
  return node.e.create(node.rule->target, operands, {}, {}).front();
}

/// The element type that the file states for the result, or null.
static Type statedElement(Node &node) {
  Type element = getElementTypeOrSelf(node.op.getResult(0).getType());
  return isa<FloatType, IntegerType>(element) ? element : Type();
}

/// \p v in a float type: its own, or else the stated one, or else f32.
static Value asFloat(Node &node, Value v) {
  if (isFloat(v))
    return v;
  Type stated = statedElement(node);
  return node.e.cast(v, isa_and_present<FloatType>(stated) ? stated
                                                           : node.e.f32());
}

/// Inputs 0 and 1, of which the one at \p number is a Python number: it takes
/// the type of the other. A float makes an integer tensor float32, an int makes
/// a bool tensor int64.
static std::pair<Value, Value> promoteNumber(Node &node, size_t number) {
  Emitter &e = node.e;
  Type element = Emitter::element(node.in(1 - number));
  Attribute known =
      number < node.numInputs() ? node.inputs[number].attr : Attribute();
  Type type = known ? Type() : Emitter::element(node.in(number));
  bool isReal = known ? isa<FloatAttr>(known) : isa<FloatType>(type);
  bool isBool = known ? isa<BoolAttr>(known) : type.isInteger(1);
  if (isReal && !isa<FloatType>(element))
    element = e.f32();
  else if (element.isInteger(1) && !isBool)
    element = e.i64();
  return {node.in(0, element), node.in(1, element)};
}

/// Inputs 0 and 1 in one element type.
static std::pair<Value, Value> promotePair(Node &node) {
  SmallVector<Value> operands = node.promote({0, 1});
  return {operands[0], operands[1]};
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

LogicalResult importFloatUnary(Node &node) {
  return node.result(emitTarget(node, asFloat(node, node.in(0))));
}

/// float32 as MindSpore's CPU kernel (nnacl) has it, by which exported networks
/// are compared: +-1 beyond 5, else
/// x (x^6 + 378 x^4 + 17325 x^2 + 135135) /
///   (28 x^6 + 3150 x^4 + 62370 x^2 + 135135)
LogicalResult importTanh(Node &node) {
  Emitter &e = node.e;
  Value x = asFloat(node, node.in(0));
  if (!Emitter::element(x).isF32())
    return node.result(emitTarget(node, x));
  Value square = e.mul(x, x), top = square, bottom = e.mul(square, 28.0);
  static constexpr std::pair<double, double> coefficients[] = {
      {378, 3150}, {17325, 62370}, {135135, 135135}};
  for (auto [i, factors] : llvm::enumerate(coefficients)) {
    if (i) {
      top = e.mul(top, square);
      bottom = e.mul(bottom, square);
    }
    top = e.add(top, factors.first);
    bottom = e.add(bottom, factors.second);
  }
  Value y = e.div(e.mul(top, x), bottom);
  Value one = number(e, 1, x), minusOne = number(e, -1, x);
  y = e.select(greater(e, x, 5), one, y);
  return node.result(e.select(less(e, x, -5), minusOne, y));
}

/// shift + scale * x
static Value affine(Node &node, Value x) {
  double scale = node.f64("scale", 1.0), shift = node.f64("shift", 0.0);
  if (scale != 1)
    x = node.e.mul(x, scale);
  return shift != 0 ? node.e.add(x, shift) : x;
}

/// The attribute `base`; -1 stands for e.
static std::optional<double> base(Node &node) {
  double value = node.f64("base", -1.0);
  if (value == -1)
    return {};
  if (value <= 0 && !node.failed())
    node.error() << "base must be positive or -1, got " << value;
  return value;
}

LogicalResult importExp(Node &node) {
  Value x = affine(node, asFloat(node, node.in(0)));
  if (std::optional<double> b = base(node))
    x = node.e.mul(x, std::log(*b));
  return node.result(node.e.emit<ms::ExpOp>(x));
}

LogicalResult importLog(Node &node) {
  Value x = affine(node, asFloat(node, node.in(0)));
  Value result = node.e.emit<ms::LogOp>(x);
  if (std::optional<double> b = base(node))
    result = node.e.div(result, std::log(*b));
  return node.result(result);
}

LogicalResult importRounding(Node &node) {
  Value x = node.in(0);
  return node.result(isFloat(x) ? emitTarget(node, x) : x);
}

LogicalResult importRound(Node &node) {
  Value x = node.in(0);
  int64_t decimals = node.i64("decimals", 0);
  if (!isFloat(x) || decimals == 0)
    return importRounding(node);
  double factor = std::pow(10.0, double(decimals));
  Value scaled = node.e.emit<ms::RoundOp>(node.e.mul(x, factor));
  return node.result(node.e.div(scaled, factor));
}

LogicalResult importPredicate(Node &node) {
  Value x = node.in(0);
  if (isFloat(x))
    return node.result(emitTarget(node, x));
  bool value = StringRef(node.rule->target) == "ms.is_finite";
  return node.result(full(node.e, value, Emitter::shape(x), node.e.boolean()));
}

LogicalResult importIsNegInf(Node &node) {
  Value x = node.in(0);
  double infinity = std::numeric_limits<double>::infinity();
  if (isFloat(x))
    return node.result(equal(node.e, x, -infinity));
  return node.result(full(node.e, 0, Emitter::shape(x), node.e.boolean()));
}

LogicalResult importFrac(Node &node) {
  Value x = node.in(0);
  if (!isFloat(x))
    return node.result(full(node.e, 0, Emitter::shape(x), Emitter::element(x)));
  return node.result(node.e.sub(x, node.e.emit<ms::TruncOp>(x)));
}

LogicalResult importReciprocal(Node &node) {
  Value x = node.in(0);
  if (isa_and_present<FloatType>(statedElement(node)))
    x = asFloat(node, x);
  if (isFloat(x))
    return node.result(node.e.emit<ms::ReciprocalOp>(x));
  return node.result(node.e.div(number(node.e, 1, x), x));
}

LogicalResult importSinc(Node &node) {
  Emitter &e = node.e;
  Value x = asFloat(node, node.in(0));
  Value angle = e.mul(x, M_PI);
  Value quotient = e.div(e.emit<ms::SinOp>(angle), angle);
  return node.result(e.select(equal(e, x, 0), number(e, 1, x), quotient));
}

LogicalResult importSquare(Node &node) {
  Value x = node.in(0);
  return node.result(node.e.mul(x, x));
}

LogicalResult importPopulationCount(Node &node) {
  Emitter &e = node.e;
  return node.result(e.cast(e.emit<ms::PopcountOp>(node.in(0)),
                            e.builder.getIntegerType(8, /*isSigned=*/false)));
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

/// The row's op; arithmetic of bool is logic.
static Value emitBinary(Node &node, Value x, Value y) {
  StringRef target = node.rule->target;
  if (Emitter::element(x).isInteger(1)) {
    if (target == "ms.add" || target == "ms.maximum")
      return node.e.emit<ms::LogicalOrOp>({x, y});
    if (target == "ms.mul" || target == "ms.minimum")
      return node.e.emit<ms::LogicalAndOp>({x, y});
  }
  return emitTarget(node, {x, y});
}

LogicalResult importBinary(Node &node) {
  auto [x, y] = promotePair(node);
  return node.result(emitBinary(node, x, y));
}

LogicalResult importNumberBinary(Node &node) {
  auto [x, y] = promoteNumber(node, 1);
  return node.result(emitBinary(node, x, y));
}

LogicalResult importNumberFirst(Node &node) {
  auto [x, y] = promoteNumber(node, 0);
  return node.result(emitBinary(node, x, y));
}

/// Inputs 0 and 1 of an operator that has a form for tensors and one for
/// numbers.
static std::pair<Value, Value> promoteEither(Node &node) {
  StringRef name = node.op.getOp();
  return name.ends_with("Scalar") || name == "mindir.Divs"
             ? promoteNumber(node, 1)
             : promotePair(node);
}

LogicalResult importPow(Node &node) {
  auto [x, y] = promoteEither(node);
  return node.result(power(node.e, x, y));
}

LogicalResult importAlphaBinary(Node &node) {
  auto [x, y] = promoteEither(node);
  double alpha = node.f64("alpha", 1.0);
  if (alpha != 1)
    y = node.e.mul(y, alpha);
  return node.result(emitBinary(node, x, y));
}

/// Whether \p element is one that this release's division gives for integers:
/// the type of the operands, before 2.3.
static bool statesInteger(Node &node) {
  Type stated = statedElement(node);
  return stated && isa<IntegerType>(stated);
}

LogicalResult importDiv(Node &node) {
  auto [x, y] = promoteEither(node);
  if (!statesInteger(node)) {
    x = asFloat(node, x);
    y = asFloat(node, y);
  }
  return node.result(node.e.div(x, y));
}

LogicalResult importDivMod(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  Attribute mode = node.attr("rounding_mode");
  if (!mode)
    return node.result(e.div(asFloat(node, x), asFloat(node, y)));
  auto text = dyn_cast<StringAttr>(mode);
  bool isTrunc = text ? text == "trunc" : node.i64("rounding_mode") == 1;
  bool isFloor = text ? text == "floor" : node.i64("rounding_mode") == 2;
  if (isTrunc)
    return node.result(truncDiv(e, x, y));
  if (isFloor)
    return node.result(e.emit<ms::FloorDivOp>({x, y}));
  return node.error() << "rounding_mode is 'trunc' (1) or 'floor' (2), got "
                      << mode;
}

LogicalResult importTruncateDiv(Node &node) {
  auto [x, y] = promotePair(node);
  return node.result(truncDiv(node.e, x, y));
}

/// \p value where \p zero is 0, else \p rest.
static LogicalResult whereZero(Node &node, Value zero, Value rest) {
  Emitter &e = node.e;
  return node.result(e.select(equal(e, zero, 0), number(e, 0, rest), rest));
}

LogicalResult importDivNoNan(Node &node) {
  auto [x, y] = promotePair(node);
  return whereZero(node, y, node.e.div(x, y));
}

LogicalResult importMulNoNan(Node &node) {
  auto [x, y] = promotePair(node);
  return whereZero(node, y, node.e.mul(x, y));
}

LogicalResult importXdivy(Node &node) {
  auto [x, y] = promotePair(node);
  return whereZero(node, x, node.e.div(x, y));
}

LogicalResult importXlogy(Node &node) {
  bool first = node.op.getOp().ends_with("Self");
  auto [a, b] = node.op.getOp().contains("Scalar")
                    ? promoteNumber(node, first ? 0 : 1)
                    : promotePair(node);
  Value x = asFloat(node, a), y = asFloat(node, b);
  Emitter &e = node.e;
  Value product = e.mul(x, e.emit<ms::LogOp>(y));
  // A NaN of y stays.
  Value zero = e.emit<ms::LogicalAndOp>(
      {equal(e, x, 0), e.emit<ms::LogicalNotOp>(e.emit<ms::IsNanOp>(y))});
  return node.result(e.select(zero, number(e, 0, product), product));
}

LogicalResult importSquaredDifference(Node &node) {
  auto [x, y] = promotePair(node);
  Value difference = node.e.sub(x, y);
  return node.result(node.e.mul(difference, difference));
}

LogicalResult importNanSafe(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  Value result = emitTarget(node, {x, y});
  if (!isFloat(x))
    return node.result(result);
  result = e.select(e.emit<ms::IsNanOp>(y), x, result);
  return node.result(e.select(e.emit<ms::IsNanOp>(x), y, result));
}

LogicalResult importHypot(Node &node) {
  Emitter &e = node.e;
  auto [a, b] = promotePair(node);
  Value x = absolute(e, a), y = absolute(e, b);
  // Scaled by the larger, so that the squares do not overflow.
  Value large = maximum(e, x, y);
  Value scale = e.select(equal(e, large, 0), number(e, 1, large), large);
  Value ratio = e.div(minimum(e, x, y), scale);
  Value root = e.emit<ms::SqrtOp>(e.add(e.mul(ratio, ratio), 1));
  return node.result(e.mul(large, root));
}

LogicalResult importLcm(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  // x / 0 is 0, and so is the result where x and y are.
  Value divisor = e.emit<ms::GcdOp>({x, y});
  return node.result(absolute(e, e.mul(e.div(x, divisor), y)));
}

LogicalResult importHeaviside(Node &node) {
  Emitter &e = node.e;
  auto [x, values] = promotePair(node);
  Value step = e.cast(greater(e, x, 0), Emitter::element(x));
  if (isFloat(x))
    step = e.select(e.emit<ms::IsNanOp>(x), x, step);
  return node.result(e.select(equal(e, x, 0), values, step));
}

LogicalResult importLogAddExp(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  Value large = maximum(e, x, y);
  Value distance = absolute(e, e.sub(x, y));
  Value sum = e.add(large, e.emit<ms::Log1pOp>(
                               e.emit<ms::ExpOp>(e.emit<ms::NegOp>(distance))));
  // Equal infinities have no distance.
  Value infinite =
      e.emit<ms::LogicalAndOp>({equal(e, x, y), e.emit<ms::IsInfOp>(x)});
  return node.result(e.select(infinite, x, sum));
}

LogicalResult importLogAddExp2(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  Value large = maximum(e, x, y);
  Value distance = absolute(e, e.sub(x, y));
  Value tail =
      e.emit<ms::Log1pOp>(e.emit<ms::Exp2Op>(e.emit<ms::NegOp>(distance)));
  Value sum = e.add(large, e.mul(tail, 1 / M_LN2));
  Value infinite =
      e.emit<ms::LogicalAndOp>({equal(e, x, y), e.emit<ms::IsInfOp>(x)});
  return node.result(e.select(infinite, x, sum));
}

//===----------------------------------------------------------------------===//
// More operands
//===----------------------------------------------------------------------===//

LogicalResult importAddN(Node &node) {
  SmallVector<Value> values = node.rest();
  if (values.empty())
    return node.error() << "has no inputs";
  Value sum = values.front();
  for (Value v : ArrayRef(values).drop_front())
    sum = emitBinary(node, sum, v);
  return node.result(sum);
}

LogicalResult importAddcmul(Node &node) {
  SmallVector<Value> v = node.promote({0, 1, 2, 3});
  Emitter &e = node.e;
  return node.result(e.add(v[0], e.mul(v[3], e.mul(v[1], v[2]))));
}

LogicalResult importAddcdiv(Node &node) {
  SmallVector<Value> v = node.promote({0, 1, 2, 3});
  Emitter &e = node.e;
  return node.result(e.add(v[0], e.mul(v[3], e.div(v[1], v[2]))));
}

LogicalResult importLerp(Node &node) {
  SmallVector<Value> v = node.promote({0, 1, 2});
  Emitter &e = node.e;
  return node.result(e.add(v[0], e.mul(v[2], e.sub(v[1], v[0]))));
}

LogicalResult importClamp(Node &node) {
  SmallVector<size_t> given{0};
  for (size_t i : {1, 2})
    if (node.has(i))
      given.push_back(i);
  SmallVector<Value> v = node.promote(given);
  Value low = node.has(1) ? v[1] : Value();
  Value high = node.has(2) ? v.back() : Value();
  return node.result(clip(node.e, v[0], low, high));
}

/// The largest finite number of the float type \p element.
static double largest(Type element) {
  return APFloat::getLargest(cast<FloatType>(element).getFloatSemantics())
      .convertToDouble();
}

LogicalResult importNanToNum(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (!isFloat(x))
    return node.result(x);
  double infinity = std::numeric_limits<double>::infinity();
  double limit = largest(Emitter::element(x));
  Value result =
      e.select(e.emit<ms::IsNanOp>(x), number(e, node.f64("nan", 0.0), x), x);
  result = e.select(equal(e, x, infinity),
                    number(e, node.f64("posinf", limit), x), result);
  return node.result(e.select(equal(e, x, -infinity),
                              number(e, node.f64("neginf", -limit), x),
                              result));
}

//===----------------------------------------------------------------------===//
// Comparisons, logic, types
//===----------------------------------------------------------------------===//

LogicalResult importApproximateEqual(Node &node) {
  Emitter &e = node.e;
  auto [x, y] = promotePair(node);
  Value distance = absolute(e, e.sub(x, y));
  return node.result(less(e, distance, node.f64("tolerance", 1e-5)));
}

LogicalResult importIsClose(Node &node) {
  Emitter &e = node.e;
  auto [a, b] = promotePair(node);
  bool floats = isFloat(a);
  Type element = floats ? Emitter::element(a) : e.builder.getF64Type();
  Value x = e.cast(a, element), y = e.cast(b, element);
  double rtol = node.f64("rtol", 1e-5), atol = node.f64("atol", 1e-8);
  Value bound = e.add(e.mul(absolute(e, y), rtol), atol);
  Value near = e.emit<ms::LessEqualOp>({absolute(e, e.sub(x, y)), bound});
  // An infinite bound is no bound.
  Value finite = e.emit<ms::IsFiniteOp>(y);
  Value close = e.emit<ms::LogicalOrOp>(
      {e.emit<ms::LogicalAndOp>({near, finite}), equal(e, x, y)});
  if (node.flag("equal_nan", false))
    close = e.emit<ms::LogicalOrOp>(
        {close, e.emit<ms::LogicalAndOp>(
                    {e.emit<ms::IsNanOp>(x), e.emit<ms::IsNanOp>(y)})});
  return node.result(close);
}

LogicalResult importLogical(Node &node) {
  SmallVector<Value> operands{node.in(0, node.e.boolean())};
  if (node.has(1) && node.inputs[1].kind != Val::Monad)
    operands.push_back(node.in(1, node.e.boolean()));
  return node.result(emitTarget(node, operands));
}

LogicalResult importCast(Node &node) {
  Type element = node.dtype("dtype");
  return node.result(node.in(0, element));
}

LogicalResult importTypeAs(Node &node) {
  return node.result(node.in(0, Emitter::element(node.in(1))));
}

} // namespace msc::import::mindir

// SPDX-License-Identifier: Apache-2.0
//
/// \file Python numbers in MindIR graphs. What is known is computed here, with
/// Python's meaning; the rest on tensors of rank 0.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

namespace {
/// A number that the file states or that follows from such.
struct Number {
  bool isFloat = false, isBool = false;
  int64_t i = 0;
  double f = 0;
};
} // namespace

static std::optional<Number> numberOf(const Val &val) {
  if (val.kind != Val::Literal)
    return {};
  Number n;
  if (auto attr = dyn_cast_if_present<FloatAttr>(val.attr)) {
    n.isFloat = true;
    n.f = attr.getValueAsDouble();
    return n;
  }
  auto attr = dyn_cast_if_present<IntegerAttr>(val.attr);
  if (!attr)
    return {};
  n.isBool = attr.getType().isInteger(1);
  n.i = n.isBool ? !attr.getValue().isZero() : attr.getValue().getSExtValue();
  n.f = double(n.i);
  return n;
}

static Val boolean(Node &node, bool value) {
  return Val::literal(node.e.builder.getBoolAttr(value));
}
static Val integer(Node &node, int64_t value) {
  return Val::literal(node.e.builder.getI64IntegerAttr(value));
}
static Val real(Node &node, double value) {
  return Val::literal(node.e.builder.getF32FloatAttr(float(value)));
}

static double floorMod(double x, double y) {
  double m = std::fmod(x, y);
  return m != 0 && (m < 0) != (y < 0) ? m + y : m;
}

/// Comparisons and arithmetic of floats.
static std::optional<Val> evaluateFloats(Node &node, StringRef target, double x,
                                         double y) {
  if (target == "ms.add")
    return real(node, x + y);
  if (target == "ms.sub")
    return real(node, x - y);
  if (target == "ms.mul")
    return real(node, x * y);
  if (target == "ms.pow")
    return real(node, std::pow(x, y));
  if (target == "ms.equal")
    return boolean(node, x == y);
  if (target == "ms.less")
    return boolean(node, x < y);
  if (target == "ms.greater")
    return boolean(node, x > y);
  if (target == "ms.less_equal")
    return boolean(node, x <= y);
  if (target == "ms.greater_equal")
    return boolean(node, x >= y);
  if (y == 0)
    return {};
  if (target == "ms.div")
    return real(node, x / y);
  if (target == "ms.floor_div")
    return real(node, std::floor(x / y));
  if (target == "ms.mod")
    return real(node, floorMod(x, y));
  return {};
}

/// x^y for y >= 0; nothing on overflow.
static std::optional<int64_t> integerPower(int64_t x, int64_t y) {
  int64_t result = 1;
  // Longer loops than 63 end at 0 and +-1 only.
  for (int64_t k = 0; k < std::min<int64_t>(y, 64 + y % 2); ++k)
    if (llvm::MulOverflow(result, x, result))
      return {};
  return result;
}

/// Arithmetic of integers; what leaves 64 bits is computed as by the run time.
static std::optional<Val> evaluateInts(Node &node, StringRef target, int64_t x,
                                       int64_t y) {
  int64_t r = 0;
  if (target == "ms.add" && !llvm::AddOverflow(x, y, r))
    return integer(node, r);
  if (target == "ms.sub" && !llvm::SubOverflow(x, y, r))
    return integer(node, r);
  if (target == "ms.mul" && !llvm::MulOverflow(x, y, r))
    return integer(node, r);
  if (target == "ms.pow" && y >= 0) {
    std::optional<int64_t> power = integerPower(x, y);
    return power ? std::optional<Val>(integer(node, *power)) : std::nullopt;
  }
  bool divides = target == "ms.floor_div" || target == "ms.mod";
  if (divides && y != 0 && y != -1) {
    bool adjust = x % y != 0 && (x < 0) != (y < 0);
    int64_t quotient = x / y - adjust;
    return integer(node, target == "ms.mod" ? x - quotient * y : quotient);
  }
  if (target == "ms.equal")
    return boolean(node, x == y);
  if (target == "ms.less")
    return boolean(node, x < y);
  if (target == "ms.greater")
    return boolean(node, x > y);
  if (target == "ms.less_equal")
    return boolean(node, x <= y);
  if (target == "ms.greater_equal")
    return boolean(node, x >= y);
  return {};
}

LogicalResult importScalarBinary(Node &node) {
  if (node.numInputs() < 2)
    return node.error() << "expects two inputs, got " << node.numInputs();
  StringRef target = node.rule->target;
  std::optional<Number> x = numberOf(node.inputs[0]);
  std::optional<Number> y = numberOf(node.inputs[1]);
  if (x && y) {
    bool floats = x->isFloat || y->isFloat || target == "ms.div";
    std::optional<Val> value = floats ? evaluateFloats(node, target, x->f, y->f)
                                      : evaluateInts(node, target, x->i, y->i);
    if (value)
      return node.result(*value);
  }
  SmallVector<Value> v{node.in(0), node.in(1)};
  Emitter &e = node.e;
  // Python: bool counts as int, int as float, and / gives a float.
  Type element =
      commonElementType(Emitter::element(v[0]), Emitter::element(v[1]));
  if (element.isInteger(1))
    element = e.i64();
  if (target == "ms.div" && !isa<FloatType>(element))
    element = e.f32();
  for (Value &operand : v)
    operand = e.cast(operand, element);
  return node.result(e.create(target, v, {}, {}).front());
}

LogicalResult importScalarNegate(Node &node) {
  std::optional<Number> x =
      node.numInputs() ? numberOf(node.inputs[0]) : std::nullopt;
  if (x && x->isFloat)
    return node.result(real(node, -x->f));
  if (x && x->i != INT64_MIN)
    return node.result(integer(node, -x->i));
  Value v = node.in(0);
  if (Emitter::element(v).isInteger(1))
    v = node.e.cast(v, node.e.i64());
  return node.result(node.e.emit<ms::NegOp>(v));
}

LogicalResult importScalarLog(Node &node) {
  Value v = node.in(0);
  if (!isa<FloatType>(Emitter::element(v)))
    v = node.e.cast(v, node.e.f32());
  return node.result(node.e.emit<ms::LogOp>(v));
}

/// A number of type \p element: still a number where \p val is known.
static Val castNumber(Node &node, size_t i, Type element) {
  std::optional<Number> n =
      i < node.numInputs() ? numberOf(node.inputs[i]) : std::nullopt;
  if (!n)
    return node.in(i, element);
  if (element.isInteger(1))
    return boolean(node, n->f != 0);
  if (isa<FloatType>(element))
    return real(node, n->f);
  bool fits = !n->isFloat || std::fabs(n->f) < 0x1p63;
  return fits ? integer(node, n->isFloat ? int64_t(n->f) : n->i)
              : Val(node.in(i, element));
}

LogicalResult importScalarCast(Node &node) {
  return node.result(castNumber(node, 0, node.dtype("dtype")));
}

LogicalResult importScalarBool(Node &node) {
  return node.result(castNumber(node, 0, node.e.boolean()));
}

LogicalResult importBoolNot(Node &node) {
  std::optional<Number> x =
      node.numInputs() ? numberOf(node.inputs[0]) : std::nullopt;
  if (x)
    return node.result(boolean(node, x->f == 0));
  return node.result(
      node.e.emit<ms::LogicalNotOp>(node.in(0, node.e.boolean())));
}

LogicalResult importScalarLogic(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0, e.boolean()), y = node.in(1, e.boolean());
  return node.result(e.create(node.rule->target, {x, y}, {}, {}).front());
}

/// Whether \p a and \p b are one object, where that is known while compiling.
static std::optional<bool> isSame(const Val &a, const Val &b) {
  if (a.kind == Val::Tensor && b.kind == Val::Tensor && a.tensor != b.tensor)
    return {};
  if (a.kind != b.kind)
    return false;
  if (a.kind == Val::Literal)
    return a.attr == b.attr;
  return a.isNone() || (a.kind == Val::Tensor && a.tensor == b.tensor);
}

LogicalResult importIs(Node &node) {
  if (node.numInputs() < 2)
    return node.error() << "expects two inputs, got " << node.numInputs();
  std::optional<bool> same = isSame(node.inputs[0], node.inputs[1]);
  if (!same)
    return node.error() << "whether two tensors are one object is not known";
  bool negated = node.op.getOp().ends_with("is_not");
  return node.result(boolean(node, *same != negated));
}

LogicalResult importInSequence(Node &node) {
  if (node.numInputs() < 2 || !node.inputs[1].isTuple())
    return node.error() << "expects a value and a sequence";
  const Val &x = node.inputs[0];
  Emitter &e = node.e;
  Value any;
  for (const Val &element : node.inputs[1].elements) {
    if (x.kind == Val::Literal && element.kind == Val::Literal) {
      std::optional<Number> a = numberOf(x), b = numberOf(element);
      bool equal = a && b ? a->f == b->f : x.attr == element.attr;
      if (equal)
        return node.result(boolean(node, true));
      continue;
    }
    if (x.isNone() || element.isNone())
      continue;
    Value a = node.importer.asTensor(x), b = node.importer.asTensor(element);
    if (node.failed())
      return failure();
    Type type = commonElementType(Emitter::element(a), Emitter::element(b));
    Value same = equal(e, e.cast(a, type), e.cast(b, type));
    any = any ? e.emit<ms::LogicalOrOp>({any, same}) : same;
  }
  return node.result(any ? Val(any) : boolean(node, false));
}

//===----------------------------------------------------------------------===//
// Numbers, sequences and tensors
//===----------------------------------------------------------------------===//

LogicalResult importScalarToTensor(Node &node) {
  return node.result(node.hasAttr("dtype") ? node.in(0, node.dtype("dtype"))
                                           : node.in(0));
}

LogicalResult importTensorToScalar(Node &node) {
  return node.result(reshape(node.e, node.in(0), {}));
}

LogicalResult importSequenceToTensor(Node &node) {
  Emitter &e = node.e;
  if (node.numInputs() == 0 || !node.inputs[0].isTuple())
    return node.error() << "expects a sequence";
  SmallVector<Value> parts;
  bool anyFloat = false;
  for (const Val &element : node.inputs[0].elements) {
    Value v = node.importer.asTensor(element);
    if (node.failed())
      return failure();
    anyFloat |= isa<FloatType>(Emitter::element(v));
    parts.push_back(reshape(e, v, {1}));
  }
  Type type = node.hasAttr("dtype") ? node.dtype("dtype")
              : anyFloat            ? e.f32()
                                    : e.i64();
  if (parts.empty())
    return node.result(e.ints({}, type));
  for (Value &part : parts)
    part = e.cast(part, type);
  return node.result(concat(e, parts, 0));
}

LogicalResult importTensorToSequence(Node &node) {
  Value v = node.in(0);
  if (!node.expectRank(v, 1, 1))
    return failure();
  int64_t count = Emitter::shape(v)[0];
  if (count > 1 << 16)
    return node.error() << "a sequence of " << count << " elements is too long";
  std::vector<Val> elements;
  for (int64_t i = 0; i < count && !node.failed(); ++i)
    elements.push_back(reshape(node.e, slice(node.e, v, 0, i, 1), {}));
  return node.result(Val::tuple(std::move(elements)));
}

} // namespace msc::import::mindir

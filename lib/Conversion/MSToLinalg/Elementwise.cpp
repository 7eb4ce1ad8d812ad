// SPDX-License-Identifier: Apache-2.0
//
/// \file Elementwise ops: one pattern, one scalar function per op.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace msc {

namespace {
/// Rewrites any op with the Elementwise trait ~> linalg.generic(emitScalar).
struct ConvertElementwise : OpTraitConversionPattern<ms::Elementwise> {
  using OpTraitConversionPattern::OpTraitConversionPattern;

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const final {
    auto type = dyn_cast_or_null<RankedTensorType>(
        getTypeConverter()->convertType(op->getResult(0).getType()));
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rewriter.replaceOp(
        op, buildElementwise(rewriter, op->getLoc(), type, operands,
                             [&](ScalarBuilder &s, ValueRange args) {
                               return emitScalar(op, s.b, s.loc, args);
                             }));
    return success();
  }
};

/// Emits one scalar op. Members ending in an ms category name hold its ops.
class ScalarEmitter {
public:
  ScalarEmitter(Operation *op, OpBuilder &b, Location loc, ValueRange args)
      : op(op), s(b, loc), x(args[0]), y(args.size() > 1 ? args[1] : Value()),
        z(args.size() > 2 ? args[2] : Value()) {
    Type element = getElementTypeOrSelf(op->getOperand(0).getType());
    isUnsigned = element.isUnsignedInteger();
    type = x.getType();
    isFloat = isa<FloatType>(type);
  }

  Value emit();

private:
  Value emitFloat();
  Value emitArithmetic();
  Value emitIntegerDivision(bool wantRemainder, bool floor);
  Value emitCompare();
  Value emitBits();
  Value emitConversion();
  Value emitIntPow();
  Value emitGcd();
  Value emitActivation();

  Value c(double value) { return s.constant(value, type); }
  Value sigmoid(Value v) {
    Value e = s.call("exp", s.sub(c(0), v));
    return s.div(c(1), s.add(c(1), e));
  }
  Value softplus(Value v) {
    Value e = s.call("exp", s.sub(c(0), abs(v)));
    return s.add(s.max(v, c(0)), s.call("log1p", e));
  }
  Value abs(Value v) { return s.b.create<math::AbsFOp>(s.loc, v); }
  double attr(StringRef name) {
    return cast<FloatAttr>(op->getAttr(name)).getValueAsDouble();
  }

  Operation *op;
  ScalarBuilder s;
  Value x, y, z;
  Type type;
  bool isUnsigned, isFloat;
};
} // namespace

Value ScalarEmitter::emitActivation() {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ms::SigmoidOp) { return sigmoid(x); })
      .Case([&](ms::SiluOp) { return s.mul(x, sigmoid(x)); })
      .Case([&](ms::SoftplusOp) { return softplus(x); })
      .Case([&](ms::MishOp) { return s.mul(x, s.call("tanh", softplus(x))); })
      .Case([&](ms::HardSwishOp) {
        Value clipped = s.min(s.max(s.add(x, c(3)), c(0)), c(6));
        return s.div(s.mul(x, clipped), c(6));
      })
      .Case([&](ms::GeluOp gelu) {
        Value half = s.mul(x, c(0.5));
        if (!gelu.getTanh()) {
          Value e = s.call("erf", s.mul(x, c(0.70710678118654752440)));
          return s.mul(half, s.add(c(1), e));
        }
        Value cube = s.mul(s.mul(x, x), s.mul(x, c(0.044715)));
        Value t = s.call("tanh", s.mul(c(0.7978845608028654), s.add(x, cube)));
        return s.mul(half, s.add(c(1), t));
      })
      .Case([&](ms::EluOp elu) {
        double scale = elu.getScale().convertToDouble();
        Value scaled = s.mul(x, c(elu.getInputScale().convertToDouble()));
        Value negative =
            s.mul(c(elu.getAlpha().convertToDouble()), s.call("expm1", scaled));
        return s.mul(c(scale), s.select(s.lt(c(0), x), x, negative));
      })
      .Case([&](ms::LeakyReluOp leaky) {
        Value scaled = s.mul(x, c(leaky.getAlpha().convertToDouble()));
        return s.select(s.lt(c(0), x), x, scaled);
      })
      .Case([&](ms::HardSigmoidOp hard) {
        Value line = s.add(s.mul(x, c(hard.getAlpha().convertToDouble())),
                           c(hard.getBeta().convertToDouble()));
        return s.min(s.max(line, c(0)), c(1));
      })
      .Default([](Operation *) { return Value(); });
}

Value ScalarEmitter::emitFloat() {
  OpBuilder &b = s.b;
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ms::CeilOp) { return b.create<math::CeilOp>(s.loc, x); })
      .Case([&](ms::FloorOp) { return b.create<math::FloorOp>(s.loc, x); })
      .Case([&](ms::RoundOp) { return b.create<math::RoundEvenOp>(s.loc, x); })
      .Case([&](ms::TruncOp) { return b.create<math::TruncOp>(s.loc, x); })
      .Case([&](ms::SqrtOp) { return b.create<math::SqrtOp>(s.loc, x); })
      .Case([&](ms::RsqrtOp) {
        return s.div(c(1), b.create<math::SqrtOp>(s.loc, x));
      })
      .Case([&](ms::ReciprocalOp) { return s.div(c(1), x); })
      .Case<ms::ExpOp, ms::Exp2Op, ms::Expm1Op, ms::LogOp, ms::Log2Op,
            ms::Log10Op, ms::Log1pOp, ms::SinOp, ms::CosOp, ms::TanOp,
            ms::AsinOp, ms::AcosOp, ms::AtanOp, ms::SinhOp, ms::CoshOp,
            ms::TanhOp, ms::AsinhOp, ms::AcoshOp, ms::AtanhOp, ms::ErfOp,
            ms::ErfcOp, ms::ErfinvOp, ms::LgammaOp, ms::DigammaOp,
            ms::BesselI0Op, ms::BesselI0eOp, ms::BesselI1Op, ms::BesselI1eOp,
            ms::BesselJ0Op, ms::BesselJ1Op, ms::BesselK0Op, ms::BesselK0eOp,
            ms::BesselK1Op, ms::BesselK1eOp, ms::BesselY0Op, ms::BesselY1Op>(
          [&](Operation *) {
            // The device library names Bessel functions as C does.
            StringRef name = op->getName().stripDialect();
            name.consume_front("bessel_");
            return s.call(name, x);
          })
      .Case([&](ms::Atan2Op) { return s.call("atan2", {x, y}); })
      .Case([&](ms::IsNanOp) {
        return b.create<arith::CmpFOp>(s.loc, arith::CmpFPredicate::UNO, x, x);
      })
      .Case<ms::IsInfOp, ms::IsFiniteOp>([&](Operation *) {
        Value inf = s.constant(std::numeric_limits<double>::infinity(), type);
        auto predicate = isa<ms::IsInfOp>(op) ? arith::CmpFPredicate::OEQ
                                              : arith::CmpFPredicate::OLT;
        return b.create<arith::CmpFOp>(s.loc, predicate, abs(x), inf);
      })
      .Default([](Operation *) { return Value(); });
}

/// x / y or x mod y on integers; y = 0 gives 0, INT_MIN / -1 wraps.
Value ScalarEmitter::emitIntegerDivision(bool wantRemainder, bool floor) {
  OpBuilder &b = s.b;
  Value zero = c(0), isZero = s.eq(y, zero);
  if (isUnsigned) {
    Value safe = s.select(isZero, c(1), y);
    Value r = wantRemainder
                  ? b.create<arith::RemUIOp>(s.loc, x, safe).getResult()
                  : b.create<arith::DivUIOp>(s.loc, x, safe).getResult();
    return s.select(isZero, zero, r);
  }
  Value minusOne = c(-1), isMinusOne = s.eq(y, minusOne);
  Value safe =
      s.select(b.create<arith::OrIOp>(s.loc, isZero, isMinusOne), c(1), y);
  Value q = b.create<arith::DivSIOp>(s.loc, x, safe);
  Value r = b.create<arith::RemSIOp>(s.loc, x, safe);
  if (floor) {
    // The remainder is non-zero and its sign differs from the divisor's.
    Value inexact =
        b.create<arith::CmpIOp>(s.loc, arith::CmpIPredicate::ne, r, zero);
    Value mixed = s.lt(b.create<arith::XOrIOp>(s.loc, r, safe), zero);
    Value adjust = s.land(inexact, mixed);
    q = s.select(adjust, s.sub(q, c(1)), q);
    r = s.select(adjust, s.add(r, safe), r);
  }
  if (wantRemainder)
    return s.select(b.create<arith::OrIOp>(s.loc, isZero, isMinusOne), zero, r);
  return s.select(isZero, zero, s.select(isMinusOne, s.sub(zero, x), q));
}

/// Exponentiation by squaring, unrolled over the bits of the exponent.
Value ScalarEmitter::emitIntPow() {
  Value one = c(1), zero = c(0), result = one, base = x, exponent = y;
  unsigned bits = std::min(type.getIntOrFloatBitWidth(), 6u);
  for (unsigned i = 0; i < bits; ++i) {
    Value bit = s.b.create<arith::AndIOp>(s.loc, exponent, one);
    result = s.select(s.eq(bit, one), s.mul(result, base), result);
    base = s.mul(base, base);
    exponent = s.b.create<arith::ShRUIOp>(s.loc, exponent, one);
  }
  // Exponents of 64 and more: only bases 0 and +-1 have a value that fits.
  Value odd = s.eq(s.b.create<arith::AndIOp>(s.loc, y, one), one);
  Value minusOne = c(-1);
  Value big =
      s.select(s.eq(x, one), one,
               s.select(s.eq(x, minusOne), s.select(odd, minusOne, one), zero));
  Value isBig = isUnsigned ? s.ge(y, c(64), true)
                           : s.b.create<arith::OrIOp>(s.loc, s.lt(y, zero),
                                                      s.ge(y, c(64)))
                                 .getResult();
  return type.getIntOrFloatBitWidth() > 7 ? s.select(isBig, big, result)
                                          : result;
}

Value ScalarEmitter::emitGcd() {
  Type wide = s.b.getI64Type();
  SmallVector<Value> args;
  for (Value v : {x, y})
    args.push_back(
        s.cast(isUnsigned ? v : s.max(v, s.sub(c(0), v)), wide, true));
  return s.cast(
      s.b.create<func::CallOp>(s.loc, "msc_gcd_u64", wide, args).getResult(0),
      type);
}

Value ScalarEmitter::emitArithmetic() {
  OpBuilder &b = s.b;
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ms::AddOp) { return s.add(x, y); })
      .Case([&](ms::SubOp) { return s.sub(x, y); })
      .Case([&](ms::MulOp) { return s.mul(x, y); })
      .Case([&](ms::DivOp) {
        return isFloat ? s.div(x, y) : emitIntegerDivision(false, false);
      })
      .Case([&](ms::FloorDivOp) {
        return isFloat ? b.create<math::FloorOp>(s.loc, s.div(x, y)).getResult()
                       : emitIntegerDivision(false, true);
      })
      .Case([&](ms::FmodOp) {
        return isFloat ? s.call("fmod", {x, y})
                       : emitIntegerDivision(true, false);
      })
      .Case([&](ms::ModOp) {
        if (!isFloat)
          return emitIntegerDivision(true, true);
        Value m = s.call("fmod", {x, y}), zero = c(0);
        Value differ =
            b.create<arith::XOrIOp>(s.loc, s.lt(m, zero), s.lt(y, zero));
        Value inexact =
            b.create<arith::CmpFOp>(s.loc, arith::CmpFPredicate::ONE, m, zero);
        return s.select(s.land(differ, inexact), s.add(m, y), m);
      })
      .Case([&](ms::GcdOp) { return emitGcd(); })
      .Case([&](ms::PowOp) {
        return isFloat ? s.call("pow", {x, y}) : emitIntPow();
      })
      .Case([&](ms::MaximumOp) { return s.max(x, y, isUnsigned); })
      .Case([&](ms::MinimumOp) { return s.min(x, y, isUnsigned); })
      .Case([&](ms::PreluOp) {
        return s.select(s.ge(x, c(0), isUnsigned), x, s.mul(x, y));
      })
      .Case([&](ms::ReluOp) { return isUnsigned ? x : s.max(x, c(0)); })
      .Case([&](ms::NegOp) {
        return isFloat ? b.create<arith::NegFOp>(s.loc, x).getResult()
                       : s.sub(c(0), x);
      })
      .Case([&](ms::AbsOp) {
        if (isFloat)
          return abs(x);
        return isUnsigned ? x : s.max(x, s.sub(c(0), x));
      })
      .Case([&](ms::SignOp) {
        Value positive = isUnsigned ? s.lt(c(0), x, true) : s.lt(c(0), x);
        Value rest = isUnsigned
                         ? c(0)
                         : s.select(s.lt(x, c(0)), c(-1), isFloat ? x : c(0));
        return s.select(positive, c(1), rest);
      })
      .Default([](Operation *) { return Value(); });
}

Value ScalarEmitter::emitCompare() {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  auto compare = [&](F f, I i, I u) {
    if (isFloat)
      return s.b.create<arith::CmpFOp>(s.loc, f, x, y).getResult();
    bool noSign = isUnsigned || type.isInteger(1);
    return s.b.create<arith::CmpIOp>(s.loc, noSign ? u : i, x, y).getResult();
  };
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ms::EqualOp) { return compare(F::OEQ, I::eq, I::eq); })
      .Case([&](ms::NotEqualOp) { return compare(F::UNE, I::ne, I::ne); })
      .Case([&](ms::LessOp) { return compare(F::OLT, I::slt, I::ult); })
      .Case([&](ms::LessEqualOp) { return compare(F::OLE, I::sle, I::ule); })
      .Case([&](ms::GreaterOp) { return compare(F::OGT, I::sgt, I::ugt); })
      .Case([&](ms::GreaterEqualOp) { return compare(F::OGE, I::sge, I::uge); })
      .Default([](Operation *) { return Value(); });
}

Value ScalarEmitter::emitBits() {
  OpBuilder &b = s.b;
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<ms::BitwiseAndOp, ms::LogicalAndOp>(
          [&](Operation *) { return b.create<arith::AndIOp>(s.loc, x, y); })
      .Case<ms::BitwiseOrOp, ms::LogicalOrOp>(
          [&](Operation *) { return b.create<arith::OrIOp>(s.loc, x, y); })
      .Case<ms::BitwiseXorOp, ms::LogicalXorOp>(
          [&](Operation *) { return b.create<arith::XOrIOp>(s.loc, x, y); })
      .Case<ms::BitwiseNotOp, ms::LogicalNotOp>(
          [&](Operation *) { return b.create<arith::XOrIOp>(s.loc, x, c(-1)); })
      .Case([&](ms::PopcountOp) { return b.create<math::CtPopOp>(s.loc, x); })
      .Case([&](ms::ShiftLeftOp) {
        Value wide = s.ge(y, c(type.getIntOrFloatBitWidth()), true);
        Value shifted =
            b.create<arith::ShLIOp>(s.loc, x, s.select(wide, c(0), y));
        return s.select(wide, c(0), shifted);
      })
      .Case([&](ms::ShiftRightOp) {
        unsigned width = type.getIntOrFloatBitWidth();
        Value wide = s.ge(y, c(width), true);
        if (!isUnsigned)
          return b
              .create<arith::ShRSIOp>(s.loc, x, s.select(wide, c(width - 1), y))
              .getResult();
        Value shifted =
            b.create<arith::ShRUIOp>(s.loc, x, s.select(wide, c(0), y));
        return s.select(wide, c(0), shifted);
      })
      .Default([](Operation *) { return Value(); });
}

Value ScalarEmitter::emitConversion() {
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  bool toUnsigned = element.isUnsignedInteger();
  Type to = toUnsigned ? Type(IntegerType::get(op->getContext(),
                                               element.getIntOrFloatBitWidth()))
                       : element;
  if (isa<ms::SelectOp>(op))
    return s.select(x, y, z);
  if (isa<ms::BitcastOp>(op))
    return type == to ? x
                      : s.b.create<arith::BitcastOp>(s.loc, to, x).getResult();
  auto cast = dyn_cast<ms::CastOp>(op);
  if (!cast)
    return {};
  if (!cast.getSaturate() || !isFloat || isa<FloatType>(to) || to.isInteger(1))
    return s.cast(x, to, isUnsigned, toUnsigned);
  unsigned bits = to.getIntOrFloatBitWidth();
  Type wide = s.b.getF64Type();
  double low = toUnsigned ? 0 : -std::ldexp(1, bits - 1);
  double high = std::ldexp(1, toUnsigned ? bits : bits - 1);
  // The largest double below `high` that 64-bit integers hold.
  double top = bits == 64 ? std::nextafter(high, 0) : high - 1;
  Value v = s.cast(x, wide);
  Value clamped = s.min(s.max(v, s.constant(low, wide)), s.constant(top, wide));
  return s.cast(clamped, to, false, toUnsigned);
}

Value ScalarEmitter::emit() {
  for (auto part : {&ScalarEmitter::emitArithmetic, &ScalarEmitter::emitFloat,
                    &ScalarEmitter::emitActivation, &ScalarEmitter::emitCompare,
                    &ScalarEmitter::emitBits, &ScalarEmitter::emitConversion})
    if (Value v = (this->*part)())
      return v;
  return {};
}

Value emitScalar(Operation *op, OpBuilder &b, Location loc, ValueRange args) {
  // f16 and bf16 are computed in f32 and rounded once per op.
  SmallVector<Value> wide(args);
  bool keeps = isa<ms::SelectOp, ms::BitcastOp, ms::CastOp>(op);
  ScalarBuilder s(b, loc);
  for (Value &arg : wide)
    if (!keeps && isa<FloatType>(arg.getType()))
      arg = s.cast(arg, ScalarBuilder::accumulator(arg.getType()));
  Value v = ScalarEmitter(op, b, loc, wide).emit();
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  return v && isa<FloatType>(element) ? s.cast(v, element) : v;
}

void populateMSToLinalgElementwisePatterns(TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<ConvertElementwise>(converter, patterns.getContext());
}

} // namespace msc

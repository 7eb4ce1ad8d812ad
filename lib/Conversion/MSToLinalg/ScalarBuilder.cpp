// SPDX-License-Identifier: Apache-2.0
//
/// \file Scalar arithmetic on any element type.
#include "lib/Conversion/MSToLinalg/Patterns.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace msc {

Type ScalarBuilder::accumulator(Type t) {
  return t.isF16() || t.isBF16() ? Float32Type::get(t.getContext()) : t;
}

Value ScalarBuilder::constant(double value, Type type) {
  if (type.isIndex())
    return index(int64_t(value));
  if (auto f = dyn_cast<FloatType>(type)) {
    APFloat rounded(value);
    bool lossy;
    rounded.convert(f.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &lossy);
    return b.create<arith::ConstantFloatOp>(loc, rounded, f);
  }
  return b.create<arith::ConstantOp>(loc,
                                     b.getIntegerAttr(type, int64_t(value)));
}

Value ScalarBuilder::index(int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}

static bool isFloat(Value x) { return isa<FloatType>(x.getType()); }

Value ScalarBuilder::add(Value x, Value y) {
  return isFloat(x) ? b.create<arith::AddFOp>(loc, x, y).getResult()
                    : b.create<arith::AddIOp>(loc, x, y).getResult();
}
Value ScalarBuilder::sub(Value x, Value y) {
  return isFloat(x) ? b.create<arith::SubFOp>(loc, x, y).getResult()
                    : b.create<arith::SubIOp>(loc, x, y).getResult();
}
Value ScalarBuilder::mul(Value x, Value y) {
  return isFloat(x) ? b.create<arith::MulFOp>(loc, x, y).getResult()
                    : b.create<arith::MulIOp>(loc, x, y).getResult();
}
Value ScalarBuilder::div(Value x, Value y) {
  return isFloat(x) ? b.create<arith::DivFOp>(loc, x, y).getResult()
                    : b.create<arith::DivSIOp>(loc, x, y).getResult();
}

Value ScalarBuilder::max(Value x, Value y, bool isUnsigned) {
  if (isFloat(x)) {
    // y if y > x, else x, is one instruction that lets a NaN in x through. The
    // test of y for NaN leaves a loop in which y is the same.
    Value c = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, y, x);
    Value nan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, y, y);
    return select(nan, y, select(c, y, x));
  }
  return isUnsigned ? b.create<arith::MaxUIOp>(loc, x, y).getResult()
                    : b.create<arith::MaxSIOp>(loc, x, y).getResult();
}
Value ScalarBuilder::min(Value x, Value y, bool isUnsigned) {
  if (isFloat(x)) {
    Value c = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, y, x);
    Value nan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, y, y);
    return select(nan, y, select(c, y, x));
  }
  return isUnsigned ? b.create<arith::MinUIOp>(loc, x, y).getResult()
                    : b.create<arith::MinSIOp>(loc, x, y).getResult();
}

Value ScalarBuilder::lt(Value x, Value y, bool isUnsigned) {
  if (isFloat(x))
    return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x, y);
  return b.create<arith::CmpIOp>(
      loc, isUnsigned ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt,
      x, y);
}
Value ScalarBuilder::ge(Value x, Value y, bool isUnsigned) {
  if (isFloat(x))
    return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGE, x, y);
  return b.create<arith::CmpIOp>(
      loc, isUnsigned ? arith::CmpIPredicate::uge : arith::CmpIPredicate::sge,
      x, y);
}
Value ScalarBuilder::eq(Value x, Value y) {
  if (isFloat(x))
    return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OEQ, x, y);
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, y);
}
Value ScalarBuilder::select(Value c, Value x, Value y) {
  return b.create<arith::SelectOp>(loc, c, x, y);
}
Value ScalarBuilder::land(Value x, Value y) {
  return b.create<arith::AndIOp>(loc, x, y);
}

Value ScalarBuilder::cast(Value x, Type to, bool fromUnsigned,
                          bool toUnsigned) {
  Type from = x.getType();
  if (from == to)
    return x;
  if (from.isIndex())
    return cast(fromIndex(x, b.getI64Type()), to, fromUnsigned, toUnsigned);
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  unsigned fromBits = from.getIntOrFloatBitWidth(),
           toBits = to.getIntOrFloatBitWidth();
  if (to.isInteger(1)) {
    if (fromFloat)
      return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNE, x,
                                     constant(0, from));
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, x,
                                   constant(0, from));
  }
  fromUnsigned |= from.isInteger(1);
  if (fromFloat && toFloat) {
    if (fromBits == toBits) // f16 <-> bf16
      return cast(b.create<arith::ExtFOp>(loc, b.getF32Type(), x), to);
    if (fromBits > toBits && fromBits == 64 && toBits == 16)
      return b.create<arith::TruncFOp>(
          loc, to, b.create<arith::TruncFOp>(loc, b.getF32Type(), x));
    return fromBits < toBits
               ? b.create<arith::ExtFOp>(loc, to, x).getResult()
               : b.create<arith::TruncFOp>(loc, to, x).getResult();
  }
  if (fromFloat) {
    // Through 64 bits, so that out-of-range values wrap instead of being
    // poison.
    x = cast(x, accumulator(from));
    if (toUnsigned && toBits == 64)
      return b.create<arith::FPToUIOp>(loc, to, x);
    Type wide = toBits < 64 ? Type(b.getI64Type()) : to;
    return cast(b.create<arith::FPToSIOp>(loc, wide, x), to);
  }
  if (toFloat) {
    Type via = accumulator(to);
    Value f = fromUnsigned ? b.create<arith::UIToFPOp>(loc, via, x).getResult()
                           : b.create<arith::SIToFPOp>(loc, via, x).getResult();
    return cast(f, to);
  }
  if (fromBits > toBits)
    return b.create<arith::TruncIOp>(loc, to, x);
  if (fromBits == toBits)
    return x;
  return fromUnsigned ? b.create<arith::ExtUIOp>(loc, to, x).getResult()
                      : b.create<arith::ExtSIOp>(loc, to, x).getResult();
}

Value ScalarBuilder::toIndex(Value x) {
  return b.create<arith::IndexCastOp>(loc, b.getIndexType(), x);
}
Value ScalarBuilder::fromIndex(Value x, Type to) {
  if (isa<FloatType>(to))
    return cast(fromIndex(x, b.getI64Type()), to);
  return b.create<arith::IndexCastOp>(loc, to, x);
}

Value ScalarBuilder::at(Value tensor, ValueRange indices) {
  return b.create<tensor::ExtractOp>(loc, tensor, indices);
}

Value ScalarBuilder::weight(Value x) {
  constexpr double smallest = -87.3365; // 2^-126 = exp(-87.33654...)
  Type type = x.getType();
  return select(lt(x, constant(smallest, type)), constant(0, type),
                call("exp", x));
}

Value ScalarBuilder::call(StringRef name, ValueRange args) {
  Type type = args[0].getType(), via = accumulator(type);
  SmallVector<Value> converted;
  for (Value arg : args)
    converted.push_back(cast(arg, via));
  std::string symbol = ("msc_" + name + (via.isF64() ? "_f64" : "_f32")).str();
  return cast(b.create<func::CallOp>(loc, symbol, via, converted).getResult(0),
              type);
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Elementwise formulas that operators of several formats share.
#include "msc/Import/Formulas.h"

#include "msc/Import/Shaping.h"
#include "msc/Reference/Reference.h"

using namespace mlir;

namespace msc::import {

Value maximum(Emitter &e, Value x, Value y) {
  return e.emit<ms::MaximumOp>({x, y});
}

Value minimum(Emitter &e, Value x, Value y) {
  return e.emit<ms::MinimumOp>({x, y});
}

Value absolute(Emitter &e, Value x) { return e.emit<ms::AbsOp>(x); }

Value less(Emitter &e, Value x, Value y) { return e.emit<ms::LessOp>({x, y}); }

Value equal(Emitter &e, Value x, Value y) {
  return e.emit<ms::EqualOp>({x, y});
}

Value less(Emitter &e, Value x, double y) {
  return less(e, x, number(e, y, x));
}

Value greater(Emitter &e, Value x, double y) {
  return e.emit<ms::GreaterOp>({x, number(e, y, x)});
}

Value equal(Emitter &e, Value x, double y) {
  return equal(e, x, number(e, y, x));
}

Value number(Emitter &e, double value, Value like) {
  return e.scalar(value, Emitter::element(like));
}

Value clip(Emitter &e, Value x, Value low, Value high) {
  if (low)
    x = maximum(e, x, low);
  return high ? minimum(e, x, high) : x;
}

Value clip(Emitter &e, Value x, double low, double high) {
  return clip(e, x, number(e, low, x), number(e, high, x));
}

/// The number that all elements of \p v are, if it is a constant of such.
static std::optional<double> splatOf(Value v) {
  DenseElementsAttr attr = Emitter::literal(v);
  if (!attr || !attr.isSplat())
    return {};
  return reference::fromAttr(attr).getFloat(0);
}

Value power(Emitter &e, Value x, Value y) {
  bool isFloat = isa<FloatType>(Emitter::element(x));
  std::optional<double> exponent = splatOf(y);
  // Only where y does not make the result larger.
  if (exponent && Emitter::type(y).getNumElements() == 1 &&
      Emitter::rank(y) <= Emitter::rank(x)) {
    if (*exponent == 1)
      return x;
    if (*exponent == 2)
      return e.mul(x, x);
    if (*exponent == 3)
      return e.mul(e.mul(x, x), x);
    if (*exponent == -1 && isFloat)
      return e.emit<ms::ReciprocalOp>(x);
    if (*exponent == 0.5 && isFloat)
      return e.emit<ms::SqrtOp>(x);
    if (*exponent == -0.5 && isFloat)
      return e.emit<ms::RsqrtOp>(x);
  }
  return e.emit<ms::PowOp>({x, y});
}

Value truncDiv(Emitter &e, Value x, Value y) {
  Value quotient = e.div(x, y);
  return isa<FloatType>(Emitter::element(x)) ? e.emit<ms::TruncOp>(quotient)
                                             : quotient;
}

Value swish(Emitter &e, Value x, double alpha) {
  if (alpha == 1)
    return e.emit<ms::SiluOp>(x);
  return e.mul(x, e.emit<ms::SigmoidOp>(e.mul(x, alpha)));
}

Value softsign(Emitter &e, Value x) {
  return e.div(x, e.add(absolute(e, x), 1));
}

Value shrink(Emitter &e, Value x, double lambda, double bias) {
  Value inner = e.select(less(e, x, -lambda), e.add(x, bias), number(e, 0, x));
  return e.select(greater(e, x, lambda), e.sub(x, bias), inner);
}

Value threshold(Emitter &e, Value x, double threshold, double value) {
  return e.select(greater(e, x, threshold), x, number(e, value, x));
}

Value quantize(Emitter &e, Value x, Value zero, Type element) {
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer || integer.getWidth() < 8 || integer.getWidth() > 16) {
    e.error() << "quantisation to " << element
              << " is not supported: only integers of 8 and 16 bits are";
    return e.poison();
  }
  // f16 and bf16 do not hold these integers.
  Value rounded = e.cast(e.emit<ms::RoundOp>(x), e.f32());
  if (zero)
    rounded = e.add(rounded, e.cast(zero, e.f32()));
  double count = double(int64_t(1) << integer.getWidth());
  double low = integer.isUnsigned() ? 0 : -count / 2;
  return e.cast(clip(e, rounded, low, low + count - 1), element);
}

Value reduce(Emitter &e, StringRef kind, Value x, ArrayRef<int64_t> axes,
             bool keepDims) {
  std::string name = ("ms.reduce_" + kind).str();
  return e.create(name, x, {{"axes", axes}, {"keep_dims", keepDims}}, {})
      .front();
}

Value reduceAll(Emitter &e, StringRef kind, Value x) {
  return reduce(e, kind, x,
                llvm::to_vector(llvm::seq<int64_t>(0, Emitter::rank(x))));
}

/// A weight per label, zero for what is ignored.
static Value labelWeights(Emitter &e, Value labels, Value weight, Value ignored,
                          Type element) {
  Value result = weight ? gather(e, e.cast(weight, element), labels, 0)
                        : full(e, 1, Emitter::shape(labels), element);
  return ignored ? e.select(ignored, number(e, 0, result), result) : result;
}

ClassLoss negativeLogLikelihood(Emitter &e, Value log, Value labels,
                                Value weight, std::optional<int64_t> ignored,
                                StringRef reduction) {
  labels = asIndices(e, labels);
  if (Emitter::rank(log) != Emitter::rank(labels) + 1 ||
      Emitter::rank(log) < 2) {
    if (!e.failed)
      e.error() << "labels " << labels.getType()
                << " do not fit the classes of " << log.getType();
    return {e.poison(), e.poison()};
  }
  Value isIgnored;
  if (ignored) {
    isIgnored = equal(e, labels, double(*ignored));
    labels = e.select(isIgnored, number(e, 0, labels), labels);
  }
  Value picked = e.emit<ms::GatherElementsOp>({log, expandDim(e, labels, 1)},
                                              {{"axis", 1}});
  Value weights =
      labelWeights(e, labels, weight, isIgnored, Emitter::element(log));
  Value loss = e.emit<ms::NegOp>(e.mul(weights, squeezeDim(e, picked, 1)));
  Value total = reduceAll(e, "sum", weights);
  if (reduction == "none")
    return {loss, total};
  if (reduction != "mean" && reduction != "sum" && !e.failed)
    e.error() << "reduction is 'none', 'mean' or 'sum', got '" << reduction
              << "'";
  Value sum = reduceAll(e, "sum", loss);
  return {reduction == "mean" ? e.div(sum, total) : sum, total};
}

} // namespace msc::import

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the elementwise ops: each is a function of
/// doubles, and of integers where it takes them.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"
#include "lib/Reference/Special.h"

#include <cmath>
#include <cstring>
#include <numeric>

using namespace mlir;

namespace msc::reference {

template <typename OpT> static void unary(Registry &r, double (*f)(double)) {
  r.add<OpT>([f](OpT, Inputs in, Outputs out) {
    for (int64_t i = 0; i < out[0].size(); ++i)
      out[0].setFloat(i, f(in[0]->getFloat(i)));
    return success();
  });
}

/// A unary op with an own meaning for integers.
template <typename OpT>
static void unary(Registry &r, double (*f)(double), int64_t (*g)(int64_t)) {
  r.add<OpT>([f, g](OpT, Inputs in, Outputs out) {
    for (int64_t i = 0; i < out[0].size(); ++i)
      if (out[0].isFloat())
        out[0].setFloat(i, f(in[0]->getFloat(i)));
      else
        out[0].setInt(i, g(in[0]->getInt(i)));
    return success();
  });
}

/// A function of one double that depends on the op's attributes.
template <typename OpT, typename F> static void unaryOf(Registry &r, F makeFn) {
  r.add<OpT>([makeFn](OpT op, Inputs in, Outputs out) {
    auto f = makeFn(op);
    for (int64_t i = 0; i < out[0].size(); ++i)
      out[0].setFloat(i, f(in[0]->getFloat(i)));
    return success();
  });
}

using IntFn = int64_t (*)(int64_t, int64_t);

/// \p f for floats, \p g for signed and \p u for unsigned integers and bool.
template <typename OpT>
static void binary(Registry &r, double (*f)(double, double), IntFn g, IntFn u) {
  r.add<OpT>([=](OpT, Inputs in, Outputs out) {
    bool isFloat = in[0]->isFloat();
    IntFn h = in[0]->element().isUnsignedInteger() ? u : g;
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      int64_t a = broadcastOffset(in[0]->shape(), index);
      int64_t b = broadcastOffset(in[1]->shape(), index);
      if (isFloat)
        out[0].setFloat(i++, f(in[0]->getFloat(a), in[1]->getFloat(b)));
      else
        out[0].setInt(i++, h(in[0]->getInt(a), in[1]->getInt(b)));
    });
    return success();
  });
}

template <typename OpT>
static void binary(Registry &r, double (*f)(double, double), IntFn g) {
  binary<OpT>(r, f, g, g);
}

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
static double softplus(double x) {
  return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x)));
}
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static double floorMod(double x, double y) {
  double m = std::fmod(x, y);
  return m != 0 && (m < 0) != (y < 0) ? m + y : m;
}
static int64_t floorDiv(int64_t x, int64_t y) {
  if (y == 0)
    return 0;
  if (y == -1)
    return int64_t(-uint64_t(x));
  return x / y - (x % y != 0 && (x < 0) != (y < 0));
}
static int64_t intPow(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint64_t result = 1, b = base;
  for (; exponent; exponent >>= 1, b *= b)
    if (exponent & 1)
      result *= b;
  return result;
}
static double maximum(double x, double y) {
  return std::isnan(x) ? x : std::isnan(y) ? y : std::fmax(x, y);
}
static double minimum(double x, double y) {
  return std::isnan(x) ? x : std::isnan(y) ? y : std::fmin(x, y);
}
static uint64_t u(int64_t x) { return uint64_t(x); }

static void registerRounding(Registry &r) {
  unary<ms::AbsOp>(r, std::fabs,
                   [](int64_t x) { return x < 0 ? int64_t(-u(x)) : x; });
  unary<ms::NegOp>(
      r, [](double x) { return -x; }, [](int64_t x) { return int64_t(-u(x)); });
  unary<ms::SignOp>(r, sign,
                    [](int64_t x) { return int64_t((x > 0) - (x < 0)); });
  unary<ms::CeilOp>(r, std::ceil);
  unary<ms::FloorOp>(r, std::floor);
  unary<ms::RoundOp>(r, std::nearbyint);
  unary<ms::TruncOp>(r, std::trunc);
  unary<ms::SqrtOp>(r, std::sqrt);
  unary<ms::RsqrtOp>(r, [](double x) { return 1 / std::sqrt(x); });
  unary<ms::ReciprocalOp>(r, [](double x) { return 1 / x; });
}

static void registerTranscendental(Registry &r) {
  unary<ms::ExpOp>(r, std::exp);
  unary<ms::Exp2Op>(r, std::exp2);
  unary<ms::Expm1Op>(r, std::expm1);
  unary<ms::LogOp>(r, std::log);
  unary<ms::Log2Op>(r, std::log2);
  unary<ms::Log10Op>(r, std::log10);
  unary<ms::Log1pOp>(r, std::log1p);
  unary<ms::SinOp>(r, std::sin);
  unary<ms::CosOp>(r, std::cos);
  unary<ms::TanOp>(r, std::tan);
  unary<ms::AsinOp>(r, std::asin);
  unary<ms::AcosOp>(r, std::acos);
  unary<ms::AtanOp>(r, std::atan);
  unary<ms::SinhOp>(r, std::sinh);
  unary<ms::CoshOp>(r, std::cosh);
  unary<ms::TanhOp>(r, std::tanh);
  unary<ms::AsinhOp>(r, std::asinh);
  unary<ms::AcoshOp>(r, std::acosh);
  unary<ms::AtanhOp>(r, std::atanh);
  unary<ms::ErfOp>(r, std::erf);
  unary<ms::ErfcOp>(r, std::erfc);
  unary<ms::ErfinvOp>(r, erfinv);
  unary<ms::LgammaOp>(r, std::lgamma);
  unary<ms::DigammaOp>(r, digamma);
}

static void registerBessel(Registry &r) {
  unary<ms::BesselI0Op>(
      r, [](double x) { return std::exp(std::fabs(x)) * besselIe(0, x); });
  unary<ms::BesselI0eOp>(r, [](double x) { return besselIe(0, x); });
  unary<ms::BesselI1Op>(
      r, [](double x) { return std::exp(std::fabs(x)) * besselIe(1, x); });
  unary<ms::BesselI1eOp>(r, [](double x) { return besselIe(1, x); });
  unary<ms::BesselJ0Op>(r, [](double x) { return ::j0(x); });
  unary<ms::BesselJ1Op>(r, [](double x) { return ::j1(x); });
  unary<ms::BesselK0Op>(r,
                        [](double x) { return std::exp(-x) * besselKe(0, x); });
  unary<ms::BesselK0eOp>(r, [](double x) { return besselKe(0, x); });
  unary<ms::BesselK1Op>(r,
                        [](double x) { return std::exp(-x) * besselKe(1, x); });
  unary<ms::BesselK1eOp>(r, [](double x) { return besselKe(1, x); });
  unary<ms::BesselY0Op>(r, [](double x) { return ::y0(x); });
  unary<ms::BesselY1Op>(r, [](double x) { return ::y1(x); });
}

static void registerActivations(Registry &r) {
  unary<ms::ReluOp>(
      r, [](double x) { return x > 0 || std::isnan(x) ? x : 0; },
      [](int64_t x) { return x > 0 ? x : 0; });
  unary<ms::SigmoidOp>(r, sigmoid);
  unary<ms::SiluOp>(r, [](double x) { return x * sigmoid(x); });
  unary<ms::SoftplusOp>(r, softplus);
  unary<ms::MishOp>(r, [](double x) { return x * std::tanh(softplus(x)); });
  unary<ms::HardSwishOp>(
      r, [](double x) { return x * std::fmin(std::fmax(x + 3, 0), 6) / 6; });
  unaryOf<ms::GeluOp>(r, [](ms::GeluOp op) {
    bool isTanh = op.getTanh();
    return [=](double x) {
      return isTanh ? x / 2 *
                          (1 + std::tanh(0.7978845608028654 *
                                         (x + 0.044715 * x * x * x)))
                    : x / 2 * std::erfc(-x * 0.70710678118654752440);
    };
  });
  unaryOf<ms::EluOp>(r, [](ms::EluOp op) {
    double alpha = op.getAlpha().convertToDouble();
    double scale = op.getScale().convertToDouble();
    double inputScale = op.getInputScale().convertToDouble();
    return [=](double x) {
      return scale * (x > 0 ? x : alpha * std::expm1(x * inputScale));
    };
  });
  unaryOf<ms::LeakyReluOp>(r, [](ms::LeakyReluOp op) {
    double alpha = op.getAlpha().convertToDouble();
    return [=](double x) { return x > 0 ? x : alpha * x; };
  });
  unaryOf<ms::HardSigmoidOp>(r, [](ms::HardSigmoidOp op) {
    double alpha = op.getAlpha().convertToDouble();
    double beta = op.getBeta().convertToDouble();
    return
        [=](double x) { return std::fmin(std::fmax(alpha * x + beta, 0), 1); };
  });
}

static void registerArithmetic(Registry &r) {
  binary<ms::AddOp>(
      r, [](double x, double y) { return x + y; },
      [](int64_t x, int64_t y) { return int64_t(u(x) + u(y)); });
  binary<ms::SubOp>(
      r, [](double x, double y) { return x - y; },
      [](int64_t x, int64_t y) { return int64_t(u(x) - u(y)); });
  binary<ms::MulOp>(
      r, [](double x, double y) { return x * y; },
      [](int64_t x, int64_t y) { return int64_t(u(x) * u(y)); });
  auto unsignedDiv = [](int64_t x, int64_t y) {
    return y ? int64_t(u(x) / u(y)) : 0;
  };
  auto unsignedMod = [](int64_t x, int64_t y) {
    return y ? int64_t(u(x) % u(y)) : 0;
  };
  binary<ms::DivOp>(
      r, [](double x, double y) { return x / y; },
      [](int64_t x, int64_t y) {
        return y == 0 ? 0 : y == -1 ? int64_t(-u(x)) : x / y;
      },
      unsignedDiv);
  binary<ms::FloorDivOp>(
      r, [](double x, double y) { return std::floor(x / y); }, floorDiv,
      unsignedDiv);
  binary<ms::ModOp>(
      r, floorMod,
      [](int64_t x, int64_t y) {
        return y == 0 ? 0 : int64_t(u(x) - u(y) * u(floorDiv(x, y)));
      },
      unsignedMod);
  binary<ms::FmodOp>(
      r, std::fmod,
      [](int64_t x, int64_t y) { return y == 0 || y == -1 ? 0 : x % y; },
      unsignedMod);
  binary<ms::GcdOp>(
      r, [](double, double) { return 0.0; },
      [](int64_t x, int64_t y) {
        return int64_t(std::gcd(x < 0 ? -u(x) : u(x), y < 0 ? -u(y) : u(y)));
      },
      [](int64_t x, int64_t y) { return int64_t(std::gcd(u(x), u(y))); });
  binary<ms::PowOp>(r, std::pow, intPow);
  binary<ms::MaximumOp>(
      r, maximum, [](int64_t x, int64_t y) { return std::max(x, y); },
      [](int64_t x, int64_t y) { return u(x) > u(y) ? x : y; });
  binary<ms::MinimumOp>(
      r, minimum, [](int64_t x, int64_t y) { return std::min(x, y); },
      [](int64_t x, int64_t y) { return u(x) < u(y) ? x : y; });
  binary<ms::Atan2Op>(r, std::atan2, nullptr);
  binary<ms::PreluOp>(
      r, [](double x, double y) { return x >= 0 ? x : x * y; },
      [](int64_t x, int64_t y) { return x >= 0 ? x : int64_t(u(x) * u(y)); },
      [](int64_t x, int64_t) { return x; });
}

static void registerBits(Registry &r) {
  r.add<ms::PopcountOp>([](ms::PopcountOp, Inputs in, Outputs out) {
    unsigned width = in[0]->element().getIntOrFloatBitWidth();
    for (int64_t i = 0; i < out[0].size(); ++i)
      out[0].setInt(i, llvm::popcount(u(in[0]->getInt(i)) << (64 - width)));
    return success();
  });
  unary<ms::LogicalNotOp>(r, nullptr, [](int64_t x) { return int64_t(!x); });
  // bool: ~true must stay in {0, 1}.
  r.add<ms::BitwiseNotOp>([](ms::BitwiseNotOp, Inputs in, Outputs out) {
    bool isBool = in[0]->element().isInteger(1);
    for (int64_t i = 0; i < out[0].size(); ++i)
      out[0].setInt(i, isBool ? !in[0]->getInt(i) : ~in[0]->getInt(i));
    return success();
  });
  IntFn andFn = [](int64_t x, int64_t y) { return x & y; };
  IntFn orFn = [](int64_t x, int64_t y) { return x | y; };
  IntFn xorFn = [](int64_t x, int64_t y) { return x ^ y; };
  binary<ms::BitwiseAndOp>(r, nullptr, andFn);
  binary<ms::BitwiseOrOp>(r, nullptr, orFn);
  binary<ms::BitwiseXorOp>(r, nullptr, xorFn);
  binary<ms::LogicalAndOp>(r, nullptr, andFn);
  binary<ms::LogicalOrOp>(r, nullptr, orFn);
  binary<ms::LogicalXorOp>(r, nullptr, xorFn);
  binary<ms::ShiftLeftOp>(r, nullptr, [](int64_t x, int64_t y) {
    return u(y) > 63 ? 0 : int64_t(u(x) << y);
  });
  binary<ms::ShiftRightOp>(
      r, nullptr,
      [](int64_t x, int64_t y) { return x >> std::min<uint64_t>(u(y), 63); },
      [](int64_t x, int64_t y) { return u(y) > 63 ? 0 : int64_t(u(x) >> y); });
}

static void registerTests(Registry &r) {
  unary<ms::IsNanOp>(r, [](double x) { return double(std::isnan(x)); });
  unary<ms::IsInfOp>(r, [](double x) { return double(std::isinf(x)); });
  unary<ms::IsFiniteOp>(r, [](double x) { return double(std::isfinite(x)); });
  binary<ms::EqualOp>(
      r, [](double x, double y) { return double(x == y); },
      [](int64_t x, int64_t y) { return int64_t(x == y); });
  binary<ms::NotEqualOp>(
      r, [](double x, double y) { return double(x != y); },
      [](int64_t x, int64_t y) { return int64_t(x != y); });
  binary<ms::LessOp>(
      r, [](double x, double y) { return double(x < y); },
      [](int64_t x, int64_t y) { return int64_t(x < y); },
      [](int64_t x, int64_t y) { return int64_t(u(x) < u(y)); });
  binary<ms::LessEqualOp>(
      r, [](double x, double y) { return double(x <= y); },
      [](int64_t x, int64_t y) { return int64_t(x <= y); },
      [](int64_t x, int64_t y) { return int64_t(u(x) <= u(y)); });
  binary<ms::GreaterOp>(
      r, [](double x, double y) { return double(x > y); },
      [](int64_t x, int64_t y) { return int64_t(x > y); },
      [](int64_t x, int64_t y) { return int64_t(u(x) > u(y)); });
  binary<ms::GreaterEqualOp>(
      r, [](double x, double y) { return double(x >= y); },
      [](int64_t x, int64_t y) { return int64_t(x >= y); },
      [](int64_t x, int64_t y) { return int64_t(u(x) >= u(y)); });
}

static void registerConversions(Registry &r) {
  r.add<ms::SelectOp>([](ms::SelectOp, Inputs in, Outputs out) {
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      bool c = in[0]->getInt(broadcastOffset(in[0]->shape(), index));
      const Tensor &from = *in[c ? 1 : 2];
      out[0].copyElement(i++, from, broadcastOffset(from.shape(), index));
    });
    return success();
  });
  r.add<ms::CastOp>([](ms::CastOp op, Inputs in, Outputs out) {
    bool toInt =
        in[0]->isFloat() && !out[0].isFloat() && !out[0].element().isInteger(1);
    unsigned width = out[0].element().getIntOrFloatBitWidth();
    bool isUnsigned = out[0].element().isUnsignedInteger();
    double low = isUnsigned ? 0 : -std::ldexp(1, width - 1);
    double high = std::ldexp(1, isUnsigned ? width : width - 1) - 1;
    for (int64_t i = 0; i < out[0].size(); ++i)
      if (toInt && op.getSaturate())
        out[0].setFloat(i, std::fmin(std::fmax(in[0]->getFloat(i), low), high));
      else if (in[0]->isFloat() || out[0].isFloat())
        out[0].setFloat(i, in[0]->getFloat(i));
      else
        out[0].setInt(i, in[0]->getInt(i));
    return success();
  });
  r.add<ms::BitcastOp>([](ms::BitcastOp, Inputs in, Outputs out) {
    out[0].data = in[0]->data;
    return success();
  });
}

void registerElementwise(Registry &r) {
  registerRounding(r);
  registerTranscendental(r);
  registerBessel(r);
  registerActivations(r);
  registerArithmetic(r);
  registerBits(r);
  registerTests(r);
  registerConversions(r);
}

} // namespace msc::reference

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the reduction ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>

using namespace mlir;

namespace msc::reference {

/// The result element that each element of \p shape is reduced into.
static std::vector<int64_t> targets(ArrayRef<int64_t> shape,
                                    ArrayRef<int64_t> axes) {
  SmallVector<int64_t> kept(shape);
  for (int64_t axis : axes)
    kept[axis] = 1;
  std::vector<int64_t> result;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    result.push_back(broadcastOffset(kept, index));
  });
  return result;
}

/// \p value as the nearest one of a signed integer type of \p width bits.
static int64_t clampToWidth(int64_t value, unsigned width) {
  return width < 64
             ? std::clamp(value, llvm::minIntN(width), llvm::maxIntN(width))
             : value;
}

using FloatFn = double (*)(double, double);
using IntFn = int64_t (*)(int64_t, int64_t);

template <typename OpT>
static void reduce(Registry &r, double initFloat, int64_t initInt,
                   int64_t initUnsigned, FloatFn f, IntFn g, IntFn u) {
  r.add<OpT>([=](OpT op, Inputs in, Outputs out) {
    const Tensor &x = *in[0];
    std::vector<int64_t> to = targets(x.shape(), op.getAxes());
    Type element = x.element();
    bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
    if (x.isFloat()) {
      std::vector<double> sums(out[0].size(), initFloat);
      for (int64_t i = 0; i < x.size(); ++i)
        sums[to[i]] = f(sums[to[i]], x.getFloat(i));
      out[0].setFloats(sums);
      return success();
    }
    std::vector<int64_t> sums(
        out[0].size(),
        isUnsigned ? initUnsigned
                   : clampToWidth(initInt, element.getIntOrFloatBitWidth()));
    for (int64_t i = 0; i < x.size(); ++i)
      sums[to[i]] = (isUnsigned ? u : g)(sums[to[i]], x.getInt(i));
    for (auto [i, sum] : llvm::enumerate(sums))
      out[0].setInt(i, sum);
    return success();
  });
}

static double maximum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? std::nan("") : std::fmax(x, y);
}
static double minimum(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? std::nan("") : std::fmin(x, y);
}
static int64_t addInt(int64_t x, int64_t y) {
  return int64_t(uint64_t(x) + uint64_t(y));
}
static int64_t mulInt(int64_t x, int64_t y) {
  return int64_t(uint64_t(x) * uint64_t(y));
}

static void registerReduce(Registry &r) {
  reduce<ms::ReduceSumOp>(
      r, 0, 0, 0, [](double x, double y) { return x + y; }, addInt, addInt);
  reduce<ms::ReduceProdOp>(
      r, 1, 1, 1, [](double x, double y) { return x * y; }, mulInt, mulInt);
  reduce<ms::ReduceMaxOp>(
      r, -INFINITY, INT64_MIN, 0, maximum,
      [](int64_t x, int64_t y) { return std::max(x, y); },
      [](int64_t x, int64_t y) { return uint64_t(x) > uint64_t(y) ? x : y; });
  reduce<ms::ReduceMinOp>(
      r, INFINITY, INT64_MAX, -1, minimum,
      [](int64_t x, int64_t y) { return std::min(x, y); },
      [](int64_t x, int64_t y) { return uint64_t(x) < uint64_t(y) ? x : y; });
  IntFn all = [](int64_t x, int64_t y) { return x & y; };
  IntFn any = [](int64_t x, int64_t y) { return x | y; };
  reduce<ms::ReduceAllOp>(r, 1, 1, 1, nullptr, all, all);
  reduce<ms::ReduceAnyOp>(r, 0, 0, 0, nullptr, any, any);
  r.add<ms::ReduceMeanOp>([](ms::ReduceMeanOp op, Inputs in, Outputs out) {
    const Tensor &x = *in[0];
    std::vector<int64_t> to = targets(x.shape(), op.getAxes());
    std::vector<double> sums(out[0].size());
    for (int64_t i = 0; i < x.size(); ++i)
      sums[to[i]] += x.getFloat(i);
    double count = out[0].size() ? double(x.size()) / out[0].size() : 1;
    for (double &sum : sums)
      sum /= count;
    out[0].setFloats(sums);
    return success();
  });
}

/// Calls \p fn(start, step, extent) for each line of \p x along \p axis.
static void
forEachLine(const Tensor &x, int64_t axis,
            llvm::function_ref<void(int64_t, int64_t, int64_t)> fn) {
  int64_t extent = x.dim(axis), step = strides(x.shape())[axis];
  for (int64_t i = 0; i < x.size(); ++i)
    if (i / step % extent == 0)
      fn(i, step, extent);
}

/// Whether x is strictly more extreme than y; NaN is most extreme.
template <typename OpT>
static bool beats(const Tensor &t, int64_t i, int64_t j, bool last) {
  bool max = std::is_same_v<OpT, ms::ArgMaxOp>;
  if (t.isFloat()) {
    double x = t.getFloat(i), y = t.getFloat(j);
    if (std::isnan(x) || std::isnan(y))
      return std::isnan(x) && (!std::isnan(y) || last);
    return x == y ? last : (x > y) == max;
  }
  int64_t x = t.getInt(i), y = t.getInt(j);
  bool isUnsigned = t.element().isUnsignedInteger();
  return x == y ? last
                : (isUnsigned ? uint64_t(x) > uint64_t(y) : x > y) == max;
}

template <typename OpT> static void argReduce(Registry &r) {
  r.add<OpT>([](OpT op, Inputs in, Outputs out) {
    int64_t line = 0;
    forEachLine(*in[0], op.getAxis(),
                [&](int64_t start, int64_t step, int64_t extent) {
                  int64_t best = 0;
                  for (int64_t k = 1; k < extent; ++k)
                    if (beats<OpT>(*in[0], start + k * step,
                                   start + best * step, op.getLast()))
                      best = k;
                  out[0].setInt(line++, best);
                });
    return success();
  });
}

template <typename OpT>
static void scan(Registry &r, double init, int64_t initInt, FloatFn f,
                 IntFn g) {
  r.add<OpT>([=](OpT op, Inputs in, Outputs out) {
    bool isFloat = in[0]->isFloat();
    forEachLine(
        *in[0], op.getAxis(), [&](int64_t start, int64_t step, int64_t extent) {
          double sum = init;
          int64_t total = initInt;
          for (int64_t k = 0; k < extent; ++k) {
            int64_t i = start + (op.getReverse() ? extent - 1 - k : k) * step;
            double sumBefore = sum;
            int64_t totalBefore = total;
            if (isFloat)
              sum = f(sum, in[0]->getFloat(i));
            else
              total = g(total, in[0]->getInt(i));
            if (isFloat)
              out[0].setFloat(i, op.getExclusive() ? sumBefore : sum);
            else
              out[0].setInt(i, op.getExclusive() ? totalBefore : total);
          }
        });
    return success();
  });
}

static double logAddExp(double x, double y) {
  double high = std::fmax(x, y);
  return std::isinf(high) ? high
                          : high + std::log1p(std::exp(-std::fabs(x - y)));
}

void registerReduction(Registry &r) {
  registerReduce(r);
  argReduce<ms::ArgMaxOp>(r);
  argReduce<ms::ArgMinOp>(r);
  scan<ms::CumSumOp>(r, 0, 0, [](double x, double y) { return x + y; }, addInt);
  scan<ms::CumProdOp>(
      r, 1, 1, [](double x, double y) { return x * y; }, mulInt);
  scan<ms::CumMaxOp>(r, -INFINITY, INT64_MIN, maximum,
                     [](int64_t x, int64_t y) { return std::max(x, y); });
  scan<ms::CumMinOp>(r, INFINITY, INT64_MAX, minimum,
                     [](int64_t x, int64_t y) { return std::min(x, y); });
  scan<ms::CumLogSumExpOp>(r, -INFINITY, 0, logAddExp, nullptr);
}

} // namespace msc::reference

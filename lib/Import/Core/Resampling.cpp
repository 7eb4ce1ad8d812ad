// SPDX-License-Identifier: Apache-2.0
//
/// \file Resizing and grid sampling by gathers and weights. Semantics: ONNX
/// Resize 19 and GridSample 22.
#include "msc/Import/Resampling.h"

#include "msc/Import/Shaping.h"
#include <cmath>
#include <map>

using namespace mlir;

namespace msc::import {

/// The elements of one axis that make up one output element.
using Taps = std::map<int64_t, double>;

/// Where output element \p y lies in the input's coordinates.
static double sourcePosition(double y, int64_t in, const ResizeAxis &axis,
                             const std::string &mode) {
  double outWidth = axis.scale * double(in);
  if (mode == "align_corners")
    return outWidth == 1 ? 0 : y * double(in - 1) / (outWidth - 1);
  if (mode == "asymmetric")
    return y / axis.scale;
  if (mode == "tf_half_pixel_for_nn")
    return (y + 0.5) / axis.scale;
  if (mode == "tf_crop_and_resize") {
    double span = axis.roiEnd - axis.roiStart,
           start = axis.roiStart * double(in - 1);
    return axis.out == 1
               ? 0.5 * (axis.roiStart + axis.roiEnd) * double(in - 1)
               : start + y * span * double(in - 1) / double(axis.out - 1);
  }
  if (mode == "pytorch_half_pixel" && axis.out == 1)
    return 0;
  double half = (y + 0.5) / axis.scale - 0.5;
  if (mode == "half_pixel_symmetric")
    return double(in) / 2 * (1 - double(axis.out) / outWidth) + half;
  return half;
}

static double cubicWeight(double x, double a) {
  x = std::fabs(x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static int64_t nearestIndex(double x, const std::string &mode) {
  if (mode == "floor")
    return int64_t(std::floor(x));
  if (mode == "ceil")
    return int64_t(std::ceil(x));
  if (mode == "round_prefer_ceil")
    return int64_t(std::floor(x + 0.5));
  return int64_t(std::ceil(x - 0.5));
}

static Taps tapsAt(double x, int64_t in, const ResizeAxis &axis,
                   const ResizeMethod &method) {
  auto clamp = [&](int64_t i) { return std::clamp<int64_t>(i, 0, in - 1); };
  if (method.mode == "nearest")
    return {{clamp(nearestIndex(x, method.nearest)), 1.0}};
  double squeeze = method.antialias ? std::fmin(axis.scale, 1.0) : 1.0;
  double radius = (method.mode == "cubic" ? 2.0 : 1.0) / squeeze;
  Taps taps;
  double sum = 0, inside = 0;
  for (int64_t i = int64_t(std::floor(x - radius));
       i <= int64_t(std::ceil(x + radius)); ++i) {
    double d = (double(i) - x) * squeeze;
    double w = method.mode == "cubic" ? cubicWeight(d, method.cubicA)
                                      : std::fmax(0, 1 - std::fabs(d));
    if (w == 0)
      continue;
    sum += w;
    bool outside = i < 0 || i >= in;
    inside += outside ? 0 : w;
    if (!outside || !method.excludeOutside)
      taps[clamp(i)] += w;
  }
  double total = method.excludeOutside ? inside : sum;
  for (auto &tap : taps)
    tap.second /= total == 0 ? 1 : total;
  return taps;
}

/// A constant of \p values along \p axis of rank \p rank, other extents one.
static Value alongAxis(Emitter &e, ArrayRef<double> values, Type element,
                       int64_t axis, int64_t rank) {
  SmallVector<int64_t> shape(rank, 1);
  shape[axis] = values.size();
  SmallVector<APFloat> numbers;
  for (double v : values) {
    APFloat number(v);
    bool lossy;
    number.convert(cast<FloatType>(element).getFloatSemantics(),
                   APFloat::rmNearestTiesToEven, &lossy);
    numbers.push_back(number);
  }
  return e.constant(
      DenseElementsAttr::get(RankedTensorType::get(shape, element), numbers));
}

/// Sums weighted gathers; many taps per element become a matrix product.
static Value applyTaps(Emitter &e, Value x, int64_t axis,
                       const std::vector<Taps> &all) {
  size_t most = 1;
  bool plain = true;
  for (const Taps &taps : all) {
    most = std::max(most, taps.size());
    plain &= taps.size() == 1 && taps.begin()->second == 1;
  }
  Type element = e.element(x);
  int64_t rank = e.rank(x), in = e.shape(x)[axis], out = all.size();
  if (most > 4) {
    std::vector<double> matrix(in * out);
    for (int64_t o = 0; o < out; ++o)
      for (auto [i, w] : all[o])
        matrix[i * out + o] = w;
    Value weights = reshape(e, alongAxis(e, matrix, element, 0, 1), {in, out});
    Value product =
        e.emit<ms::MatMulOp>({moveDim(e, x, axis, rank - 1), weights});
    return moveDim(e, product, rank - 1, axis);
  }
  Value sum;
  for (size_t slot = 0; slot < most; ++slot) {
    SmallVector<int64_t> index;
    SmallVector<double> weight;
    for (const Taps &taps : all) {
      auto tap = taps.begin();
      std::advance(tap, std::min(slot, taps.size() - 1));
      index.push_back(tap->first);
      weight.push_back(slot < taps.size() ? tap->second : 0);
    }
    Value part = gather(e, x, e.ints(index, e.i64()), axis);
    if (!plain)
      part = e.mul(part, alongAxis(e, weight, element, axis, rank));
    sum = sum ? e.add(sum, part) : part;
  }
  return sum;
}

/// The weights of longer axes would not fit into memory.
static constexpr int64_t extentLimit = 1 << 24;

Value resize(Emitter &e, Value x, ArrayRef<ResizeAxis> axes,
             const ResizeMethod &method) {
  if (e.failed)
    return e.poison();
  Type original = e.element(x);
  bool wide = method.mode == "nearest" || original.isF32() || original.isF64();
  if (!wide)
    x = e.cast(x, e.f32());
  Value outside;
  for (const ResizeAxis &axis : axes) {
    int64_t in = e.shape(x)[axis.axis];
    if (in == 0 || axis.out == 0) {
      e.error() << "cannot resize an empty axis of " << x.getType();
      return x;
    }
    if (axis.out < 0 || axis.out > extentLimit) {
      e.error() << "cannot resize an axis to " << axis.out
                << " elements, at most " << extentLimit;
      return x;
    }
    std::vector<Taps> taps;
    SmallVector<bool> extrapolated;
    for (int64_t y = 0; y < axis.out; ++y) {
      double at = sourcePosition(double(y), in, axis, method.coordinates);
      extrapolated.push_back(method.coordinates == "tf_crop_and_resize" &&
                             (at < 0 || at > double(in - 1)));
      taps.push_back(tapsAt(at, in, axis, method));
    }
    x = applyTaps(e, x, axis.axis, taps);
    if (llvm::is_contained(extrapolated, true)) {
      SmallVector<int64_t> shape(e.rank(x), 1);
      shape[axis.axis] = axis.out;
      Value mask = e.constant(DenseElementsAttr::get(
          RankedTensorType::get(shape, e.boolean()), extrapolated));
      outside = outside ? e.emit<ms::LogicalOrOp>({outside, mask}) : mask;
    }
  }
  if (outside)
    x = e.select(outside, e.scalar(method.extrapolation, e.element(x)), x);
  return wide ? x : e.cast(x, original);
}

namespace {
/// Samples one batch of positions; coordinates are [N, points].
class GridSampler {
public:
  GridSampler(Emitter &e, Value x, StringRef mode, StringRef padding,
              bool alignCorners)
      : e(e), mode(mode), padding(padding), alignCorners(alignCorners),
        element(e.element(x)) {
    spatial = SmallVector<int64_t>(e.shape(x).drop_front(2));
    int64_t n = e.shape(x)[0], c = e.shape(x)[1], cells = 1;
    for (int64_t extent : spatial)
      cells *= extent;
    flat =
        transpose(e, reshape(e, x, {n, c, cells}), {0, 2, 1}); // [N, cells, C]
  }

  Value sample(ArrayRef<Value> positions); ///< [N, points, C]

private:
  struct Tap {
    Value index, weight; ///< i64 and float [N, points]
  };
  Value unary(StringRef op, Value v) {
    return e.create(op, v, {}, v.getType()).front();
  }
  Value clampTo(Value v, double low, double high) {
    v = e.emit<ms::MaximumOp>({v, e.scalar(low, e.element(v))});
    return e.emit<ms::MinimumOp>({v, e.scalar(high, e.element(v))});
  }
  Value reflect(Value v, int64_t extent);
  Tap tapAt(Value position, double weightIfOne, Value weight, int64_t extent);
  SmallVector<Tap> taps(Value position, int64_t extent);

  Emitter &e;
  StringRef mode, padding;
  bool alignCorners;
  Type element;
  SmallVector<int64_t> spatial;
  Value flat;
};
} // namespace

/// Mirrors positions into the range between the border pixels' centres (or
/// edges, without align_corners).
Value GridSampler::reflect(Value v, int64_t extent) {
  double low = alignCorners ? 0 : -0.5,
         high = alignCorners ? double(extent - 1) : double(extent) - 0.5;
  double span = high - low;
  if (span <= 0)
    return e.mul(v, 0.0);
  Value m = e.emit<ms::ModOp>({e.sub(v, low), e.scalar(2 * span, element)});
  Value folded = e.sub(e.scalar(2 * span, element), m);
  return e.add(e.emit<ms::MinimumOp>({m, folded}), low);
}

/// The tap at an integral \p position; outside of the input it is dropped or
/// moved inside, by the padding.
GridSampler::Tap GridSampler::tapAt(Value position, double weightIfOne,
                                    Value weight, int64_t extent) {
  if (!weight)
    weight = e.add(e.mul(position, 0.0), weightIfOne);
  if (padding == "reflection")
    position = unary("ms.round", reflect(position, extent));
  if (padding == "zeros") {
    Value above = e.emit<ms::GreaterEqualOp>({position, e.scalar(0, element)});
    Value below = e.emit<ms::LessEqualOp>(
        {position, e.scalar(double(extent - 1), element)});
    weight = e.select(e.emit<ms::LogicalAndOp>({above, below}), weight,
                      e.scalar(0, element));
  }
  Value inside = clampTo(position, 0, double(extent - 1));
  return {e.cast(inside, e.i64()), weight};
}

SmallVector<GridSampler::Tap> GridSampler::taps(Value position,
                                                int64_t extent) {
  bool cubic = mode == "cubic";
  if (padding == "border" && !cubic)
    position = clampTo(position, 0, double(extent - 1));
  if (padding == "reflection" && !cubic)
    position = clampTo(reflect(position, extent), 0, double(extent - 1));
  if (mode == "nearest")
    return {tapAt(unary("ms.round", position), 1, Value(), extent)};
  Value base = unary("ms.floor", position), t = e.sub(position, base);
  SmallVector<Tap> result;
  for (int k = cubic ? -1 : 0; k <= (cubic ? 2 : 1); ++k) {
    Value at = e.add(base, double(k)), d = unary("ms.abs", e.sub(t, double(k)));
    Value weight;
    if (!cubic) {
      weight = e.sub(e.scalar(1, element), d);
    } else {
      const double a = -0.75;
      Value near =
          e.add(e.mul(e.mul(e.sub(e.mul(d, a + 2), a + 3), d), d), 1.0);
      Value far = e.sub(
          e.mul(e.add(e.mul(e.sub(e.mul(d, a), 5 * a), d), 8 * a), d), 4 * a);
      weight = e.select(e.emit<ms::LessEqualOp>({d, e.scalar(1, element)}),
                        near, far);
    }
    result.push_back(tapAt(at, 1, weight, extent));
  }
  return result;
}

Value GridSampler::sample(ArrayRef<Value> positions) {
  SmallVector<Tap> combined;
  for (size_t d = 0; d < spatial.size(); ++d) {
    Value p = positions[d];
    double extent = double(spatial[d]);
    p = alignCorners ? e.mul(e.add(p, 1.0), (extent - 1) / 2)
                     : e.div(e.sub(e.mul(e.add(p, 1.0), extent), 1.0), 2.0);
    SmallVector<Tap> next;
    for (const Tap &tap : taps(p, spatial[d]))
      if (d == 0)
        next.push_back(tap);
      else
        for (const Tap &outer : combined)
          next.push_back({e.add(e.mul(outer.index, extent), tap.index),
                          e.mul(outer.weight, tap.weight)});
    combined = std::move(next);
  }
  Value sum;
  for (const Tap &tap : combined) {
    Value part = gather(e, flat, tap.index, 1, 1);
    part = e.mul(part, expandDim(e, tap.weight, 2));
    sum = sum ? e.add(sum, part) : part;
  }
  return sum;
}

Value gridSample(Emitter &e, Value x, Value grid, StringRef mode,
                 StringRef padding, bool alignCorners) {
  if (e.failed)
    return e.poison();
  int64_t rank = e.rank(x) - 2;
  if (rank < 1 || e.rank(grid) != rank + 2 || e.shape(grid).back() != rank ||
      e.shape(grid)[0] != e.shape(x)[0]) {
    e.error() << "cannot sample " << x.getType() << " at positions "
              << grid.getType();
    return x;
  }
  Type original = e.element(x), element = original.isF64() ? original : e.f32();
  x = e.cast(x, element), grid = e.cast(grid, element);
  SmallVector<int64_t> out(e.shape(grid).drop_front().drop_back());
  int64_t n = e.shape(x)[0], c = e.shape(x)[1], points = 1;
  for (int64_t extent : out)
    points *= extent;
  SmallVector<Value> positions; // outermost first
  for (int64_t d = rank - 1; d >= 0; --d)
    positions.push_back(
        reshape(e, slice(e, grid, rank + 1, d, 1), {n, points}));
  Value y = GridSampler(e, x, mode, padding, alignCorners).sample(positions);
  SmallVector<int64_t> shape{n, c};
  shape.append(out);
  return e.cast(reshape(e, transpose(e, y, {0, 2, 1}), shape), original);
}

} // namespace msc::import

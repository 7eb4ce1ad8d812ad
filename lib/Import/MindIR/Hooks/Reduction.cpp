// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore reductions (mindspore.ops, 2.10): axis may be a number, a
/// tuple, None or () for all axes; it may be negative.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

static StringRef primitive(Node &n) { return n.op.getOp().rsplit('.').second; }

/// Axes of the node, from the front; all when none are given.
static SmallVector<int64_t> axesOf(Node &n, int64_t rank,
                                   bool *none = nullptr) {
  SmallVector<int64_t> axes = n.i64s("axis", SmallVector<int64_t>());
  for (int64_t &axis : axes)
    axis = rank == 0 && (axis == 0 || axis == -1) ? 0 : n.axis(axis, rank);
  if (rank == 0)
    axes.clear();
  if (none)
    *none = axes.empty();
  if (axes.empty())
    for (int64_t d = 0; d < rank; ++d)
      axes.push_back(d);
  return axes;
}

LogicalResult importReduce(Node &n) {
  Value x = n.in(0);
  bool none = false;
  SmallVector<int64_t> axes = axesOf(n, Emitter::rank(x), &none);
  if (none && n.flag("skip_mode", false))
    return n.result(x);
  std::string kind =
      primitive(n).drop_front(StringRef("Reduce").size()).lower();
  return n.result(reduce(n.e, kind, x, axes, n.flag("keep_dims", false)));
}

LogicalResult importReduceExt(Node &n) {
  Emitter &e = n.e;
  StringRef name = primitive(n);
  Value x = n.in(0);
  Type element = e.element(x);
  bool integer = !isa<FloatType>(element);
  Type wanted = n.hasAttr("dtype")             ? n.dtype("dtype")
                : integer && name != "MeanExt" ? e.i64()
                                               : element;
  x = e.cast(x, wanted);
  if (name == "Nansum" && isa<FloatType>(wanted))
    x = e.select(e.emit<ms::IsNanOp>({x}), e.scalar(0, wanted), x);
  StringRef kind = name == "MeanExt"   ? "mean"
                   : name == "ProdExt" ? "prod"
                                       : "sum";
  return n.result(
      reduce(e, kind, x, axesOf(n, e.rank(x)), n.flag("keep_dims", false)));
}

LogicalResult importReduceAll(Node &n) {
  return n.result(
      reduceAll(n.e, primitive(n) == "Max" ? "max" : "min", n.in(0)));
}

/// The index of the extreme element along \p axis and, on demand, its value.
static std::pair<Value, Value> extreme(Node &n, Value x, bool max, int64_t axis,
                                       bool keep) {
  Emitter &e = n.e;
  if (e.rank(x) == 0)
    return {e.scalar(0, e.i64()), x};
  axis = n.axis(axis, e.rank(x));
  Attrs attrs = {{"axis", axis}, {"keep_dims", keep}};
  Value index =
      max ? e.emit<ms::ArgMaxOp>({x}, attrs) : e.emit<ms::ArgMinOp>({x}, attrs);
  return {index, reduce(e, max ? "max" : "min", x, axis, keep)};
}

LogicalResult importArgWithValue(Node &n) {
  bool max = primitive(n) == "ArgMaxWithValue";
  auto [index, value] =
      extreme(n, n.in(0), max, n.i64("axis", 0), n.flag("keep_dims", false));
  // Since 2.3, with its attributes as inputs, the primitive gives i64.
  bool wide = bool(n.op.getAttrs().get("graph.args_as_inputs"));
  return n.result(
      Val::tuple({n.e.cast(index, wide ? n.e.i64() : n.e.i32()), value}));
}

LogicalResult importExtremeDim(Node &n) {
  bool max = primitive(n) == "MaxDim";
  auto [index, value] =
      extreme(n, n.in(0), max, n.i64("axis"), n.flag("keep_dims", false));
  return n.result(Val::tuple({value, index}));
}

LogicalResult importArg(Node &n) {
  bool max = primitive(n) == "Argmax";
  Value index = extreme(n, n.in(0), max, n.i64("axis", -1), false).first;
  return n.result(n.e.cast(index, n.dtype("output_type", n.e.i32())));
}

LogicalResult importArgExt(Node &n) {
  Emitter &e = n.e;
  bool max = primitive(n) == "ArgMaxExt";
  Value x = n.in(0);
  if (!n.hasAttr("axis"))
    x = e.emitTyped<ms::ReshapeOp>(
        RankedTensorType::get({e.type(x).getNumElements()}, e.element(x)), {x});
  bool keep = n.hasAttr("axis") && n.flag("keep_dims", false);
  return n.result(extreme(n, x, max, n.i64("axis", 0), keep).first);
}

LogicalResult importScan(Node &n) {
  Emitter &e = n.e;
  StringRef name = primitive(n);
  Value x = n.in(0);
  if (name == "CumsumExt") {
    bool integer = !isa<FloatType>(e.element(x));
    x = e.cast(x, n.hasAttr("dtype") ? n.dtype("dtype")
                  : integer          ? e.i64()
                                     : e.element(x));
  }
  int64_t axis = n.axis(n.i64("axis"), e.rank(x));
  Attrs attrs = {{"axis", axis},
                 {"exclusive", n.flag("exclusive", false)},
                 {"reverse", n.flag("reverse", false)}};
  if (name == "CumProd")
    return n.result(e.emitTyped<ms::CumProdOp>(x.getType(), {x}, attrs));
  if (name == "CumulativeLogsumexp")
    return n.result(e.emitTyped<ms::CumLogSumExpOp>(x.getType(), {x}, attrs));
  return n.result(e.emitTyped<ms::CumSumOp>(x.getType(), {x}, attrs));
}

LogicalResult importLogSumExp(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  SmallVector<int64_t> axes = axesOf(n, e.rank(x));
  bool keep = n.flag("keep_dims", false);
  Value best = reduce(e, "max", x, axes, true);
  best =
      e.select(e.emit<ms::IsFiniteOp>({best}), best, e.scalar(0, e.element(x)));
  Value shifted = e.sub(x, best);
  Value sum =
      reduce(e, "sum", e.emitTyped<ms::ExpOp>(shifted.getType(), {shifted}),
             axes, keep);
  Value log = e.emitTyped<ms::LogOp>(sum.getType(), {sum});
  return n.result(
      e.add(log, keep ? best : reduce(e, "sum", best, axes, false)));
}

/// (sum |x|^p)^(1/p); p = 0 counts, p = +-inf takes extremes.
LogicalResult importLpNorm(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  if (n.hasAttr("dtype"))
    x = e.cast(x, n.dtype("dtype"));
  SmallVector<int64_t> axes = axesOf(n, e.rank(x));
  bool keep = n.flag("keep_dims", false);
  double p = n.f64("p", 2);
  Type element = e.element(x);
  Value size = e.emitTyped<ms::AbsOp>(x.getType(), {x});
  if (std::isinf(p))
    return n.result(reduce(e, p > 0 ? "max" : "min", size, axes, keep));
  if (p == 0) {
    Value set =
        e.cast(e.emit<ms::NotEqualOp>({x, e.scalar(0, element)}), element);
    return n.result(reduce(e, "sum", set, axes, keep));
  }
  if (p == 1)
    return n.result(reduce(e, "sum", size, axes, keep));
  Value power =
      p == 2 ? e.mul(x, x) : e.emit<ms::PowOp>({size, e.scalar(p, element)});
  Value sum = reduce(e, "sum", power, axes, keep);
  return n.result(p == 2 ? e.emitTyped<ms::SqrtOp>(sum.getType(), {sum})
                         : e.emit<ms::PowOp>({sum, e.scalar(1 / p, element)}));
}

/// The variance over \p axes, divided by count - correction, and the mean.
static std::pair<Value, Value> variance(Node &n, Value x,
                                        ArrayRef<int64_t> axes,
                                        double correction, bool keep) {
  Emitter &e = n.e;
  double count = 1;
  for (int64_t axis : axes)
    count *= double(e.shape(x)[axis]);
  Value centred = e.sub(x, reduce(e, "mean", x, axes, true));
  Value sum = reduce(e, "sum", e.mul(centred, centred), axes, keep);
  double divisor = std::fmax(count - correction, 0);
  return {e.div(sum, divisor), reduce(e, "mean", x, axes, keep)};
}

LogicalResult importReduceStd(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  auto [var, mean] =
      variance(n, x, axesOf(n, e.rank(x)), n.flag("unbiased", true) ? 1 : 0,
               n.flag("keep_dims", false));
  return n.result(
      Val::tuple({e.emitTyped<ms::SqrtOp>(var.getType(), {var}), mean}));
}

LogicalResult importVariance(Node &n) {
  Emitter &e = n.e;
  StringRef name = primitive(n);
  Value x = n.in(0);
  auto [var, mean] =
      variance(n, x, axesOf(n, e.rank(x)), double(n.i64("correction", 1)),
               n.flag("keep_dims", false));
  if (name == "Std")
    return n.result(e.emitTyped<ms::SqrtOp>(var.getType(), {var}));
  return name == "Var" ? n.result(var) : n.result(Val::tuple({var, mean}));
}

LogicalResult importCountNonZero(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  Value set =
      e.cast(e.emit<ms::NotEqualOp>({x, e.scalar(0, e.element(x))}), e.i64());
  return n.result(reduce(e, "sum", set, axesOf(n, e.rank(x)), false));
}

} // namespace msc::import::mindir

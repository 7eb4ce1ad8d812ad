// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX reductions: axes in both encodings, and the composed ones.
#include "lib/Import/ONNX/Hooks.h"

using namespace mlir;

namespace msc::import::onnx {

/// Axes of the node, counted from the front; all when none are given, unless
/// `noop_with_empty_axes` says so.
static SmallVector<int64_t> axesOf(Node &n, int64_t rank, bool &noop) {
  SmallVector<int64_t> axes = n.i64s("axes", SmallVector<int64_t>());
  for (int64_t &axis : axes)
    axis = n.axis(axis, rank);
  noop = axes.empty() && n.flag("noop_with_empty_axes", false);
  if (axes.empty() && !noop)
    for (int64_t d = 0; d < rank; ++d)
      axes.push_back(d);
  return axes;
}

/// log(sum(exp(x))) ~> m + log(sum(exp(x - m))), m the maximum or 0 if
/// infinite.
static Value logSumExp(Emitter &e, Value x, ArrayRef<int64_t> axes, bool keep) {
  Value m = e.emit<ms::ReduceMaxOp>({x}, {{"axes", axes}, {"keep_dims", true}});
  Value finite = e.emit<ms::IsFiniteOp>({m});
  m = e.select(finite, m, e.scalar(0, e.element(x)));
  Value sum = e.emit<ms::ReduceSumOp>({e.emit<ms::ExpOp>({e.sub(x, m)})},
                                      {{"axes", axes}, {"keep_dims", keep}});
  if (!keep)
    m = e.emit<ms::ReduceSumOp>({m}, {{"axes", axes}});
  return e.add(e.emit<ms::LogOp>({sum}), m);
}

LogicalResult reduce(Node &n) {
  Emitter &e = n.e;
  StringRef name = n.op.getOp().rsplit('.').second;
  Value x = n.in(0);
  bool noop = false;
  SmallVector<int64_t> axes = axesOf(n, e.rank(x), noop);
  bool keep = n.flag("keepdims", true);
  if (n.failed())
    return failure();
  auto to = [&](Value v, auto tag) {
    return noop ? v
                : e.emit<decltype(tag)>({v},
                                        {{"axes", axes}, {"keep_dims", keep}});
  };
  if (name == "ReduceSum")
    return n.result(to(x, ms::ReduceSumOp()));
  if (name == "ReduceMean")
    return n.result(to(x, ms::ReduceMeanOp()));
  if (name == "ReduceMax")
    return n.result(to(x, ms::ReduceMaxOp()));
  if (name == "ReduceMin")
    return n.result(to(x, ms::ReduceMinOp()));
  if (name == "ReduceProd")
    return n.result(to(x, ms::ReduceProdOp()));
  if (name == "ReduceL1")
    return n.result(
        to(e.emitTyped<ms::AbsOp>(x.getType(), {x}), ms::ReduceSumOp()));
  if (name == "ReduceSumSquare")
    return n.result(to(e.mul(x, x), ms::ReduceSumOp()));
  if (name == "ReduceLogSum" || name == "ReduceL2") {
    Value sum = to(name == "ReduceL2" ? e.mul(x, x) : x, ms::ReduceSumOp());
    Type element = e.element(x);
    Value f =
        isa<FloatType>(element) ? sum : e.cast(sum, e.builder.getF64Type());
    f = name == "ReduceL2" ? e.emit<ms::SqrtOp>({f}) : e.emit<ms::LogOp>({f});
    return n.result(e.cast(f, element));
  }
  if (noop)
    return n.result(x);
  return n.result(logSumExp(e, x, axes, keep));
}

LogicalResult argReduce(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  int64_t axis = n.axis(n.i64("axis", 0), e.rank(x));
  Attrs attrs = {{"axis", axis},
                 {"keep_dims", n.flag("keepdims", true)},
                 {"last", n.flag("select_last_index", false)}};
  bool max = n.op.getOp() == "onnx.ArgMax";
  return n.result(max ? e.emit<ms::ArgMaxOp>({x}, attrs)
                      : e.emit<ms::ArgMinOp>({x}, attrs));
}

LogicalResult scan(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  int64_t axis = n.axis(n.i64("axis"), e.rank(x));
  Attrs attrs = {{"axis", axis},
                 {"exclusive", n.flag("exclusive", false)},
                 {"reverse", n.flag("reverse", false)}};
  return n.result(n.op.getOp() == "onnx.CumSum"
                      ? e.emitTyped<ms::CumSumOp>(x.getType(), {x}, attrs)
                      : e.emitTyped<ms::CumProdOp>(x.getType(), {x}, attrs));
}

} // namespace msc::import::onnx

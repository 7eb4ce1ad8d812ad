// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's normalization operators. Semantics: mindspore.ops.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Input \p i, or null where it is None.
static Value optional(Node &node, size_t i) {
  return node.has(i) ? node.in(i) : Value();
}

/// A vector of one number per channel of \p x [N, C, ...].
static Value channelNumbers(Emitter &e, Value x, double value) {
  return full(e, value, {Emitter::shape(x)[1]}, Emitter::element(x));
}

/// Means of \p v over all dimensions of [N, C, ...] but C.
static Value channelMean(Emitter &e, Value v) {
  SmallVector<int64_t> axes{0};
  for (int64_t d = 2; d < Emitter::rank(v); ++d)
    axes.push_back(d);
  return reduce(e, "mean", v, axes);
}

/// Inputs x, scale, bias, mean, variance; in training, the statistics are those
/// of the batch. Results: normalized, mean, variance.
static SmallVector<Value> batchNorm(Node &node, Value x, Value scale,
                                    Value bias, Value mean, Value variance,
                                    bool isTraining) {
  Emitter &e = node.e;
  if (isTraining && node.expectRank(x, 2, 64)) {
    mean = channelMean(e, x);
    Value centered = e.sub(x, perChannel(e, mean, Emitter::rank(x)));
    variance = channelMean(e, e.mul(centered, centered));
  }
  Value y = e.emit<ms::BatchNormOp>({x, scale, bias, mean, variance},
                                    {{"epsilon", node.f64("epsilon", 1e-5)}});
  return {y, mean, variance};
}

/// Results: y, mean, variance and two reserved ones.
LogicalResult importBatchNorm(Node &node) {
  Emitter &e = node.e;
  bool last = isChannelsLast(node);
  Value x = last ? channelsFirst(e, node.in(0)) : node.in(0);
  SmallVector<Value> r = batchNorm(node, x, node.in(1), node.in(2), node.in(3),
                                   node.in(4), node.flag("is_training", false));
  if (last && !node.failed())
    r[0] = channelsLast(e, r[0]);
  return node.result(Val::tuple({r[0], r[1], r[2], r[1], r[2]}));
}

/// Input, weight, bias, running mean and variance (each maybe None).
LogicalResult importBatchNormExt(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (!node.expectRank(x, 2, 64))
    return failure();
  Value scale = optional(node, 1), bias = optional(node, 2);
  Value mean = optional(node, 3), variance = optional(node, 4);
  scale = scale ? scale : channelNumbers(e, x, 1);
  bias = bias ? bias : channelNumbers(e, x, 0);
  bool isTraining = node.flag("training", false) || !mean || !variance;
  SmallVector<Value> r =
      batchNorm(node, x, scale, bias, mean, variance, isTraining);
  return node.result(Val::tuple({r[0], r[1], r[2]}));
}

/// 1 / inverse^2 - epsilon: the variance of an inverse deviation.
static Value varianceOf(Emitter &e, Value inverse, double epsilon) {
  Value square = e.mul(inverse, inverse);
  return e.sub(e.emit<ms::ReciprocalOp>(square), epsilon);
}

/// LayerNorm gives the variance, LayerNormV3 the inverse deviation.
static LogicalResult importLayerNormOf(Node &node, bool givesVariance) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("begin_norm_axis", 1), Emitter::rank(x));
  double epsilon = node.f64("epsilon", 1e-7);
  SmallVector<Value> r = layerNorm(e, x, node.in(1), node.in(2), axis, epsilon);
  Value spread = givesVariance ? varianceOf(e, r[2], epsilon) : r[2];
  return node.result(Val::tuple({r[0], r[1], spread}));
}

LogicalResult importLayerNorm(Node &node) {
  return importLayerNormOf(node, true);
}
LogicalResult importLayerNormV3(Node &node) {
  return importLayerNormOf(node, false);
}

LogicalResult importLayerNormExt(Node &node) {
  Value x = node.in(0);
  int64_t axis =
      Emitter::rank(x) - int64_t(node.i64s("normalized_shape").size());
  SmallVector<Value> r =
      layerNorm(node.e, x, optional(node, 2), optional(node, 3), axis,
                node.f64("eps", 1e-5));
  return node.result(Val::tuple({r[0], r[1], r[2]}));
}

/// Inputs x1, x2, gamma, beta; the last result is x1 + x2.
LogicalResult importAddLayerNorm(Node &node) {
  Emitter &e = node.e;
  Value sum = e.add(node.in(0), node.in(1)), gamma = node.in(2);
  int64_t axis = Emitter::rank(sum) - Emitter::rank(gamma);
  SmallVector<Value> r =
      layerNorm(e, sum, gamma, node.in(3), axis, node.f64("epsilon", 1e-5));
  return node.result(Val::tuple({r[0], r[1], r[2], sum}));
}

LogicalResult importGroupNorm(Node &node) {
  SmallVector<Value> r =
      groupNorm(node.e, node.in(0), optional(node, 2), optional(node, 3),
                node.i64("num_groups"), node.f64("eps", 1e-5));
  return node.result(Val::tuple({r[0], r[1], r[2]}));
}

/// Normalizes by the statistics of each instance, as the operator does in
/// training; inputs 3 and 4 are running ones. Results: y, mean, variance.
LogicalResult importInstanceNorm(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  if (!node.expectRank(x, 2, 64))
    return failure();
  double epsilon = node.f64("epsilon", 1e-5);
  SmallVector<Value> r =
      groupNorm(e, x, node.in(1), node.in(2), Emitter::shape(x)[1], epsilon);
  return node.result(Val::tuple({r[0], r[1], varianceOf(e, r[2], epsilon)}));
}

LogicalResult importRmsNorm(Node &node) {
  Value x = node.in(0), gamma = node.in(1);
  int64_t axis = Emitter::rank(x) - Emitter::rank(gamma);
  SmallVector<Value> r =
      rmsNorm(node.e, x, gamma, axis, node.f64("epsilon", 1e-6));
  return node.result(Val::tuple({r[0], r[1]}));
}

/// Inputs x1, x2, gamma; the last result is x1 + x2.
LogicalResult importAddRmsNorm(Node &node) {
  Value sum = node.e.add(node.in(0), node.in(1)), gamma = node.in(2);
  int64_t axis = Emitter::rank(sum) - Emitter::rank(gamma);
  SmallVector<Value> r =
      rmsNorm(node.e, sum, gamma, axis, node.f64("epsilon", 1e-6));
  return node.result(Val::tuple({r[0], r[1], sum}));
}

LogicalResult importLRN(Node &node) {
  int64_t radius = node.i64("depth_radius", 5);
  return node.result(
      node.e.emit<ms::LRNOp>(node.in(0), {{"low", radius},
                                          {"high", radius},
                                          {"alpha", node.f64("alpha", 1)},
                                          {"beta", node.f64("beta", 0.5)},
                                          {"bias", node.f64("bias", 1)}}));
}

/// x / sqrt(max(sum of x^2, epsilon))
LogicalResult importL2Normalize(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axis", SmallVector<int64_t>{0});
  for (int64_t &axis : axes)
    axis = node.axis(axis, Emitter::rank(x));
  if (node.failed())
    return failure();
  Value sum = reduce(e, "sum", e.mul(x, x), axes, true);
  Value low = e.scalar(node.f64("epsilon", 1e-4), Emitter::element(x));
  Value norm = e.emit<ms::SqrtOp>(e.emit<ms::MaximumOp>({sum, low}));
  return node.result(e.div(x, norm));
}

/// Softmax over the listed axes, of which there is one in practice.
LogicalResult importSoftmax(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axis", SmallVector<int64_t>{-1});
  if (!node.failed() && axes.size() != 1)
    return node.error() << "softmax over " << axes.size()
                        << " axes is not supported";
  int64_t axis = node.failed() ? 0 : node.axis(axes[0], Emitter::rank(x));
  return node.failed() ? failure() : node.result(softmax(node.e, x, axis));
}

LogicalResult importLogSoftmax(Node &node) {
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  return node.result(softmax(node.e, x, axis, true));
}

/// Without a dimension: 0 for ranks 0, 1 and 3, else 1.
LogicalResult importLogSoftmaxExt(Node &node) {
  Value x = node.in(0);
  int64_t rank = Emitter::rank(x);
  if (node.hasAttr("dtype"))
    x = node.e.cast(x, node.dtype("dtype"));
  int64_t axis =
      node.axis(node.i64("dim", rank <= 1 || rank == 3 ? 0 : 1), rank);
  return node.result(softmax(node.e, x, axis, true));
}

/// The halves of input 0 along \p axis.
static SmallVector<Value> halves(Node &node, StringRef name) {
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64(name, -1), Emitter::rank(x));
  if (node.failed())
    return {x, x};
  int64_t extent = Emitter::shape(x)[axis];
  if (extent % 2 != 0)
    node.error() << "dimension " << axis << " of extent " << extent
                 << " has no halves";
  return split(node.e, x, axis, {extent / 2, extent / 2});
}

LogicalResult importGLU(Node &node) {
  SmallVector<Value> x = halves(node, "axis");
  return node.failed()
             ? failure()
             : node.result(node.e.mul(x[0], node.e.emit<ms::SigmoidOp>(x[1])));
}

LogicalResult importSwiglu(Node &node) {
  SmallVector<Value> x = halves(node, "dim");
  return node.failed()
             ? failure()
             : node.result(node.e.mul(node.e.emit<ms::SiluOp>(x[0]), x[1]));
}

/// Slices along `dim` whose p-norm exceeds `maxnorm` are scaled down to it.
LogicalResult importRenorm(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double p = node.f64("p"), limit = node.f64("maxnorm");
  int64_t dim = node.axis(node.i64("dim"), Emitter::rank(x));
  Type element = Emitter::element(x);
  SmallVector<int64_t> axes;
  for (int64_t d = 0; d < Emitter::rank(x); ++d)
    if (d != dim)
      axes.push_back(d);
  Value powers =
      e.emit<ms::PowOp>({e.emit<ms::AbsOp>(x), e.scalar(p, element)});
  Value norm = e.emit<ms::PowOp>(
      {reduce(e, "sum", powers, axes, true), e.scalar(1 / p, element)});
  Value scale = e.emit<ms::MulOp>(
      {e.emit<ms::ReciprocalOp>(e.add(norm, 1e-7)), e.scalar(limit, element)});
  Value isLarge = e.emit<ms::GreaterOp>({norm, e.scalar(limit, element)});
  return node.result(e.mul(x, e.select(isLarge, scale, e.scalar(1, element))));
}

} // namespace msc::import::mindir

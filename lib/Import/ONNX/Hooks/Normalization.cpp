// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's normalization operators. Semantics:
/// https://onnx.ai/onnx/operators/, and ContribOperators.md of ONNX Runtime for
/// com.microsoft.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// \p x as the matrix that operators before version 13 work on: dimensions
/// before `axis` (default 1) are its rows.
static Value flattened(Node &node, Value x) {
  int64_t rank = Emitter::rank(x), axis = node.i64("axis", 1);
  axis = axis == rank ? rank : node.axis(axis, rank);
  if (node.failed())
    return x;
  ArrayRef<int64_t> shape = Emitter::shape(x);
  return reshape(node.e, x,
                 {product(node.e, shape.take_front(axis)),
                  product(node.e, shape.drop_front(axis))});
}

/// \p fn along axis 1 of the flattened input.
static LogicalResult importFlat(Node &node,
                                llvm::function_ref<Value(Value)> fn) {
  Value x = node.in(0), rows = flattened(node, x);
  if (node.failed())
    return failure();
  return node.result(reshape(node.e, fn(rows), Emitter::shape(x)));
}

LogicalResult importFlatSoftmax(Node &node) {
  return importFlat(node, [&](Value rows) { return softmax(node.e, rows, 1); });
}

LogicalResult importFlatLogSoftmax(Node &node) {
  return importFlat(node,
                    [&](Value rows) { return softmax(node.e, rows, 1, true); });
}

/// 1 at the first maximum along \p axis, else 0.
static Value hardmax(Emitter &e, Value x, int64_t axis) {
  int64_t extent = Emitter::shape(x)[axis];
  Value isMax = e.emit<ms::EqualOp>({x, reduce(e, "max", x, axis, true)});
  Value position = iotaDim(e, extent, e.i64(), axis, Emitter::rank(x));
  Value candidates =
      e.select(isMax, position, e.scalar(double(extent), e.i64()));
  Value first = reduce(e, "min", candidates, axis, true);
  return e.cast(e.emit<ms::EqualOp>({position, first}), Emitter::element(x));
}

LogicalResult importFlatHardmax(Node &node) {
  return importFlat(node, [&](Value rows) { return hardmax(node.e, rows, 1); });
}

LogicalResult importHardmax(Node &node) {
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  return node.failed() ? failure() : node.result(hardmax(node.e, x, axis));
}

/// Means of \p v over all dimensions of [N, C, ...] but C.
static Value channelMean(Emitter &e, Value v) {
  SmallVector<int64_t> axes{0};
  for (int64_t d = 2; d < Emitter::rank(v); ++d)
    axes.push_back(d);
  return reduce(e, "mean", v, axes);
}

/// Normalization by the batch's own statistics; the running ones, blended with
/// them, are results 1 and 2.
static LogicalResult importTrainingBatchNorm(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double momentum = node.f64("momentum", 0.9);
  Value mean = channelMean(e, x);
  Value centered = e.sub(x, perChannel(e, mean, Emitter::rank(x)));
  Value variance = channelMean(e, e.mul(centered, centered));
  Value y = e.emit<ms::BatchNormOp>({x, node.in(1), node.in(2), mean, variance},
                                    {{"epsilon", node.f64("epsilon", 1e-5)}});
  auto blend = [&](size_t i, Value now) {
    Type element = Emitter::element(node.in(i));
    return e.add(e.mul(node.in(i), momentum),
                 e.mul(e.cast(now, element), 1 - momentum));
  };
  return node.results({y, blend(3, mean), blend(4, variance)});
}

LogicalResult importBatchNormalization(Node &node) {
  if (node.i64("spatial", 1) != 1)
    return node.error() << "normalization of single positions (spatial = 0) is "
                           "not supported";
  if (node.flag("training_mode", false))
    return importTrainingBatchNorm(node);
  Value y = node.e.emit<ms::BatchNormOp>(
      {node.in(0), node.in(1), node.in(2), node.in(3), node.in(4)},
      {{"epsilon", node.f64("epsilon", 1e-5)}});
  return node.result(y);
}

LogicalResult importInstanceNormalization(Node &node) {
  Value x = node.in(0);
  if (!node.expectRank(x, 2, 64))
    return failure();
  return node.result(groupNorm(node.e, x, node.in(1), node.in(2),
                               Emitter::shape(x)[1],
                               node.f64("epsilon", 1e-5))[0]);
}

LogicalResult importGroupNormalization(Node &node) {
  Value x = node.in(0);
  return node.result(groupNorm(node.e, x, node.in(1), node.in(2),
                               node.i64("num_groups"),
                               node.f64("epsilon", 1e-5))[0]);
}

/// Version 18: one scale and bias per group.
LogicalResult importGroupwiseNormalization(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t groups = node.i64("num_groups");
  Value y = groupNorm(e, x, {}, {}, groups, node.f64("epsilon", 1e-5))[0];
  if (node.failed())
    return failure();
  SmallVector<int64_t> shape(Emitter::shape(x));
  shape[1] /= groups;
  shape.insert(shape.begin() + 1, groups);
  y = reshape(e, y, shape);
  y = e.mul(y, perChannel(e, node.in(1), shape.size()));
  y = e.add(y, perChannel(e, node.in(2), shape.size()));
  return node.result(node.failed() ? y : reshape(e, y, Emitter::shape(x)));
}

/// Statistics are of the type that stash_type says, f32 by default.
static Value stashed(Node &node, Value statistic) {
  int64_t type = node.i64("stash_type", 1);
  return node.e.cast(statistic, type == 16 ? Type(node.e.builder.getBF16Type())
                                           : node.e.f32());
}

LogicalResult importLayerNormalization(Node &node) {
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  SmallVector<Value> results =
      layerNorm(node.e, x, node.in(1), node.has(2) ? node.in(2) : Value(), axis,
                node.f64("epsilon", 1e-5));
  return node.results(
      {results[0], stashed(node, results[1]), stashed(node, results[2])});
}

/// RMSNormalization, and ONNX Runtime's SimplifiedLayerNormalization, whose
/// second result is the inverse root.
LogicalResult importRMSNormalization(Node &node) {
  Value x = node.in(0), scale = node.in(1);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  SmallVector<Value> results =
      rmsNorm(node.e, x, scale, axis, node.f64("epsilon", 1e-5));
  Value y = node.e.cast(results[0], Emitter::element(scale));
  return node.results({y, stashed(node, results[1])});
}

/// input + skip (+ bias), normalized; that sum is result 3.
static LogicalResult importSkipNorm(Node &node, bool simplified) {
  Emitter &e = node.e;
  size_t bias = simplified ? 3 : 4;
  Value sum = e.add(node.in(0), node.in(1));
  if (node.has(bias))
    sum = e.add(sum, node.in(bias));
  if (!node.expectRank(sum, 1, 64))
    return failure();
  int64_t axis = Emitter::rank(sum) - 1;
  double epsilon = node.f64("epsilon", 1e-12);
  if (simplified) {
    SmallVector<Value> results = rmsNorm(e, sum, node.in(2), axis, epsilon);
    return node.results({results[0], Val(), results[1], sum});
  }
  SmallVector<Value> results = layerNorm(
      e, sum, node.in(2), node.has(3) ? node.in(3) : Value(), axis, epsilon);
  return node.results({results[0], results[1], results[2], sum});
}

LogicalResult importSkipLayerNormalization(Node &node) {
  return importSkipNorm(node, false);
}
LogicalResult importSkipSimplifiedLayerNormalization(Node &node) {
  return importSkipNorm(node, true);
}

/// Inputs: input_ids [B, S], segment_ids, word, position and segment
/// embeddings, gamma, beta, mask [B, S], position_ids.
LogicalResult importEmbedLayerNormalization(Node &node) {
  Emitter &e = node.e;
  Value ids = node.in(0), words = node.in(2), positions = node.in(3);
  if (!node.expectRank(ids, 2, 2) || !node.expectRank(positions, 2, 2))
    return failure();
  Value sum = gather(e, words, asIndices(e, ids), 0);
  Value position = node.has(8) ? asIndices(e, node.in(8))
                               : iota(e, Emitter::shape(ids)[1], e.i64());
  sum = e.add(sum, gather(e, positions, position, 0));
  if (node.has(1) && node.has(4))
    sum = e.add(sum, gather(e, node.in(4), asIndices(e, node.in(1)), 0));
  Value y = layerNorm(e, sum, node.in(5), node.in(6), 2,
                      node.f64("epsilon", 1e-12))[0];
  Value lengths = node.has(7) ? reduce(e, "sum", node.in(7, e.i32()), 1)
                              : full(e, 0, {Emitter::shape(ids)[0]}, e.i32());
  return node.results({y, lengths, sum});
}

/// x / norm along the axis, 0 where the norm is.
LogicalResult importLpNormalization(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t axis = node.axis(node.i64("axis", -1), Emitter::rank(x));
  int64_t p = node.i64("p", 2);
  if (p != 1 && p != 2)
    return node.error() << "p is " << p << ", expected 1 or 2";
  Value terms = p == 1 ? e.emit<ms::AbsOp>(x) : e.mul(x, x);
  Value norm = reduce(e, "sum", terms, axis, true);
  if (p == 2)
    norm = e.emit<ms::SqrtOp>(norm);
  Value zero = e.scalar(0, Emitter::element(x));
  return node.result(
      e.select(e.emit<ms::EqualOp>({norm, zero}), zero, e.div(x, norm)));
}

LogicalResult importLRN(Node &node) {
  Value x = node.in(0);
  int64_t size = node.i64("size");
  if (!node.failed() && size < 1)
    return node.error() << "size is " << size << ", expected 1 or more";
  return node.result(node.e.emit<ms::LRNOp>(
      x, {{"low", (size - 1) / 2},
          {"high", size / 2},
          {"alpha", node.f64("alpha", 1e-4) / double(size)},
          {"beta", node.f64("beta", 0.75)},
          {"bias", node.f64("bias", 1)}}));
}

LogicalResult importMeanVarianceNormalization(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> axes = node.i64s("axes", SmallVector<int64_t>{0, 2, 3});
  for (int64_t &axis : axes)
    axis = node.axis(axis, Emitter::rank(x));
  if (node.failed())
    return failure();
  auto mean = [&](Value v) { return reduce(e, "mean", v, axes, true); };
  Value centered = e.sub(x, mean(x));
  Value deviation = e.emit<ms::SqrtOp>(mean(e.mul(centered, centered)));
  return node.result(e.div(centered, e.add(deviation, 1e-9)));
}

} // namespace msc::import::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX Attention (23, 24, 25) and RotaryEmbedding
/// (https://onnx.ai/onnx/operators/onnx__Attention.html).
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Sequence.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

namespace {
class Attention {
public:
  explicit Attention(Node &n) : n(n), e(n.e) {}
  LogicalResult run();

private:
  bool prepare();
  void addMaskInput();
  void addWindows();
  void addPadding();
  Value positions(int64_t axis);
  Value shown();
  Value repeatHeads(Value v);
  Value shownMask();
  Value visible(Value low, Value high);

  Node &n;
  Emitter &e;
  AttentionLayer x;
  Value presentKey, presentValue;
  int64_t batch = 0, queries = 0, keys = 0, past = 0;
  bool flat = false;
  Type type;
};
} // namespace

bool Attention::prepare() {
  Value q = n.in(0), k = n.in(1), v = n.in(2);
  if (n.failed() || !n.expectRank(q, 3, 4) ||
      !n.expectRank(k, e.rank(q), e.rank(q)) ||
      !n.expectRank(v, e.rank(q), e.rank(q)))
    return false;
  flat = e.rank(q) == 3;
  type = e.element(q);
  if (flat) {
    int64_t heads = n.i64("q_num_heads"), keyHeads = n.i64("kv_num_heads");
    if (n.failed())
      return false;
    q = splitHeads(e, q, heads), k = splitHeads(e, k, keyHeads),
    v = splitHeads(e, v, keyHeads);
  }
  if (n.has(4) && n.has(5)) {
    past = e.rank(n.in(4)) == 4 ? e.shape(n.in(4))[2] : 0;
    k = concat(e, {n.in(4), k}, 2);
    v = concat(e, {n.in(5), v}, 2);
  }
  if (n.failed())
    return false;
  presentKey = k, presentValue = v;
  batch = e.shape(q)[0], queries = e.shape(q)[2], keys = e.shape(k)[2];
  x.query = q, x.key = k, x.value = v;
  double scale = n.f64("scale", 1 / std::sqrt(double(e.shape(q)[3])));
  x.scale = scale;
  if (double cap = n.f64("softcap", 0.0); cap > 0)
    x.softcap = cap;
  return !n.failed();
}

void Attention::addMaskInput() {
  if (!n.has(3))
    return;
  Value m = n.in(3);
  bool boolean = e.element(m).isInteger(1);
  if (n.failed() || e.rank(m) == 0)
    return;
  if (int64_t missing = keys - e.shape(m).back();
      missing > 0 && e.shape(m).back() != 1) {
    SmallVector<int64_t> shape(e.shape(m));
    shape.back() = missing;
    Value tail = e.splat(boolean ? 0 : -INFINITY,
                         RankedTensorType::get(shape, e.element(m)));
    m = concat(e, {m, tail}, e.rank(m) - 1);
  }
  if (boolean)
    x.allow(e, m);
  else
    x.addBias(e, m);
}

/// 0, 1 ... along the queries (\p axis 2) or the keys (3).
Value Attention::positions(int64_t axis) {
  return iotaDim(e, axis == 2 ? queries : keys, e.i64(), axis, 4);
}

Value Attention::visible(Value low, Value high) {
  return e.emit<ms::LessEqualOp>({low, high});
}

/// Causal and sliding windows: key j is seen from query i if it lies in the
/// window around i + offset. The offset is the number of keys that precede the
/// queries: known, or one per batch entry.
void Attention::addWindows() {
  int64_t left = n.i64("left_window_size", -1),
          right = n.i64("right_window_size", -1);
  bool causal = n.flag("is_causal", false);
  if (causal)
    right = right < 0 ? 0 : std::min<int64_t>(right, 0);
  if (n.failed() || (left < 0 && right < 0))
    return;
  if (!n.has(6) || n.has(4)) {
    if (left >= 0)
      x.bandLow = past - left;
    if (right >= 0)
      x.bandHigh = past + right;
    return;
  }
  Value valid = reshape(e, n.in(6, e.i64()), {batch, 1, 1, 1});
  Value i = e.add(positions(2), e.sub(valid, double(queries))),
        j = positions(3);
  if (left >= 0)
    x.allow(e, visible(e.sub(i, double(left)), j));
  if (right >= 0)
    x.allow(e, visible(j, e.add(i, double(right))));
}

void Attention::addPadding() {
  if (!n.has(6))
    return;
  Value valid = reshape(e, n.in(6, e.i64()), {batch, 1, 1, 1});
  x.allow(e, e.emit<ms::LessOp>({positions(3), valid}));
}

/// Grouped queries: each key head serves q_heads / kv_heads neighbours.
Value Attention::repeatHeads(Value v) {
  ArrayRef<int64_t> s = e.shape(v);
  int64_t heads = e.shape(x.query)[1], keyHeads = s[1];
  if (heads == keyHeads || keyHeads == 0 || heads % keyHeads)
    return v;
  SmallVector<int64_t> wide{s[0], keyHeads, heads / keyHeads, s[2], s[3]};
  Value five = reshape(e, v, {s[0], keyHeads, 1, s[2], s[3]});
  return reshape(e, broadcastTo(e, five, wide),
                 {wide[0], heads, wide[3], wide[4]});
}

/// The mask and the band as numbers to add, or null.
Value Attention::shownMask() {
  AttentionLayer all = x;
  Value distance = e.sub(positions(3), positions(2));
  auto limit = [&](int64_t v) { return e.scalar(double(v), e.i64()); };
  if (x.bandLow)
    all.allow(e, visible(limit(*x.bandLow), distance));
  if (x.bandHigh)
    all.allow(e, visible(distance, limit(*x.bandHigh)));
  if (!all.mask || !e.element(all.mask).isInteger(1))
    return all.mask;
  return e.select(all.mask, e.scalar(0, type), e.scalar(-INFINITY, type));
}

/// The fourth result, which few models ask for: scores (mode 0), capped (1),
/// masked (2), or the weights (3).
Value Attention::shown() {
  int64_t mode = n.i64("qk_matmul_output_mode", 0);
  Value scores =
      matmul(e, e.mul(x.query, std::sqrt(x.scale)),
             e.mul(repeatHeads(x.key), std::sqrt(x.scale)), false, true);
  if (mode == 0)
    return scores;
  if (x.softcap) {
    Value ratio = e.div(scores, *x.softcap);
    scores = e.mul(e.emit<ms::TanhOp>(ratio), *x.softcap);
  }
  if (mode == 1)
    return scores;
  Value mask = shownMask();
  if (mask)
    scores = e.add(scores, mask);
  if (mode == 2 || n.failed())
    return scores;
  Type precision = n.hasAttr("softmax_precision")
                       ? n.elementType(n.i64("softmax_precision"))
                       : type;
  Value weights = softmax(e, e.cast(scores, precision), e.rank(scores) - 1);
  if (mask) {
    // A query that may see no key gets zeros.
    Value best = reduce(e, "max", mask, {e.rank(mask) - 1}, true);
    weights =
        e.select(equal(e, best, -INFINITY), e.scalar(0, precision), weights);
  }
  return e.cast(weights, type);
}

LogicalResult Attention::run() {
  if (!prepare())
    return failure();
  addMaskInput();
  addWindows();
  addPadding();
  Value y = attention(e, x);
  if (flat)
    y = joinHeads(e, y);
  std::vector<Val> results{y, presentKey, presentValue};
  if (n.op->getNumResults() > 3 && !n.op->getResult(3).use_empty())
    results.push_back(shown());
  return n.results(results);
}

LogicalResult importAttention(Node &n) { return Attention(n).run(); }

/// Rotates pairs of the first `rotary_embedding_dim` features by the angles
/// whose cosines and sines are given per position.
LogicalResult importRotaryEmbedding(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0);
  if (!n.expectRank(x, 3, 4))
    return failure();
  bool flat = e.rank(x) == 3, interleaved = n.flag("interleaved", false);
  if (flat)
    x = splitHeads(e, x, n.i64("num_heads", 0));
  if (n.failed())
    return failure();
  int64_t size = e.shape(x)[3], rotary = n.i64("rotary_embedding_dim", 0);
  rotary = rotary ? rotary : size;
  if (rotary < 2 || rotary > size || rotary % 2)
    return n.error() << "rotates " << rotary << " of " << size << " features";
  // Each angle turns two features.
  auto angles = [&](size_t i) {
    Value v = n.in(i);
    if (n.has(3))
      v = gather(e, v, asIndices(e, n.in(3)), 0);
    if (n.failed() || !n.expectRank(v, 3, 3))
      return e.poison();
    ArrayRef<int64_t> s = e.shape(v);
    if (s[2] < rotary / 2) {
      n.error() << "the cache " << v.getType() << " does not fit";
      return e.poison();
    }
    v = slice(e, v, 2, 0, rotary / 2);
    SmallVector<int64_t> shape{e.shape(v)[0], 1, e.shape(v)[1], rotary};
    if (!interleaved)
      return reshape(e, concat(e, {v, v}, 2), shape);
    v = expandDim(e, v, 3);
    return reshape(e, concat(e, {v, v}, 3), shape);
  };
  Value cos = angles(1), sin = angles(2);
  if (n.failed())
    return failure();
  Value y = e.emit<ms::RotaryEmbeddingOp>({x, cos, sin},
                                          {{"interleaved", interleaved}});
  return n.result(flat ? joinHeads(e, y) : y);
}

} // namespace msc::import::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX Attention (23, 24, 25) and RotaryEmbedding, in terms of matrix
/// products and softmax (https://onnx.ai/onnx/operators/onnx__Attention.html).
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

static Value toShape(Emitter &e, Value v, ArrayRef<int64_t> shape) {
  return e.emitTyped<ms::ReshapeOp>(RankedTensorType::get(shape, e.element(v)),
                                    {v});
}

static Value permute(Emitter &e, Value v, ArrayRef<int64_t> perm) {
  return e.emit<ms::TransposeOp>({v}, {{"perm", perm}});
}

namespace {
class Attention {
public:
  explicit Attention(Node &n) : n(n), e(n.e) {}
  LogicalResult run();

private:
  bool prepare();
  Value splitHeads(Value v, int64_t heads);
  Value repeatHeads(Value v);
  Value minusInfinityUnless(Value allowed);
  void addBias(Value bias) { mask = mask ? e.add(mask, bias) : bias; }
  Value position(int64_t count, int64_t rank, int64_t axis);
  Value queryOffset();
  void addMaskInput();
  void addWindows();
  void addPadding();

  Node &n;
  Emitter &e;
  Value q, k, v, mask, presentKey, presentValue;
  int64_t batch = 0, queries = 0, keys = 0, past = 0;
  bool flat = false;
  Type type;
};
} // namespace

/// [batch, length, heads * size] ~> [batch, heads, length, size].
Value Attention::splitHeads(Value x, int64_t heads) {
  ArrayRef<int64_t> s = e.shape(x);
  if (heads <= 0 || s[2] % heads) {
    n.error() << "cannot split " << x.getType() << " into " << heads
              << " heads";
    return x;
  }
  return permute(e, toShape(e, x, {s[0], s[1], heads, s[2] / heads}),
                 {0, 2, 1, 3});
}

bool Attention::prepare() {
  q = n.in(0), k = n.in(1), v = n.in(2);
  if (n.failed() || !n.expectRank(q, 3, 4) ||
      !n.expectRank(k, e.rank(q), e.rank(q)) ||
      !n.expectRank(v, e.rank(q), e.rank(q)))
    return false;
  flat = e.rank(q) == 3;
  type = e.element(q);
  if (flat) {
    int64_t heads = n.i64("q_num_heads"), kvHeads = n.i64("kv_num_heads");
    if (n.failed())
      return false;
    q = splitHeads(q, heads), k = splitHeads(k, kvHeads),
    v = splitHeads(v, kvHeads);
  }
  if (n.has(4) && n.has(5)) {
    past = e.rank(n.in(4)) == 4 ? e.shape(n.in(4))[2] : 0;
    k = e.emit<ms::ConcatOp>({n.in(4), k}, {{"axis", 2}});
    v = e.emit<ms::ConcatOp>({n.in(5), v}, {{"axis", 2}});
  }
  if (n.failed())
    return false;
  presentKey = k, presentValue = v;
  batch = e.shape(q)[0], queries = e.shape(q)[2], keys = e.shape(k)[2];
  return true;
}

/// Grouped queries: each key head serves q_heads / kv_heads neighbours.
Value Attention::repeatHeads(Value x) {
  ArrayRef<int64_t> s = e.shape(x);
  int64_t heads = e.shape(q)[1], kvHeads = s[1];
  if (heads == kvHeads || kvHeads == 0 || heads % kvHeads)
    return x;
  SmallVector<int64_t> wide{s[0], kvHeads, heads / kvHeads, s[2], s[3]};
  Value five = toShape(e, x, {s[0], kvHeads, 1, s[2], s[3]});
  Value repeated = e.emitTyped<ms::BroadcastToOp>(
      RankedTensorType::get(wide, e.element(x)), {five});
  return toShape(e, repeated, {wide[0], heads, wide[3], wide[4]});
}

Value Attention::minusInfinityUnless(Value allowed) {
  return e.select(allowed, e.scalar(0, type), e.scalar(-INFINITY, type));
}

/// 0 .. count - 1 along \p axis of a tensor of \p rank.
Value Attention::position(int64_t count, int64_t rank, int64_t axis) {
  SmallVector<int64_t> values(count), shape(rank, 1);
  for (int64_t i = 0; i < count; ++i)
    values[i] = i;
  shape[axis] = count;
  return toShape(e, e.ints(values, e.i64()), shape);
}

/// How many keys precede the queries: a number, or one per batch entry.
Value Attention::queryOffset() {
  if (!n.has(6) || n.has(4))
    return e.scalar(double(past), e.i64());
  Value valid = toShape(e, n.in(6, e.i64()), {batch, 1, 1, 1});
  return e.sub(valid, double(queries));
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
    m = e.emit<ms::ConcatOp>({m, tail}, {{"axis", e.rank(m) - 1}});
  }
  addBias(boolean ? minusInfinityUnless(m) : e.cast(m, type));
}

/// Causal and sliding windows: key j is seen from query i if it lies in the
/// window around i + offset.
void Attention::addWindows() {
  int64_t left = n.i64("left_window_size", -1),
          right = n.i64("right_window_size", -1);
  bool causal = n.flag("is_causal", false);
  if (!causal && left < 0 && right < 0)
    return;
  Value i = e.add(position(queries, 4, 2), queryOffset()),
        j = position(keys, 4, 3);
  auto limit = [&](Value low, Value high) {
    addBias(minusInfinityUnless(e.emit<ms::LessEqualOp>({low, high})));
  };
  if (causal)
    limit(j, i);
  if (left >= 0)
    limit(e.sub(i, double(left)), j);
  if (right >= 0)
    limit(j, e.add(i, double(right)));
}

void Attention::addPadding() {
  if (!n.has(6))
    return;
  Value valid = toShape(e, n.in(6, e.i64()), {batch, 1, 1, 1});
  addBias(
      minusInfinityUnless(e.emit<ms::LessOp>({position(keys, 4, 3), valid})));
}

LogicalResult Attention::run() {
  if (!prepare())
    return failure();
  addMaskInput();
  addWindows();
  addPadding();
  double scale =
      std::sqrt(n.f64("scale", 1 / std::sqrt(double(e.shape(q)[3]))));
  Value keyHeads = repeatHeads(k), valueHeads = repeatHeads(v);
  Value scores =
      matmul(e, e.mul(q, scale), e.mul(keyHeads, scale), false, true);
  int64_t mode = n.i64("qk_matmul_output_mode", 0);
  Value shown = scores;
  if (double cap = n.f64("softcap", 0); cap > 0) {
    Value ratio = e.div(scores, cap);
    scores = e.mul(e.emitTyped<ms::TanhOp>(ratio.getType(), {ratio}), cap);
    shown = mode == 1 ? scores : shown;
  }
  if (mask)
    scores = e.add(scores, mask);
  if (mode == 2)
    shown = scores;
  Type precision = n.hasAttr("softmax_precision")
                       ? n.elementType(n.i64("softmax_precision"))
                       : type;
  Value weights = e.emitTyped<ms::SoftmaxOp>(e.type(scores).clone(precision),
                                             {e.cast(scores, precision)},
                                             {{"axis", e.rank(scores) - 1}});
  if (mask) {
    // A query that may see no key gets zeros.
    Value best = e.emit<ms::ReduceMaxOp>(
        {mask},
        {{"axes", ArrayRef<int64_t>{e.rank(mask) - 1}}, {"keep_dims", true}});
    Value blind = e.emit<ms::EqualOp>({best, e.scalar(-INFINITY, type)});
    weights = e.select(blind, e.scalar(0, precision), weights);
  }
  if (mode == 3)
    shown = e.cast(weights, type);
  Value y = matmul(e, e.cast(weights, type), valueHeads);
  if (flat && !n.failed()) {
    y = permute(e, y, {0, 2, 1, 3});
    y = toShape(e, y, {batch, queries, e.shape(y)[2] * e.shape(y)[3]});
  }
  return n.results({y, presentKey, presentValue, shown});
}

LogicalResult importAttention(Node &n) { return Attention(n).run(); }

/// Rotates pairs of the first `rotary_embedding_dim` features by the angles
/// whose cosines and sines are given per position.
LogicalResult importRotaryEmbedding(Node &n) {
  Emitter &e = n.e;
  Value x = n.in(0), cos = n.in(1), sin = n.in(2);
  if (!n.expectRank(x, 3, 4))
    return failure();
  SmallVector<int64_t> original(e.shape(x));
  bool flat = e.rank(x) == 3;
  if (flat) {
    int64_t heads = n.i64("num_heads", 0);
    if (heads <= 0 || original[2] % heads)
      return n.error() << "cannot split " << x.getType() << " into " << heads
                       << " heads";
    x = toShape(e, x, {original[0], original[1], heads, original[2] / heads});
  } else {
    x = permute(e, x, {0, 2, 1, 3}); // [batch, length, heads, size]
  }
  int64_t size = e.shape(x)[3], rotary = n.i64("rotary_embedding_dim", 0);
  rotary = rotary ? rotary : size;
  bool interleaved = n.flag("interleaved", false);
  if (n.failed() || rotary > size || rotary % 2)
    return n.failed()
               ? failure()
               : LogicalResult(n.error() << "rotates " << rotary << " of "
                                         << size << " features");
  if (n.has(3)) {
    cos = e.emit<ms::GatherOp>({cos, n.in(3)}, {{"axis", 0}});
    sin = e.emit<ms::GatherOp>({sin, n.in(3)}, {{"axis", 0}});
  }
  if (n.failed() || e.rank(cos) != 3 || e.shape(cos)[2] < rotary / 2)
    return n.failed()
               ? failure()
               : LogicalResult(n.error() << "the caches of " << cos.getType()
                                         << " do not fit");
  auto perHead = [&](Value cache) {
    cache = slice(e, cache, 2, 0, rotary / 2);
    ArrayRef<int64_t> s = e.shape(cache);
    return toShape(e, cache, {s[0], s[1], 1, rotary / 2});
  };
  cos = perHead(cos), sin = perHead(sin);
  Value turned = slice(e, x, 3, 0, rotary),
        rest = slice(e, x, 3, rotary, size - rotary);
  SmallVector<int64_t> half(e.shape(turned));
  half[3] = rotary / 2;
  Value a, b;
  if (interleaved) {
    SmallVector<int64_t> pairs(half);
    pairs.push_back(2);
    Value p = toShape(e, turned, pairs);
    a = toShape(e, slice(e, p, 4, 0, 1), half),
    b = toShape(e, slice(e, p, 4, 1, 1), half);
  } else {
    a = slice(e, turned, 3, 0, rotary / 2),
    b = slice(e, turned, 3, rotary / 2, rotary / 2);
  }
  Value real = e.sub(e.mul(cos, a), e.mul(sin, b)),
        imaginary = e.add(e.mul(sin, a), e.mul(cos, b));
  if (interleaved) {
    SmallVector<int64_t> pairs(half);
    pairs.push_back(1);
    Value p = e.emit<ms::ConcatOp>(
        {toShape(e, real, pairs), toShape(e, imaginary, pairs)}, {{"axis", 4}});
    turned = toShape(e, p, e.shape(turned));
  } else {
    turned = e.emit<ms::ConcatOp>({real, imaginary}, {{"axis", 3}});
  }
  if (rotary < size)
    turned = e.emit<ms::ConcatOp>({turned, rest}, {{"axis", 3}});
  return n.result(flat ? toShape(e, turned, original)
                       : permute(e, turned, {0, 2, 1, 3}));
}

} // namespace msc::import::onnx

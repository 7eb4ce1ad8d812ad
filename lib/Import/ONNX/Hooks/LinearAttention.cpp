// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX LinearAttention (27): attention whose keys and values are summed
/// up in a state of fixed size, token by token.
/// https://onnx.ai/onnx/operators/onnx__LinearAttention.html
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Control.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

namespace {
/// Inputs are [T, B, H, size] after prepare(), in f32 or f64, so that a token
/// is a slice of the outermost dimension; the state is [B, H, d_k, d_v].
class LinearAttention {
public:
  explicit LinearAttention(Node &n) : n(n), e(n.e) {}
  LogicalResult run();

private:
  bool readAttributes();
  bool prepare();
  Value unpack(size_t i, int64_t heads, StringRef name);
  Value step(Value &state, llvm::function_ref<Value(Value)> token);
  LogicalResult loop(Value &state, Value &result);

  Node &n;
  Emitter &e;
  bool isGated = false, isDelta = false;
  int64_t queryHeads = 0, heads = 0;
  double scale = 0;
  Type wide;
  Value query, key, value, decay, beta; ///< the last two may be absent
};
} // namespace

bool LinearAttention::readAttributes() {
  std::string rule = n.str("update_rule", "gated_delta");
  isGated = StringRef(rule).starts_with("gated");
  isDelta = StringRef(rule).ends_with("delta");
  queryHeads = n.i64("q_num_heads");
  heads = n.i64("kv_num_heads");
  scale = n.f64("scale", 0);
  if (n.failed())
    return false;
  if (!isGated && !isDelta && rule != "linear")
    n.error() << "update_rule '" << rule
              << "' is not linear, gated, delta or gated_delta";
  else if (heads < 1 || queryHeads < 1 || queryHeads % heads)
    n.error() << queryHeads << " query heads cannot share " << heads
              << " heads of keys and values";
  else if (n.has(4) != isGated || n.has(5) != isDelta)
    n.error() << "update_rule '" << rule << "' does not go with its inputs "
              << "decay and beta";
  return !n.failed();
}

/// Input \p i [B, T, count * size] ~> [T, B, count, size].
Value LinearAttention::unpack(size_t i, int64_t count, StringRef name) {
  Value x = n.in(i, wide);
  ArrayRef<int64_t> shape = Emitter::shape(x);
  if (n.failed() || shape.size() != 3 || shape[2] % count ||
      shape.take_front(2) != Emitter::shape(n.in(0)).take_front(2)) {
    if (!n.failed())
      n.error() << name << ' ' << x.getType() << " does not hold " << count
                << " heads for the tokens of " << n.in(0).getType();
    return x;
  }
  x = reshape(e, x, {shape[0], shape[1], count, shape[2] / count});
  return transpose(e, x, {1, 0, 2, 3});
}

bool LinearAttention::prepare() {
  wide = Emitter::element(n.in(0)).isF64() ? Type(e.builder.getF64Type())
                                           : Type(e.f32());
  if (!n.expectRank(n.in(0), 3, 3))
    return false;
  query = unpack(0, queryHeads, "query");
  key = unpack(1, heads, "key");
  value = unpack(2, heads, "value");
  if (n.failed())
    return false;
  int64_t size = Emitter::shape(key)[3];
  if (Emitter::shape(query)[3] != size)
    n.error() << "queries of " << Emitter::shape(query)[3]
              << " features do not fit keys of " << size;
  if (isGated)
    decay = unpack(4, heads, "decay");
  if (isDelta) {
    int64_t last = Emitter::rank(n.in(5)) ? Emitter::shape(n.in(5)).back() : 0;
    beta = unpack(5, last == 1 ? 1 : heads, "beta");
  }
  if (n.failed())
    return false;
  int64_t perHead = decay ? Emitter::shape(decay)[3] : 1;
  if ((perHead != 1 && perHead != size) ||
      (beta && Emitter::shape(beta)[3] != 1))
    n.error() << "decay or beta has another number of features than heads";
  if (scale == 0)
    scale = 1 / std::sqrt(double(size));
  return !n.failed();
}

/// What one token reads from the state after updating it, [B, queryHeads, d_v];
/// \p token takes it from an input.
Value LinearAttention::step(Value &state,
                            llvm::function_ref<Value(Value)> token) {
  Value k = token(key), v = token(value); // [B, H, size]
  if (decay)
    state = e.mul(state, expandDim(e, e.emit<ms::ExpOp>(token(decay)), 3));
  if (beta) { // only what the state does not say yet
    Value known = matmul(e, expandDim(e, k, 2), state); // [B, H, 1, d_v]
    v = e.mul(e.sub(v, squeezeDim(e, known, 2)), token(beta));
  }
  state = e.add(state, e.mul(expandDim(e, k, 3), expandDim(e, v, 2)));
  ArrayRef<int64_t> s = Emitter::shape(state);
  Value q = reshape(e, token(query), {s[0], s[1], queryHeads / heads, s[2]});
  Value read = e.mul(matmul(e, q, state), scale);
  return reshape(e, read, {s[0], queryHeads, s[3]});
}

LogicalResult LinearAttention::loop(Value &state, Value &result) {
  ArrayRef<int64_t> s = Emitter::shape(state);
  int64_t tokens = Emitter::shape(query)[0];
  SmallVector<int64_t> row{1, s[0], queryHeads, s[3]}, all(row);
  all[0] = tokens;
  auto starts = [&](Value i) {
    Value zeros = full(e, 0, {3}, e.i64());
    return concat(e, {reshape(e, i, {1}), zeros}, 0);
  };
  std::vector<Val> carried{e.scalar(0, e.i64()), state, full(e, 0, all, wide)};
  auto condition = [&](ArrayRef<Val> values, std::vector<Val> &out) {
    out = {less(e, values[0].tensor, double(tokens))};
    return success();
  };
  auto body = [&](ArrayRef<Val> values, std::vector<Val> &out) {
    Value i = values[0].tensor, next = values[1].tensor;
    Value read =
        step(next, [&](Value input) { return gather(e, input, i, 0); });
    Value results = e.emit<ms::DynamicUpdateSliceOp>(
        {values[2].tensor, reshape(e, read, row), starts(i)});
    out = {e.add(i, 1.0), next, results};
    return success(!n.failed());
  };
  if (failed(importWhile(n.importer, carried, condition, body)))
    return failure();
  state = carried[1].tensor;
  result = carried[2].tensor;
  return success();
}

LogicalResult LinearAttention::run() {
  if (!readAttributes() || !prepare())
    return failure();
  ArrayRef<int64_t> k = Emitter::shape(key), v = Emitter::shape(value);
  SmallVector<int64_t> shape{k[1], heads, k[3], v[3]};
  Type element = Emitter::element(n.in(0)),
       stateElement = n.has(3) ? Emitter::element(n.in(3)) : element;
  Value state = n.has(3) ? n.in(3, wide) : full(e, 0, shape, wide), result;
  if (Emitter::shape(state) != ArrayRef(shape))
    return n.error() << "past_state is " << state.getType() << ", expected ["
                     << shape << "]";
  if (k[0] == 1) {
    Value read =
        step(state, [&](Value input) { return squeezeDim(e, input, 0); });
    result = expandDim(e, read, 0);
  } else if (failed(loop(state, result))) {
    return failure();
  }
  result = reshape(e, transpose(e, result, {1, 0, 2, 3}),
                   {k[1], k[0], queryHeads * v[3]});
  return n.results({e.cast(result, element), e.cast(state, stateElement)});
}

LogicalResult importLinearAttention(Node &node) {
  return LinearAttention(node).run();
}

} // namespace msc::import::onnx

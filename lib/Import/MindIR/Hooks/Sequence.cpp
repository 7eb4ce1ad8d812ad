// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's recurrent layers. Results that inference does not use (gates
/// of the single steps, reserved memory) are None.
#include "msc/Import/Sequence.h"
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

namespace {
/// The one vector that holds all weights of a layer of one direction.
class FlatWeights {
public:
  FlatWeights(Node &node, size_t input) : node(node), e(node.e) {
    Value w = node.in(input);
    all = reshapeInferred(e, w, {-1});
  }
  /// The next \p rows * \p columns numbers, as [columns, rows].
  Value matrix(int64_t rows, int64_t columns) {
    Value part = take(rows * columns);
    return node.failed()
               ? part
               : transpose(e, reshape(e, part, {rows, columns}), {1, 0});
  }
  Value take(int64_t count) {
    if (!node.failed() && count > left())
      node.error() << "has " << Emitter::shape(all)[0]
                   << " weights, expected at least " << next + count;
    if (node.failed())
      return e.poison();
    next += count;
    return slice(e, all, 0, next - count, count);
  }
  int64_t left() const { return Emitter::shape(all)[0] - next; }

private:
  Node &node;
  Emitter &e;
  Value all;
  int64_t next = 0;
};
} // namespace

/// Refuses what ms's layers do not say: stacked layers and projections. Those
/// of mindspore.nn are a node each.
static bool isSingleLayer(Node &node) {
  if (node.i64("num_layers", 1) != 1 || node.flag("bidirectional", false))
    node.error() << "stacked or bidirectional layers in one node are not "
                    "supported";
  else if (node.i64("proj_size", 0) != 0)
    node.error() << "projected states (proj_size) are not supported";
  return !node.failed();
}

/// [1, B, H] ~> [B, H]
static Value stateOf(Node &node, size_t i) {
  Value v = node.in(i);
  if (node.failed() || Emitter::rank(v) != 3)
    return v;
  if (Emitter::shape(v)[0] != 1) {
    node.error() << "has states of " << Emitter::shape(v)[0]
                 << " layers, expected 1";
    return v;
  }
  return squeezeDim(node.e, v, 0);
}

/// The weights of \p gates from input \p i on, and one or two biases, whose
/// number follows from what is left. Only \p apart keeps two.
static bool readWeights(Node &node, size_t i, int64_t gates, bool apart,
                        RecurrentLayer &x) {
  Emitter &e = node.e;
  x.input = node.in(0);
  int64_t hidden = node.i64("hidden_size");
  if (!isSingleLayer(node) || !node.expectRank(x.input, 3, 3))
    return false;
  FlatWeights weights(node, i);
  int64_t rows = gates * hidden;
  x.weight = weights.matrix(rows, Emitter::shape(x.input)[2]);
  x.recurrence = weights.matrix(rows, hidden);
  if (node.failed() || weights.left() == 0)
    return !node.failed();
  x.bias = weights.take(rows);
  if (node.failed() || weights.left() == 0)
    return !node.failed();
  Value second = weights.take(rows);
  if (apart)
    x.recurrenceBias = second;
  else
    x.bias = e.add(x.bias, second);
  return !node.failed();
}

/// Gates i f g o. Results: y, h_n, c_n, reserve, state.
LogicalResult importLSTM(Node &node) {
  Emitter &e = node.e;
  RecurrentLayer x;
  if (!readWeights(node, 3, 4, false, x))
    return failure();
  x.hidden = stateOf(node, 1), x.cell = stateOf(node, 2);
  if (node.has(4))
    x.lengths = asIndices(e, node.in(4));
  SmallVector<Value> y = lstm(e, x);
  if (node.failed())
    return failure();
  return node.result(Val::tuple(
      {y[0], expandDim(e, y[1], 0), expandDim(e, y[2], 0), Val(), Val()}));
}

/// Gates r z n. Results: y, h_n, reserve, state.
LogicalResult importGRU(Node &node) {
  Emitter &e = node.e;
  RecurrentLayer x;
  if (!readWeights(node, 2, 3, true, x))
    return failure();
  x.hidden = stateOf(node, 1);
  x.resetAfter = true;
  if (node.has(3))
    x.lengths = asIndices(e, node.in(3));
  SmallVector<Value> y = gru(e, x);
  if (node.failed())
    return failure();
  return node.result(Val::tuple({y[0], expandDim(e, y[1], 0), Val(), Val()}));
}

/// Refuses options of the Ascend layers that no front end sets.
static bool hasPlainOptions(Node &node) {
  if (node.str("direction", StringRef("UNIDIRECTIONAL")) != "UNIDIRECTIONAL")
    node.error() << "only direction 'UNIDIRECTIONAL' is supported";
  else if (!node.flag("time_major", true))
    node.error() << "only time-major inputs are supported";
  else if (node.str("activation", StringRef("tanh")) != "tanh")
    node.error() << "only the activation 'tanh' is supported";
  else if (node.f64("cell_clip", -1.0) > 0 || node.i64("num_proj", 0) != 0 ||
           node.flag("use_peephole", false))
    node.error() << "cell_clip, num_proj and use_peephole are not supported";
  return !node.failed();
}

/// Sets weights [I + H, 4H] and bias with gates i j f o (j: the cell's).
static void setJoinedWeights(Node &node, RecurrentLayer &x, Value weights,
                             Value bias, double forgetBias) {
  Emitter &e = node.e;
  if (!node.expectRank(weights, 2, 2) || !node.expectRank(bias, 1, 1))
    return;
  int64_t hidden = Emitter::shape(weights)[1] / 4,
          features = Emitter::shape(x.input)[2];
  SmallVector<Value> parts = split(e, weights, 0, {features, hidden});
  bias = permuteBlocks(e, bias, 0, {0, 2, 1, 3});
  if (forgetBias != 0 && !node.failed()) {
    Value forget = full(e, forgetBias, {hidden}, Emitter::element(bias));
    bias = e.add(bias, pad(e, forget, {hidden}, {2 * hidden}));
  }
  if (node.failed())
    return;
  x.weight = permuteBlocks(e, parts[0], 1, {0, 2, 1, 3});
  x.recurrence = permuteBlocks(e, parts[1], 1, {0, 2, 1, 3});
  x.bias = bias;
}

/// Results: y, output_h, output_c, i, j, f, o, tanhct, of all steps.
LogicalResult importDynamicRNN(Node &node) {
  Emitter &e = node.e;
  RecurrentLayer x;
  x.input = node.in(0);
  if (!hasPlainOptions(node) || !node.expectRank(x.input, 3, 3))
    return failure();
  if (node.str("cell_type", StringRef("LSTM")) != "LSTM")
    return node.error() << "only the cell_type 'LSTM' is supported";
  setJoinedWeights(node, x, node.in(1), node.in(2),
                   node.f64("forget_bias", 0.0));
  if (node.has(3))
    x.lengths = asIndices(e, node.in(3));
  x.hidden = node.has(4) ? stateOf(node, 4) : Value();
  x.cell = node.has(5) ? stateOf(node, 5) : Value();
  SmallVector<Value> y = lstm(e, x);
  if (node.failed())
    return failure();
  bool single = Emitter::shape(x.input)[0] == 1;
  Val cell = single ? Val(expandDim(e, y[2], 0)) : Val();
  return node.result(
      Val::tuple({y[0], y[0], cell, Val(), Val(), Val(), Val(), Val()}));
}

/// One step. Results: ct, ht, it, jt, ft, ot, tanhct.
LogicalResult importBasicLSTMCell(Node &node) {
  Emitter &e = node.e;
  RecurrentLayer x;
  Value input = node.in(0), weights = node.in(3);
  if (node.str("activation", StringRef("tanh")) != "tanh")
    return node.error() << "only the activation 'tanh' is supported";
  if (!node.expectRank(input, 2, 2) || !node.expectRank(weights, 2, 4))
    return failure();
  x.input = expandDim(e, input, 0);
  weights = reshapeInferred(
      e, weights, {Emitter::shape(weights)[0], Emitter::shape(weights)[1]});
  Value bias = reshapeInferred(e, node.in(4), {-1});
  setJoinedWeights(node, x, weights, bias, node.f64("forget_bias", 1.0));
  x.hidden = node.in(1), x.cell = node.in(2);
  SmallVector<Value> y = lstm(e, x);
  return node.result(
      Val::tuple({y[2], y[1], Val(), Val(), Val(), Val(), Val()}));
}

/// Results: y, output_h, update, reset, new, hidden_new, of all steps.
LogicalResult importDynamicGRUV2(Node &node) {
  Emitter &e = node.e;
  RecurrentLayer x;
  std::string gates = node.str("gate_order", StringRef("rzh"));
  if (!hasPlainOptions(node))
    return failure();
  if (gates != "rzh" && gates != "zrh")
    return node.error() << "has no gate_order '" << gates << "'";
  SmallVector<int64_t> order{0, 1, 2};
  if (gates == "zrh")
    std::swap(order[0], order[1]);
  x.input = node.in(0);
  x.weight = permuteBlocks(e, node.in(1), 1, order);
  x.recurrence = permuteBlocks(e, node.in(2), 1, order);
  if (node.has(3))
    x.bias = permuteBlocks(e, node.in(3), 0, order);
  if (node.has(4))
    x.recurrenceBias = permuteBlocks(e, node.in(4), 0, order);
  if (node.has(5))
    x.lengths = asIndices(e, node.in(5));
  if (node.has(6))
    x.hidden = stateOf(node, 6);
  x.resetAfter = node.flag("reset_after", true);
  SmallVector<Value> y = gru(e, x);
  return node.result(Val::tuple({y[0], y[0], Val(), Val(), Val(), Val()}));
}

} // namespace msc::import::mindir

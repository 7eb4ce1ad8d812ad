// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's attention primitives and rotary embeddings.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Sequence.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

namespace {
/// What FlashAttentionScore, PromptFlashAttention and IncreFlashAttention
/// share: layouts, masks and bands.
class FlashAttention {
public:
  explicit FlashAttention(Node &node) : node(node), e(node.e) {}

  /// Reads the operands; \p keyHeads is 0 for as many as follow from sizes.
  bool read(Value query, Value key, Value value, int64_t heads,
            int64_t keyHeads);
  /// Adds the mask (true: drop), the shift of the scores and the band.
  void addMask(size_t maskInput, size_t shiftInput);
  /// Key \p j of batch entry b is seen if j < lengths[b].
  void addLengths(Value lengths);
  /// The attention in the node's layout.
  Value run();

private:
  Value headsFirst(Value v, int64_t heads);
  void addBand(bool masked);

  Node &node;
  Emitter &e;
  AttentionLayer x;
  std::string layout;
};
} // namespace

static std::string layoutOf(Node &node) {
  static const char *const names[] = {"BSH", "BNSD", "SBH", "BSND"};
  Attribute attr = node.attr("input_layout");
  if (auto text = dyn_cast_if_present<StringAttr>(attr))
    return text.str();
  int64_t number = node.i64("input_layout", 0);
  return number >= 0 && number < int64_t(std::size(names))
             ? names[number]
             : "number " + std::to_string(number);
}

/// \p v ~> [B, heads, S, D]
Value FlashAttention::headsFirst(Value v, int64_t heads) {
  bool flat = layout == "BSH" || layout == "SBH";
  if (!node.expectRank(v, flat ? 3 : 4, flat ? 3 : 4))
    return v;
  if (layout == "SBH")
    v = transpose(e, v, {1, 0, 2});
  if (flat)
    return splitHeads(e, v, heads);
  return layout == "BSND" ? transpose(e, v, {0, 2, 1, 3}) : v;
}

bool FlashAttention::read(Value query, Value key, Value value, int64_t heads,
                          int64_t keyHeads) {
  layout = layoutOf(node);
  x.scale = node.f64("scale_value", 1.0);
  if (layout != "BSH" && layout != "BNSD" && layout != "SBH" &&
      layout != "BSND")
    node.error() << "the input_layout " << layout << " is not supported";
  x.query = headsFirst(query, heads);
  if (node.failed())
    return false;
  int64_t size = Emitter::shape(x.query)[3];
  if (keyHeads == 0 && Emitter::rank(key) == 3 && size > 0)
    keyHeads = Emitter::shape(key)[2] / size;
  x.key = headsFirst(key, keyHeads);
  x.value = headsFirst(value, keyHeads);
  return !node.failed();
}

/// Modes: 0 and 1 a given mask (0: within the band), 2 and 3 causal from the
/// first or to the last query, 4 a band to the last query.
void FlashAttention::addBand(bool masked) {
  int64_t mode = node.i64("sparse_mode", 0);
  int64_t queries = Emitter::shape(x.query)[2], keys = Emitter::shape(x.key)[2];
  int64_t unlimited = std::max(queries, keys);
  int64_t before = node.i64("pre_tokens", unlimited),
          after = node.i64("next_tokens", unlimited);
  if (mode < 0 || mode > 4) {
    node.error() << "sparse_mode " << mode << " is not supported";
    return;
  }
  int64_t shift = mode >= 3 ? keys - queries : 0;
  if (mode == 2 || mode == 3)
    x.bandHigh = shift;
  if (mode == 4 || (mode == 0 && masked)) {
    if (before < unlimited)
      x.bandLow = shift - before;
    if (after < unlimited)
      x.bandHigh = shift + after;
  }
}

void FlashAttention::addMask(size_t maskInput, size_t shiftInput) {
  int64_t mode = node.i64("sparse_mode", 0);
  addBand(node.has(maskInput));
  if (node.has(shiftInput))
    x.addBias(e,
              e.mul(node.in(shiftInput, Emitter::element(x.query)), x.scale));
  // The masks of the other modes say again what the mode says.
  if (!node.has(maskInput) || mode > 1 || node.failed())
    return;
  Value mask = node.in(maskInput);
  if (Emitter::rank(mask) == 3)
    mask = expandDim(e, mask, 1);
  Value drop = e.cast(mask, e.boolean());
  x.allow(e, e.emit<ms::LogicalNotOp>(drop));
}

void FlashAttention::addLengths(Value lengths) {
  if (!node.expectRank(lengths, 1, 1))
    return;
  Value limit = reshape(e, e.cast(lengths, e.i64()),
                        {Emitter::shape(lengths)[0], 1, 1, 1});
  Value position = iotaDim(e, Emitter::shape(x.key)[2], e.i64(), 3, 4);
  x.allow(e, e.emit<ms::LessOp>({position, limit}));
}

Value FlashAttention::run() {
  Value y = attention(e, x);
  if (node.failed() || layout == "BNSD")
    return y;
  if (layout == "BSND")
    return transpose(e, y, {0, 2, 1, 3});
  y = joinHeads(e, y);
  return layout == "SBH" ? transpose(e, y, {1, 0, 2}) : y;
}

/// Refuses inputs (quantisation, paging) that change what is computed.
static bool hasNone(Node &node, size_t from, size_t to, StringRef what) {
  for (size_t i = from; i < to; ++i)
    if (node.has(i)) {
      node.error() << what << " (input " << i << ") is not supported";
      return false;
    }
  return true;
}

/// Results: softmax_max, softmax_sum, softmax_out (all None), attention_out.
LogicalResult importFlashAttentionScore(Node &node) {
  if (node.f64("keep_prob", 1.0) != 1)
    return node.error() << "dropout (keep_prob below 1) is not supported";
  if (!hasNone(node, 5, 6, "padding_mask") || !hasNone(node, 7, 8, "prefix") ||
      // Older files end with the prefix.
      !hasNone(node, 8, 10, "a packed batch"))
    return failure();
  FlashAttention attention(node);
  if (!attention.read(node.in(0), node.in(1), node.in(2), node.i64("head_num"),
                      0))
    return failure();
  attention.addMask(6, 3);
  return node.result(Val::tuple({Val(), Val(), Val(), attention.run()}));
}

LogicalResult importPromptFlashAttention(Node &node) {
  if (!hasNone(node, 7, 12, "quantised attention"))
    return failure();
  FlashAttention attention(node);
  int64_t heads = node.i64("num_heads", 1),
          keyHeads = node.i64("num_key_value_heads", 0);
  if (!attention.read(node.in(0), node.in(1), node.in(2), heads,
                      keyHeads ? keyHeads : heads))
    return failure();
  attention.addMask(3, 6);
  // Rows behind actual_seq_lengths are not specified.
  if (node.has(5)) {
    SmallVector<int64_t> lengths = node.i64s("actual_seq_lengths_kv");
    attention.addLengths(node.e.ints(lengths, node.e.i64()));
  }
  return node.result(attention.run());
}

LogicalResult importIncreFlashAttention(Node &node) {
  if (!hasNone(node, 6, 13, "quantised attention") ||
      !hasNone(node, 13, 15, "a paged cache"))
    return failure();
  auto single = [&](size_t i) {
    if (!node.has(i) || !node.inputs[i].isTuple())
      return node.in(i);
    SmallVector<Value> tensors = tensorsOf(node, i);
    if (tensors.size() == 1)
      return tensors[0];
    node.error() << "input " << i << " has " << tensors.size()
                 << " tensors, expected 1";
    return node.e.poison();
  };
  Value key = single(1), value = single(2);
  FlashAttention attention(node);
  int64_t heads = node.i64("num_heads", 1),
          keyHeads = node.i64("num_key_value_heads", 0);
  if (node.failed() || !attention.read(node.in(0), key, value, heads,
                                       keyHeads ? keyHeads : heads))
    return failure();
  attention.addMask(3, 5);
  if (node.has(4))
    attention.addLengths(node.in(4));
  return node.result(attention.run());
}

/// \p cos and \p sin with leading dimensions like those of \p x.
static Value rotate(Emitter &e, Value x, Value cos, Value sin,
                    bool interleaved) {
  if (e.failed)
    return e.poison();
  cos = expandToRank(e, cos, Emitter::rank(x));
  sin = expandToRank(e, sin, Emitter::rank(x));
  return e.emit<ms::RotaryEmbeddingOp>({x, cos, sin},
                                       {{"interleaved", interleaved}});
}

/// Modes: 0 turns the halves, 1 neighbours.
LogicalResult importRotaryPositionEmbedding(Node &node) {
  int64_t mode = node.i64("mode", 0);
  if (mode != 0 && mode != 1)
    return node.error() << "mode " << mode << " is not supported";
  return node.result(
      rotate(node.e, node.in(0), node.in(1), node.in(2), mode == 1));
}

/// Turns the halves of query and key [B, ...] by row position_ids[b] of cos and
/// sin [positions, size].
LogicalResult importApplyRotaryPosEmb(Node &node) {
  Emitter &e = node.e;
  if (int64_t format = node.i64("cos_format", 0); format != 0)
    return node.error() << "cos_format " << format << " is not supported";
  Value rows = node.in(4);
  if (!node.expectRank(rows, 1, 1) || !node.expectRank(node.in(2), 2, 2) ||
      !node.expectRank(node.in(3), 2, 2))
    return failure();
  auto turned = [&](Value x) {
    auto angles = [&](size_t i) {
      Value v = gather(e, node.in(i), asIndices(e, rows), 0);
      if (node.failed())
        return v;
      SmallVector<int64_t> shape(Emitter::rank(x), 1);
      shape.front() = Emitter::shape(v)[0];
      shape.back() = Emitter::shape(v)[1];
      return reshape(e, v, shape);
    };
    Value cos = angles(2), sin = angles(3);
    return rotate(e, x, cos, sin, false);
  };
  Value query = node.in(0), key = node.in(1);
  if (!node.expectRank(query, 2, 64) || !node.expectRank(key, 2, 64))
    return failure();
  return node.result(Val::tuple({turned(query), turned(key)}));
}

} // namespace msc::import::mindir

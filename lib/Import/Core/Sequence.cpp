// SPDX-License-Identifier: Apache-2.0
//
/// \file Building of recurrences and attention.
#include "msc/Import/Sequence.h"

#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import {

Value permuteBlocks(Emitter &e, Value v, int64_t axis,
                    ArrayRef<int64_t> order) {
  int64_t count = order.size();
  if (e.failed || llvm::is_sorted(order))
    return v;
  if (axis >= Emitter::rank(v) || Emitter::shape(v)[axis] % count != 0) {
    e.error() << "cannot split " << v.getType() << " into " << count
              << " blocks";
    return v;
  }
  int64_t size = Emitter::shape(v)[axis] / count;
  SmallVector<Value> blocks;
  for (int64_t block : order)
    blocks.push_back(slice(e, v, axis, block * size, size));
  return concat(e, blocks, axis);
}

/// The results of recurrence \p name with \p gates; its own operands are
/// \p states and, behind the lengths, \p tail (both maybe null).
static SmallVector<Value> build(Emitter &e, StringRef name, int64_t gates,
                                const RecurrentLayer &x,
                                SmallVector<Value> states, ArrayRef<Value> tail,
                                NamedAttrList attrs) {
  size_t results = name == ms::LSTMOp::getOperationName() ? 3 : 2;
  auto fail = [&] { return SmallVector<Value>(results, e.poison()); };
  if (e.failed)
    return fail();
  if (Emitter::rank(x.input) != 3 || Emitter::rank(x.recurrence) != 2) {
    e.error() << "runs over " << x.input.getType() << " with "
              << x.recurrence.getType() << ", expected ranks of 3 and 2";
    return fail();
  }
  Type element = Emitter::element(x.input);
  int64_t batch = Emitter::shape(x.input)[1],
          hidden = Emitter::shape(x.recurrence)[0];
  auto orZeros = [&](Value v, ArrayRef<int64_t> shape) {
    return v ? v : full(e, 0, shape, element);
  };
  SmallVector<Value> operands{x.input, x.weight, x.recurrence,
                              orZeros(x.bias, {gates * hidden})};
  if (name == ms::GRUOp::getOperationName())
    operands.push_back(orZeros(x.recurrenceBias, {gates * hidden}));
  for (Value state : states)
    operands.push_back(orZeros(state, {batch, hidden}));
  if (x.lengths)
    operands.push_back(x.lengths);
  for (Value v : tail)
    if (v)
      operands.push_back(v);
  Builder &b = e.builder;
  if (x.reverse)
    attrs.append("reverse", b.getUnitAttr());
  if (x.clip)
    attrs.append("clip", b.getF64FloatAttr(*x.clip));
  if (!x.activations.empty())
    attrs.append("activations", b.getStrArrayAttr(x.activations));
  auto matters = [](ArrayRef<double> numbers) {
    return llvm::any_of(numbers, [](double v) { return v != 0; });
  };
  if (matters(x.alphas))
    attrs.append("alphas", b.getDenseF64ArrayAttr(x.alphas));
  if (matters(x.betas))
    attrs.append("betas", b.getDenseF64ArrayAttr(x.betas));
  SmallVector<Value> y = e.createNamed(name, operands, attrs, {});
  return e.failed ? fail() : y;
}

SmallVector<Value> lstm(Emitter &e, const RecurrentLayer &x) {
  NamedAttrList attrs;
  if (x.inputForget)
    attrs.append("input_forget", e.builder.getUnitAttr());
  attrs.append("operandSegmentSizes",
               e.builder.getDenseI32ArrayAttr(
                   {1, 1, 1, 1, 1, 1, x.lengths ? 1 : 0, x.peephole ? 1 : 0}));
  return build(e, ms::LSTMOp::getOperationName(), 4, x, {x.hidden, x.cell},
               x.peephole, attrs);
}

SmallVector<Value> gru(Emitter &e, const RecurrentLayer &x) {
  NamedAttrList attrs;
  if (x.resetAfter)
    attrs.append("reset_after", e.builder.getUnitAttr());
  return build(e, ms::GRUOp::getOperationName(), 3, x, {x.hidden}, {}, attrs);
}

SmallVector<Value> rnn(Emitter &e, const RecurrentLayer &x) {
  return build(e, ms::RNNOp::getOperationName(), 1, x, {x.hidden}, {}, {});
}

void AttentionLayer::allow(Emitter &e, Value allowed) {
  if (e.failed)
    return;
  bool isBool = mask && Emitter::element(mask).isInteger(1);
  if (!mask)
    mask = allowed;
  else if (isBool)
    mask = e.emit<ms::LogicalAndOp>({mask, allowed});
  else
    mask = e.select(allowed, mask, number(e, -INFINITY, mask));
}

void AttentionLayer::addBias(Emitter &e, Value bias) {
  if (e.failed)
    return;
  bias = e.cast(bias, Emitter::element(query));
  bool isBool = mask && Emitter::element(mask).isInteger(1);
  if (!mask)
    mask = bias;
  else
    mask = isBool ? e.select(mask, bias, number(e, -INFINITY, bias))
                  : e.add(mask, bias);
}

Value attention(Emitter &e, const AttentionLayer &x) {
  if (e.failed)
    return e.poison();
  SmallVector<Value> operands{x.query, x.key, x.value};
  if (x.mask)
    operands.push_back(x.mask);
  auto integer = [&](std::optional<int64_t> v) -> AttrValue {
    return v ? Attribute(e.builder.getI64IntegerAttr(*v)) : Attribute();
  };
  Attribute cap =
      x.softcap ? Attribute(e.builder.getF64FloatAttr(*x.softcap)) : nullptr;
  return e.emit<ms::AttentionOp>(operands, {{"scale", x.scale},
                                            {"band_low", integer(x.bandLow)},
                                            {"band_high", integer(x.bandHigh)},
                                            {"softcap", cap}});
}

Value splitHeads(Emitter &e, Value v, int64_t heads) {
  if (e.failed)
    return v;
  ArrayRef<int64_t> s = Emitter::shape(v);
  if (s.size() != 3 || heads <= 0 || s[2] % heads != 0) {
    e.error() << "cannot split " << v.getType() << " into " << heads
              << " heads";
    return v;
  }
  SmallVector<int64_t> parts{s[0], s[1], heads, s[2] / heads};
  return transpose(e, reshape(e, v, parts), {0, 2, 1, 3});
}

Value joinHeads(Emitter &e, Value v) {
  if (e.failed)
    return v;
  Value t = transpose(e, v, {0, 2, 1, 3});
  ArrayRef<int64_t> s = Emitter::shape(t);
  return reshape(e, t, {s[0], s[1], s[2] * s[3]});
}

} // namespace msc::import

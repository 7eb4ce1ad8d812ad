// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR's quantisation primitives, as arithmetic on floats and products
/// of integers.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// Rounds as `rounding_mode` states; the numbers are those of MindSpore's enum.
static Value roundAs(Node &node, Value v) {
  Emitter &e = node.e;
  Attribute attr = node.attr("rounding_mode");
  auto text = dyn_cast_if_present<StringAttr>(attr);
  static const char *const names[] = {"ROUND", "FLOOR", "CEIL", "TRUNC"};
  int64_t number = text ? 0 : node.i64("rounding_mode", 0);
  if (number < 0 || number >= int64_t(std::size(names))) {
    node.error() << "rounding_mode is 0 to 3, got " << number;
    return v;
  }
  std::string mode = text ? text.getValue().upper() : names[number];
  if (mode == "ROUND")
    return v; // quantize() rounds
  if (mode == "FLOOR")
    return e.emit<ms::FloorOp>(v);
  if (mode == "CEIL")
    return e.emit<ms::CeilOp>(v);
  if (mode != "TRUNC")
    node.error() << "rounding_mode '" << mode << "' is not supported";
  return e.emit<ms::TruncOp>(v);
}

LogicalResult importQuantV2(Node &node) {
  Emitter &e = node.e;
  Value scale = node.in(1, e.f32());
  if (node.flag("sqrt_mode", false))
    scale = e.mul(scale, scale);
  Value scaled = e.add(e.mul(node.in(0, e.f32()), scale), node.in(2, e.f32()));
  Type element = node.dtype("dst_type", e.builder.getI8Type());
  return node.result(quantize(e, roundAs(node, scaled), {}, element));
}

LogicalResult importDynamicQuant(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0, e.f32());
  if (!node.expectRank(x, 1, 64))
    return failure();
  if (node.has(1))
    x = e.mul(x, node.in(1, e.f32()));
  // One scale per row, so that the largest element becomes 127.
  Value peak = reduce(e, "max", absolute(e, x), {Emitter::rank(x) - 1}, true);
  Value scale = e.div(peak, 127);
  Value divisor = e.select(equal(e, scale, 0), number(e, 1, scale), scale);
  Value y = quantize(e, e.div(x, divisor), {}, e.builder.getI8Type());
  return node.result(
      Val::tuple({y, squeezeDim(e, scale, Emitter::rank(x) - 1)}));
}

LogicalResult importAntiQuant(Node &node) {
  Emitter &e = node.e;
  Value scale = node.in(1, e.f32());
  if (node.flag("sqrt_mode", false))
    scale = e.mul(scale, scale);
  Value x = node.in(0, e.f32());
  if (node.has(2))
    x = e.add(x, node.in(2, e.f32()));
  Type element = node.dtype("dtype", e.builder.getF16Type());
  return node.result(e.cast(e.mul(x, scale), element));
}

/// The element type of a product: `dtype`, or the stated one, or f16.
static Type productElement(Node &node) {
  if (node.hasAttr("dtype"))
    return node.dtype("dtype");
  Type stated = getElementTypeOrSelf(node.op.getResult(0).getType());
  return isa<FloatType>(stated) ? stated : node.e.builder.getF16Type();
}

LogicalResult importQuantBatchMatmul(Node &node) {
  Emitter &e = node.e;
  Value product =
      e.emit<ms::MatMulOp>({node.in(0), node.in(1)},
                           {{"transpose_lhs", node.flag("transpose_x1", false)},
                            {"transpose_rhs", node.flag("transpose_x2", false)},
                            {"element", Attribute(TypeAttr::get(e.i32()))}});
  if (node.has(4))
    product = e.add(product, node.in(4, e.i32()));
  Value y = e.mul(e.cast(product, e.f32()), node.in(2, e.f32()));
  if (node.has(5)) // one scale per row
    y = e.mul(y, expandDim(e, node.in(5, e.f32()), Emitter::rank(node.in(5))));
  Type element = productElement(node);
  if (!isa<IntegerType>(element))
    return node.result(e.cast(y, element));
  if (node.has(3))
    y = e.add(y, node.in(3, e.f32()));
  return node.result(quantize(e, y, {}, element));
}

/// The factor or offset of each element of \p weight: one for all, one per
/// column, or one per group of rows and column.
static Value perColumn(Node &node, size_t i, Value weight, bool transposed) {
  Emitter &e = node.e;
  Value v = node.in(i, e.f32());
  int64_t group = node.i64("antiquant_group_size", 0);
  if (Emitter::rank(v) < 2 || group == 0)
    return transposed && Emitter::rank(v) == 1 ? expandDim(e, v, 1) : v;
  int64_t axis = transposed ? 1 : 0;
  int64_t rows = Emitter::shape(weight)[axis];
  if (!node.expectRank(v, 2, 2) || group < 0 ||
      Emitter::shape(v)[axis] != int64_t(llvm::divideCeil(rows, group))) {
    if (!node.failed())
      node.error() << "groups of " << group << " do not fit " << v.getType();
    return v;
  }
  SmallVector<int64_t> repeated(Emitter::shape(v));
  repeated.insert(repeated.begin() + axis + 1, group);
  SmallVector<int64_t> merged(Emitter::shape(v));
  merged[axis] *= group;
  v = reshape(e, broadcastTo(e, expandDim(e, v, axis + 1), repeated), merged);
  return slice(e, v, axis, 0, rows);
}

LogicalResult importWeightQuantBatchMatmul(Node &node) {
  Emitter &e = node.e;
  if (node.has(4) || node.has(5))
    return node.error() << "quantisation of the result is not supported";
  bool transposed = node.flag("transpose_weight", false);
  Value weight = node.in(1, e.f32());
  if (!node.expectRank(weight, 2, 2))
    return failure();
  if (node.has(3))
    weight = e.add(weight, perColumn(node, 3, weight, transposed));
  weight = e.mul(weight, perColumn(node, 2, weight, transposed));
  Value y =
      e.emit<ms::MatMulOp>({node.in(0, e.f32()), weight},
                           {{"transpose_lhs", node.flag("transpose_x", false)},
                            {"transpose_rhs", transposed}});
  if (node.has(6))
    y = e.add(y, node.in(6, e.f32()));
  return node.result(e.cast(y, Emitter::element(node.in(0))));
}

LogicalResult importFakeQuant(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), low = node.in(1), high = node.in(2);
  int64_t bits = node.i64("num_bits", 8);
  bool narrow = node.flag("narrow_range", false);
  bool symmetric = node.flag("symmetric", false);
  if (node.flag("training", false))
    return node.error() << "training mode is not supported: export the "
                           "network with set_train(False)";
  if (bits < 2 || bits > 16)
    return node.error() << "num_bits is 2 to 16, got " << bits;
  if (node.op.getOp().ends_with("PerChannel") && Emitter::rank(x) > 1) {
    int64_t axis = node.axis(node.i64("channel_axis", 1), Emitter::rank(x));
    SmallVector<int64_t> aligned(Emitter::rank(x), 1);
    aligned[axis] = Emitter::shape(x)[axis];
    low = reshape(e, low, aligned);
    high = reshape(e, high, aligned);
  }
  // The range holds 0; a symmetric one has 0 in its middle.
  low = minimum(e, low, number(e, 0, low));
  high = maximum(e, high, number(e, 0, high));
  double first = narrow ? 1 : 0, last = double((1 << bits) - 1);
  if (symmetric) {
    high = maximum(e, e.emit<ms::NegOp>(low), high);
    low = e.emit<ms::NegOp>(high);
  }
  Value scale = e.div(e.sub(high, low), last - first);
  scale = e.select(equal(e, scale, 0), number(e, 1, scale), scale);
  Value start = e.sub(number(e, first, low), e.div(low, scale));
  Value zero = e.emit<ms::RoundOp>(clip(e, start, first, last));
  Value step = e.emit<ms::RoundOp>(e.add(e.div(x, scale), zero));
  return node.result(e.mul(e.sub(clip(e, step, first, last), zero), scale));
}

} // namespace msc::import::mindir

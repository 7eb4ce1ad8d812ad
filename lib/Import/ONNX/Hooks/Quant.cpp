// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's quantisation operators, as arithmetic on floats.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// Scales or zero points \p v of blocks of \p block elements along \p axis, one
/// for each element of \p shape. The last block may be a part.
static Value repeatBlocks(Node &node, Value v, ArrayRef<int64_t> shape,
                          int64_t axis, int64_t block) {
  Emitter &e = node.e;
  SmallVector<int64_t> expected(shape);
  expected[axis] = llvm::divideCeil(shape[axis], block);
  if (Emitter::shape(v) != ArrayRef(expected)) {
    node.error() << "blocks of " << block << " along axis " << axis
                 << " need a scale of shape [" << expected << "], got "
                 << v.getType();
    return v;
  }
  SmallVector<int64_t> repeated(expected);
  repeated.insert(repeated.begin() + axis + 1, block);
  v = broadcastTo(e, expandDim(e, v, axis + 1), repeated);
  SmallVector<int64_t> merged(expected);
  merged[axis] *= block;
  return slice(e, reshape(e, v, merged), axis, 0, shape[axis]);
}

/// Input \p i, which may be an integer of 4 bits, as a wider one.
static Value integerInput(Node &node, size_t i) {
  if (i < node.inputs.size() && node.inputs[i].narrow)
    return node.inputs[i].tensor;
  return node.in(i);
}

/// Input \p i, a scale or zero point, in a shape that broadcasts to that of
/// input 0: one number, one per index of `axis`, or one per block along it.
static Value parameterInput(Node &node, size_t i) {
  Value v = integerInput(node, i);
  ArrayRef<int64_t> shape = Emitter::shape(integerInput(node, 0));
  if (Emitter::type(v).getNumElements() == 1 && Emitter::rank(v) <= 1)
    return reshape(node.e, v, {});
  int64_t rank = shape.size();
  int64_t axis = node.axis(node.i64("axis", 1), rank);
  int64_t block = node.i64("block_size", 0);
  if (node.failed())
    return v;
  if (block > 0)
    return repeatBlocks(node, v, shape, axis, block);
  if (block < 0 || Emitter::rank(v) != 1 ||
      Emitter::shape(v)[0] != shape[axis]) {
    node.error() << "expects one scale or " << shape[axis] << " for axis "
                 << axis << ", got " << v.getType();
    return v;
  }
  SmallVector<int64_t> aligned(rank, 1);
  aligned[axis] = shape[axis];
  return reshape(node.e, v, aligned);
}

/// The element type stated by attribute \p name, or \p fallback; 0 is none.
static Type elementAttribute(Node &node, StringRef name, Type fallback) {
  int64_t id = node.i64(name, 0);
  return id ? node.elementType(id) : fallback;
}

LogicalResult importQuantizeLinear(Node &node) {
  Emitter &e = node.e;
  Value scale = parameterInput(node, 1);
  if (node.has(2) && node.inputs[2].narrow)
    return node.error() << "quantisation to " << node.inputs[2].narrow
                        << " is not supported";
  Value zero = node.has(2) ? parameterInput(node, 2) : Value();
  Type fallback = e.builder.getIntegerType(8, /*isSigned=*/false);
  Type element = zero ? Emitter::element(zero)
                      : elementAttribute(node, "output_dtype", fallback);
  Type x = Emitter::element(node.in(0)), s = Emitter::element(scale);
  // Before opset 23 the wider of the two types was meant.
  Type precision = elementAttribute(node, "precision", commonElementType(x, s));
  if (!isa<FloatType>(precision))
    precision = e.f32();
  Value scaled = e.div(node.in(0, precision), e.cast(scale, precision));
  return node.result(quantize(e, scaled, zero, element));
}

LogicalResult importDequantizeLinear(Node &node) {
  Emitter &e = node.e;
  Value scale = parameterInput(node, 1);
  Type element =
      elementAttribute(node, "output_dtype", Emitter::element(scale));
  // Differences of 8 and 16 bit integers are exact in f32.
  Value x = e.cast(integerInput(node, 0), e.f32());
  if (node.has(2))
    x = e.sub(x, e.cast(parameterInput(node, 2), e.f32()));
  return node.result(e.cast(e.mul(x, e.cast(scale, e.f32())), element));
}

LogicalResult importDynamicQuantizeLinear(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  Type element = e.builder.getIntegerType(8, /*isSigned=*/false);
  // The range holds 0, so that 0 is exact.
  Value low = minimum(e, reduceAll(e, "min", x), number(e, 0, x));
  Value high = maximum(e, reduceAll(e, "max", x), number(e, 0, x));
  Value range = e.div(e.sub(high, low), 255);
  Value scale = e.select(equal(e, range, 0), number(e, 1, x), range);
  Value zero = quantize(e, e.div(e.emit<ms::NegOp>(low), scale), {}, element);
  Value y = quantize(e, e.div(x, scale), zero, element);
  return node.results({y, scale, zero});
}

} // namespace msc::import::onnx

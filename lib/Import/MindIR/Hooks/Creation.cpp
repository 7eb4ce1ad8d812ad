// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives that make tensors from numbers and shapes, or
/// numbers from shapes.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

// Shapes as values.

static Val integer(Node &node, int64_t value) {
  return Val::literal(node.e.builder.getI64IntegerAttr(value));
}

LogicalResult importShape(Node &node) {
  std::vector<Val> extents;
  Value x = node.in(0);
  std::optional<Emitter::Size> size = node.e.sizeOf(x);
  for (auto [d, extent] : llvm::enumerate(Emitter::shape(x)))
    extents.push_back(size && size->dim == int64_t(d) ? Val(size->count)
                                                      : integer(node, extent));
  node.mindsSizes();
  return node.result(Val::tuple(std::move(extents)));
}

LogicalResult importTensorShape(Node &node) {
  Value x = node.in(0);
  node.mindsSizes();
  return node.result(shapeOf(node.e, x, 0, Emitter::rank(x)));
}

LogicalResult importRank(Node &node) {
  node.mindsSizes();
  return node.result(integer(node, Emitter::rank(node.in(0))));
}

LogicalResult importSize(Node &node) {
  return node.result(integer(node, Emitter::type(node.in(0)).getNumElements()));
}

// Creation.

/// The type of a number argument: a tensor's element type, f32 for a Python
/// float, i64 for an int.
static Type typeOfNumber(Node &node, size_t i) {
  if (node.has(i) && node.inputs[i].isTensor())
    return Emitter::element(node.inputs[i].tensor);
  Attribute attr = node.has(i) ? node.inputs[i].attr : Attribute();
  if (isa_and_present<FloatAttr>(attr))
    return node.e.f32();
  auto number = dyn_cast_if_present<IntegerAttr>(attr);
  return number && number.getType().isInteger(1) ? node.e.boolean()
                                                 : node.e.i64();
}

/// Argument number \p name of the row, or -1.
static int64_t argument(Node &node, StringRef name) {
  for (auto [i, arg] : llvm::enumerate(node.rule->args))
    if (name == arg)
      return i;
  return -1;
}

/// A tensor of \p shape filled with argument "value".
static LogicalResult fill(Node &node, ArrayRef<int64_t> shape, Type fallback) {
  int64_t i = argument(node, "value");
  Type element =
      node.dtype("dtype", fallback ? fallback : typeOfNumber(node, i));
  Value value = node.in(i, element);
  if (node.failed())
    return failure();
  if (Emitter::type(value).getNumElements() != 1)
    return node.error() << "fills with " << value.getType()
                        << ", expected one number";
  return node.result(broadcastTo(node.e, reshape(node.e, value, {}), shape));
}

LogicalResult importFill(Node &node) {
  SmallVector<int64_t> shape = node.i64s("size");
  return node.failed() ? failure() : fill(node, shape, {});
}

LogicalResult importFullLike(Node &node) {
  Value like = node.in(0);
  return fill(node, Emitter::shape(like), Emitter::element(like));
}

static LogicalResult filled(Node &node, double value, ArrayRef<int64_t> shape,
                            Type element) {
  return node.failed() ? failure()
                       : node.result(full(node.e, value, shape, element));
}

LogicalResult importOnes(Node &node) {
  Type element = node.dtype("dtype", node.e.f32());
  return filled(node, 1, node.i64s("size"), element);
}

LogicalResult importZeros(Node &node) {
  Type element = node.dtype("dtype", node.e.f32());
  return filled(node, 0, node.i64s("size"), element);
}

LogicalResult importNewOnes(Node &node) {
  Type element = node.dtype("dtype", Emitter::element(node.in(0)));
  return filled(node, 1, node.i64s("size"), element);
}

LogicalResult importNewZeros(Node &node) {
  Type element = node.dtype("dtype", Emitter::element(node.in(0)));
  return filled(node, 0, node.i64s("size"), element);
}

LogicalResult importOnesLike(Node &node) {
  Value like = node.in(0);
  return filled(node, 1, Emitter::shape(like),
                node.dtype("dtype", Emitter::element(like)));
}

LogicalResult importZerosLike(Node &node) {
  Value like = node.in(0);
  return filled(node, 0, Emitter::shape(like),
                node.dtype("dtype", Emitter::element(like)));
}

LogicalResult importEye(Node &node) {
  int64_t rows = node.i64("n"), columns = node.i64("m");
  Type element = node.dtype("dtype", node.e.f32());
  product(node.e, {rows, columns});
  return node.failed() ? failure()
                       : node.result(eye(node.e, rows, columns, 0, element));
}

/// start + i * step below end; the number of elements is that of the values.
LogicalResult importRange(Node &node) {
  Emitter &e = node.e;
  double start = node.f64("start", 0), step = node.f64("step", 1);
  double end = node.f64(node.hasAttr("limit") ? "limit" : "end");
  Type element = e.i64();
  for (size_t i = 0; i < 3 && i < node.numInputs(); ++i)
    if (Type type = typeOfNumber(node, i);
        isa<FloatType>(type) || node.inputs[i].isTensor())
      element = type;
  element = node.dtype("dtype", element);
  if (node.failed())
    return failure();
  double count = step == 0 ? -1 : std::ceil((end - start) / step);
  if (!(step != 0 && count < 0x1p40))
    return node.error() << "goes from " << start << " to " << end
                        << " in steps of " << step;
  // Integer results of float arguments are computed in floats.
  bool isExact = isa<FloatType>(element) ||
                 (start == std::trunc(start) && step == std::trunc(step));
  Type inner = isExact ? element : e.f32();
  Value index = iota(e, std::max<int64_t>(int64_t(count), 0), inner);
  return node.result(e.cast(e.add(e.mul(index, step), start), element));
}

LogicalResult importLinSpace(Node &node) {
  Emitter &e = node.e;
  int64_t count = node.i64("num");
  Type element = node.dtype("dtype", isa<FloatType>(typeOfNumber(node, 0))
                                         ? typeOfNumber(node, 0)
                                         : e.f32());
  if (node.failed())
    return failure();
  if (count <= 0)
    return node.error() << "has " << count << " elements";
  Type inner = isa<FloatType>(element) ? element : e.f32();
  Value start = node.in(0, inner), stop = node.in(1, inner);
  // A leading extent of batches, if any, stays in front.
  if (Emitter::rank(start) > 0 && Emitter::type(start).getNumElements() == 1) {
    start = reshape(e, start, {});
    stop = reshape(e, stop, {});
  } else if (Emitter::rank(start) > 0) {
    start = expandDim(e, start, Emitter::rank(start));
    stop = expandDim(e, stop, Emitter::rank(stop));
  }
  Value step =
      e.div(e.sub(stop, start), double(std::max<int64_t>(count - 1, 1)));
  Value line = e.add(start, e.mul(step, iota(e, count, inner)));
  return node.result(e.cast(line, element));
}

} // namespace msc::import::mindir

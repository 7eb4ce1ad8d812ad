// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's convolutions that are no plain one: at sampled positions, and
/// with a state. Semantics: https://onnx.ai/onnx/operators/.
#include "lib/Import/ONNX/Hooks.h"
#include "lib/Import/ONNX/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// out * stride - pad + tap * dilation along \p d, with the kernel's and the
/// result's extents at dimensions 2 + d and 4 + d of 6.
static Value regularPositions(Emitter &e, const WindowAttrs &window,
                              ArrayRef<int64_t> out, size_t d, Type element) {
  Value tap = iotaDim(e, window.kernel[d], element, 2 + d, 6);
  Value at = iotaDim(e, out[d], element, 4 + d, 6);
  at = e.sub(e.mul(at, double(window.strides[d])), double(window.pads[d]));
  return e.add(at, e.mul(tap, double(window.dilations[d])));
}

/// 1 - |position - corner| where the corner is in [0, extent), else 0.
static Value cornerWeight(Emitter &e, Value position, Value corner,
                          int64_t extent) {
  Type element = Emitter::element(position);
  Value distance = e.emit<ms::AbsOp>(e.sub(position, corner));
  Value weight = e.sub(e.scalar(1, element), distance);
  Value low = e.emit<ms::GreaterEqualOp>({corner, e.scalar(0, element)});
  Value high = e.emit<ms::LessOp>({corner, e.scalar(double(extent), element)});
  return e.select(e.emit<ms::LogicalAndOp>({low, high}), weight,
                  e.scalar(0, element));
}

/// The input [N, C, H, W], bilinearly interpolated at positions \p y and \p x
/// [N, groups, count], zero outside: [N, C, count].
static Value sample(Emitter &e, Value input, Value y, Value x, int64_t groups) {
  ArrayRef<int64_t> shape = Emitter::shape(input);
  int64_t n = shape[0], channels = shape[1] / groups,
          count = Emitter::shape(y)[2];
  int64_t height = shape[2], width = shape[3];
  // Rows of pixels: [N * groups, H * W, C / groups].
  Value pixels = reshape(e, input, {n * groups, channels, height * width});
  pixels = transpose(e, pixels, {0, 2, 1});
  y = reshape(e, y, {n * groups, count});
  x = reshape(e, x, {n * groups, count});
  Value sum, top = e.emit<ms::FloorOp>(y), left = e.emit<ms::FloorOp>(x);
  for (double dy : {0.0, 1.0})
    for (double dx : {0.0, 1.0}) {
      Value row = e.add(top, dy), column = e.add(left, dx);
      Value weight = e.mul(cornerWeight(e, y, row, height),
                           cornerWeight(e, x, column, width));
      auto bounded = [&](Value v, int64_t extent) {
        Type i64 = e.i64();
        Value low = e.emit<ms::MaximumOp>({e.cast(v, i64), e.scalar(0, i64)});
        return e.emit<ms::MinimumOp>({low, e.scalar(double(extent - 1), i64)});
      };
      Value index = e.add(e.mul(bounded(row, height), double(width)),
                          bounded(column, width));
      Value term =
          e.mul(gather(e, pixels, index, 1, 1), expandDim(e, weight, 2));
      sum = sum ? e.add(sum, term) : term;
    }
  return reshape(e, transpose(e, sum, {0, 2, 1}),
                 {n, channels * groups, count});
}

/// Inputs: x, weight, offsets [N, groups * kernel * 2, out...], bias, mask
/// [N, groups * kernel, out...].
LogicalResult importDeformConv(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1), offsets = node.in(2);
  if (!node.expectRank(x, 4, 4) || !node.expectRank(weight, 4, 4) ||
      !node.expectRank(offsets, 4, 4))
    return failure();
  ArrayRef<int64_t> shape = Emitter::shape(x), filters = Emitter::shape(weight);
  WindowAttrs window =
      readWindow(node, shape.drop_front(2), filters.drop_front(2));
  int64_t groups = node.i64("group", 1), parts = node.i64("offset_group", 1);
  if (node.failed())
    return failure();
  int64_t n = shape[0], kh = window.kernel[0], kw = window.kernel[1];
  SmallVector<int64_t> out(Emitter::shape(offsets).drop_front(2));
  if (groups < 1 || parts < 1 || shape[1] % groups || shape[1] % parts ||
      filters[0] % groups || product(e, shape) == 0)
    return node.error() << "group " << groups << " and offset_group " << parts
                        << " do not fit " << x.getType() << " and "
                        << weight.getType();
  // [N, parts, kernel..., (y, x), out...] ~> two of [N, parts, kernel, out...]
  offsets = reshape(e, offsets, {n, parts, kh, kw, 2, out[0], out[1]});
  if (node.failed())
    return failure();
  SmallVector<Value> positions;
  int64_t taps = kh * kw, places = product(e, out);
  for (size_t d = 0; d < 2; ++d) {
    Value offset = squeezeDim(e, slice(e, offsets, 4, d, 1), 4);
    Value at = e.add(
        offset, regularPositions(e, window, out, d, Emitter::element(offset)));
    positions.push_back(reshape(e, at, {n, parts, taps * places}));
  }
  Value columns = sample(e, x, positions[0], positions[1], parts);
  if (node.has(4)) {
    Value mask = reshape(e, node.in(4), {n, parts, 1, taps * places});
    Value split =
        reshape(e, columns, {n, parts, shape[1] / parts, taps * places});
    columns = e.mul(split, mask);
  }
  columns = reshape(e, columns, {n, groups, shape[1] / groups * taps, places});
  Value rows =
      reshape(e, weight, {groups, filters[0] / groups, filters[1] * taps});
  Value y = matmul(e, rows, columns);
  y = reshape(e, y, {n, filters[0], out[0], out[1]});
  return node.result(addBias(e, y, node.has(3) ? node.in(3) : Value()));
}

/// Depthwise over the state and the input one after the other; the last of
/// these are the next state.
LogicalResult importCausalConvWithState(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  std::string activation = node.str("activation", "none");
  if (!node.expectRank(x, 3, 3) || !node.expectRank(weight, 3, 3))
    return failure();
  SmallVector<int64_t> state(Emitter::shape(x));
  state[2] = Emitter::shape(weight)[2] - 1;
  Value past =
      node.has(3) ? node.in(3) : full(e, 0, state, Emitter::element(x));
  Value all = state[2] ? concat(e, {past, x}, 2) : x;
  WindowAttrs window;
  window.kernel = {state[2] + 1};
  window.strides = window.dilations = {1};
  window.pads = {0, 0};
  Value y = conv(e, all, weight, window, state[1]);
  y = addBias(e, y, node.has(2) ? node.in(2) : Value());
  if (activation == "silu" || activation == "swish")
    y = e.emit<ms::SiluOp>(y);
  else if (activation != "none")
    return node.error() << "activation '" << activation << "' is not supported";
  if (node.failed())
    return failure();
  return node.results(
      {y, slice(e, all, 2, Emitter::shape(all)[2] - state[2], state[2])});
}

} // namespace msc::import::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX DFT (17 and 20) and STFT. The last dimension of a signal holds
/// its real part, or real and imaginary part.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// Longer transforms are not what a model means.
static constexpr int64_t maxLength = 1 << 26;

/// \p x cut or filled with zeros to \p extent along \p axis.
static Value resized(Emitter &e, Value x, int64_t axis, int64_t extent) {
  int64_t had = Emitter::shape(x)[axis];
  if (had >= extent)
    return slice(e, x, axis, 0, extent);
  SmallVector<int64_t> low(Emitter::rank(x), 0), high(low);
  high[axis] = extent - had;
  return pad(e, x, low, high);
}

/// The signal with both parts, in f32 or f64.
static Value asComplex(Node &node, Value x) {
  Emitter &e = node.e;
  if (!node.expectRank(x, 2, 64))
    return x;
  int64_t parts = Emitter::shape(x).back();
  if (parts != 1 && parts != 2) {
    node.error() << "the last dimension of " << x.getType()
                 << " is not 1 or 2: a real or complex signal";
    return x;
  }
  if (!Emitter::element(x).isF64())
    x = e.cast(x, e.f32());
  return resized(e, x, Emitter::rank(x) - 1, 2);
}

static Value transform(Emitter &e, Value x, int64_t axis, bool inverse) {
  double scale = inverse ? 1.0 / double(Emitter::shape(x)[axis]) : 1.0;
  return e.emit<ms::FftOp>(
      x, {{"axis", axis}, {"inverse", inverse}, {"scale", scale}});
}

/// The first half of a spectrum of \p n values ~> all of it: the others are the
/// conjugates of those, in reverse order.
static Value mirrored(Emitter &e, Value half, int64_t axis, int64_t n) {
  int64_t kept = n / 2 + 1;
  half = resized(e, half, axis, kept);
  if (n <= 2)
    return slice(e, half, axis, 0, n);
  Value tail = reverse(e, slice(e, half, axis, 1, n - kept), {axis});
  Value sign = e.constant(DenseElementsAttr::get(
      RankedTensorType::get({2}, e.f32()), ArrayRef<float>{1, -1}));
  tail = e.mul(tail, e.cast(sign, Emitter::element(half)));
  return concat(e, {half, tail}, axis);
}

namespace {
struct Dft {
  int64_t axis, length;
  bool inverse, oneSided;
};
} // namespace

static Value dft(Emitter &e, Value x, const Dft &d) {
  int64_t last = Emitter::rank(x) - 1;
  if (d.inverse && d.oneSided) // the signal is real
    return slice(e,
                 transform(e, mirrored(e, x, d.axis, d.length), d.axis, true),
                 last, 0, 1);
  Value y = transform(e, resized(e, x, d.axis, d.length), d.axis, d.inverse);
  return d.oneSided ? slice(e, y, d.axis, 0, d.length / 2 + 1) : y;
}

/// The one number that input \p i is, or \p fallback where it is absent.
static int64_t numberInput(Node &node, size_t i, int64_t fallback) {
  if (!node.has(i))
    return fallback;
  SmallVector<int64_t> values = node.constI64s(i);
  if (values.size() == 1)
    return values[0];
  if (!node.failed())
    node.error() << "input " << i << " has " << values.size()
                 << " values, expected one";
  return fallback;
}

static bool checkLength(Node &node, int64_t length) {
  if (!node.failed() && (length < 1 || length > maxLength))
    node.error() << "a transform of " << length
                 << " values is out of range [1, " << maxLength << "]";
  return !node.failed();
}

static LogicalResult importDftAlong(Node &node, int64_t axis) {
  Emitter &e = node.e;
  Type element = Emitter::element(node.in(0));
  Value x = asComplex(node, node.in(0));
  if (node.failed())
    return failure();
  int64_t rank = Emitter::rank(x);
  Dft d{node.axis(axis, rank), 0, node.flag("inverse", false),
        node.flag("onesided", false)};
  if (!node.failed() && d.axis == rank - 1)
    node.error() << "axis " << axis << " is that of the parts of a number";
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[d.axis];
  d.length =
      numberInput(node, 1, d.inverse && d.oneSided ? 2 * (extent - 1) : extent);
  if (!checkLength(node, d.length))
    return failure();
  return node.result(e.cast(dft(e, x, d), element));
}

LogicalResult importDftAttribute(Node &node) {
  return importDftAlong(node, node.i64("axis", 1));
}

LogicalResult importDft(Node &node) {
  return importDftAlong(node, numberInput(node, 2, -2));
}

LogicalResult importStft(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  Type element = Emitter::element(x);
  if (!node.expectRank(x, 3, 3) ||
      (node.has(2) && !node.expectRank(node.in(2), 1, 1)))
    return failure();
  x = asComplex(node, x);
  if (node.failed())
    return failure();
  int64_t extent = Emitter::shape(x)[1], step = numberInput(node, 1, 0);
  int64_t window = node.has(2) ? Emitter::shape(node.in(2))[0] : extent;
  int64_t length = numberInput(node, 3, window);
  if (!checkLength(node, length))
    return failure();
  if (step < 1 || length > extent || (node.has(2) && window != length))
    return node.error() << "frames of " << length << " values every " << step
                        << " with a window of " << window << " do not fit "
                        << extent << " values";
  int64_t frames = (extent - length) / step + 1;
  Value starts = e.mul(iotaDim(e, frames, e.i64(), 0, 2), double(step));
  Value positions = e.add(starts, iotaDim(e, length, e.i64(), 1, 2));
  x = gather(e, x, positions, 1); // [batch, frames, length, 2]
  if (node.has(2))
    x = e.mul(x, reshape(e, node.in(2, Emitter::element(x)), {length, 1}));
  Dft d{2, length, false, node.flag("onesided", true)};
  return node.result(e.cast(dft(e, x, d), element));
}

} // namespace msc::import::onnx

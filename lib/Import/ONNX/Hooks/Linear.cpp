// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's products and convolutions. Semantics:
/// https://onnx.ai/onnx/operators/, and ContribOperators.md of ONNX Runtime for
/// com.microsoft.
#include "lib/Import/ONNX/Hooks.h"
#include "lib/Import/ONNX/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

LogicalResult importMatMul(Node &node) {
  return node.result(matmul(node.e, node.in(0), node.in(1)));
}

/// x * factor, unless that is 1.
static Value scaled(Emitter &e, Value x, double factor) {
  return factor == 1 ? x : e.mul(x, factor);
}

static Value gemmOf(Node &node) {
  Emitter &e = node.e;
  Value a = node.in(0), b = node.in(1);
  if (!node.expectRank(a, 2, 2) || !node.expectRank(b, 2, 2))
    return e.poison();
  Value y =
      matmul(e, a, b, node.flag("transA", false), node.flag("transB", false));
  y = scaled(e, y, node.f64("alpha", 1));
  if (node.has(2))
    y = e.add(y, scaled(e, node.in(2), node.f64("beta", 1)));
  return y;
}

LogicalResult importGemm(Node &node) { return node.result(gemmOf(node)); }

/// Moves dimension 0 behind all but the last one: what transBatchA means.
static Value moveBatch(Emitter &e, Value v) {
  return moveDim(e, v, 0, Emitter::rank(v) - 2);
}

LogicalResult importFusedMatMul(Node &node) {
  Emitter &e = node.e;
  Value a = node.in(0), b = node.in(1);
  bool batchA = node.flag("transBatchA", false),
       batchB = node.flag("transBatchB", false);
  if ((batchA && !node.expectRank(a, 2, 64)) ||
      (batchB && !node.expectRank(b, 2, 64)))
    return failure();
  Value y =
      matmul(e, batchA ? moveBatch(e, a) : a, batchB ? moveBatch(e, b) : b,
             node.flag("transA", false), node.flag("transB", false));
  return node.result(scaled(e, y, node.f64("alpha", 1)));
}

LogicalResult importEinsum(Node &node) {
  return node.result(einsum(node.e, node.str("equation"), node.rest()));
}

/// The convolution of \p x with \p weight that the node's attributes tell.
static Value convOf(Node &node, Value x, Value weight) {
  if (!node.expectRank(x, 3, 64) ||
      !node.expectRank(weight, Emitter::rank(x), Emitter::rank(x)))
    return node.e.poison();
  ArrayRef<int64_t> kernel = Emitter::shape(weight).drop_front(2);
  SmallVector<int64_t> stated =
      node.i64s("kernel_shape", SmallVector<int64_t>(kernel));
  if (!node.failed() && ArrayRef(stated) != kernel)
    node.error() << "kernel_shape [" << stated << "] is not that of the weight "
                 << weight.getType();
  WindowAttrs window =
      readWindow(node, Emitter::shape(x).drop_front(2), kernel);
  return conv(node.e, x, weight, window, node.i64("group", 1));
}

LogicalResult importConv(Node &node) {
  Value y = convOf(node, node.in(0), node.in(1));
  return node.result(addBias(node.e, y, node.has(2) ? node.in(2) : Value()));
}

/// The fused activation of com.microsoft's operators.
static Value activate(Node &node, Value x) {
  Emitter &e = node.e;
  std::string name = node.str("activation", "");
  SmallVector<double> params =
      node.f64s("activation_params", SmallVector<double>());
  auto param = [&](size_t i, double fallback) {
    if (i < params.size())
      return params[i];
    return node.f64(i == 0 ? "activation_alpha" : "activation_beta", fallback);
  };
  if (name.empty())
    return x;
  if (name == "Relu")
    return e.emit<ms::ReluOp>(x);
  if (name == "Sigmoid")
    return e.emit<ms::SigmoidOp>(x);
  if (name == "Tanh")
    return e.emit<ms::TanhOp>(x);
  if (name == "LeakyRelu")
    return e.emit<ms::LeakyReluOp>(x, {{"alpha", param(0, 0.01)}});
  if (name == "HardSigmoid")
    return e.emit<ms::HardSigmoidOp>(
        x, {{"alpha", param(0, 0.2)}, {"beta", param(1, 0.5)}});
  if (name == "Clip" && params.size() == 2) {
    Value low =
        e.emit<ms::MaximumOp>({x, e.scalar(params[0], Emitter::element(x))});
    return e.emit<ms::MinimumOp>(
        {low, e.scalar(params[1], Emitter::element(x))});
  }
  node.error() << "activation '" << name << "' is not supported";
  return x;
}

LogicalResult importFusedGemm(Node &node) {
  return node.result(activate(node, gemmOf(node)));
}

LogicalResult importFusedConv(Node &node) {
  Emitter &e = node.e;
  Value y = convOf(node, node.in(0), node.in(1));
  y = addBias(e, y, node.has(2) ? node.in(2) : Value());
  if (node.has(3))
    y = e.add(y, node.in(3));
  return node.result(activate(node, y));
}

/// Pads of a transposed convolution for the result's extents \p out. What is
/// larger than the full result is empty space at its end.
static void padFor(WindowAttrs &window, ArrayRef<int64_t> spatial,
                   ArrayRef<int64_t> more, ArrayRef<int64_t> out, bool upper) {
  size_t rank = window.rank();
  for (size_t d = 0; d < rank; ++d) {
    int64_t total = (spatial[d] - 1) * window.strides[d] + more[d] +
                    window.reach(d) - out[d];
    int64_t low = total <= 0 ? 0 : upper ? total / 2 : total - total / 2;
    window.pads[d] = low;
    window.pads[rank + d] = total - low;
  }
}

LogicalResult importConvTranspose(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), weight = node.in(1);
  if (!node.expectRank(x, 3, 64) ||
      !node.expectRank(weight, Emitter::rank(x), Emitter::rank(x)))
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  size_t rank = spatial.size();
  WindowAttrs window =
      readWindow(node, spatial, Emitter::shape(weight).drop_front(2));
  SmallVector<int64_t> zeros(rank, 0),
      more = node.i64s("output_padding", zeros);
  SmallVector<int64_t> out = node.i64s("output_shape", SmallVector<int64_t>());
  std::string autoPad = node.str("auto_pad", "NOTSET");
  if (out.size() == rank + 2)
    out.erase(out.begin(), out.begin() + 2);
  if (node.failed())
    return failure();
  if (more.size() != rank || (!out.empty() && out.size() != rank))
    return node.error() << "output_padding [" << more << "] or output_shape ["
                        << out << "] does not fit " << rank
                        << " spatial dimensions";
  if (out.empty() && StringRef(autoPad).starts_with("SAME"))
    for (size_t d = 0; d < rank; ++d)
      out.push_back(spatial[d] * window.strides[d]);
  if (!out.empty())
    padFor(window, spatial, more, out, autoPad == "SAME_UPPER");
  Value y = convTranspose(e, x, weight, window, node.i64("group", 1), more);
  return node.result(addBias(e, y, node.has(2) ? node.in(2) : Value()));
}

/// Input \p i as i32 minus the zero point that is input \p zero, if present.
/// A vector of zero points belongs to dimension \p axis.
static Value centered(Node &node, size_t i, size_t zero, int64_t axis) {
  Emitter &e = node.e;
  Value x = node.in(i, e.i32());
  if (!node.has(zero))
    return x;
  Value point = node.in(zero, e.i32());
  if (Emitter::rank(point) == 1 && Emitter::rank(x) > 1) {
    SmallVector<int64_t> shape(Emitter::rank(x), 1);
    shape[axis < 0 ? axis + Emitter::rank(x) : axis] = Emitter::shape(point)[0];
    point = Emitter::shape(point)[0] == 1 ? reshape(e, point, {})
                                          : reshape(e, point, shape);
  }
  return e.sub(x, point);
}

LogicalResult importMatMulInteger(Node &node) {
  if (!node.has(2) && !node.has(3))
    return node.result(
        matmul(node.e, node.in(0), node.in(1), false, false, node.e.i32()));
  return node.result(
      matmul(node.e, centered(node, 0, 2, -2), centered(node, 1, 3, -1)));
}

LogicalResult importConvInteger(Node &node) {
  return node.result(
      convOf(node, centered(node, 0, 2, 1), centered(node, 1, 3, 0)));
}

/// round(x * scale) + the zero point that is input \p zero, in its type.
static Value requantized(Node &node, Value x, Value scale, size_t zero) {
  Emitter &e = node.e;
  Value point = node.in(zero);
  Value y = e.emit<ms::RoundOp>(e.mul(e.cast(x, e.f32()), scale));
  y = e.add(y, e.cast(point, e.f32()));
  Type element = Emitter::element(point);
  return e.emitTyped<ms::CastOp>(Emitter::type(y).clone(element), y,
                                 {{"saturate", true}});
}

/// Input \p i (f32), a vector as [.., n, 1 x \p behind].
static Value scaleOf(Node &node, size_t i, int64_t behind) {
  Emitter &e = node.e;
  Value scale = node.in(i, e.f32());
  if (Emitter::rank(scale) != 1)
    return scale;
  SmallVector<int64_t> shape{Emitter::shape(scale)[0]};
  shape.append(shape[0] == 1 ? 0 : behind, 1);
  return reshape(e, scale, shape);
}

/// Inputs: a, scale, zero point, b, scale, zero point, scale and zero point of
/// the result.
LogicalResult importQLinearMatMul(Node &node) {
  Emitter &e = node.e;
  Value product = matmul(e, centered(node, 0, 2, -2), centered(node, 3, 5, -1));
  Value scale = e.div(e.mul(scaleOf(node, 1, 1), scaleOf(node, 4, 0)),
                      node.in(6, e.f32()));
  return node.result(requantized(node, product, scale, 7));
}

/// As importQLinearMatMul, and a bias with the scale of the products.
LogicalResult importQLinearConv(Node &node) {
  Emitter &e = node.e;
  Value sum = convOf(node, centered(node, 0, 2, 1), centered(node, 3, 5, 0));
  sum = addBias(e, sum, node.has(8) ? node.in(8) : Value());
  if (node.failed())
    return failure();
  Value weight = scaleOf(node, 4, Emitter::rank(sum) - 2);
  Value scale = e.div(e.mul(node.in(1, e.f32()), weight), node.in(6, e.f32()));
  return node.result(requantized(node, sum, scale, 7));
}

} // namespace msc::import::onnx

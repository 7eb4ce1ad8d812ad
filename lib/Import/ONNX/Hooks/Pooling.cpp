// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's pools. Semantics: https://onnx.ai/onnx/operators/.
#include "lib/Import/ONNX/Hooks.h"
#include "lib/Import/ONNX/Hooks/Windows.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// The window of a pool of \p x, ceil_mode resolved. \p counted: the pads
/// before that.
static WindowAttrs poolWindow(Node &node, Value x,
                              SmallVector<int64_t> &counted) {
  if (!node.expectRank(x, 3, 64))
    return {};
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  WindowAttrs window = readWindow(node, spatial, node.i64s("kernel_shape"));
  counted = window.pads;
  if (node.flag("ceil_mode", false) && !node.failed())
    padCeil(window, spatial);
  return window;
}

/// Positions in planes as positions in the whole tensor, row-major or with the
/// order of the spatial dimensions reversed. \p spatial: extents of the input.
static Value flatIndices(Emitter &e, Value positions, ArrayRef<int64_t> spatial,
                         bool columnMajor) {
  ArrayRef<int64_t> shape = Emitter::shape(positions);
  int64_t plane = product(e, spatial), planes = shape[0] * shape[1];
  if (columnMajor) {
    Value rest = positions, index = e.scalar(0, e.i64());
    int64_t stride = plane;
    for (int64_t extent : llvm::reverse(spatial)) {
      stride /= extent;
      Value size = e.scalar(extent, e.i64());
      index = e.add(index, e.mul(e.emit<ms::ModOp>({rest, size}), stride));
      rest = e.emit<ms::FloorDivOp>({rest, size});
    }
    positions = index;
  }
  SmallVector<int64_t> ones(shape.size(), 1);
  ones[0] = shape[0];
  ones[1] = shape[1];
  Value first =
      reshape(e, e.mul(iota(e, planes, e.i64()), double(plane)), ones);
  return e.add(positions, first);
}

LogicalResult importMaxPool(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> counted;
  WindowAttrs window = poolWindow(node, x, counted);
  if (node.failed())
    return failure();
  if (node.op.getNumResults() < 2)
    return node.result(maxPool(e, x, window));
  SmallVector<Value> results = maxPoolWithIndices(e, x, window);
  if (node.failed())
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  if (product(e, Emitter::shape(x)) == 0)
    return node.results({results[0], results[1]});
  return node.results(
      {results[0],
       flatIndices(e, results[1], spatial, node.flag("storage_order", false))});
}

LogicalResult importAveragePool(Node &node) {
  Value x = node.in(0);
  SmallVector<int64_t> counted;
  WindowAttrs window = poolWindow(node, x, counted);
  if (!node.flag("count_include_pad", false))
    counted.clear();
  return node.failed() ? failure()
                       : node.result(avgPool(node.e, x, window, counted));
}

/// |x|^p
static Value absPower(Emitter &e, Value x, double p) {
  if (p == 2)
    return e.mul(x, x);
  Value abs = e.emit<ms::AbsOp>(x);
  return p == 1 ? abs
                : e.emit<ms::PowOp>({abs, e.scalar(p, Emitter::element(x))});
}

static Value root(Emitter &e, Value x, double p) {
  if (p == 2)
    return e.emit<ms::SqrtOp>(x);
  return p == 1 ? x
                : e.emit<ms::PowOp>({x, e.scalar(1 / p, Emitter::element(x))});
}

LogicalResult importLpPool(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double p = node.f64("p", 2);
  SmallVector<int64_t> counted;
  WindowAttrs window = poolWindow(node, x, counted);
  if (node.failed())
    return failure();
  return node.result(root(e, avgPool(e, absPower(e, x, p), window, {}, 1), p));
}

/// The axes of the spatial dimensions of \p x.
static SmallVector<int64_t> spatialAxes(Value x) {
  return llvm::to_vector(
      llvm::seq<int64_t>(2, std::max<int64_t>(2, Emitter::rank(x))));
}

LogicalResult importGlobalAveragePool(Node &node) {
  Value x = node.in(0);
  return node.result(reduce(node.e, "mean", x, spatialAxes(x), true));
}

LogicalResult importGlobalMaxPool(Node &node) {
  Value x = node.in(0);
  return node.result(reduce(node.e, "max", x, spatialAxes(x), true));
}

LogicalResult importGlobalLpPool(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  double p = node.f64("p", 2);
  Value sum = reduce(e, "sum", absPower(e, x, p), spatialAxes(x), true);
  return node.result(root(e, sum, p));
}

LogicalResult importMaxUnpool(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), indices = node.in(1);
  if (!node.expectRank(x, 3, 64))
    return failure();
  ArrayRef<int64_t> spatial = Emitter::shape(x).drop_front(2);
  WindowAttrs window = readWindow(node, spatial, node.i64s("kernel_shape"));
  SmallVector<int64_t> wanted =
      node.has(2) ? node.constI64s(2) : SmallVector<int64_t>();
  if (node.failed())
    return failure();
  size_t rank = spatial.size();
  SmallVector<int64_t> out;
  for (size_t d = 0; d < rank; ++d)
    out.push_back(std::max<int64_t>(0, (spatial[d] - 1) * window.strides[d] +
                                           window.kernel[d] - window.pads[d] -
                                           window.pads[rank + d]));
  int64_t plane = std::max<int64_t>(1, product(e, out));
  Value positions = e.emit<ms::ModOp>(
      {indices, e.scalar(double(plane), Emitter::element(indices))});
  Value y = maxUnpool(e, x, positions, out);
  if (node.failed() || wanted.empty())
    return node.result(y);
  // The indices count in the inferred extents; what is wanted beyond is empty.
  if (wanted.size() != rank + 2)
    return node.error() << "output_shape has " << wanted.size()
                        << " extents, expected " << rank + 2;
  SmallVector<int64_t> low(rank + 2, 0), high;
  for (auto [d, extent] : llvm::enumerate(wanted))
    high.push_back(extent - Emitter::shape(y)[d]);
  return node.result(pad(e, y, low, high));
}

} // namespace msc::import::onnx

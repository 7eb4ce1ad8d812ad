// SPDX-License-Identifier: Apache-2.0
//
/// \file Short forms of the linear, pooling and normalization ops.
#include "msc/Import/Layers.h"

#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import {

/// A TypeAttr, or nothing for null.
static AttrValue elementAttr(Type element) {
  return element ? Attribute(TypeAttr::get(element)) : Attribute();
}

Value matmul(Emitter &e, Value a, Value b, bool transposeA, bool transposeB,
             Type element) {
  if (Emitter::rank(a) == 0 || Emitter::rank(b) == 0) {
    if (!e.failed)
      e.error() << "multiplies matrices " << a.getType() << " and "
                << b.getType();
    return e.poison();
  }
  bool isRow = Emitter::rank(a) == 1, isColumn = Emitter::rank(b) == 1;
  if (isRow)
    a = expandDim(e, a, 0);
  if (isColumn)
    b = expandDim(e, b, 1);
  Value y =
      e.emit<ms::MatMulOp>({a, b}, {{"transpose_lhs", transposeA && !isRow},
                                    {"transpose_rhs", transposeB && !isColumn},
                                    {"element", elementAttr(element)}});
  if (isColumn && !e.failed)
    y = squeezeDim(e, y, Emitter::rank(y) - 1);
  if (isRow && !e.failed)
    y = squeezeDim(e, y, Emitter::rank(y) - (isColumn ? 1 : 2));
  return y;
}

Value perChannel(Emitter &e, Value v, int64_t rank) {
  SmallVector<int64_t> shape{Emitter::type(v).getNumElements()};
  shape.append(std::max<int64_t>(rank - 2, 0), 1);
  return reshape(e, v, shape);
}

Value addBias(Emitter &e, Value x, Value bias) {
  if (!bias || e.failed)
    return x;
  return e.add(x, perChannel(e, bias, Emitter::rank(x)));
}

bool checkWindow(Emitter &e, WindowAttrs &window, size_t rank) {
  if (e.failed)
    return false;
  if (window.pads.empty())
    window.pads.assign(2 * rank, 0);
  ms::Window view{window.kernel, window.strides, window.pads, window.dilations};
  e.failed = failed(ms::verifyWindow(e.loc, rank, view, -INT32_MAX));
  return !e.failed;
}

void padSame(WindowAttrs &window, ArrayRef<int64_t> spatial, bool lower) {
  size_t rank = window.rank();
  window.pads.assign(2 * rank, 0);
  for (size_t d = 0; d < rank; ++d) {
    int64_t stride = window.strides[d];
    int64_t out = (spatial[d] + stride - 1) / stride;
    int64_t total =
        std::max<int64_t>(0, (out - 1) * stride + window.reach(d) - spatial[d]);
    window.pads[d] = lower ? total - total / 2 : total / 2;
    window.pads[rank + d] = total - window.pads[d];
  }
}

void padCeil(WindowAttrs &window, ArrayRef<int64_t> spatial) {
  size_t rank = window.rank();
  for (size_t d = 0; d < rank; ++d) {
    int64_t stride = window.strides[d], low = window.pads[d];
    int64_t padded = spatial[d] + low + window.pads[rank + d];
    if (padded < window.reach(d))
      continue; // refused by the op
    int64_t out = (padded - window.reach(d) + stride - 1) / stride + 1;
    if ((out - 1) * stride >= spatial[d] + low)
      --out;
    int64_t needed = (out - 1) * stride + window.reach(d);
    window.pads[rank + d] += std::max<int64_t>(0, needed - padded);
  }
}

Value conv(Emitter &e, Value x, Value weight, const WindowAttrs &window,
           int64_t groups, Type element) {
  return e.emit<ms::ConvOp>({x, weight}, {{"strides", window.strides},
                                          {"pads", window.pads},
                                          {"dilations", window.dilations},
                                          {"groups", groups},
                                          {"element", elementAttr(element)}});
}

Value convTranspose(Emitter &e, Value x, Value weight,
                    const WindowAttrs &window, int64_t groups,
                    ArrayRef<int64_t> outputPadding) {
  return e.emit<ms::ConvTransposeOp>({x, weight},
                                     {{"strides", window.strides},
                                      {"pads", window.pads},
                                      {"dilations", window.dilations},
                                      {"groups", groups},
                                      {"output_padding", outputPadding}});
}

Value maxPool(Emitter &e, Value x, const WindowAttrs &window) {
  return e.emit<ms::MaxPoolOp>({x}, {{"kernel", window.kernel},
                                     {"strides", window.strides},
                                     {"pads", window.pads},
                                     {"dilations", window.dilations}});
}

SmallVector<Value> maxPoolWithIndices(Emitter &e, Value x,
                                      const WindowAttrs &window) {
  return e.emitAll<ms::MaxPoolWithIndicesOp>({x},
                                             {{"kernel", window.kernel},
                                              {"strides", window.strides},
                                              {"pads", window.pads},
                                              {"dilations", window.dilations}});
}

Value avgPool(Emitter &e, Value x, const WindowAttrs &window,
              ArrayRef<int64_t> counted, int64_t divisor) {
  if (divisor != 0)
    counted = window.pads;
  Attribute counts;
  if (llvm::any_of(counted, [](int64_t pad) { return pad != 0; }))
    counts = e.builder.getDenseI64ArrayAttr(counted);
  Value mean = e.emit<ms::AvgPoolOp>({x}, {{"kernel", window.kernel},
                                           {"strides", window.strides},
                                           {"pads", window.pads},
                                           {"dilations", window.dilations},
                                           {"counted_pads", counts}});
  if (divisor == 0)
    return mean;
  double count = double(product(e, window.kernel));
  return e.mul(mean, count / double(divisor));
}

Value maxUnpool(Emitter &e, Value x, Value positions,
                ArrayRef<int64_t> spatial) {
  if (e.failed)
    return e.poison();
  ArrayRef<int64_t> shape = Emitter::shape(x);
  if (shape.size() != spatial.size() + 2 ||
      Emitter::shape(positions) != shape) {
    e.error() << "cannot unpool " << x.getType() << " at "
              << positions.getType() << " to [" << spatial << "]";
    return e.poison();
  }
  // [N * C, plane], scattered along the planes.
  int64_t rows = shape[0] * shape[1];
  int64_t plane = product(e, spatial), count = product(e, shape.drop_front(2));
  SmallVector<int64_t> result(shape.take_front(2));
  result.append(spatial.begin(), spatial.end());
  Value zeros = full(e, 0, {rows, plane}, Emitter::element(x));
  Value scattered = e.emit<ms::ScatterElementsOp>(
      {zeros, reshape(e, asIndices(e, positions), {rows, count}),
       reshape(e, x, {rows, count})},
      {{"axis", 1}, {"reduction", "none"}});
  return reshape(e, scattered, result);
}

Value softmax(Emitter &e, Value x, int64_t axis, bool log) {
  return log ? e.emit<ms::LogSoftmaxOp>({x}, {{"axis", axis}})
             : e.emit<ms::SoftmaxOp>({x}, {{"axis", axis}});
}

/// Scale and bias as the `affine` operands behind \p x; a bias alone gets a
/// scale of ones.
static SmallVector<Value> affineOperands(Emitter &e, Value x, Value scale,
                                         Value bias) {
  SmallVector<Value> operands{x};
  if (!scale && bias)
    scale = full(e, 1, Emitter::shape(bias), Emitter::element(bias));
  if (scale)
    operands.push_back(scale);
  if (bias)
    operands.push_back(bias);
  return operands;
}

/// The results of an op, one poison value for each after a failure.
static SmallVector<Value> withCount(Emitter &e, SmallVector<Value> results,
                                    size_t count) {
  while (results.size() < count)
    results.push_back(e.poison());
  return results;
}

SmallVector<Value> layerNorm(Emitter &e, Value x, Value scale, Value bias,
                             int64_t axis, double epsilon) {
  return withCount(
      e,
      e.emitAll<ms::LayerNormOp>(affineOperands(e, x, scale, bias),
                                 {{"axis", axis}, {"epsilon", epsilon}}),
      3);
}

SmallVector<Value> rmsNorm(Emitter &e, Value x, Value scale, int64_t axis,
                           double epsilon) {
  return withCount(
      e,
      e.emitAll<ms::RMSNormOp>(affineOperands(e, x, scale, {}),
                               {{"axis", axis}, {"epsilon", epsilon}}),
      2);
}

SmallVector<Value> groupNorm(Emitter &e, Value x, Value scale, Value bias,
                             int64_t groups, double epsilon) {
  return withCount(
      e,
      e.emitAll<ms::GroupNormOp>(affineOperands(e, x, scale, bias),
                                 {{"groups", groups}, {"epsilon", epsilon}}),
      3);
}

} // namespace msc::import

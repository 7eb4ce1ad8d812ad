// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the linear ops.
#include "dialects/MS/IR/MSOps.h"
#include "dialects/MS/IR/Winograd.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

namespace {
/// A sum of products in the arithmetic of the result: doubles, or 64-bit
/// integers that wrap.
class DotProduct {
public:
  DotProduct(const Tensor &lhs, const Tensor &rhs, Tensor &result)
      : lhs(lhs), rhs(rhs), result(result), isFloat(result.isFloat()) {}

  void add(int64_t i, int64_t j) {
    if (isFloat)
      sum += lhs.getFloat(i) * rhs.getFloat(j);
    else
      wrapped += uint64_t(lhs.getInt(i)) * uint64_t(rhs.getInt(j));
  }
  /// Stores the sum as element \p i and starts anew.
  void store(int64_t i) {
    if (isFloat)
      result.setFloat(i, sum);
    else
      result.setInt(i, int64_t(wrapped));
    sum = 0;
    wrapped = 0;
  }

private:
  const Tensor &lhs, &rhs;
  Tensor &result;
  bool isFloat;
  double sum = 0;
  uint64_t wrapped = 0;
};
} // namespace

static LogicalResult evaluateMatMul(ms::MatMulOp op, Inputs in, Outputs out) {
  const Tensor &lhs = *in[0], &rhs = *in[1];
  ArrayRef<int64_t> shape = out[0].shape();
  int64_t m = shape.end()[-2], n = shape.back();
  int64_t k = lhs.dim(lhs.rank() - (op.getTransposeLhs() ? 2 : 1));
  int64_t lhsRow = op.getTransposeLhs() ? 1 : k,
          lhsColumn = op.getTransposeLhs() ? m : 1;
  int64_t rhsRow = op.getTransposeRhs() ? 1 : n,
          rhsColumn = op.getTransposeRhs() ? k : 1;
  DotProduct dot(lhs, rhs, out[0]);
  int64_t matrix = 0;
  forEachIndex(shape.drop_back(2), [&](ArrayRef<int64_t> batch) {
    int64_t a = broadcastOffset(lhs.shape().drop_back(2), batch) * m * k;
    int64_t b = broadcastOffset(rhs.shape().drop_back(2), batch) * k * n;
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        for (int64_t l = 0; l < k; ++l)
          dot.add(a + i * lhsRow + l * lhsColumn,
                  b + l * rhsRow + j * rhsColumn);
        dot.store(matrix * m * n + i * n + j);
      }
    ++matrix;
  });
  return success();
}

/// left * tile * transpose(left).
static SmallVector<double> transformTile(const ms::WinogradMatrix &left,
                                         ArrayRef<double> tile) {
  SmallVector<double> half(left.rows * left.columns, 0),
      result(left.rows * left.rows, 0);
  for (int64_t r = 0; r < left.rows; ++r)
    for (int64_t j = 0; j < left.columns; ++j)
      for (int64_t i = 0; i < left.columns; ++i)
        half[r * left.columns + j] +=
            left.at(r, i) * tile[i * left.columns + j];
  for (int64_t r = 0; r < left.rows; ++r)
    for (int64_t s = 0; s < left.rows; ++s)
      for (int64_t j = 0; j < left.columns; ++j)
        result[r * left.rows + s] += half[r * left.columns + j] * left.at(s, j);
  return result;
}

/// A convolution with transformed filters: the tiles of all channels are
/// multiplied with them and summed up before they are transformed back.
static LogicalResult evaluateTiledConv(ms::ConvOp op, Inputs in, Outputs out) {
  const Tensor &input = *in[0], &weight = *in[1];
  int64_t tile = *op.getTile(), size = tile + 2, channels = input.dim(1);
  ms::Winograd winograd(tile);
  Tensor &result = out[0];
  SmallVector<int64_t> from = strides(input.shape()),
                       to = strides(result.shape());
  SmallVector<int64_t> places{result.dim(0), result.dim(2) / tile,
                              result.dim(3) / tile};
  forEachIndex(places, [&](ArrayRef<int64_t> p) {
    SmallVector<SmallVector<double>> tiles; // per channel
    for (int64_t c = 0; c < channels; ++c) {
      SmallVector<double> elements(size * size, 0);
      for (int64_t i = 0; i < size; ++i)
        for (int64_t j = 0; j < size; ++j) {
          int64_t y = p[1] * tile + i - op.getPads()[0],
                  x = p[2] * tile + j - op.getPads()[1];
          if (y >= 0 && y < input.dim(2) && x >= 0 && x < input.dim(3))
            elements[i * size + j] = input.getFloat(
                p[0] * from[0] + c * from[1] + y * from[2] + x * from[3]);
        }
      tiles.push_back(transformTile(winograd.input, elements));
    }
    for (int64_t o = 0; o < result.dim(1); ++o) {
      SmallVector<double> sums(size * size, 0);
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t k = 0; k < size * size; ++k)
          sums[k] += tiles[c][k] *
                     weight.getFloat((o * channels + c) * size * size + k);
      SmallVector<double> values = transformTile(winograd.output, sums);
      for (int64_t r = 0; r < tile; ++r)
        for (int64_t s = 0; s < tile; ++s)
          result.setFloat(p[0] * to[0] + o * to[1] + (p[1] * tile + r) * to[2] +
                              (p[2] * tile + s) * to[3],
                          values[r * tile + s]);
    }
  });
  return success();
}

static LogicalResult evaluateConv(ms::ConvOp op, Inputs in, Outputs out) {
  if (op.getTile())
    return evaluateTiledConv(op, in, out);
  const Tensor &input = *in[0], &weight = *in[1];
  size_t rank = input.rank() - 2;
  int64_t channels = weight.dim(1),
          perGroup = weight.dim(0) / int64_t(op.getGroups());
  SmallVector<int64_t> inStrides = strides(input.shape());
  DotProduct dot(input, weight, out[0]);
  int64_t o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> y) {
    int64_t firstChannel = y[1] / perGroup * channels;
    // Taps count the weight's elements of this filter.
    int64_t tap = y[1] * weight.size() / weight.dim(0);
    forEachIndex(weight.shape().drop_front(), [&](ArrayRef<int64_t> t) {
      int64_t offset =
          y[0] * inStrides[0] + (firstChannel + t[0]) * inStrides[1];
      bool inside = true;
      for (size_t d = 0; d < rank; ++d) {
        int64_t x = y[2 + d] * op.getStrides()[d] - op.getPads()[d] +
                    t[1 + d] * op.getDilations()[d];
        inside &= x >= 0 && x < input.dim(2 + d);
        offset += x * inStrides[2 + d];
      }
      if (inside)
        dot.add(offset, tap);
      ++tap;
    });
    dot.store(o++);
  });
  return success();
}

static LogicalResult evaluateConvTranspose(ms::ConvTransposeOp op, Inputs in,
                                           Outputs out) {
  const Tensor &input = *in[0], &weight = *in[1];
  size_t rank = input.rank() - 2;
  int64_t perGroup = weight.dim(1), groups = op.getGroups(),
          channels = input.dim(1) / groups;
  SmallVector<int64_t> inStrides = strides(input.shape()),
                       wStrides = strides(weight.shape());
  SmallVector<int64_t> taps(weight.shape().drop_front());
  taps[0] = channels;
  DotProduct dot(input, weight, out[0]);
  int64_t o = 0;
  forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> z) {
    forEachIndex(taps, [&](ArrayRef<int64_t> t) {
      int64_t c = z[1] / perGroup * channels + t[0];
      int64_t i = z[0] * inStrides[0] + c * inStrides[1];
      int64_t w = c * wStrides[0] + z[1] % perGroup * wStrides[1];
      bool inside = true;
      for (size_t d = 0; d < rank; ++d) {
        int64_t scaled =
            z[2 + d] + op.getPads()[d] - t[1 + d] * op.getDilations()[d];
        int64_t y = scaled / op.getStrides()[d];
        inside &= scaled >= 0 && scaled % op.getStrides()[d] == 0 &&
                  y < input.dim(2 + d);
        i += y * inStrides[2 + d];
        w += t[1 + d] * wStrides[2 + d];
      }
      if (inside)
        dot.add(i, w);
    });
    dot.store(o++);
  });
  return success();
}

void registerLinear(Registry &registry) {
  registry.add<ms::MatMulOp>(evaluateMatMul);
  registry.add<ms::ConvOp>(evaluateConv);
  registry.add<ms::ConvTransposeOp>(evaluateConvTranspose);
}

} // namespace msc::reference

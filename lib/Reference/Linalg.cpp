// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the linalg ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <cmath>
#include <complex>

using namespace mlir;

namespace msc::reference {

/// The sum as it is defined.
static LogicalResult evaluateFft(ms::FftOp op, Inputs in, Outputs out) {
  const Tensor &x = *in[0];
  int64_t n = x.dim(op.getAxis());
  int64_t step =
      ShapedType::getNumElements(x.shape().drop_front(op.getAxis() + 1));
  double scale = op.getScale().convertToDouble();
  double turn = (op.getInverse() ? 2 : -2) * M_PI / double(n);
  SmallVector<int64_t> lines(x.shape());
  lines[op.getAxis()] = lines.back() = 1;
  forEachIndex(lines, [&](ArrayRef<int64_t> index) {
    int64_t first = offsetOf(x.shape(), index);
    for (int64_t k = 0; k < n; ++k) {
      std::complex<double> sum = 0;
      for (int64_t j = 0; j < n; ++j)
        sum += std::complex(x.getFloat(first + j * step),
                            x.getFloat(first + j * step + 1)) *
               std::polar(1.0, turn * double(j * k % n));
      out[0].setFloat(first + k * step, scale * sum.real());
      out[0].setFloat(first + k * step + 1, scale * sum.imag());
    }
  });
  return success();
}

void registerLinalg(Registry &registry) {
  registry.add<ms::FftOp>(evaluateFft);
}

} // namespace msc::reference

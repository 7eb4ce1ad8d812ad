// SPDX-License-Identifier: Apache-2.0
//
/// \file Elementwise formulas that operators of several formats share.
#ifndef MSC_IMPORT_FORMULAS_H
#define MSC_IMPORT_FORMULAS_H

#include "msc/Import/Emitter.h"
#include <optional>

namespace msc::import {

mlir::Value maximum(Emitter &e, mlir::Value x, mlir::Value y);
mlir::Value minimum(Emitter &e, mlir::Value x, mlir::Value y);
mlir::Value absolute(Emitter &e, mlir::Value x);
mlir::Value less(Emitter &e, mlir::Value x, mlir::Value y);
mlir::Value equal(Emitter &e, mlir::Value x, mlir::Value y);
/// Comparisons with a number of x's element type.
mlir::Value less(Emitter &e, mlir::Value x, double y);
mlir::Value greater(Emitter &e, mlir::Value x, double y);
mlir::Value equal(Emitter &e, mlir::Value x, double y);
/// A number of \p like's element type, rank 0.
mlir::Value number(Emitter &e, double value, mlir::Value like);

/// min(max(x, low), high); null bounds are none.
mlir::Value clip(Emitter &e, mlir::Value x, mlir::Value low, mlir::Value high);
mlir::Value clip(Emitter &e, mlir::Value x, double low, double high);
/// x^y of one element type; common constant exponents become products and
/// roots.
mlir::Value power(Emitter &e, mlir::Value x, mlir::Value y);
/// x / y, or that rounded towards zero.
mlir::Value truncDiv(Emitter &e, mlir::Value x, mlir::Value y);
/// x * sigmoid(alpha * x)
mlir::Value swish(Emitter &e, mlir::Value x, double alpha);
/// x / (1 + |x|)
mlir::Value softsign(Emitter &e, mlir::Value x);
/// x - bias above lambda, x + bias below -lambda, else 0.
mlir::Value shrink(Emitter &e, mlir::Value x, double lambda, double bias);
/// x above threshold, else value.
mlir::Value threshold(Emitter &e, mlir::Value x, double threshold,
                      double value);
/// round(x) + zero, saturated to the integer type \p element. \p x is a float
/// tensor, \p zero a tensor of any integer type, or null for 0.
mlir::Value quantize(Emitter &e, mlir::Value x, mlir::Value zero,
                     mlir::Type element);
/// The sum, mean, max ("kind") over \p axes.
mlir::Value reduce(Emitter &e, llvm::StringRef kind, mlir::Value x,
                   llvm::ArrayRef<int64_t> axes, bool keepDims = false);
/// The same over all axes, rank 0.
mlir::Value reduceAll(Emitter &e, llvm::StringRef kind, mlir::Value x);

/// The losses -weight[label] * log[n, label, ...] of classes in dimension 1.
/// Without reduction `loss` has the labels' shape; "mean" divides by the sum of
/// the weights, `total`. Label \p ignored counts nothing; no \p weight is 1.
struct ClassLoss {
  mlir::Value loss, total;
};
ClassLoss negativeLogLikelihood(Emitter &e, mlir::Value log, mlir::Value labels,
                                mlir::Value weight,
                                std::optional<int64_t> ignored,
                                llvm::StringRef reduction);

} // namespace msc::import

#endif // MSC_IMPORT_FORMULAS_H

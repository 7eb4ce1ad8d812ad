// SPDX-License-Identifier: Apache-2.0
//
/// \file Short forms of the linear, pooling and normalization ops for the
/// mappings of all formats.
#ifndef MSC_IMPORT_LAYERS_H
#define MSC_IMPORT_LAYERS_H

#include "msc/Import/Formulas.h"
#include "msc/Import/Importer.h"

namespace msc::import {

/// The numpy product: a vector on the left is a row, on the right a column, and
/// those dimensions are not in the result. Flags swap the last two dimensions
/// of an operand that is no vector. \p element as for ms.matmul.
mlir::Value matmul(Emitter &e, mlir::Value a, mlir::Value b,
                   bool transposeA = false, bool transposeB = false,
                   mlir::Type element = nullptr);
/// \p x [N, C, ...] plus \p bias [C] (null: none).
mlir::Value addBias(Emitter &e, mlir::Value x, mlir::Value bias);
/// \p v [C] with extents of one behind, so that it broadcasts to [N, C, ...] of
/// \p rank dimensions.
mlir::Value perChannel(Emitter &e, mlir::Value v, int64_t rank);
/// The Einstein sum \p equation of \p operands, with `...` and, when \p
/// equation has no `->`, the result's labels in alphabetic order.
mlir::Value einsum(Emitter &e, llvm::StringRef equation,
                   llvm::ArrayRef<mlir::Value> operands);

/// Window attributes as the ms ops take them, of one entry per spatial
/// dimension; pads are all low, then all high ones.
struct WindowAttrs {
  llvm::SmallVector<int64_t> kernel, strides, pads, dilations;

  size_t rank() const { return kernel.size(); }
  /// From the first to behind the last position that a kernel reads.
  int64_t reach(size_t d) const { return dilations[d] * (kernel[d] - 1) + 1; }
};

/// False, with an error, unless the attributes have \p rank entries each in the
/// range that ms ops take; to be asked before computing with them. Pads may be
/// absent and are then zero.
bool checkWindow(Emitter &e, WindowAttrs &window, size_t rank);
/// Pads for out = ceil(in / stride); an odd one goes to the end, or to the
/// start when \p lower.
void padSame(WindowAttrs &window, llvm::ArrayRef<int64_t> spatial, bool lower);
/// Widens the high pads so that the last window may start, but not entirely
/// lie, outside the input and its pads.
void padCeil(WindowAttrs &window, llvm::ArrayRef<int64_t> spatial);

mlir::Value conv(Emitter &e, mlir::Value x, mlir::Value weight,
                 const WindowAttrs &window, int64_t groups,
                 mlir::Type element = nullptr);
mlir::Value convTranspose(Emitter &e, mlir::Value x, mlir::Value weight,
                          const WindowAttrs &window, int64_t groups,
                          llvm::ArrayRef<int64_t> outputPadding);

mlir::Value maxPool(Emitter &e, mlir::Value x, const WindowAttrs &window);
/// Maxima, and their i64 positions in each plane.
llvm::SmallVector<mlir::Value> maxPoolWithIndices(Emitter &e, mlir::Value x,
                                                  const WindowAttrs &window);
/// Means over the window's positions in the input or within \p counted pads.
/// With \p divisor (not 0), the window's sum divided by that.
mlir::Value avgPool(Emitter &e, mlir::Value x, const WindowAttrs &window,
                    llvm::ArrayRef<int64_t> counted = {}, int64_t divisor = 0);
/// Zeros of \p spatial extents, with the elements of \p x [N, C, ...] at their
/// positions in the planes.
mlir::Value maxUnpool(Emitter &e, mlir::Value x, mlir::Value positions,
                      llvm::ArrayRef<int64_t> spatial);

/// Softmax (or its logarithm) along \p axis in [0, rank).
mlir::Value softmax(Emitter &e, mlir::Value x, int64_t axis, bool log = false);
/// Results: normalized, mean, inverse deviation. \p scale and \p bias may be
/// null.
llvm::SmallVector<mlir::Value> layerNorm(Emitter &e, mlir::Value x,
                                         mlir::Value scale, mlir::Value bias,
                                         int64_t axis, double epsilon);
/// Results: normalized, inverse root mean square. \p scale may be null.
llvm::SmallVector<mlir::Value> rmsNorm(Emitter &e, mlir::Value x,
                                       mlir::Value scale, int64_t axis,
                                       double epsilon);
/// Results: normalized, mean, inverse deviation [N, groups]. \p scale and
/// \p bias may be null.
llvm::SmallVector<mlir::Value> groupNorm(Emitter &e, mlir::Value x,
                                         mlir::Value scale, mlir::Value bias,
                                         int64_t groups, double epsilon);

} // namespace msc::import

#endif // MSC_IMPORT_LAYERS_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file What convolutions and pools share: padded inputs, and loops over
/// windows.
///
/// Windows are linalg.generic ops whose loops are [outer..., out, inner...,
/// kernel..., last]: `last` is the innermost dimension of the result, so that
/// rows of the input are read and rows of the result written contiguously.
#ifndef LIB_CONVERSION_MSTOLINALG_WINDOWS_H
#define LIB_CONVERSION_MSTOLINALG_WINDOWS_H

#include "lib/Conversion/MSToLinalg/Patterns.h"

namespace msc {

/// \p source copied into \p dest at \p offsets, with \p steps.
mlir::Value buildInsert(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value source, mlir::Value dest,
                        llvm::ArrayRef<int64_t> offsets,
                        llvm::ArrayRef<int64_t> steps);

/// The spatial dimensions of \p tensor [N, C, spatial...] with \p pads (all
/// low, then all high; 0 or more) of \p value around.
mlir::Value buildPadded(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value tensor, llvm::ArrayRef<int64_t> pads,
                        double value);

/// Splits dimension \p axis of \p tensor into [groups, extent / groups].
mlir::Value buildSplitGroups(mlir::OpBuilder &b, mlir::Location loc,
                             mlir::Value tensor, unsigned axis, int64_t groups);
/// [N, groups, C/groups, ...] ~> \p type [N, C, ...].
mlir::Value buildJoinGroups(mlir::OpBuilder &b, mlir::Location loc,
                            mlir::Value tensor, mlir::RankedTensorType type);

/// The loops of a window op in terms of its parts.
class WindowLoops {
public:
  /// \p outer parallel and \p inner reduction loops besides those of the
  /// spatial dimensions and the kernel.
  WindowLoops(mlir::MLIRContext *ctx, unsigned outer, unsigned inner,
              llvm::ArrayRef<int64_t> strides,
              llvm::ArrayRef<int64_t> dilations);

  mlir::AffineExpr outer(unsigned i) const;
  mlir::AffineExpr inner(unsigned i) const;
  mlir::AffineExpr out(unsigned d) const;
  mlir::AffineExpr tap(unsigned d) const;
  /// out * stride + tap * dilation
  mlir::AffineExpr position(unsigned d) const;

  llvm::SmallVector<mlir::AffineExpr> outs() const;
  llvm::SmallVector<mlir::AffineExpr> taps() const;
  llvm::SmallVector<mlir::AffineExpr> positions() const;
  mlir::AffineMap map(llvm::ArrayRef<mlir::AffineExpr> exprs) const;
  llvm::SmallVector<mlir::utils::IteratorType> iterators() const;
  unsigned count() const { return outerCount + innerCount + 2 * rank(); }

private:
  unsigned rank() const { return strides.size(); }
  mlir::MLIRContext *ctx;
  unsigned outerCount, innerCount;
  llvm::SmallVector<int64_t> strides, dilations;
};

} // namespace msc

#endif // LIB_CONVERSION_MSTOLINALG_WINDOWS_H

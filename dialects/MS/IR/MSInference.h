// SPDX-License-Identifier: Apache-2.0
//
/// \file Shape rules shared by the ops' type inference. Each reports what it
/// refuses at `loc` (when given), with the expected and the actual value.
#ifndef DIALECTS_MS_IR_MSINFERENCE_H
#define DIALECTS_MS_IR_MSINFERENCE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/IR/ValueRange.h"

namespace msc::ms {

using llvm::LogicalResult;

/// Numpy broadcasting of \p operands; the element type is \p element, or that
/// of the first operand when null.
LogicalResult inferBroadcast(std::optional<mlir::Location> loc,
                             mlir::ValueRange operands,
                             llvm::SmallVectorImpl<mlir::Type> &types,
                             mlir::Type element = {});

/// The broadcast of two shapes, or failure with a message at \p loc.
llvm::FailureOr<llvm::SmallVector<int64_t>>
broadcastShapes(std::optional<mlir::Location> loc, llvm::ArrayRef<int64_t> a,
                llvm::ArrayRef<int64_t> b);

/// \p axis counted from the front, or failure unless it is in [-rank, rank).
llvm::FailureOr<int64_t> normalizeAxis(std::optional<mlir::Location> loc,
                                       int64_t axis, int64_t rank);

/// A window sliding over the spatial dimensions of [N, C, spatial...].
struct Window {
  llvm::ArrayRef<int64_t> kernel, strides, pads, dilations;
};

/// Fails unless there is one kernel extent, stride and dilation (1 or more) for
/// each of the \p rank dimensions, and all low, then all high pads of \p minPad
/// or more. All are below 2^31, so that formulas on them do not overflow.
LogicalResult verifyWindow(std::optional<mlir::Location> loc, int64_t rank,
                           const Window &window, int64_t minPad = 0);

/// The extents that a verified window gives on \p spatial, or failure where it
/// does not fit.
llvm::FailureOr<llvm::SmallVector<int64_t>>
windowExtents(std::optional<mlir::Location> loc,
              llvm::ArrayRef<int64_t> spatial, const Window &window);

/// The type of a reduction of \p input over \p axes; the element type is
/// \p element, or that of the input when null.
LogicalResult inferReduction(std::optional<mlir::Location> loc,
                             mlir::Value input, llvm::ArrayRef<int64_t> axes,
                             bool keepDims, mlir::Type element,
                             llvm::SmallVectorImpl<mlir::Type> &types);

/// The same for one axis and i64 indices; the axis must not be empty.
LogicalResult inferArgReduction(std::optional<mlir::Location> loc,
                                mlir::Value input, int64_t axis, bool keepDims,
                                llvm::SmallVectorImpl<mlir::Type> &types);

/// The ranked tensor type of \p value; ms operands always have one.
inline mlir::RankedTensorType tensorType(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

} // namespace msc::ms

#endif // DIALECTS_MS_IR_MSINFERENCE_H

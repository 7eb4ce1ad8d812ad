// SPDX-License-Identifier: Apache-2.0
//
/// \file linalg ops on buffers as loops and strides, which is all that a
/// schedule looks at: the layouts of the operands are in their strides.
#ifndef LIB_TARGET_CPU_SCHEDULES_LOOPNEST_H
#define LIB_TARGET_CPU_SCHEDULES_LOOPNEST_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace msc::target {

/// The buffer that \p buffer is a view of, or itself.
mlir::Value rootOf(mlir::Value buffer);

/// The element stride with which \p map moves through \p type in loop \p dim;
/// ShapedType::kDynamic where there is no such number.
int64_t strideAlong(mlir::AffineMap map, mlir::MemRefType type, unsigned dim);

/// Storage in panels: after each `width` iterations of `loop` an access goes on
/// `stride` elements behind the place where those began.
struct Panel {
  unsigned loop;
  int64_t width, stride;
};

/// A buffer and how loops move through it. Offset and strides in elements.
struct Access {
  mlir::Value buffer;
  int64_t offset = 0;
  mlir::Value moved; ///< elements behind the offset; null: none
  llvm::SmallVector<int64_t> strides; ///< one per loop of the nest
  std::optional<Panel> panel;

  mlir::MemRefType type() const {
    return mlir::cast<mlir::MemRefType>(buffer.getType());
  }
};

struct Loop {
  int64_t extent = 1;
  bool isReduction = false;
};

/// Perfectly nested loops over some buffers.
struct LoopNest {
  llvm::SmallVector<Loop> loops;
  llvm::SmallVector<Access> accesses;

  /// Drops loops of one iteration and makes one loop of two where every buffer
  /// is passed through at an even step. Reductions keep their order.
  void coalesce();
  /// Whether one step of loop \p outer is as many of loop \p inner as that has,
  /// in all buffers.
  bool continues(size_t outer, size_t inner) const;
  /// Puts loop order[i] into place i.
  void permute(llvm::ArrayRef<unsigned> order);
  /// Iterations of the loops in which \p access moves: the elements it touches,
  /// or more where windows overlap.
  int64_t footprint(const Access &access) const;
  /// Elements from the first to behind the last one that \p access reaches.
  int64_t reach(const Access &access) const;
};

/// \p access, which \p nest moves, through a buffer of one dimension.
Access flatten(mlir::OpBuilder &b, mlir::Location loc, const LoopNest &nest,
               const Access &access);

/// How the loops that \p map takes move through \p buffer; nothing where that
/// is not linear or a size is not known.
std::optional<Access> readAccess(mlir::Value buffer, mlir::AffineMap map);

/// The loops and operands of \p op, or nothing where an access is not linear
/// or a size is not known.
std::optional<LoopNest> readLoopNest(mlir::linalg::GenericOp op);

/// The constant that \p op fills its result with, null if it does not.
mlir::Attribute filledWith(mlir::linalg::GenericOp op);

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_LOOPNEST_H

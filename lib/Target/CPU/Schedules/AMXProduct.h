// SPDX-License-Identifier: Apache-2.0
//
/// \file Matrix products on AMX tiles: which ops they are, and how they are cut
/// into blocks.
///
/// A number of f32 is the sum of up to three of bf16, its parts. A product of
/// two sums of parts is what the tile unit computes: products of bf16, added up
/// in f32.
#ifndef LIB_TARGET_CPU_SCHEDULES_AMXPRODUCT_H
#define LIB_TARGET_CPU_SCHEDULES_AMXPRODUCT_H

#include "lib/Target/CPU/Schedules/Contraction.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::target {

/// Of a tile: rows, columns of f32, and numbers of bf16 in a row.
inline constexpr int64_t tileRows = 16, tileColumns = 16, tileDepth = 32;

/// `result[m, n] = epilogue(sum over k of x[m, k] * (sum of parts[., n, k]))`
/// where the parts are stored as PackWeights does: [n / 16, k / 2, 16, 2], with
/// zeros up to whole tiles.
struct AMXProduct {
  /// Its accesses are x, the result and the epilogue's operands.
  Contraction c;
  llvm::SmallVector<mlir::Value, 3> parts; ///< of the weights, largest first
  int64_t strip = 0; ///< elements of a part for 16 columns
  unsigned rows = 0, columns = 0, depth = 0; ///< loops

  int64_t extent(unsigned loop) const { return c.nest.loops[loop].extent; }
  const Access &left() const { return c.inputs()[0]; }
  /// Tiles along the sum.
  int64_t steps() const { return llvm::divideCeil(extent(depth), tileDepth); }
};

/// The product that \p ops begin with, if they do.
std::optional<AMXProduct> readAMXProduct(llvm::ArrayRef<mlir::Operation *> ops);

/// Lets the products with weights in parts that readAMXProduct does not take
/// read the sums of the parts from a workspace, which is computed before: other
/// schedules take those.
void sumOtherParts(mlir::func::FuncOp kernel);

/// Products of one step: numbers of the parts of the left and the right
/// operand. What both parts of a pair make as small as the smallest part is
/// left out; small ones come first, so that the sums keep what they add.
llvm::ArrayRef<std::pair<unsigned, unsigned>> partProducts(size_t parts);

/// Blocks of rows and of the sum: those of the left operand stay in the second
/// cache while all columns pass by. That operand is stored in parts, tile by
/// tile: [block of the sum, row / 16, step, part, row mod 16, 32].
struct AMXBlocks {
  AMXBlocks(const AMXProduct &product, const CPUInfo &cpu);
  int64_t rows, rowBlocks;   ///< rows of a block, a multiple of two tiles
  int64_t steps, stepBlocks; ///< steps of a block of the sum

  // Of the left operand as it is stored, in bytes.
  int64_t perStep, perRowTile, perStepBlock;
  uint64_t bytes() const { return uint64_t(stepBlocks * perStepBlock); }
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_AMXPRODUCT_H

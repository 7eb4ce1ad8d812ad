// SPDX-License-Identifier: Apache-2.0
//
/// \file The instructions of AMX, by the numbers of the tile registers.
///
/// Registers 0 to 3 hold a block of results of two by two tiles, 4 and 5 the
/// left operand's tiles, 6 and 7 the right one's. MLIR's own amx dialect cannot
/// keep a tile in a register around a loop.
#ifndef LIB_TARGET_CPU_SCHEDULES_AMXTILES_H
#define LIB_TARGET_CPU_SCHEDULES_AMXTILES_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace msc::target {

/// A block of results: rows of the two tiles above each other, columns of the
/// two beside each other; 0 where there is one only.
struct TileShape {
  int64_t rows[2], columns[2];
  TileShape(int64_t height, int64_t width)
      : rows{std::min<int64_t>(height, 16), std::max<int64_t>(height - 16, 0)},
        columns{std::min<int64_t>(width, 16),
                std::max<int64_t>(width - 16, 0)} {}
  /// Whether register \p tile, 0 to 3, holds results.
  bool has(unsigned tile) const { return rows[tile / 2] && columns[tile % 2]; }
};

class AMXTiles {
public:
  AMXTiles(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}

  /// Where \p buffer begins, \p offset elements behind its first one.
  mlir::Value pointer(mlir::Value buffer, int64_t offset = 0);
  /// \p pointer + \p bytes, an index.
  mlir::Value advance(mlir::Value pointer, mlir::Value bytes);
  mlir::Value advance(mlir::Value pointer, int64_t bytes);

  /// Writes down the configuration of blocks of \p shape at the beginning of
  /// the function; a pointer to it.
  mlir::Value makeConfig(const TileShape &shape);
  void configure(mlir::Value config);
  void release();
  void zero(unsigned tile);
  /// Rows of the tile are \p pitch bytes apart.
  void load(unsigned tile, mlir::Value pointer, int64_t pitch);
  void store(unsigned tile, mlir::Value pointer, int64_t pitch);
  /// sum += left * right
  void multiply(unsigned sum, unsigned left, unsigned right);
  /// Fetches a line into the second cache.
  void prefetch(mlir::Value pointer);
  /// \p low and \p high, of f32, one behind the other in bf16.
  mlir::Value toBF16(mlir::Value low, mlir::Value high);

private:
  mlir::Value number(int64_t value, unsigned bits);
  void call(llvm::StringRef name, mlir::ValueRange arguments);

  mlir::OpBuilder &b;
  mlir::Location loc;
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_AMXTILES_H

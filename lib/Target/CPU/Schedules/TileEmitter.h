// SPDX-License-Identifier: Apache-2.0
//
/// \file The code of one tile of a contraction.
#ifndef LIB_TARGET_CPU_SCHEDULES_TILEEMITTER_H
#define LIB_TARGET_CPU_SCHEDULES_TILEEMITTER_H

#include "lib/Target/CPU/Schedules/Contraction.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

namespace msc::target {

/// Which tile: the numbers of the tiles and of the iterations of other loops.
struct TilePlace {
  explicit TilePlace(size_t loops) : plain(loops) {}
  mlir::Value lanesTile, rowsTile;      ///< null where there is one row
  llvm::SmallVector<mlir::Value> plain; ///< per loop of the nest
  /// Where many tiles pass over one panel of weights that is not in the second
  /// cache: how many, and the number of this one. They fetch the next panel.
  int64_t passes = 1;
  mlir::Value pass;
};

/// Writes vectors of the target's width, one value for each, and addresses that
/// are a running index plus constants: that is what keeps the tile in registers
/// and the addressing in the instructions.
class TileEmitter {
public:
  TileEmitter(mlir::OpBuilder &b, mlir::Location loc, const Contraction &c,
              const RegisterTile &tile, const CPUInfo &cpu);

  /// Emits the tile at \p place, with a branch where sizes differ.
  void emit(const TilePlace &place);
  /// For sums that are computed elsewhere: stores what they start from in the
  /// result's buffer, and computes the epilogue of what they are there.
  void emitStart(const TilePlace &place);
  void emitEpilogue(const TilePlace &place);

private:
  enum class Part { All, Start, Epilogue };
  using Values = llvm::SmallVector<mlir::Value>;
  /// A place in a buffer: `base + offset` elements.
  struct Address {
    mlir::Value base;
    int64_t offset = 0;
    Address operator+(int64_t more) const { return {base, offset + more}; }
  };
  using Addresses = llvm::SmallVector<Address, 2>; ///< of the inputs
  /// One operand of the tile, in the registers that hold it.
  struct Held {
    Values values;
    bool perRow, perVector;
  };

  /// The panel that is fetched ahead, and where this tile's part of it begins.
  struct Ahead {
    size_t access;
    mlir::Value base;
    int64_t passes;
  };
  void fetchFrom(const TilePlace &place);
  void fetchAhead(const Addresses &inputs, int64_t terms);
  void emitRows(const TilePlace &place, int64_t lanes);
  void emitTile(const TilePlace &place, int64_t height, mlir::Value firstRow,
                int64_t lanes);
  int64_t unrolled(unsigned loop) const;
  int64_t partialSum(size_t level) const;
  Addresses advanceAll(const Addresses &inputs, mlir::Value i, unsigned loop);
  Addresses skip(const Addresses &inputs, int64_t iterations,
                 unsigned loop) const;
  Values emitLoop(unsigned loop, int64_t extent, int64_t step,
                  const Addresses &inputs, Values values,
                  llvm::function_ref<Values(const Addresses &, Values)> body);
  Values reduceAlong(size_t level, int64_t extent, const Addresses &inputs,
                     Values sums);
  Values reduce(size_t level, const Addresses &inputs, Values sums);
  Values step(const Addresses &inputs, Values sums);
  Values stepAlongLanes(const Addresses &inputs, Values sums);
  mlir::Value initial(int64_t row, int64_t v, Held &held);
  void emitSeparable(const Separable &transform);
  void emitDots(const Addresses &inputs);
  void finish(Values sums);
  void storeSums(const Values &sums);
  void storeAndEnterRows(const Values &sums);
  void storeAndApply(Values sums);
  void storeAndFinishRows(Values sums);
  void applyAndStore(Values sums);

  mlir::Value index(int64_t value);
  mlir::Value at(Address address);
  Address advance(Address address, mlir::Value i, int64_t stride);
  Address start(const Access &access, const TilePlace &place,
                mlir::Value firstRow);
  int64_t laneStride(const Access &access) const {
    return access.strides[hasRowInLanes ? *tile.rowsLoop : tile.lanesLoop];
  }
  int64_t rowStride(const Access &access) const {
    return tile.rowsLoop && !hasRowInLanes ? access.strides[*tile.rowsLoop] : 0;
  }
  int64_t insideStride(const Access &access) const {
    return tile.insideLoop ? access.strides[*tile.insideLoop] : 0;
  }
  int64_t rows() const { return height * inside; }
  int64_t vectors() const { return llvm::divideCeil(lanes, width); }
  /// Lanes of vector \p v that are results.
  int64_t active(int64_t v) const { return std::min(width, lanes - v * width); }
  mlir::VectorType vectorOf(mlir::Type element) const {
    return mlir::VectorType::get({width}, element);
  }
  mlir::Value load(const Access &access, Address address, int64_t count);
  mlir::Value loadContiguous(const Access &access, Address address,
                             int64_t count);
  mlir::Value loadEverySecond(const Access &access, Address address,
                              int64_t count);
  void store(const Access &access, Address address, mlir::Value vector,
             int64_t count);
  /// From the first element of a tile to vector \p v of row \p row.
  int64_t offsetOf(const Access &access, int64_t row, int64_t v) const;
  /// The elements of row \p row of \p access, vector by vector.
  mlir::Value element(const Access &access, Address address, int64_t row,
                      int64_t v, Held &held);
  size_t numInputs() const { return c.read.size(); }
  mlir::Value apply(mlir::Operation *op, mlir::IRMapping &map);
  mlir::Value yieldOf(mlir::linalg::GenericOp op, mlir::IRMapping &map);
  bool epilogueVectorises() const;

  mlir::OpBuilder &b;
  mlir::Location loc;
  const Contraction &c;
  const RegisterTile &tile;
  int64_t width;                  ///< lanes of a vector
  llvm::SmallVector<Access> flat; ///< the nest's, as one-dimensional buffers
  llvm::SmallVector<unsigned> reductions; ///< loops, outermost first

  // The tile at hand.
  int64_t height = 0, inside = 1; ///< rows: iterations, in each of them
  int64_t lanes = 0;
  bool hasRowInLanes = false;        ///< the results of all rows, a lane each
  Part part = Part::All;             ///< of what a tile is
  llvm::SmallVector<Address> starts; ///< per access
  std::optional<Ahead> ahead;
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_TILEEMITTER_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Sums of products and other reductions: which ops they are, and the
/// shape of the tile of results that is held in registers.
#ifndef LIB_TARGET_CPU_SCHEDULES_CONTRACTION_H
#define LIB_TARGET_CPU_SCHEDULES_CONTRACTION_H

#include "lib/Target/CPU/CPUInfo.h"
#include "lib/Target/CPU/Schedules/Separable.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace msc::target {

/// `result[i...] = epilogue(init folded over k... with the body of sum, which
/// reads inputs..., others...)`; most often the sum of lhs * rhs.
struct Contraction {
  /// Stores a constant or the elements of a buffer; null: the sum starts from
  /// the result.
  mlir::linalg::GenericOp init;
  mlir::linalg::GenericOp sum;
  mlir::linalg::GenericOp epilogue; ///< null: none; works in place

  /// Operands of the sum that its body reads.
  llvm::SmallVector<unsigned> read;
  /// Of the sum, coalesced. Its accesses are what is read and the result, then
  /// the epilogue's other operands in their order, then what init reads.
  LoopNest nest;
  /// The access of what init reads, if it does.
  std::optional<size_t> start;
  bool anyOrder = false; ///< terms may be added up in any order
  llvm::ArrayRef<Access> inputs() const {
    return llvm::ArrayRef(nest.accesses).take_front(read.size());
  }
  const Access &result() const { return nest.accesses[read.size()]; }
  /// The input of most elements.
  const Access &largest() const;
  bool hasPanels() const {
    return llvm::any_of(nest.accesses,
                        [](const Access &a) { return a.panel.has_value(); });
  }
  int64_t products() const; ///< of all loops
  int64_t depth() const;    ///< of the reduction loops
};

/// Sets the loops, what is read and the accesses of a contraction from its sum;
/// false where the sum is none that the schedule takes.
using ReadSum = bool (*)(Contraction &contraction);

/// A sum whose body works on vectors, of all operands that it reads.
bool readVectorSum(Contraction &contraction);

/// Makes a part of a contraction of it, whose loops are those of the sum.
using CutLoops = llvm::function_ref<void(Contraction &)>;

/// The reduction that \p ops begin with, if they do. With \p anyOrder its
/// reduction loops are in the order in which the operands lie in memory.
std::optional<Contraction>
readContraction(llvm::ArrayRef<mlir::Operation *> ops, bool anyOrder,
                ReadSum readSum = readVectorSum, CutLoops cut = nullptr);
/// Whether it is a sum, not another fold.
bool addsUp(const Contraction &contraction);
/// How many ops it is.
size_t numOps(const Contraction &contraction);

/// Rows of `vectors` vectors of results. Rows and lanes run along a parallel
/// loop each; where the one for rows is short, each of `height` iterations
/// holds all those of a second loop.
struct RegisterTile {
  unsigned lanesLoop = 0;
  std::optional<unsigned> rowsLoop;   ///< none: one row
  std::optional<unsigned> insideLoop; ///< none: an iteration is one row
  int64_t vectors = 1, height = 1;
  /// Lanes run along a reduction loop instead: they are parts of the sum of one
  /// row, and are added up at its end.
  bool sumsLanes = false;
  double cycles = 0; ///< of the whole contraction, estimated
  /// Terms of partial sums that are added up by themselves: the error of a long
  /// sum grows with the numbers that are added to one register; 0: none.
  int64_t partialTerms = 0;
  /// Set where the tile is a transform of one of the input.
  std::optional<Separable> separable;

  /// Whether a tile moves along \p loop, so that no loop around it does.
  bool covers(unsigned loop) const {
    return loop == lanesLoop || rowsLoop == loop || insideLoop == loop;
  }
};

/// Columns of a panel of weights: two vectors of f32, as wide as tiles are when
/// there are many rows.
int64_t contractionPanel(const CPUInfo &cpu);

/// The fastest tile by the estimate; none where no loop is parallel.
std::optional<RegisterTile> chooseTile(const Contraction &contraction,
                                       const CPUInfo &cpu);

/// The loops around the tiles of a contraction, outermost first.
struct TileLoops {
  llvm::SmallVector<mlir::scf::ForOp> loops;
  llvm::SmallVector<int64_t> extents;
  /// The order in which threads share them.
  llvm::SmallVector<unsigned> sharing;
};

/// Writes all tiles at the place where \p rewriter is.
TileLoops emitTiles(mlir::RewriterBase &rewriter, const Contraction &c,
                    const RegisterTile &tile, const CPUInfo &cpu);
/// What \p tile is for \p c where stages of such code are written: narrower
/// for the sake of threads, with partial sums for the sake of strict results.
void adjustTile(const Contraction &c, const CPUInfo &cpu, bool anyOrder,
                RegisterTile &tile);
/// Floating-point operations of all tiles together, where a transform takes
/// fewer than its sum of products; none otherwise.
std::optional<double> transformFlops(const Contraction &c,
                                     const RegisterTile &tile);

/// The tiles that are worth measuring: the one of chooseTile, then a few others
/// by their estimates. No two compute in the same way.
llvm::SmallVector<RegisterTile> candidateTiles(const Contraction &contraction,
                                               const CPUInfo &cpu);

/// For people: "14 x 2 vectors along loop 1, rows along loop 0".
std::string describeTile(const RegisterTile &tile);

/// Tiles of balanced heights: the first `taller` of `count` have `height` + 1
/// rows, the others `height`.
struct RowTiles {
  RowTiles(int64_t rows, int64_t maxHeight);
  int64_t count, height, taller;
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_CONTRACTION_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The code of one row of a chain.
#ifndef LIB_TARGET_CPU_SCHEDULES_ROWEMITTER_H
#define LIB_TARGET_CPU_SCHEDULES_ROWEMITTER_H

#include "lib/Target/CPU/Schedules/RowGroup.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

namespace msc::target {

/// Computes a row in as few passes over it as there are folds to wait for. What
/// is the same for a whole row is computed once, on numbers.
class RowEmitter {
public:
  RowEmitter(mlir::OpBuilder &b, mlir::Location loc, const RowGroup &group,
             const ScheduleOptions &options);

  /// Emits the row at the iterations \p place of the outer loops.
  void emit(mlir::ValueRange place);

private:
  using Values = llvm::SmallVector<mlir::Value>;
  /// One access of a pass.
  struct Operand {
    Access flat;
    llvm::SmallVector<int64_t> strides; ///< along the loops of the pass
    mlir::Value base;                   ///< index where the row begins
    bool isUniform() const {
      return llvm::all_of(strides, [](int64_t s) { return s == 0; });
    }
  };
  struct Member {
    explicit Member(const RowOp &op) : op(&op) {}
    const RowOp *op;
    llvm::SmallVector<Operand> operands; ///< the last one is the result
    mlir::IRMapping uniform;             ///< the body's values on numbers
    llvm::DenseMap<mlir::Operation *, mlir::Value> inverses; ///< of divisors
    size_t firstPart = 0; ///< of its partial results
    size_t parts = 0;
  };
  /// Consecutive ops with the same inner loops; one number where without.
  struct Pass {
    std::vector<Member> members;
    llvm::SmallVector<Loop> loops;
    size_t parts = 0; ///< of all members
  };
  /// A row's vector at hand: of which buffer and where in it.
  using Key = std::pair<mlir::Value, int64_t>;

  void splitPasses();
  bool canJoin(const Pass &pass, const RowOp &op) const;
  void coalesce(Pass &pass) const;

  void emitPoint(Member &member);
  void emitPass(Pass &pass);
  void findUniform(Member &member);
  Values emitLoops(Pass &pass, size_t depth, Values bases, Values folded);
  Values emitVectors(Pass &pass, const Values &bases, Values folded);
  void emitVector(Pass &pass, const Values &bases, int64_t offset,
                  int64_t count, unsigned part, Values &folded);
  mlir::Value load(const Operand &operand, mlir::Value position, int64_t count);
  mlir::Value element(Member &member, mlir::Value value, mlir::IRMapping &map);
  mlir::Value apply(Member &member, mlir::Operation *op, mlir::IRMapping &map);
  mlir::Value fold(Member &member, mlir::Value term, mlir::Value folded);
  void foldVector(Member &member, mlir::Value term, int64_t count,
                  unsigned part, Values &folded);
  void startFold(Member &member, Values &folded);
  mlir::Value finishFold(Member &member, mlir::ArrayRef<mlir::Value> folded);

  bool isOrdered(const RowOp &op) const {
    return !anyOrder && op.fold->kind != Fold::Extreme;
  }
  mlir::Value number(const Operand &operand);
  void storeNumber(const Operand &operand, mlir::Value value);
  Key keyOf(const Operand &operand) const {
    return {rootOf(operand.flat.buffer), operand.flat.offset};
  }
  mlir::VectorType vectorOf(mlir::Type element) const {
    return mlir::VectorType::get({width}, element);
  }
  mlir::Value index(int64_t value);
  mlir::Value plus(mlir::Value base, mlir::Value i, int64_t stride);

  mlir::OpBuilder &b;
  mlir::Location loc;
  const RowGroup &group;
  bool anyOrder;
  int64_t width;
  std::vector<Pass> passes;

  // The row at hand: what was written to it.
  llvm::DenseMap<Key, mlir::Value> numbers, vectors;
};

} // namespace msc::target

#endif // LIB_TARGET_CPU_SCHEDULES_ROWEMITTER_H

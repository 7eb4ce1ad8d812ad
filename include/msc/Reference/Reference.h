// SPDX-License-Identifier: Apache-2.0
//
/// \file The slow, readable evaluator of ms ops: oracle of the tests, engine of
/// `--verify` and of constant folding.
#ifndef MSC_REFERENCE_REFERENCE_H
#define MSC_REFERENCE_REFERENCE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"
#include <functional>
#include <vector>

namespace msc::reference {

/// A dense tensor of static shape, row-major, little-endian; bool is one byte.
/// Element i counts in row-major order.
class Tensor {
public:
  Tensor() = default;
  /// All zeros.
  explicit Tensor(mlir::RankedTensorType type);
  Tensor(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes);

  mlir::RankedTensorType type;
  std::vector<char> data;

  llvm::ArrayRef<int64_t> shape() const { return type.getShape(); }
  int64_t rank() const { return type.getRank(); }
  int64_t dim(int64_t i) const { return type.getDimSize(i); }
  int64_t size() const { return type.getNumElements(); }
  mlir::Type element() const { return type.getElementType(); }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(element()); }

  /// Any element type converts; floats to integers truncate towards zero.
  double getFloat(int64_t i) const;
  int64_t getInt(int64_t i) const; ///< ui64 keeps its bits
  /// Rounds to nearest even where the element type is narrower; integers wrap.
  void setFloat(int64_t i, double value);
  void setInt(int64_t i, int64_t value);
  /// Copies the bits of one element of \p from, which has this element type.
  void copyElement(int64_t i, const Tensor &from, int64_t j);

  std::vector<double> floats() const;
  std::vector<int64_t> ints() const;
  void setFloats(llvm::ArrayRef<double> values);
};

/// Bytes of one element of \p type; bool is one.
size_t elementBytes(mlir::Type type);

Tensor fromAttr(mlir::ElementsAttr attr);
mlir::DenseElementsAttr toAttr(const Tensor &tensor);

/// Row-major strides (in elements) of \p shape.
llvm::SmallVector<int64_t> strides(llvm::ArrayRef<int64_t> shape);

/// Calls \p fn for each multi-index of \p shape, in row-major order.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>)> fn);

/// The element of an operand of \p shape that broadcasting reads at \p index of
/// the (longer or equal) result index.
int64_t broadcastOffset(llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int64_t> index);

using Inputs = llvm::ArrayRef<const Tensor *>;
/// Zeros of the op's result types on entry.
using Outputs = llvm::MutableArrayRef<Tensor>;

/// Evaluation functions by op name.
class Registry {
public:
  using Fn =
      std::function<llvm::LogicalResult(mlir::Operation *, Inputs, Outputs)>;

  /// \p fn: LogicalResult(OpT op, Inputs in, Outputs out).
  template <typename OpT, typename F> void add(F fn) {
    functions[OpT::getOperationName()] = [fn](mlir::Operation *op, Inputs in,
                                              Outputs out) {
      return fn(mlir::cast<OpT>(op), in, out);
    };
  }
  const Fn *find(llvm::StringRef name) const;

private:
  llvm::StringMap<Fn> functions;
};

/// All ops of the dialect.
const Registry &registry();

/// True if \p op can be evaluated: it is known and its types are static.
bool canEvaluate(mlir::Operation *op);

/// Evaluates one op without regions. Fails with a diagnostic on bad data (an
/// index out of range) and for unknown ops.
llvm::LogicalResult evaluate(mlir::Operation *op, Inputs operands,
                             std::vector<Tensor> &results);

/// What an evaluation of a whole function needs and tells. Unset members are
/// left out.
struct Environment {
  /// The value of a parameter; an empty type means unknown.
  std::function<Tensor(llvm::StringRef name)> parameter;
  /// Computes an ms.kernel in place of the evaluator.
  std::function<llvm::LogicalResult(mlir::Operation *kernel,
                                    llvm::ArrayRef<Tensor> operands,
                                    std::vector<Tensor> &results)>
      kernel;
  /// Called after each op with its results, which it may change.
  std::function<void(mlir::Operation *, llvm::MutableArrayRef<Tensor>)> observe;
};

/// Evaluates \p block, control flow and kernels included, with its arguments
/// bound to \p inputs; the results are the operands of its terminator. The
/// block must not use values from outside.
llvm::LogicalResult evaluate(mlir::Block &block, llvm::ArrayRef<Tensor> inputs,
                             const Environment &environment,
                             std::vector<Tensor> &results);

/// Evaluates the body of \p function.
llvm::LogicalResult evaluate(mlir::func::FuncOp function,
                             llvm::ArrayRef<Tensor> inputs,
                             const Environment &environment,
                             std::vector<Tensor> &results);

} // namespace msc::reference

#endif // MSC_REFERENCE_REFERENCE_H

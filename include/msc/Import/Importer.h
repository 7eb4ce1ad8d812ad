// SPDX-License-Identifier: Apache-2.0
//
/// \file The importer: walks a graph module in order, as an interpreter would,
/// and emits ms ops. See docs/Decisions/0001.
#ifndef MSC_IMPORT_IMPORTER_H
#define MSC_IMPORT_IMPORTER_H

#include "dialects/Graph/IR/GraphOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "msc/Import/Emitter.h"
#include "msc/Import/ImportRule.h"
#include "msc/Parameters/ParameterStore.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace msc::import {

/// A value of the source model while it is imported.
struct Val {
  enum Kind {
    None,     ///< Python None, an absent optional operand
    Tensor,   ///< `tensor`
    Literal,  ///< `attr`: Python int (i64), bool (i1), float, string, dtype
    Tuple,    ///< `elements`
    Function, ///< `function` with leading arguments `elements` bound
    Choice,   ///< MindIR Switch: `tensor` chooses elements[0] or elements[1]
    Monad,
    Unfinished, ///< what a loop gives whose body is being imported
    Poison      ///< what a failed node gives; its users are not imported
  };
  Kind kind = None;
  mlir::Value tensor;
  mlir::Attribute attr;
  std::vector<Val> elements;
  graph::FuncOp function;
  /// The parameter whose memory a tensor is: reading it gives what was assigned
  /// last.
  llvm::StringRef parameter;
  /// The element type in the source where ms has none so narrow and `tensor`
  /// holds wider ones. Only mappings that ask for it may read such a value.
  mlir::Type narrow;

  Val() = default;
  Val(mlir::Value v) : kind(Tensor), tensor(v) {}
  static Val literal(mlir::Attribute attr);
  static Val tuple(std::vector<Val> elements);
  static Val monad();
  static Val unfinished();
  static Val poison();
  bool isNone() const { return kind == None; }
  bool isTensor() const { return kind == Tensor; }
  bool isTuple() const { return kind == Tuple; }
};

struct ImportOptions {
  /// Static shapes of inputs, by name; dimensions named in the file alike get
  /// equal extents.
  llvm::StringMap<std::vector<int64_t>> shapes;
  /// Extents of symbolic dimensions, by name.
  llvm::StringMap<int64_t> dims;
  /// Values of inputs that may be read where the model needs one while
  /// compiling; each one read becomes a guard of the compiled code. Elements of
  /// a tuple are called "NAME.0", "NAME.1.0" ...
  llvm::StringMap<mlir::DenseElementsAttr> values;
};

class Importer;

/// One node of the source model, as op mappings see it. Accessors report a
/// missing or misfit value once and return a default; check failed() (or return
/// through result()) before relying on what they returned.
class Node {
public:
  Node(Importer &importer, graph::NodeOp op, const ImportRule *rule,
       std::vector<Val> inputs);

  Importer &importer;
  graph::NodeOp op;
  const ImportRule *rule;
  std::vector<Val> inputs;
  std::vector<Val> outputs;
  Emitter &e;

  bool failed() const { return e.failed; }
  mlir::InFlightDiagnostic error() { return e.error(); }

  // Inputs, by position. Literals become rank-0 constants: bool, i64, or f32.
  size_t numInputs() const { return inputs.size(); }
  bool has(size_t i) const { return i < inputs.size() && !inputs[i].isNone(); }
  mlir::Value in(size_t i);
  /// in(i) cast to \p element, literals included.
  mlir::Value in(size_t i, mlir::Type element);
  /// The inputs \p indices brought to one element type: that of the widest
  /// kind (bool, integer, float) and size among the tensors. A Python number
  /// takes the tensors' type, but a float makes integers f32, an int bool i64.
  llvm::SmallVector<mlir::Value> promote(llvm::ArrayRef<size_t> indices);
  /// All tensor inputs from \p first on, tuples flattened, None left out.
  llvm::SmallVector<mlir::Value> rest(size_t first = 0);

  /// The attribute or, where the format passes attributes as inputs, the value
  /// of the argument called \p name (see ImportRule::args); null if absent or
  /// None. Tensors known while compiling become elements attributes.
  mlir::Attribute attr(llvm::StringRef name);
  bool hasAttr(llvm::StringRef name) { return bool(attr(name)); }
  // Typed forms. Without a fallback the attribute is required.
  int64_t i64(llvm::StringRef name, std::optional<int64_t> fallback = {});
  double f64(llvm::StringRef name, std::optional<double> fallback = {});
  bool flag(llvm::StringRef name, std::optional<bool> fallback = {});
  std::string str(llvm::StringRef name,
                  std::optional<llvm::StringRef> fallback = {});
  llvm::SmallVector<int64_t>
  i64s(llvm::StringRef name,
       std::optional<llvm::SmallVector<int64_t>> fallback = {});
  llvm::SmallVector<double>
  f64s(llvm::StringRef name,
       std::optional<llvm::SmallVector<double>> fallback = {});
  /// An element type, stated as a type or by the format's number.
  mlir::Type dtype(llvm::StringRef name, mlir::Type fallback = {});
  /// The element type with the number \p id in the node's format, or an error
  /// and f32 where ms has no such type.
  mlir::Type elementType(int64_t id);

  /// The value of input \p i while compiling, as a list; an error if unknown.
  llvm::SmallVector<int64_t> constI64s(size_t i);
  llvm::SmallVector<double> constF64s(size_t i);

  /// \p axis in [0, rank), or an error and 0.
  int64_t axis(int64_t axis, int64_t rank);
  /// False, with an error, unless \p v has a rank in [low, high].
  bool expectRank(mlir::Value v, int64_t low, int64_t high);

  /// Says that the mapping minds sizes that depend on data (Emitter::Size).
  void mindsSizes() { sizesMinded = true; }

  // Set the results; fails if anything went wrong before.
  llvm::LogicalResult result(Val v) { return results({std::move(v)}); }
  llvm::LogicalResult results(std::vector<Val> v);

  /// Integer list of an attribute in any encoding, or nothing.
  static std::optional<llvm::SmallVector<int64_t>> toI64s(mlir::Attribute attr);
  static std::optional<llvm::SmallVector<double>> toF64s(mlir::Attribute attr);

private:
  /// Notes when \p v has a size that depends on data: results() checks that
  /// the mapping did not just take the largest one for it.
  mlir::Value noteSize(mlir::Value v);

  mlir::Value sizedInput;
  bool sizesMinded = false;
};

class Importer {
public:
  Importer(mlir::ModuleOp source, ParameterStore &store,
           const ImportOptions &options);

  /// Emits the model into a new module with func.func @main. Reports every
  /// unsupported operator at once; null on failure.
  mlir::OwningOpRef<mlir::ModuleOp> run();

  Emitter e;
  ParameterStore &store;
  const ImportOptions &options;
  mlir::ModuleOp source;

  /// Current values of assigned parameters, in order of first assignment; hooks
  /// that build regions save, merge and restore them.
  llvm::MapVector<llvm::StringRef, mlir::Value> state;

  /// Imports a call of \p function; the results are what it returns.
  llvm::LogicalResult call(graph::FuncOp function, llvm::ArrayRef<Val> args,
                           std::vector<Val> &results);
  /// Imports the sub-graph \p region of a node of the function being imported.
  llvm::LogicalResult runRegion(mlir::Region &region, llvm::ArrayRef<Val> args,
                                std::vector<Val> &results);
  /// Imports one node. A node that cannot be imported is reported and counted;
  /// the walk goes on to find the others.
  llvm::LogicalResult runNode(graph::NodeOp op);

  /// A value as a tensor; literals become constants; null (with an error) for
  /// tuples, functions and None.
  mlir::Value asTensor(const Val &val, mlir::Type element = {});
  /// The value of \p v while compiling, or null: constants, and what follows
  /// from constants, integer parameters and the given input values. Marks the
  /// parameters (frozen) and inputs (guards) it reads.
  mlir::DenseElementsAttr constantOf(mlir::Value v);
  /// constantOf, but only of what follows from shapes and literals: for values
  /// that are useful to know but need not be.
  mlir::DenseElementsAttr shapeConstant(mlir::Value v) {
    return Emitter::literal(v);
  }
  /// constantOf for any kind: tuples become ArrayAttr, None null.
  mlir::Attribute constantOf(const Val &val);
  /// ms.parameter for \p name, or the current value if it is state.
  mlir::Value parameter(llvm::StringRef name, mlir::RankedTensorType type);
  /// Gives \p result, of a node of the function being imported, the new value
  /// \p now for the nodes that follow.
  void update(mlir::Value result, Val now) { lookup(result) = std::move(now); }
  /// Makes \p name state (once) and gives it a new value.
  void assign(llvm::StringRef name, mlir::Value value);
  /// The value of the assigned parameter \p name when the model is entered.
  mlir::Value stateEntry(llvm::StringRef name) const {
    return stateInputs.lookup(name);
  }

  /// A loop of the source written as recursion, while it is imported: `header`
  /// calls itself with the `next` values from the branch that goes on.
  struct Recursion {
    graph::FuncOp header;
    size_t depth;           ///< of the header's frame
    bool wantChoice = true; ///< stop at the header's choice of function
    std::optional<Val> choice;
    std::optional<std::vector<Val>> next;
  };
  std::vector<Recursion> recursions;
  size_t depth() const { return frames.size(); }

private:
  /// Reports nodes without a rule in and below \p op, once per operator.
  void reportUnsupported(graph::NodeOp op);
  /// The model's own function that \p op calls, or null.
  graph::FuncOp localFunction(graph::NodeOp op);
  using Frame = llvm::DenseMap<mlir::Value, Val>;
  llvm::LogicalResult runBlock(mlir::Block &block, std::vector<Val> &results);
  llvm::LogicalResult runOp(mlir::Operation &op);
  Val &lookup(mlir::Value v);
  mlir::DenseElementsAttr evaluate(mlir::Value v, int depth,
                                   llvm::SetVector<mlir::Operation *> &guards,
                                   llvm::SmallVectorImpl<int64_t> &inputs);
  llvm::LogicalResult addInputs(graph::FuncOp entry, std::vector<Val> &args);
  mlir::RankedTensorType inputType(graph::FuncOp entry, unsigned i);
  llvm::LogicalResult finish(graph::FuncOp entry, llvm::ArrayRef<Val> results);

  mlir::OwningOpRef<mlir::ModuleOp> target;
  mlir::func::FuncOp main;
  std::vector<Frame> frames;
  llvm::DenseSet<int64_t> guards;
  llvm::StringMap<mlir::Value> stateInputs;
  unsigned errors = 0;
  llvm::StringSet<> reported; // one message per operator and reason
};

/// The newest row for \p op that \p version admits, or null.
const ImportRule *findRule(llvm::StringRef op, int64_t version);
/// Adds the rows of one format; formats do so once, before importing.
void addRules(llvm::ArrayRef<ImportRule> rules);
/// Element types by number, null where ms has no such type.
using ElementTypes = mlir::Type (*)(mlir::MLIRContext *ctx, int64_t id);
/// States the numbering of the format whose operators start with
/// "<format>.".
void addElementTypes(llvm::StringRef format, ElementTypes types);
/// The element type that tensors of the given ones meet in: as numpy, but an
/// integer does not widen a float.
mlir::Type commonElementType(mlir::Type a, mlir::Type b);
/// The generic mapping of a row without a hook.
llvm::LogicalResult importGeneric(Node &node);

} // namespace msc::import

#endif // MSC_IMPORT_IMPORTER_H

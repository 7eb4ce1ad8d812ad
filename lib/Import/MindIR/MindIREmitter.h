// SPDX-License-Identifier: Apache-2.0
//
/// \file From a resolved MindIR model to operations of the graph dialect.
#ifndef LIB_IMPORT_MINDIR_MINDIREMITTER_H
#define LIB_IMPORT_MINDIR_MINDIREMITTER_H

#include "dialects/Graph/IR/GraphOps.h"
#include "lib/Import/MindIR/MindIRAttributes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace msc::import::mindir {

/// Emits one graph.func per function of a model, and its weights into a store.
class Emitter {
public:
  Emitter(const Model &model, TensorReader &tensors, ParameterStore &store,
          mlir::ModuleOp module);

  /// Emits everything; reports all problems of the model.
  mlir::LogicalResult emit();

private:
  /// A weight or a large constant in the store.
  struct Stored {
    std::string name;
    mlir::RankedTensorType type;
  };
  /// What is known of a definition before any function is emitted.
  struct Value {
    ValueType type;
    /// Constants: the attribute, if the value is not in `stored`.
    mlir::Attribute attribute;
    std::optional<Stored> stored;
  };
  /// The values of the function being emitted.
  struct Scope {
    llvm::DenseMap<unsigned, mlir::Value> values, functions;
    llvm::StringMap<mlir::Value> symbols;
  };

  mlir::LogicalResult describeValues();
  mlir::LogicalResult describeConstant(const Definition &definition,
                                       Value &value);
  mlir::LogicalResult describeParameter(const Definition &definition,
                                        Value &value);
  mlir::LogicalResult storeTensor(const mind_ir::TensorProto &tensor,
                                  llvm::StringRef name, bool constant,
                                  mlir::Location loc, Value &value);

  mlir::LogicalResult emitFunction(unsigned number);
  mlir::LogicalResult emitNode(const Node &node, Scope &scope);
  void emitParameters(Scope &scope);
  mlir::Value emitResult(const Function &function, Scope &scope);
  mlir::Value use(const Reference &reference, Scope &scope, mlir::Location loc);
  mlir::Value useValue(unsigned definition, Scope &scope);
  mlir::Value useFunction(unsigned number, Scope &scope, mlir::Location loc);
  mlir::DictionaryAttr argumentAttributes(llvm::StringRef name,
                                          const ValueType &type);
  mlir::FailureOr<mlir::DictionaryAttr>
  resultAttributes(const Function &function);

  const Model &model;
  AttributeDecoder decoder;
  TensorReader &tensors;
  ParameterStore &store;
  mlir::OpBuilder b;
  mlir::Type any;
  std::vector<Value> values; ///< by definition
};

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_MINDIREMITTER_H

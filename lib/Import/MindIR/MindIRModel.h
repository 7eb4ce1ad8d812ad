// SPDX-License-Identifier: Apache-2.0
//
/// \file A MindIR file with every name looked up: which function calls which,
/// what each captures of its surroundings, and an order to emit nodes in.
#ifndef LIB_IMPORT_MINDIR_MINDIRMODEL_H
#define LIB_IMPORT_MINDIR_MINDIRMODEL_H

#include "lib/Import/MindIR/mind_ir.pb.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <string>
#include <vector>

namespace msc::import::mindir {

/// How the reader treats what only front-end graphs contain: generic functions
/// and Python classes that MindSpore specialises before it exports a network.
enum class FrontEndGraphs { Refuse, Accept };

/// A value the file defines. Names are unique over the whole model.
struct Definition {
  enum class Kind { Input, Parameter, Node, Constant };
  Kind kind;
  unsigned function; ///< 0 for parameters: they belong to the top graph
  unsigned index;    ///< into the graph's inputs, parameters or nodes
};

/// What a name stands for where it is used.
struct Reference {
  enum class Kind {
    Value,    ///< `index` is a definition
    Function, ///< `index` is a function: a closure
    Symbol    ///< `symbol` names a primitive or a front-end object
  };
  Kind kind = Kind::Value;
  unsigned index = 0;
  std::string symbol;
};

/// A node that computes something (constants are none).
struct Node {
  const mind_ir::NodeProto *proto = nullptr;
  /// Null where the attributes lie on the node itself (up to 1.6).
  const mind_ir::PrimitiveProto *primitive = nullptr;
  unsigned index = 0; ///< in its graph
  unsigned definition = 0;
  std::string op; ///< "Conv2D"; "graph.call" with the callee as first operand
  llvm::SmallVector<Reference, 4> operands;
};

struct Function {
  const mind_ir::GraphProto *proto = nullptr;
  std::string symbol;
  std::vector<Node> nodes; ///< operands before users, else in file order
  llvm::SmallVector<Reference, 1> results;
  /// Values of enclosing functions used in this one or in what it refers to,
  /// ascending: its leading arguments.
  std::vector<unsigned> captures;
};

/// Owns the decoded file; everything above points into it.
class Model {
public:
  Model(std::shared_ptr<mind_ir::ModelProto> proto, llvm::StringRef path,
        mlir::MLIRContext *context)
      : proto(std::move(proto)), path(path), context(context) {}

  /// Resolves the file's names; reports everything that cannot be.
  mlir::LogicalResult build(FrontEndGraphs frontEnd);

  const std::shared_ptr<mind_ir::ModelProto> &getProto() const { return proto; }
  llvm::ArrayRef<Function> getFunctions() const { return functions; }
  llvm::ArrayRef<Definition> getDefinitions() const { return definitions; }
  /// The definitions of function \p function 's inputs, and of all parameters.
  llvm::ArrayRef<unsigned> getInputs(unsigned function) const {
    return inputs[function];
  }
  llvm::ArrayRef<unsigned> getParameters() const { return parameters; }

  const mind_ir::NodeProto &nodeOf(const Definition &definition) const;
  const mind_ir::ValueInfoProto &inputOf(const Definition &definition) const;
  const mind_ir::TensorProto &parameterOf(const Definition &definition) const;
  llvm::StringRef nameOf(const Definition &definition) const;

  /// An error about the front-end object \p name unless those are accepted.
  mlir::LogicalResult refuseFrontEnd(llvm::StringRef name,
                                     mlir::Location loc) const;

  mlir::Location fileLoc() const;
  mlir::Location graphLoc(const mind_ir::GraphProto &graph) const;
  mlir::Location nodeLoc(const mind_ir::NodeProto &node, unsigned index) const;
  mlir::Location locOf(const Definition &definition) const;

private:
  mlir::LogicalResult define(llvm::StringRef name, Definition definition,
                             unsigned *number = nullptr);
  mlir::LogicalResult nameFunctions();
  mlir::LogicalResult namePrimitives();
  mlir::LogicalResult defineValues(unsigned function);
  mlir::LogicalResult defineNodes(unsigned function);
  mlir::LogicalResult resolveNodes(unsigned function);
  mlir::LogicalResult resolveOperator(Node &node, mlir::Location loc);
  mlir::LogicalResult resolveResults(unsigned function);
  bool resolveValue(llvm::StringRef name, Reference &reference);
  mlir::LogicalResult dangling(llvm::StringRef name, llvm::StringRef role,
                               mlir::Location loc);
  mlir::LogicalResult findCaptures();
  mlir::LogicalResult reportEscapes();
  mlir::LogicalResult sortNodes(unsigned function);

  std::shared_ptr<mind_ir::ModelProto> proto;
  std::string path;
  mlir::MLIRContext *context;
  FrontEndGraphs frontEnd = FrontEndGraphs::Refuse;
  std::vector<Function> functions;
  std::vector<Definition> definitions;
  std::vector<std::vector<unsigned>> inputs;
  std::vector<unsigned> parameters;
  llvm::DenseMap<llvm::StringRef, unsigned> valueNames, functionNames;
  llvm::DenseMap<llvm::StringRef, const mind_ir::PrimitiveProto *>
      primitiveNames;
  unsigned danglingNames = 0;
};

/// The user-visible part of "<graph>:<name>".
llvm::StringRef stripGraphName(llvm::StringRef name);

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_MINDIRMODEL_H

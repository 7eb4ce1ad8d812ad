// SPDX-License-Identifier: Apache-2.0
//
/// \file How the nodes of an ONNX graph, sub-graph or function body become
/// graph.node operations in order.
#ifndef LIB_IMPORT_ONNX_ONNXGRAPH_H
#define LIB_IMPORT_ONNX_ONNXGRAPH_H

#include "dialects/Graph/IR/GraphOps.h"
#include "lib/Import/ONNX/ONNXTypes.h"
#include "llvm/ADT/StringSet.h"
#include <vector>

namespace msc::onnx {

using NodeList = google::protobuf::RepeatedPtrField<NodeProto>;
using ValueInfoList = google::protobuf::RepeatedPtrField<ValueInfoProto>;

/// How a node is called in locations, and where its file states it.
struct NodeLabel {
  std::string text;
  mlir::Location loc;
};

/// The order in which \p nodes can be computed: as the file has it where that
/// is possible, else each node as soon as its operands are there. A cycle is an
/// error; its nodes come last.
std::vector<unsigned> sortNodes(Reader &reader, const NodeList &nodes,
                                llvm::ArrayRef<NodeLabel> labels);

/// The names visible in one graph, sub-graph or function body.
struct Scope {
  Scope *parent = nullptr;
  /// Where the graph is, for labels and names: "If#3/then_branch/".
  std::string prefix;
  /// The values built so far.
  llvm::StringMap<mlir::Value> values;
  /// All names that the graph defines, with the place of the definition.
  llvm::StringMap<mlir::Location> definitions;
  /// The types that the graph states.
  llvm::StringMap<ValueType> types;
};

/// Builds the bodies of one graph.func.
class BodyReader {
public:
  /// \p opsets are those of the model or the function that the body belongs
  /// to. \p callees collects the model-local functions that it calls.
  BodyReader(Reader &reader, const Opsets &opsets, bool inFunction,
             llvm::StringSet<> *callees = nullptr)
      : reader(reader), opsets(opsets), inFunction(inFunction),
        callees(callees), builder(reader.getContext()) {}

  /// The arguments of \p func from \p inputs and the rest of its body from
  /// \p graph: initializers, nodes, results.
  void readGraph(graph::FuncOp func, GraphProto &graph);
  /// Likewise from a model-local function.
  void readFunction(graph::FuncOp func, FunctionProto &function);

private:
  // Names and types.
  void declareTypes(Scope &scope, const ValueInfoList &infos);
  void define(Scope &scope, llvm::StringRef name, mlir::Location loc);
  mlir::Value lookup(Scope &scope, llvm::StringRef name, mlir::Location loc);
  mlir::Type getType(Scope &scope, llvm::StringRef name);

  // The parts of a body.
  void readInputs(const GraphProto &graph, Scope &scope);
  void addArgument(Scope &scope, llvm::StringRef name, unsigned index);
  void readInitializers(GraphProto &graph, Scope &scope);
  mlir::Value readInitializer(TensorProto &tensor, Scope &scope,
                              mlir::Location loc);
  mlir::Value readConstant(TensorProto &tensor, mlir::Location loc);
  void readNodes(NodeList &nodes, Scope &scope);
  void readNode(NodeProto &node, const NodeLabel &label, Scope &scope);
  void readSubgraph(GraphProto &graph, mlir::Region &region, Scope &scope);
  /// Ends the current block with \p names as results.
  void addReturn(llvm::ArrayRef<llvm::StringRef> names, Scope &scope);
  void finishFunction(graph::FuncOp func,
                      llvm::ArrayRef<llvm::StringRef> arguments,
                      llvm::ArrayRef<llvm::StringRef> results, Scope &scope);

  mlir::DictionaryAttr describe(llvm::StringRef name, mlir::Type type,
                                Scope &scope, bool isArgument);
  mlir::Value makeAbsent(mlir::Location loc);
  int64_t getVersion(llvm::StringRef domain, mlir::Location loc);

  Reader &reader;
  const Opsets &opsets;
  bool inFunction;
  llvm::StringSet<> *callees;
  mlir::OpBuilder builder;
  /// Domains whose missing operator set has been reported.
  llvm::StringSet<> reportedDomains;
};

/// The symbol of a model-local function: "domain::name" or
/// "domain::name::overload".
std::string getFunctionSymbol(llvm::StringRef domain, llvm::StringRef name,
                              llvm::StringRef overload);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXGRAPH_H

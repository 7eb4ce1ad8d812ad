// SPDX-License-Identifier: Apache-2.0
//
/// \file The body of a graph.func: scopes, initializers, nodes, sub-graphs.
#include "lib/Import/ONNX/ONNXGraph.h"

#include "lib/Import/ONNX/ONNXAttributes.h"
#include "lib/Import/ONNX/ONNXTensor.h"

using namespace mlir;
using llvm::StringRef;
using llvm::Twine;

namespace msc::onnx {

/// Element types that no parameter has (fp8, int4) are literals of the IR, so
/// their tensors are limited.
constexpr uint64_t maxConstantElements = 1 << 24;
/// Constant nodes with more numbers than that hold weights.
constexpr uint64_t maxLiteralElements = 64;

std::string getFunctionSymbol(StringRef domain, StringRef name,
                              StringRef overload) {
  std::string symbol = (normalizedDomain(domain) + "::" + name).str();
  return overload.empty() ? symbol : (symbol + "::" + overload).str();
}

//===----------------------------------------------------------------------===//
// Names and types
//===----------------------------------------------------------------------===//

void BodyReader::declareTypes(Scope &scope, const ValueInfoList &infos) {
  for (const auto &[index, info] : llvm::enumerate(infos)) {
    StringRef name = info.name();
    if (name.empty() || scope.types.count(name))
      continue;
    scope.types.try_emplace(
        name, convertType(reader, info.type(), reader.getLoc(name, index)));
  }
}

void BodyReader::define(Scope &scope, StringRef name, Location loc) {
  auto [entry, isNew] = scope.definitions.try_emplace(name, loc);
  if (isNew)
    return;
  InFlightDiagnostic diagnostic = reader.error(loc);
  diagnostic << "value " << quoted(name) << " is defined twice";
  diagnostic.attachNote(entry->second) << "first defined here";
}

Value BodyReader::lookup(Scope &scope, StringRef name, Location loc) {
  for (Scope *at = &scope; at; at = at->parent) {
    if (Value value = at->values.lookup(name))
      return value;
    // Defined, but not computed yet: part of a cycle, which is reported.
    if (at->definitions.count(name))
      return makeAbsent(loc);
  }
  reader.error(loc) << "value " << quoted(name) << " is not defined";
  return makeAbsent(loc);
}

Type BodyReader::getType(Scope &scope, StringRef name) {
  auto type = scope.types.find(name);
  return type == scope.types.end() ? graph::AnyType::get(reader.getContext())
                                   : type->second.type;
}

Value BodyReader::makeAbsent(Location loc) {
  return builder.create<graph::ConstantOp>(
      loc, graph::AnyType::get(reader.getContext()), builder.getUnitAttr());
}

DictionaryAttr BodyReader::describe(StringRef name, Type type, Scope &scope,
                                    bool isArgument) {
  ValueType stated;
  if (auto entry = scope.types.find(name); entry != scope.types.end())
    stated = entry->second;
  llvm::SmallVector<NamedAttribute> attributes;
  auto add = [&](StringRef key, Attribute value) {
    attributes.push_back(builder.getNamedAttr(key, value));
  };
  if (isArgument)
    add("graph.name", builder.getStringAttr(name));
  add("graph.kind", builder.getStringAttr(stated.kind));
  if (stated.unrankedElement)
    add("graph.element_type", TypeAttr::get(stated.unrankedElement));
  if (stated.type == type && isa<RankedTensorType>(type)) {
    llvm::SmallVector<StringRef> dims(stated.dims.begin(), stated.dims.end());
    add("graph.dims", builder.getStrArrayAttr(dims));
  }
  return builder.getDictionaryAttr(attributes);
}

//===----------------------------------------------------------------------===//
// Inputs and initializers
//===----------------------------------------------------------------------===//

void BodyReader::addArgument(Scope &scope, StringRef name, unsigned index) {
  Location loc = reader.getLoc(name, index);
  if (name.empty())
    reader.error(reader.getFileLoc())
        << "input #" << index << " of the graph has no name";
  define(scope, name, loc);
  scope.values[name] =
      builder.getBlock()->addArgument(getType(scope, name), loc);
}

/// Inputs that have an initializer are not arguments: before IR version 4 every
/// initializer is listed as an input, since then it is a default value.
void BodyReader::readInputs(const GraphProto &graph, Scope &scope) {
  llvm::StringSet<> initialized;
  for (const TensorProto &tensor : graph.initializer())
    initialized.insert(tensor.name());
  for (const auto &[index, input] : llvm::enumerate(graph.input()))
    if (!initialized.contains(input.name()))
      addArgument(scope, input.name(), index);
}

Value BodyReader::readConstant(TensorProto &tensor, Location loc) {
  std::string problem;
  std::optional<uint64_t> count = countElements(
      {tensor.dims().data(), size_t(tensor.dims_size())}, problem);
  if (!count || *count > maxConstantElements ||
      !getElementType(reader.getContext(), tensor.data_type())) {
    InFlightDiagnostic diagnostic = reader.error(loc);
    diagnostic << "initializer of element type "
               << getElementTypeName(tensor.data_type());
    if (!count)
      diagnostic << " has " << problem;
    else if (*count > maxConstantElements)
      diagnostic << " has " << *count << " elements, at most "
                 << maxConstantElements << " are supported";
    else
      diagnostic << " is not supported";
    return Value();
  }
  auto value =
      dyn_cast_or_null<ElementsAttr>(readElements(reader, tensor, loc));
  if (!value)
    return Value();
  return builder.create<graph::ConstantOp>(loc, value.getType(), value);
}

Value BodyReader::readInitializer(TensorProto &tensor, Scope &scope,
                                  Location loc) {
  if (getParameterType(tensor.data_type()) == MSCRT_INVALID)
    return readConstant(tensor, loc);
  // Sub-graphs may reuse a name.
  std::string name = tensor.name();
  if (reader.store.find(name))
    name = scope.prefix + name;
  for (unsigned i = 1; reader.store.find(name); ++i)
    name = (scope.prefix + tensor.name() + "." + Twine(i)).str();
  FailureOr<Parameter> parameter = readParameter(reader, tensor, name, loc);
  if (failed(parameter))
    return Value();
  // The parameter's own shape is that of packed bytes for narrow types.
  auto type = RankedTensorType::get(
      {tensor.dims().data(), size_t(tensor.dims_size())},
      getElementType(reader.getContext(), tensor.data_type()));
  if (llvm::Error error = reader.store.add(std::move(*parameter))) {
    reader.error(loc) << llvm::toString(std::move(error));
    return Value();
  }
  return builder.create<graph::ParameterOp>(loc, type, name);
}

void BodyReader::readInitializers(GraphProto &graph, Scope &scope) {
  for (const auto &[position, tensor] :
       llvm::enumerate(*graph.mutable_initializer())) {
    Location loc = reader.getLoc(tensor.name(), position);
    if (tensor.name().empty()) {
      reader.error(reader.getFileLoc())
          << "initializer #" << position << " has no name";
      continue;
    }
    if (scope.definitions.count(tensor.name())) {
      define(scope, tensor.name(), loc);
      continue;
    }
    define(scope, tensor.name(), loc);
    if (Value value = readInitializer(tensor, scope, loc))
      scope.values[tensor.name()] = value;
  }
  for (const auto &[position, sparse] :
       llvm::enumerate(graph.sparse_initializer()))
    reader.error(reader.getLoc(sparse.values().name(), position))
        << "sparse initializers are not supported";
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

int64_t BodyReader::getVersion(StringRef domain, Location loc) {
  StringRef name = normalizedDomain(domain);
  auto version = opsets.find(name);
  if (version != opsets.end())
    return version->second;
  if (reportedDomains.insert(name).second)
    reader.error(loc) << "the model imports no operator set of the domain "
                      << quoted(name);
  return 0;
}

void BodyReader::readNodes(NodeList &nodes, Scope &scope) {
  std::vector<NodeLabel> labels;
  for (const auto &[index, node] : llvm::enumerate(nodes)) {
    std::string text = node.name();
    if (text.empty())
      text = (scope.prefix + node.op_type() + "#" + Twine(index)).str();
    Location loc = reader.getLoc(text, index);
    for (const std::string &output : node.output())
      if (!output.empty())
        define(scope, output, loc);
    labels.push_back({std::move(text), loc});
  }
  for (unsigned index : sortNodes(reader, nodes, labels))
    readNode(*nodes.Mutable(index), labels[index], scope);
}

/// The tensor of a Constant node that holds weights as an initializer does,
/// with the name of the node's output; null for other nodes.
static TensorProto *weightsOf(NodeProto &node) {
  if (node.op_type() != "Constant" ||
      normalizedDomain(node.domain()) != "ai.onnx" || node.output_size() != 1 ||
      node.attribute_size() != 1 || !node.attribute(0).has_t() ||
      node.attribute(0).name() != "value")
    return nullptr;
  TensorProto &tensor = *node.mutable_attribute(0)->mutable_t();
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
  case TensorProto::DOUBLE:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    break;
  default:
    return nullptr;
  }
  std::string problem;
  std::optional<uint64_t> count = countElements(
      {tensor.dims().data(), size_t(tensor.dims_size())}, problem);
  if (!count || *count <= maxLiteralElements)
    return nullptr;
  tensor.set_name(node.output(0));
  return &tensor;
}

void BodyReader::readNode(NodeProto &node, const NodeLabel &label,
                          Scope &scope) {
  Location loc = label.loc;
  if (TensorProto *weights = inFunction ? nullptr : weightsOf(node)) {
    if (Value value = readInitializer(*weights, scope, loc))
      scope.values[weights->name()] = value;
    return;
  }
  if (node.op_type().empty())
    reader.error(loc) << "node has no operator";
  llvm::SmallVector<Value> inputs;
  for (const std::string &input : node.input())
    inputs.push_back(input.empty() ? makeAbsent(loc)
                                   : lookup(scope, input, loc));
  llvm::SmallVector<Type> types;
  for (const std::string &output : node.output())
    types.push_back(getType(scope, output));
  NodeAttributes attributes =
      convertAttributes(reader, *node.mutable_attribute(), inFunction, loc);
  StringRef domain = normalizedDomain(node.domain());
  std::string op = "onnx.";
  if (domain != "ai.onnx")
    op += (domain + ".").str();
  auto nodeOp = builder.create<graph::NodeOp>(
      loc, types, builder.getStringAttr(op + node.op_type()),
      builder.getI64IntegerAttr(getVersion(domain, loc)), inputs,
      attributes.dictionary, attributes.graphs.size());
  std::string callee =
      getFunctionSymbol(domain, node.op_type(), node.overload());
  if (reader.functions.count(callee)) {
    nodeOp->setAttr("graph.callee",
                    FlatSymbolRefAttr::get(reader.getContext(), callee));
    if (callees)
      callees->insert(callee);
  }
  for (const auto &[output, result] :
       llvm::zip_equal(node.output(), nodeOp.getOutputs()))
    if (!output.empty())
      scope.values.try_emplace(output, result);
  auto regions = attributes.dictionary.getAs<ArrayAttr>("graph.regions");
  for (const auto &[index, subgraph] : llvm::enumerate(attributes.graphs)) {
    Scope inner;
    inner.parent = &scope;
    inner.prefix =
        (label.text + "/" + cast<StringAttr>(regions[index]).getValue() + "/")
            .str();
    readSubgraph(*subgraph, nodeOp->getRegion(index), inner);
  }
}

void BodyReader::readSubgraph(GraphProto &graph, Region &region, Scope &scope) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&region.emplaceBlock());
  declareTypes(scope, graph.input());
  declareTypes(scope, graph.output());
  declareTypes(scope, graph.value_info());
  readInputs(graph, scope);
  readInitializers(graph, scope);
  readNodes(*graph.mutable_node(), scope);
  llvm::SmallVector<StringRef> results;
  for (const ValueInfoProto &output : graph.output())
    results.push_back(output.name());
  addReturn(results, scope);
}

void BodyReader::addReturn(llvm::ArrayRef<StringRef> names, Scope &scope) {
  llvm::SmallVector<Value> values;
  for (const auto &[index, name] : llvm::enumerate(names))
    values.push_back(lookup(scope, name, reader.getLoc(name, index)));
  builder.create<graph::ReturnOp>(reader.getFileLoc(), values);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void BodyReader::readGraph(graph::FuncOp func, GraphProto &graph) {
  Scope scope;
  readSubgraph(graph, func.getBody(), scope);
  llvm::StringSet<> initialized;
  for (const TensorProto &tensor : graph.initializer())
    initialized.insert(tensor.name());
  llvm::SmallVector<StringRef> arguments, results;
  for (const ValueInfoProto &input : graph.input())
    if (!initialized.contains(input.name()))
      arguments.push_back(input.name());
  for (const ValueInfoProto &output : graph.output())
    results.push_back(output.name());
  finishFunction(func, arguments, results, scope);
}

void BodyReader::readFunction(graph::FuncOp func, FunctionProto &function) {
  Scope scope;
  scope.prefix = func.getName().str() + "/";
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&func.getBody().emplaceBlock());
  declareTypes(scope, function.value_info());
  llvm::SmallVector<StringRef> arguments(function.input().begin(),
                                         function.input().end());
  llvm::SmallVector<StringRef> results(function.output().begin(),
                                       function.output().end());
  for (const auto &[index, name] : llvm::enumerate(arguments))
    addArgument(scope, name, index);
  readNodes(*function.mutable_node(), scope);
  addReturn(results, scope);
  finishFunction(func, arguments, results, scope);
}

void BodyReader::finishFunction(graph::FuncOp func,
                                llvm::ArrayRef<StringRef> arguments,
                                llvm::ArrayRef<StringRef> results,
                                Scope &scope) {
  Block &body = func.getBody().front();
  TypeRange argumentTypes = body.getArgumentTypes();
  TypeRange resultTypes = body.getTerminator()->getOperandTypes();
  func.setFunctionType(builder.getFunctionType(argumentTypes, resultTypes));
  llvm::SmallVector<Attribute> argumentAttrs, resultAttrs;
  for (const auto &[name, type] : llvm::zip_equal(arguments, argumentTypes))
    argumentAttrs.push_back(describe(name, type, scope, /*isArgument=*/true));
  for (const auto &[name, type] : llvm::zip_equal(results, resultTypes))
    resultAttrs.push_back(describe(name, type, scope, /*isArgument=*/false));
  func.setArgAttrsAttr(builder.getArrayAttr(argumentAttrs));
  func.setResAttrsAttr(builder.getArrayAttr(resultAttrs));
  func->setAttr("graph.result_names", builder.getStrArrayAttr(results));
}

} // namespace msc::onnx

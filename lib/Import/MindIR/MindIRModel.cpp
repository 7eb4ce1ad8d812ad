// SPDX-License-Identifier: Apache-2.0
//
/// \file How the names of a MindIR file are resolved: one table of values for
/// the whole model, then functions, then primitives.
#include "lib/Import/MindIR/MindIRModel.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace msc::import::mindir {

/// How many dangling names are reported one by one.
static constexpr unsigned maxDanglingErrors = 50;

StringRef stripGraphName(StringRef name) {
  auto [graph, rest] = name.split(':');
  return rest.empty() ? name : rest;
}

static bool isFrontEndName(StringRef name) {
  return name.starts_with("MetaFuncGraph::") || name.starts_with("ClassType::");
}

/// "S-Prim-Add" and "S_Prim_Add" are Add with implicit type promotion, which
/// exports of typed networks have already made explicit.
static StringRef stripSignaturePrefix(StringRef op) {
  if (!op.consume_front("S-Prim-"))
    op.consume_front("S_Prim_");
  return op;
}

const mind_ir::NodeProto &Model::nodeOf(const Definition &definition) const {
  return functions[definition.function].proto->node(int(definition.index));
}

const mind_ir::ValueInfoProto &
Model::inputOf(const Definition &definition) const {
  return functions[definition.function].proto->input(int(definition.index));
}

const mind_ir::TensorProto &
Model::parameterOf(const Definition &definition) const {
  return functions[0].proto->parameter(int(definition.index));
}

StringRef Model::nameOf(const Definition &definition) const {
  switch (definition.kind) {
  case Definition::Kind::Input:
    return inputOf(definition).name();
  case Definition::Kind::Parameter:
    return parameterOf(definition).name();
  case Definition::Kind::Node:
  case Definition::Kind::Constant:
    break;
  }
  return nodeOf(definition).output(0);
}

Location Model::fileLoc() const {
  return FileLineColLoc::get(context, path, 0, 0);
}

Location Model::graphLoc(const mind_ir::GraphProto &graph) const {
  return NameLoc::get(StringAttr::get(context, graph.name()), fileLoc());
}

Location Model::nodeLoc(const mind_ir::NodeProto &node, unsigned index) const {
  StringRef name = node.domain();
  if (name.empty())
    name = node.name();
  if (name.empty() && node.output_size() > 0)
    name = node.output(0);
  return NameLoc::get(StringAttr::get(context, name),
                      FileLineColLoc::get(context, path, index, 0));
}

Location Model::locOf(const Definition &definition) const {
  switch (definition.kind) {
  case Definition::Kind::Input:
  case Definition::Kind::Parameter:
    return NameLoc::get(
        StringAttr::get(context, stripGraphName(nameOf(definition))),
        fileLoc());
  case Definition::Kind::Node:
  case Definition::Kind::Constant:
    break;
  }
  return nodeLoc(nodeOf(definition), definition.index);
}

LogicalResult Model::define(StringRef name, Definition definition,
                            unsigned *number) {
  auto [position, isNew] = valueNames.try_emplace(name, definitions.size());
  if (!isNew) {
    emitError(locOf(definition))
        << "name " << quoted(name) << " is defined twice";
    return failure();
  }
  if (number)
    *number = definitions.size();
  definitions.push_back(definition);
  return success();
}

LogicalResult Model::nameFunctions() {
  functions.resize(1 + proto->functions_size());
  inputs.resize(functions.size());
  functions[0].proto = &proto->graph();
  for (int i = 0; i < proto->functions_size(); ++i)
    functions[i + 1].proto = &proto->functions(i);
  bool failed = false;
  for (auto [number, function] : llvm::enumerate(functions)) {
    StringRef name = function.proto->name();
    Location loc = graphLoc(*function.proto);
    function.symbol = number == 0 ? "main" : name.str();
    auto complain = [&](const Twine &what) {
      emitError(loc) << "the graph " << what;
      failed = true;
    };
    if (name.empty() && number > 0)
      complain("has no name");
    else if (!functionNames.try_emplace(name, number).second)
      complain("has the name " + quoted(name) + " of another one");
    if (function.proto->map_parameter_size() > 0)
      complain("has hash-table parameters (map_parameter), which are not "
               "supported");
  }
  // The top graph is @main whatever the file calls its functions.
  for (Function &function : llvm::drop_begin(functions))
    for (unsigned suffix = 0; function.symbol == "main"; ++suffix) {
      std::string unique = "main_" + std::to_string(suffix);
      if (!functionNames.count(unique))
        function.symbol = unique;
    }
  return success(!failed);
}

LogicalResult Model::namePrimitives() {
  for (const mind_ir::PrimitiveProto &primitive : proto->primitives())
    if (!primitiveNames.try_emplace(primitive.name(), &primitive).second)
      return emitError(fileLoc())
             << "primitive " << quoted(primitive.name()) << " is defined twice";
  return success();
}

/// Inputs and parameters.
LogicalResult Model::defineValues(unsigned function) {
  const mind_ir::GraphProto &graph = *functions[function].proto;
  for (int i = 0; i < graph.input_size(); ++i) {
    unsigned number = 0;
    if (failed(define(graph.input(i).name(),
                      {Definition::Kind::Input, function, unsigned(i)},
                      &number)))
      return failure();
    inputs[function].push_back(number);
  }
  if (function > 0 && graph.parameter_size() > 0)
    return emitError(graphLoc(graph))
           << "a function has parameters; only the top graph may";
  for (int i = 0; i < graph.parameter_size(); ++i) {
    unsigned number = 0;
    if (failed(define(graph.parameter(i).name(),
                      {Definition::Kind::Parameter, function, unsigned(i)},
                      &number)))
      return failure();
    parameters.push_back(number);
  }
  return success();
}

LogicalResult Model::defineNodes(unsigned function) {
  const mind_ir::GraphProto &graph = *functions[function].proto;
  for (int i = 0; i < graph.node_size(); ++i) {
    const mind_ir::NodeProto &proto = graph.node(i);
    if (proto.output_size() != 1)
      return emitError(nodeLoc(proto, i))
             << "expected one output, got " << proto.output_size();
    bool constant = proto.op_type() == "Constant";
    unsigned number = 0;
    if (failed(define(
            proto.output(0),
            {constant ? Definition::Kind::Constant : Definition::Kind::Node,
             function, unsigned(i)},
            &number)))
      return failure();
    if (constant)
      continue;
    Node &node = functions[function].nodes.emplace_back();
    node.proto = &proto;
    node.index = i;
    node.definition = number;
  }
  return success();
}

LogicalResult Model::refuseFrontEnd(StringRef name, Location loc) const {
  if (frontEnd == FrontEndGraphs::Accept)
    return success();
  return emitError(loc) << quoted(name)
                        << " belongs to a front-end graph that was saved "
                           "before type inference; export the network with "
                           "mindspore.export";
}

LogicalResult Model::dangling(StringRef name, StringRef role, Location loc) {
  if (++danglingNames <= maxDanglingErrors)
    emitError(loc) << role << " " << quoted(name)
                   << " is not defined anywhere in the file";
  return failure();
}

bool Model::resolveValue(StringRef name, Reference &reference) {
  if (auto value = valueNames.find(name); value != valueNames.end()) {
    reference = {Reference::Kind::Value, value->second, ""};
    return true;
  }
  if (auto function = functionNames.find(name);
      function != functionNames.end()) {
    reference = {Reference::Kind::Function, function->second, ""};
    return true;
  }
  return false;
}

/// Sets node.op, and for calls the callee. Forms of op_type: "Conv2D" (up to
/// 1.6), "REF::" + primitive, function, value, or front-end object.
LogicalResult Model::resolveOperator(Node &node, Location loc) {
  StringRef name = node.proto->op_type();
  if (!name.consume_front("REF::")) {
    if (name.empty())
      return emitError(loc) << "the node has no operator";
    node.op = stripSignaturePrefix(name).str();
    return success();
  }
  if (auto it = primitiveNames.find(name); it != primitiveNames.end()) {
    node.primitive = it->second;
    node.op = stripSignaturePrefix(it->second->op_type()).str();
    if (node.op.empty())
      return emitError(loc)
             << "primitive " << quoted(name) << " has no operator";
    return success();
  }
  if (isFrontEndName(name)) {
    auto [kind, object] = name.split("::");
    node.op = (kind + "." + object).str();
    return refuseFrontEnd(name, loc);
  }
  node.op = "graph.call";
  Reference &callee = node.operands.emplace_back();
  return resolveValue(name, callee) ? success()
                                    : dangling(name, "operator", loc);
}

LogicalResult Model::resolveNodes(unsigned function) {
  bool failed = false;
  for (Node &node : functions[function].nodes) {
    Location loc = nodeLoc(*node.proto, node.index);
    failed |= resolveOperator(node, loc).failed();
    if (node.op == "CustomAscend") {
      emitError(loc) << "the model was compiled for Ascend by converter_lite "
                        "(CustomAscend); import the network it was made from";
      failed = true;
    }
    for (StringRef name : node.proto->input()) {
      Reference &operand = node.operands.emplace_back();
      if (resolveValue(name, operand))
        continue;
      operand.kind = Reference::Kind::Symbol;
      StringRef plain = name;
      plain.consume_front("REF::");
      if (auto it = primitiveNames.find(name); it != primitiveNames.end()) {
        operand.symbol =
            "prim::" + stripSignaturePrefix(it->second->op_type()).str();
      } else if (isFrontEndName(plain)) {
        operand.symbol = plain.str();
        failed |= refuseFrontEnd(plain, loc).failed();
      } else {
        failed |= dangling(name, "input", loc).failed();
      }
    }
  }
  return success(!failed);
}

LogicalResult Model::resolveResults(unsigned function) {
  Function &target = functions[function];
  Location loc = graphLoc(*target.proto);
  if (target.proto->output_size() == 0)
    return emitError(loc) << "the graph has no output";
  bool failed = false;
  for (const mind_ir::ValueInfoProto &output : target.proto->output())
    if (!resolveValue(output.name(), target.results.emplace_back()))
      failed |= dangling(output.name(), "output", loc).failed();
  return success(!failed);
}

LogicalResult Model::build(FrontEndGraphs treatment) {
  frontEnd = treatment;
  if (failed(nameFunctions()) || failed(namePrimitives()))
    return failure();
  unsigned count = functions.size();
  for (unsigned i = 0; i < count; ++i)
    if (failed(defineValues(i)) || failed(defineNodes(i)))
      return failure();
  bool bad = false;
  for (unsigned i = 0; i < count; ++i) {
    bad |= failed(resolveNodes(i));
    bad |= failed(resolveResults(i));
  }
  if (danglingNames > maxDanglingErrors)
    emitError(fileLoc()) << danglingNames - maxDanglingErrors
                         << " more names are not defined";
  if (bad || failed(findCaptures()))
    return failure();
  for (unsigned i = 0; i < count; ++i)
    bad |= failed(sortNodes(i));
  return success(!bad);
}

} // namespace msc::import::mindir

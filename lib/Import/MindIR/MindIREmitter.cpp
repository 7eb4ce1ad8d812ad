// SPDX-License-Identifier: Apache-2.0
//
/// \file How MindIR functions, nodes, constants and weights become operations.
#include "lib/Import/MindIR/MindIREmitter.h"

#include "mlir/IR/Diagnostics.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using mind_ir::AttributeProto;

namespace msc::import::mindir {

/// Larger constants go to the ParameterStore.
static constexpr size_t maxInlineBytes = 4096;

Emitter::Emitter(const Model &model, TensorReader &tensors,
                 ParameterStore &store, ModuleOp module)
    : model(model), decoder(module.getContext(), tensors), tensors(tensors),
      store(store), b(module.getBodyRegion()),
      any(graph::AnyType::get(module.getContext())) {}

LogicalResult Emitter::emit() {
  if (failed(describeValues()))
    return failure();
  bool failed = false;
  for (unsigned i = 0; i < model.getFunctions().size(); ++i)
    failed |= emitFunction(i).failed();
  return success(!failed);
}

LogicalResult Emitter::describeValues() {
  bool failed = false;
  for (const Definition &definition : model.getDefinitions()) {
    Value &value = values.emplace_back();
    value.type.type = any;
    Location loc = model.locOf(definition);
    auto set = [&](FailureOr<ValueType> type) {
      failed |= mlir::failed(type);
      if (mlir::succeeded(type))
        value.type = *type;
    };
    switch (definition.kind) {
    case Definition::Kind::Input:
      set(decoder.decodeType(model.inputOf(definition), loc));
      break;
    case Definition::Kind::Node:
      set(decoder.decodeType(model.nodeOf(definition), loc));
      break;
    case Definition::Kind::Parameter:
      failed |= describeParameter(definition, value).failed();
      break;
    case Definition::Kind::Constant:
      failed |= describeConstant(definition, value).failed();
      break;
    }
  }
  return success(!failed);
}

/// Puts \p tensor into the store. The compiler owns constants: nobody binds
/// other values to them.
LogicalResult Emitter::storeTensor(const mind_ir::TensorProto &tensor,
                                   StringRef name, bool constant, Location loc,
                                   Value &value) {
  FailureOr<TensorType> type = tensorType(tensor, loc);
  if (failed(type))
    return failure();
  auto ranked = dyn_cast<RankedTensorType>(*type);
  if (!ranked || !ranked.hasStaticShape() ||
      storeType(tensor.data_type()) == MSCRT_INVALID)
    return emitError(loc) << "a weight of type " << *type
                          << " is not supported";
  llvm::Expected<TensorBytes> bytes = tensors.read(tensor);
  if (!bytes)
    return emitError(loc) << "parameter " << quoted(name) << ": "
                          << llvm::toString(bytes.takeError());
  Parameter parameter;
  parameter.name = name.str();
  for (unsigned suffix = 0; constant && store.find(parameter.name); ++suffix)
    parameter.name = (name + "." + Twine(suffix)).str();
  value.type = {ranked, "tensor", {}};
  value.stored = Stored{parameter.name, ranked};
  parameter.dtype = storeType(tensor.data_type());
  parameter.shape = ranked.getShape().vec();
  parameter.data = bytes->data;
  parameter.owner = bytes->owner;
  parameter.frozen = constant;
  if (llvm::Error error = store.add(std::move(parameter)))
    return emitError(loc) << llvm::toString(std::move(error));
  return success();
}

LogicalResult Emitter::describeParameter(const Definition &definition,
                                         Value &value) {
  const mind_ir::TensorProto &tensor = model.parameterOf(definition);
  StringRef name = tensor.ref_key();
  if (name.empty())
    name = stripGraphName(tensor.name());
  return storeTensor(tensor, name, /*constant=*/false, model.locOf(definition),
                     value);
}

/// The tensor of a constant that is nothing but one tensor value.
static const mind_ir::TensorProto *constantTensor(const AttributeProto &value) {
  bool tensors = value.type() == AttributeProto::TENSORS ||
                 StringRef(value.ref_attr_name()) == "tensor:value0";
  if (tensors && value.tensors_size() == 1 && hasValue(value.tensors(0)))
    return &value.tensors(0);
  return nullptr;
}

/// The name of a Python object that only front-end graphs hold, else "".
static StringRef frontEndObject(const AttributeProto &value) {
  switch (value.type()) {
  case AttributeProto::CLASS_TYPE:
  case AttributeProto::NAME_SPACE:
  case AttributeProto::SYMBOL:
    return value.s();
  }
  return "";
}

LogicalResult Emitter::describeConstant(const Definition &definition,
                                        Value &value) {
  const mind_ir::NodeProto &node = model.nodeOf(definition);
  Location loc = model.locOf(definition);
  if (node.attribute_size() != 1)
    return emitError(loc) << "a constant has one value, got "
                          << node.attribute_size();
  const AttributeProto &proto = node.attribute(0);
  if (StringRef object = frontEndObject(proto); !object.empty())
    if (failed(model.refuseFrontEnd(object, loc)))
      return failure();
  const mind_ir::TensorProto *tensor = constantTensor(proto);
  if (tensor && storeType(tensor->data_type()) != MSCRT_INVALID) {
    size_t bytes = tensor->has_external_data()
                       ? size_t(tensor->external_data().length())
                       : tensor->raw_data().size();
    if (bytes > maxInlineBytes)
      return storeTensor(*tensor, node.output(0), /*constant=*/true, loc,
                         value);
  }
  FailureOr<Attribute> attribute = decoder.decode(proto, loc);
  if (failed(attribute))
    return failure();
  value.attribute = *attribute;
  if (auto elements = dyn_cast<DenseElementsAttr>(*attribute))
    value.type = {elements.getType(), "tensor", {}};
  return success();
}

DictionaryAttr Emitter::argumentAttributes(StringRef name,
                                           const ValueType &type) {
  NamedAttrList attributes;
  if (!name.empty())
    attributes.set("graph.name", b.getStringAttr(name));
  attributes.set("graph.kind", b.getStringAttr(type.kind));
  if (auto elements = dyn_cast_if_present<ArrayAttr>(type.detail))
    attributes.set("graph.tuple", elements);
  else if (type.detail)
    attributes.set("graph.type", type.detail);
  return attributes.getDictionary(b.getContext());
}

/// What the file says of the result: its kind is how users see it.
FailureOr<DictionaryAttr> Emitter::resultAttributes(const Function &function) {
  const mind_ir::GraphProto &graph = *function.proto;
  if (graph.output_size() != 1)
    return b.getDictionaryAttr({});
  FailureOr<ValueType> type =
      decoder.decodeType(graph.output(0), model.graphLoc(graph));
  if (failed(type))
    return failure();
  // The node itself may not state its type.
  if (type->kind == "tensor")
    type->detail = TypeAttr::get(type->type);
  return argumentAttributes("", *type);
}

LogicalResult Emitter::emitFunction(unsigned number) {
  const Function &function = model.getFunctions()[number];
  Location loc = model.graphLoc(*function.proto);
  SmallVector<Type> types;
  SmallVector<Location> locs;
  SmallVector<Attribute> attributes;
  SmallVector<unsigned> arguments(function.captures.begin(),
                                  function.captures.end());
  llvm::append_range(arguments, model.getInputs(number));
  for (auto [position, definition] : llvm::enumerate(arguments)) {
    const Definition &argument = model.getDefinitions()[definition];
    const Value &value = values[definition];
    types.push_back(value.type.type);
    locs.push_back(model.locOf(argument));
    NamedAttrList dictionary(
        argumentAttributes(stripGraphName(model.nameOf(argument)), value.type));
    if (position < function.captures.size())
      dictionary.set("graph.captured", b.getUnitAttr());
    attributes.push_back(dictionary.getDictionary(b.getContext()));
  }
  FailureOr<DictionaryAttr> resultAttributes = this->resultAttributes(function);
  if (mlir::failed(resultAttributes))
    return failure();

  OpBuilder::InsertionGuard guard(b);
  auto func = b.create<graph::FuncOp>(
      loc, function.symbol, b.getFunctionType(types, {}),
      b.getArrayAttr(attributes), b.getArrayAttr({*resultAttributes}));
  if (number == 0)
    func->setAttr("entry", b.getUnitAttr());
  Block *body = b.createBlock(&func.getBody(), {}, types, locs);
  Scope scope;
  for (auto [definition, argument] : llvm::zip(arguments, body->getArguments()))
    scope.values[definition] = argument;
  if (number == 0)
    emitParameters(scope);
  bool failed = false;
  for (const Node &node : function.nodes)
    failed |= mlir::failed(emitNode(node, scope));
  mlir::Value result = emitResult(function, scope);
  func.setFunctionType(b.getFunctionType(types, result.getType()));
  return success(!failed);
}

void Emitter::emitParameters(Scope &scope) {
  for (unsigned definition : model.getParameters())
    useValue(definition, scope);
}

LogicalResult Emitter::emitNode(const Node &node, Scope &scope) {
  Location loc = model.nodeLoc(*node.proto, node.index);
  FailureOr<DictionaryAttr> attributes = decoder.decodeAll(node, loc);
  SmallVector<mlir::Value> operands;
  for (const Reference &reference : node.operands)
    operands.push_back(use(reference, scope, loc));
  auto op = b.create<graph::NodeOp>(
      loc, TypeRange{values[node.definition].type.type}, "mindir." + node.op,
      /*version=*/0, operands,
      succeeded(attributes) ? *attributes : b.getDictionaryAttr({}),
      /*subgraphsCount=*/0);
  scope.values[node.definition] = op.getResult(0);
  return success(succeeded(attributes));
}

/// Ends the function. Several outputs, which only files up to 1.5 may have,
/// are one tuple.
mlir::Value Emitter::emitResult(const Function &function, Scope &scope) {
  Location loc = model.graphLoc(*function.proto);
  SmallVector<mlir::Value> results;
  for (const Reference &reference : function.results)
    results.push_back(use(reference, scope, loc));
  mlir::Value result = results.front();
  if (results.size() > 1)
    result =
        b.create<graph::NodeOp>(loc, TypeRange{any}, "mindir.MakeTuple",
                                /*version=*/0, results, b.getDictionaryAttr({}),
                                /*subgraphsCount=*/0)
            .getResult(0);
  b.create<graph::ReturnOp>(loc, result);
  return result;
}

mlir::Value Emitter::use(const Reference &reference, Scope &scope,
                         Location loc) {
  switch (reference.kind) {
  case Reference::Kind::Value:
    return useValue(reference.index, scope);
  case Reference::Kind::Function:
    return useFunction(reference.index, scope, loc);
  case Reference::Kind::Symbol:
    break;
  }
  mlir::Value &value = scope.symbols[reference.symbol];
  if (!value)
    value = b.create<graph::ConstantOp>(
        loc, any, SymbolRefAttr::get(b.getContext(), reference.symbol));
  return value;
}

/// Constants and weights are materialised where a function first uses them;
/// everything else is there already, thanks to captures and the node order.
mlir::Value Emitter::useValue(unsigned definition, Scope &scope) {
  mlir::Value &result = scope.values[definition];
  if (result)
    return result;
  const Value &value = values[definition];
  Location loc = model.locOf(model.getDefinitions()[definition]);
  if (value.stored)
    result = b.create<graph::ParameterOp>(loc, value.stored->type,
                                          value.stored->name);
  else
    result = b.create<graph::ConstantOp>(loc, value.type.type, value.attribute);
  return result;
}

mlir::Value Emitter::useFunction(unsigned number, Scope &scope, Location loc) {
  if (mlir::Value known = scope.functions.lookup(number))
    return known;
  const Function &function = model.getFunctions()[number];
  SmallVector<mlir::Value> bound;
  for (unsigned definition : function.captures)
    bound.push_back(useValue(definition, scope));
  mlir::Value closure =
      b.create<graph::FuncRefOp>(loc, any, function.symbol, bound);
  return scope.functions[number] = closure;
}

} // namespace msc::import::mindir

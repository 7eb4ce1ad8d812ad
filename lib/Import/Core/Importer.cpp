// SPDX-License-Identifier: Apache-2.0
//
/// \file The walk over a graph module: values, calls, parameters, state.
#include "msc/Import/Importer.h"

#include "msc/Import/Shaping.h"
#include "msc/Reference/Reference.h"
#include "msc/Support/DType.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace msc::import {

/// Calls nested deeper than this are recursion that no rule resolved.
static constexpr size_t callLimit = 200;

Val Val::literal(Attribute attr) {
  Val val;
  val.kind = Literal;
  val.attr = attr;
  return val;
}

Val Val::tuple(std::vector<Val> elements) {
  Val val;
  val.kind = Tuple;
  val.elements = std::move(elements);
  return val;
}

Val Val::monad() {
  Val val;
  val.kind = Monad;
  return val;
}

Val Val::unfinished() {
  Val val;
  val.kind = Unfinished;
  return val;
}

Val Val::poison() {
  Val val;
  val.kind = Poison;
  return val;
}

Importer::Importer(ModuleOp source, ParameterStore &store,
                   const ImportOptions &options)
    : e(source.getContext()), store(store), options(options), source(source) {}

/// Literals of the file: elements become tensors, arrays tuples.
static Val valOf(Emitter &e, Attribute attr) {
  if (auto elements = dyn_cast<DenseElementsAttr>(attr))
    return e.constant(elements);
  if (isa<UnitAttr>(attr))
    return Val();
  if (isa<SymbolRefAttr>(attr))
    return Val::monad();
  auto array = dyn_cast<ArrayAttr>(attr);
  if (!array)
    return Val::literal(attr);
  std::vector<Val> elements;
  for (Attribute element : array)
    elements.push_back(valOf(e, element));
  return Val::tuple(std::move(elements));
}

OwningOpRef<ModuleOp> Importer::run() {
  graph::FuncOp entry;
  for (auto function : source.getOps<graph::FuncOp>())
    if (function->hasAttr("entry"))
      entry = function;
  if (!entry) {
    emitError(source.getLoc()) << "the model has no entry function";
    return nullptr;
  }
  target = ModuleOp::create(source.getLoc());
  target->getOperation()->setAttr("ms.name",
                                  source->getAttr("graph.name")
                                      ? source->getAttr("graph.name")
                                      : e.builder.getStringAttr("main"));
  e.loc = entry.getLoc();
  e.builder.setInsertionPointToEnd(target->getBody());
  main = e.builder.create<func::FuncOp>(entry.getLoc(), "main",
                                        e.builder.getFunctionType({}, {}));
  e.builder.setInsertionPointToStart(main.addEntryBlock());
  std::vector<Val> args, results;
  if (failed(addInputs(entry, args)) || failed(call(entry, args, results)) ||
      errors || failed(finish(entry, results)))
    return nullptr;
  return std::move(target);
}

RankedTensorType Importer::inputType(graph::FuncOp entry, unsigned i) {
  auto type = dyn_cast<RankedTensorType>(entry.getArgumentTypes()[i]);
  auto nameAttr = entry.getArgAttrOfType<StringAttr>(i, "graph.name");
  StringRef name = nameAttr ? nameAttr.getValue() : "";
  auto given = options.shapes.find(name);
  auto kind = entry.getArgAttrOfType<StringAttr>(i, "graph.kind");
  auto scalar = entry.getArgAttrOfType<TypeAttr>(i, "graph.type");
  if (!type && kind && kind.getValue() == "scalar" && scalar)
    return RankedTensorType::get({}, scalar.getValue());
  if (!type) {
    if (auto unranked =
            dyn_cast<UnrankedTensorType>(entry.getArgumentTypes()[i]);
        unranked && given != options.shapes.end())
      return RankedTensorType::get(given->second, unranked.getElementType());
    emitError(entry.getLoc())
        << "input '" << name << "' is a "
        << (kind ? kind.getValue() : StringRef("value"))
        << " of unknown shape or type; only tensors and scalars are supported";
    return {};
  }
  SmallVector<int64_t> shape(type.getShape());
  auto dims = entry.getArgAttrOfType<ArrayAttr>(i, "graph.dims");
  if (given != options.shapes.end()) {
    if (given->second.size() != shape.size()) {
      emitError(entry.getLoc())
          << "input '" << name << "' has rank " << shape.size()
          << ", the given shape has rank " << given->second.size();
      return {};
    }
    for (auto [d, extent] : llvm::enumerate(given->second)) {
      if (!ShapedType::isDynamic(shape[d]) && shape[d] != extent) {
        emitError(entry.getLoc())
            << "input '" << name << "' dimension " << d << " is " << shape[d]
            << ", the given shape has " << extent;
        return {};
      }
      shape[d] = extent;
    }
  }
  for (auto [d, extent] : llvm::enumerate(shape)) {
    if (!ShapedType::isDynamic(extent))
      continue;
    StringRef dim =
        dims && d < dims.size() ? cast<StringAttr>(dims[d]).getValue() : "";
    auto it = options.dims.find(dim);
    if (dim.empty() || it == options.dims.end()) {
      emitError(entry.getLoc())
          << "input '" << name << "' has dynamic dimension " << d
          << (dim.empty() ? "" : " ('" + dim.str() + "')")
          << ": give --shape=" << name << ":... or run with an input";
      return {};
    }
    extent = it->second;
  }
  return RankedTensorType::get(shape, type.getElementType());
}

/// Adds one argument per flattened input. `graph.tuple` nests types.
LogicalResult Importer::addInputs(graph::FuncOp entry, std::vector<Val> &args) {
  Builder &b = e.builder;
  bool ok = true;
  auto add = [&](Type type, StringRef name, StringRef path, StringRef kind) {
    unsigned index = main.getNumArguments();
    main.insertArgument(
        index, type,
        b.getDictionaryAttr({b.getNamedAttr("ms.kind", b.getStringAttr(kind)),
                             b.getNamedAttr("ms.name", b.getStringAttr(name)),
                             b.getNamedAttr("ms.path", b.getStringAttr(path))}),
        entry.getLoc());
    auto tensor = cast<RankedTensorType>(type);
    return Val(tensor.getNumElements() == 0 ? e.emptyConstant(tensor)
                                            : Value(main.getArgument(index)));
  };
  std::function<Val(Attribute, StringRef, std::string)> addTuple =
      [&](Attribute type, StringRef name, std::string path) -> Val {
    if (auto array = dyn_cast<ArrayAttr>(type)) {
      std::vector<Val> elements;
      for (auto [i, element] : llvm::enumerate(array))
        elements.push_back(
            addTuple(element, name,
                     path + (path.empty() ? "" : ".") + std::to_string(i)));
      return Val::tuple(std::move(elements));
    }
    auto tensor = dyn_cast<TypeAttr>(type);
    auto ranked = tensor ? dyn_cast<RankedTensorType>(tensor.getValue())
                         : RankedTensorType();
    if (tensor && tensor.getValue().isIntOrFloat())
      return add(RankedTensorType::get({}, tensor.getValue()), name, path,
                 "scalar");
    if (ranked && !isKnownElement(e, ranked.getElementType())) {
      ok = false;
      return Val(e.poison());
    }
    if (!ranked || !ranked.hasStaticShape()) {
      emitError(entry.getLoc()) << "input '" << name << "' element " << path
                                << " is not a tensor of static shape";
      ok = false;
      return Val(e.poison());
    }
    return add(ranked, name, path, ranked.getRank() == 0 ? "scalar" : "tensor");
  };
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    auto name = entry.getArgAttrOfType<StringAttr>(i, "graph.name");
    auto kind = entry.getArgAttrOfType<StringAttr>(i, "graph.kind");
    if (auto tuple = entry.getArgAttrOfType<ArrayAttr>(i, "graph.tuple")) {
      args.push_back(addTuple(tuple, name ? name.getValue() : "", ""));
      continue;
    }
    if (kind && kind.getValue() == "none") {
      args.emplace_back();
      continue;
    }
    if (kind && kind.getValue() == "monad") {
      args.push_back(Val::monad());
      continue;
    }
    RankedTensorType type = inputType(entry, i);
    if (type && !isKnownElement(e, type.getElementType()))
      type = nullptr;
    ok &= bool(type);
    args.push_back(type ? add(type, name ? name.getValue() : "", "",
                              kind ? kind.getValue() : "tensor")
                        : Val(e.poison()));
    if (auto dims = entry.getArgAttrOfType<ArrayAttr>(i, "graph.dims"))
      if (type && dims.size() == size_t(type.getRank()))
        main.setArgAttr(main.getNumArguments() - 1, "ms.dims", dims);
  }
  return success(ok);
}

/// Flattens results, with their nesting paths.
static LogicalResult flatten(Importer &importer, const Val &val,
                             std::string path, SmallVectorImpl<Value> &values,
                             SmallVectorImpl<std::string> &paths) {
  if (val.isTuple()) {
    for (auto [i, element] : llvm::enumerate(val.elements))
      if (failed(flatten(importer, element,
                         path + (path.empty() ? "" : ".") + std::to_string(i),
                         values, paths)))
        return failure();
    return success();
  }
  if (val.isNone())
    return success(); // None results are not outputs
  Value value = importer.asTensor(val);
  if (!value)
    return failure();
  values.push_back(value);
  paths.push_back(path);
  return success();
}

/// How ImportOptions::values names argument \p i of \p main.
static std::string valueKey(func::FuncOp main, unsigned i) {
  auto name = main.getArgAttrOfType<StringAttr>(i, "ms.name");
  auto path = main.getArgAttrOfType<StringAttr>(i, "ms.path");
  std::string key = name ? name.str() : "";
  return path && !path.empty() ? key + "." + path.str() : key;
}

LogicalResult Importer::finish(graph::FuncOp entry, ArrayRef<Val> results) {
  e.loc = entry.getLoc();
  Builder &b = e.builder;
  SmallVector<Value> values;
  SmallVector<std::string> paths;
  SmallVector<DictionaryAttr> attrs;
  auto names = entry->getAttrOfType<ArrayAttr>("graph.result_names");
  for (auto [i, result] : llvm::enumerate(results)) {
    size_t from = values.size();
    if (failed(flatten(*this, result, "", values, paths)))
      return failure();
    auto given = names && i < names.size() ? dyn_cast<StringAttr>(names[i])
                                           : StringAttr();
    StringRef name = given ? given.getValue() : "";
    for (size_t k = from; k < values.size(); ++k)
      attrs.push_back(b.getDictionaryAttr(
          {b.getNamedAttr("ms.kind", b.getStringAttr(result.kind == Val::Literal
                                                         ? "scalar"
                                                         : "tensor")),
           b.getNamedAttr("ms.name", b.getStringAttr(name)),
           b.getNamedAttr("ms.path", b.getStringAttr(paths[k]))}));
  }
  for (size_t i = 0, n = values.size(); i < n; ++i)
    if (std::optional<Emitter::Size> size = e.sizeOf(values[i])) {
      attrs.push_back(b.getDictionaryAttr(b.getNamedAttr(
          "ms.extent", b.getDenseI64ArrayAttr({int64_t(i), size->dim}))));
      values.push_back(size->count);
    }
  SmallVector<ms::ParameterOp> reads;
  main.walk([&](ms::ParameterOp op) { reads.push_back(op); });
  for (ms::ParameterOp op : reads)
    if (Value entryValue = stateInputs.lookup(op.getName());
        entryValue && op != entryValue.getDefiningOp()) {
      op.replaceAllUsesWith(entryValue);
      op.erase();
    }
  for (auto &[name, value] : state) {
    auto marker = b.getNamedAttr("ms.state", b.getStringAttr(name));
    unsigned index = main.getNumArguments();
    main.insertArgument(index, value.getType(), b.getDictionaryAttr({marker}),
                        e.loc);
    stateInputs[name].replaceAllUsesWith(main.getArgument(index));
    values.push_back(value == stateInputs[name] ? main.getArgument(index)
                                                : value);
    stateInputs[name].getDefiningOp()->erase();
    attrs.push_back(b.getDictionaryAttr({marker}));
  }
  e.builder.create<func::ReturnOp>(e.loc, values);
  main.setFunctionType(b.getFunctionType(main.getBody().getArgumentTypes(),
                                         TypeRange(ValueRange(values))));
  main.setAllResultAttrs(attrs);
  SmallVector<NamedAttribute> guardValues;
  for (int64_t index : guards)
    main.setArgAttr(index, "ms.guard",
                    options.values.lookup(valueKey(main, index)));
  return success();
}

Val &Importer::lookup(Value v) { return frames.back()[v]; }

LogicalResult Importer::call(graph::FuncOp function, ArrayRef<Val> args,
                             std::vector<Val> &results) {
  if (frames.size() > callLimit)
    return emitError(e.loc)
           << "calls nest more than " << callLimit << " deep at function '"
           << function.getSymName() << "': recursion is not supported";
  if (args.size() != function.getNumArguments())
    return emitError(e.loc)
           << "function '" << function.getSymName() << "' takes "
           << function.getNumArguments() << " arguments, got " << args.size();
  Frame frame;
  for (auto [argument, value] : llvm::zip_equal(function.getArguments(), args))
    frame[argument] = value;
  frames.push_back(std::move(frame));
  Location saved = e.loc;
  LogicalResult result = runBlock(function.getBody().front(), results);
  e.loc = saved;
  frames.pop_back();
  return result;
}

LogicalResult Importer::runRegion(Region &region, ArrayRef<Val> args,
                                  std::vector<Val> &results) {
  Block &block = region.front();
  if (args.size() != block.getNumArguments())
    return emitError(e.loc) << "the sub-graph takes " << block.getNumArguments()
                            << " inputs, got " << args.size();
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), args))
    lookup(argument) = value;
  return runBlock(block, results);
}

LogicalResult Importer::runBlock(Block &block, std::vector<Val> &results) {
  for (Operation &op : block.without_terminator())
    if (failed(runOp(op)))
      return failure();
  results.clear();
  for (Value value : block.getTerminator()->getOperands())
    results.push_back(lookup(value));
  return success();
}

LogicalResult Importer::runOp(Operation &op) {
  e.loc = op.getLoc();
  if (auto node = dyn_cast<graph::NodeOp>(op))
    return runNode(node);
  if (auto constant = dyn_cast<graph::ConstantOp>(op)) {
    Val value = valOf(e, constant.getValue());
    lookup(constant) = e.failed ? Val::poison() : std::move(value);
    errors += e.failed;
    e.failed = false;
    return success();
  }
  if (auto weight = dyn_cast<graph::ParameterOp>(op)) {
    auto type = dyn_cast<RankedTensorType>(weight.getType());
    if (!type || !type.hasStaticShape())
      return op.emitError()
             << "parameter '" << weight.getName() << "' has no static shape";
    if (type.getElementType().isInteger(4)) {
      Val value =
          unpackNibbles(e, parameter(weight.getName(), packed(type)), type);
      value.narrow = type.getElementType();
      lookup(weight) = std::move(value);
      return success();
    }
    if (!isKnownElement(e, type.getElementType()))
      return failure();
    Val value = parameter(weight.getName(), type);
    value.parameter = weight.getName();
    lookup(weight) = std::move(value);
    return success();
  }
  if (auto ref = dyn_cast<graph::FuncRefOp>(op)) {
    Val val;
    val.kind = Val::Function;
    val.function = source.lookupSymbol<graph::FuncOp>(ref.getCallee());
    if (!val.function)
      return op.emitError()
             << "function '" << ref.getCallee() << "' is not defined";
    for (Value bound : ref.getBound())
      val.elements.push_back(lookup(bound));
    lookup(ref) = std::move(val);
    return success();
  }
  return op.emitError() << "is not a graph op";
}

void Importer::reportUnsupported(graph::NodeOp op) {
  op->walk([&](graph::NodeOp node) {
    if (findRule(node.getOp(), node.getVersion()) || localFunction(node))
      return;
    ++errors;
    if (reported.insert(node.getOp()).second)
      emitError(node.getLoc()) << "'" << node.getOp() << "' version "
                               << node.getVersion() << " is not supported";
  });
}

graph::FuncOp Importer::localFunction(graph::NodeOp op) {
  return source.lookupSymbol<graph::FuncOp>(op.getOp().split('.').second);
}

LogicalResult Importer::runNode(graph::NodeOp op) {
  e.loc = op.getLoc();
  const ImportRule *rule = findRule(op.getOp(), op.getVersion());
  std::vector<Val> inputs;
  bool poisoned = false;
  for (Value input : op.getInputs()) {
    inputs.push_back(lookup(input));
    poisoned |= inputs.back().kind == Val::Poison;
  }
  Node node(*this, op, rule, std::move(inputs));
  if (poisoned || (!rule && !localFunction(op))) {
    reportUnsupported(op);
  } else if (!rule) {
    if (failed(call(localFunction(op), node.inputs, node.outputs)))
      return failure();
  } else {
    unsigned before = errors;
    bool ok = succeeded(rule->hook ? rule->hook(node) : importGeneric(node)) &&
              !e.failed;
    if (!ok && errors == before)
      ++errors;
    poisoned = !ok;
  }
  e.failed = false;
  if (poisoned || (!rule && !localFunction(op)))
    node.outputs.assign(op.getNumResults(), Val::poison());
  node.outputs.resize(op.getNumResults());
  for (auto [result, value] : llvm::zip_equal(op.getResults(), node.outputs))
    lookup(result) = value;
  return success();
}

/// A Python number as a tensor of rank 0; its own type where \p element is
/// null.
static Value scalarOf(Emitter &e, Attribute attr, Type element) {
  if (auto number = dyn_cast_if_present<FloatAttr>(attr))
    return e.scalar(number.getValueAsDouble(), element ? element : e.f32());
  auto number = dyn_cast_if_present<IntegerAttr>(attr);
  if (!number)
    return {};
  bool isBool = number.getType().isInteger(1);
  int64_t value =
      isBool ? !number.getValue().isZero() : number.getValue().getSExtValue();
  Type type = isBool ? e.boolean() : e.i64();
  Value v = e.constant(
      DenseElementsAttr::get(RankedTensorType::get({}, type),
                             Attribute(e.builder.getIntegerAttr(type, value))));
  return element ? e.cast(v, element) : v;
}

Value Importer::asTensor(const Val &val, Type element) {
  if (val.narrow) {
    e.error() << "tensors of element type " << val.narrow
              << " are not supported here";
    return nullptr;
  }
  if (val.isTensor()) {
    auto now = state.find(val.parameter);
    Value v = now == state.end() ? val.tensor : now->second;
    return element ? e.cast(v, element) : v;
  }
  if (val.kind == Val::Literal)
    if (Value v = scalarOf(e, val.attr, element))
      return v;
  static const char *const names[] = {
      "None",          "a tensor",
      "a literal",     "a tuple",
      "a function",    "a choice of functions",
      "a monad",       "the result of a loop in its own body",
      "a failed value"};
  e.error() << "expects a tensor, got " << names[val.kind];
  return nullptr;
}

Value Importer::parameter(StringRef name, RankedTensorType type) {
  if (auto it = state.find(name); it != state.end())
    return it->second;
  return e.builder.create<ms::ParameterOp>(e.loc, type, name);
}

void Importer::assign(StringRef name, Value value) {
  Parameter *stored = store.find(name);
  if (!e.expectFixedSize(value))
    return;
  if (stored && stored->frozen) {
    e.error() << "parameter '" << name
              << "' is assigned, but its value was needed while compiling";
    return;
  }
  if (!stateInputs.count(name)) {
    // One op stands for the value on entry until finish() makes it an argument.
    OpBuilder::InsertionGuard guard(e.builder);
    e.builder.setInsertionPointToStart(&main.getBody().front());
    Value entry =
        e.builder.create<ms::ParameterOp>(e.loc, ms::tensorType(value), name);
    stateInputs[name] = entry;
  }
  state[cast<ms::ParameterOp>(stateInputs[name].getDefiningOp()).getName()] =
      value;
}

/// Evaluates the slice of the program that computes \p v, if it is small.
static constexpr int maxDepth = 400;
static constexpr int64_t maxElements = 1 << 14;

DenseElementsAttr Importer::evaluate(Value v, int depth,
                                     llvm::SetVector<Operation *> &params,
                                     SmallVectorImpl<int64_t> &inputs) {
  auto type = ms::tensorType(v);
  if (depth > maxDepth || !type.hasStaticShape() ||
      type.getNumElements() > maxElements)
    return {};
  if (DenseElementsAttr attr = Emitter::literal(v))
    return attr;
  if (auto argument = dyn_cast<BlockArgument>(v)) {
    if (argument.getOwner() != &main.getBody().front())
      return {};
    DenseElementsAttr value =
        options.values.lookup(valueKey(main, argument.getArgNumber()));
    if (value && value.getType() == type)
      inputs.push_back(argument.getArgNumber());
    return value && value.getType() == type ? value : DenseElementsAttr();
  }
  Operation *op = v.getDefiningOp();
  if (auto weight = dyn_cast<ms::ParameterOp>(op)) {
    Parameter *stored = store.find(weight.getName());
    if (!stored || stateInputs.count(weight.getName()))
      return {};
    params.insert(op);
    return reference::toAttr(reference::Tensor(type, stored->data));
  }
  if (!reference::canEvaluate(op))
    return {};
  std::vector<reference::Tensor> values;
  for (Value operand : op->getOperands()) {
    DenseElementsAttr attr = evaluate(operand, depth + 1, params, inputs);
    if (!attr)
      return {};
    values.push_back(reference::fromAttr(attr));
  }
  std::vector<const reference::Tensor *> operands;
  for (const reference::Tensor &value : values)
    operands.push_back(&value);
  std::vector<reference::Tensor> results;
  if (mlir::failed(reference::evaluate(op, operands, results)))
    return {};
  return reference::toAttr(results[cast<OpResult>(v).getResultNumber()]);
}

DenseElementsAttr Importer::constantOf(Value v) {
  llvm::SetVector<Operation *> params;
  SmallVector<int64_t> inputs;
  DenseElementsAttr attr = evaluate(v, 0, params, inputs);
  if (!attr)
    return {};
  for (Operation *op : params)
    store.find(cast<ms::ParameterOp>(op).getName())->frozen = true;
  guards.insert(inputs.begin(), inputs.end());
  return attr;
}

Attribute Importer::constantOf(const Val &val) {
  if (val.isTensor())
    return constantOf(val.tensor);
  if (val.kind == Val::Literal)
    return val.attr;
  if (!val.isTuple())
    return {};
  SmallVector<Attribute> elements;
  for (const Val &element : val.elements) {
    elements.push_back(constantOf(element));
    if (!elements.back())
      return {};
  }
  return e.builder.getArrayAttr(elements);
}

} // namespace msc::import

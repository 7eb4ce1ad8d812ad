// SPDX-License-Identifier: Apache-2.0
//
/// \file Model-local functions: signatures, bodies, the ban on recursion.
#include "lib/Import/ONNX/ONNXFunctions.h"

#include "lib/Import/ONNX/ONNXAttributes.h"
#include "lib/Import/ONNX/ONNXGraph.h"

using namespace mlir;
using llvm::StringRef;

namespace msc::onnx {

void readOpsets(
    Reader &reader,
    const google::protobuf::RepeatedPtrField<OperatorSetIdProto> &imports,
    Location loc, Opsets &opsets) {
  Opsets stated;
  for (const OperatorSetIdProto &import : imports) {
    StringRef domain = normalizedDomain(import.domain());
    int64_t version = import.version();
    if (domain == "ai.onnx" && (version < 1 || version > newestOpset)) {
      reader.error(loc) << "opset " << version
                        << " of ai.onnx is not supported, msc reads opsets "
                        << oldestTestedOpset << " to " << newestOpset;
      // Nodes need some version; the read fails all the same.
      version = newestOpset;
    }
    auto [entry, isNew] = stated.try_emplace(domain, version);
    if (!isNew && entry->second != version)
      reader.error(loc) << "domain " << quoted(domain)
                        << " is imported with the versions " << entry->second
                        << " and " << version;
    opsets[domain] = version;
  }
}

namespace {
/// One function that is being read.
struct LocalFunction {
  std::string symbol;
  Location loc;
  FunctionProto *proto;
  llvm::StringSet<> callees;
};
} // namespace

/// Names and defaults of the attributes of \p function; those without a default
/// are `unit`.
static DictionaryAttr readSignature(Reader &reader, FunctionProto &function,
                                    Location loc) {
  NodeAttributes defaults =
      convertAttributes(reader, *function.mutable_attribute_proto(),
                        /*inFunction=*/false, loc);
  if (!defaults.graphs.empty())
    reader.error(loc) << "a default that is a graph is not supported";
  llvm::SmallVector<NamedAttribute> entries(defaults.dictionary.getValue());
  llvm::StringSet<> names;
  for (const NamedAttribute &entry : entries)
    names.insert(entry.getName());
  for (const std::string &name : function.attribute()) {
    if (name.empty())
      reader.error(loc) << "an attribute has no name";
    else if (!names.insert(name).second)
      reader.error(loc) << "attribute " << quoted(name) << " is stated twice";
    else
      entries.push_back(
          reader.builder.getNamedAttr(name, reader.builder.getUnitAttr()));
  }
  return reader.builder.getDictionaryAttr(entries);
}

static void readFunction(Reader &reader, ModuleOp module,
                         LocalFunction &function, Opsets opsets) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  readOpsets(reader, function.proto->opset_import(), function.loc, opsets);
  auto func = builder.create<graph::FuncOp>(
      function.loc, builder.getStringAttr(function.symbol),
      TypeAttr::get(builder.getFunctionType({}, {})), ArrayAttr(), ArrayAttr());
  func->setAttr("graph.attributes",
                readSignature(reader, *function.proto, function.loc));
  BodyReader(reader, opsets, /*inFunction=*/true, &function.callees)
      .readFunction(func, *function.proto);
}

/// Takes functions out of \p pending as long as one has no \p edges into it.
static void
dropAcyclic(llvm::StringSet<> &pending,
            const llvm::StringMap<std::vector<StringRef>> &edges,
            const llvm::StringMap<std::vector<StringRef>> &reversed) {
  llvm::StringMap<size_t> count;
  std::vector<StringRef> ready;
  auto isPending = [&](StringRef name) { return pending.contains(name); };
  for (const auto &entry : pending) {
    StringRef name = entry.getKey();
    count[name] = llvm::count_if(edges.lookup(name), isPending);
    if (count[name] == 0)
      ready.push_back(name);
  }
  while (!ready.empty()) {
    StringRef name = ready.back();
    ready.pop_back();
    for (StringRef user : reversed.lookup(name))
      if (isPending(user) && --count[user] == 0)
        ready.push_back(user);
    pending.erase(name);
  }
}

/// Reports the functions that call themselves: what remains when those that
/// call nothing else that remains, then those that nothing else calls, are
/// taken away.
static void reportRecursion(Reader &reader,
                            llvm::ArrayRef<LocalFunction> functions) {
  llvm::StringSet<> pending;
  llvm::StringMap<std::vector<StringRef>> callees, callers;
  for (const LocalFunction &function : functions) {
    pending.insert(function.symbol);
    for (const auto &callee : function.callees) {
      callees[function.symbol].push_back(callee.getKey());
      callers[callee.getKey()].push_back(function.symbol);
    }
  }
  dropAcyclic(pending, callees, callers);
  dropAcyclic(pending, callers, callees);
  for (const LocalFunction &function : functions) {
    if (!pending.contains(function.symbol))
      continue;
    auto recursive = llvm::find_if(function.callees, [&](const auto &callee) {
      return pending.contains(callee.getKey());
    });
    reader.error(function.loc)
        << "function calls itself, through " << quoted(recursive->getKey());
  }
}

void readFunctions(Reader &reader, ModuleOp module, ModelProto &model,
                   const Opsets &modelOpsets) {
  std::vector<LocalFunction> functions;
  for (auto [index, proto] : llvm::enumerate(*model.mutable_functions())) {
    std::string symbol =
        getFunctionSymbol(proto.domain(), proto.name(), proto.overload());
    Location loc = reader.getLoc(symbol, index);
    if (proto.name().empty())
      reader.error(loc) << "function #" << index << " has no name";
    else if (!reader.functions.try_emplace(symbol, index).second)
      reader.error(loc) << "function is defined twice";
    else
      functions.push_back({std::move(symbol), loc, &proto, {}});
  }
  for (LocalFunction &function : functions)
    readFunction(reader, module, function, modelOpsets);
  reportRecursion(reader, functions);
}

} // namespace msc::onnx

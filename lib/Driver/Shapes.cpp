// SPDX-License-Identifier: Apache-2.0
//
/// \file Which static shapes and known values a model is compiled for.
#include "lib/Driver/Shapes.h"

#include "dialects/Graph/IR/GraphOps.h"
#include "msc/Reference/Reference.h"
#include "msc/Support/DType.h"
#include "llvm/ADT/StringSet.h"
#include <map>

using namespace mlir;

namespace msc {

/// Values above this many elements are data, not shapes.
static constexpr int64_t maxValueElements = 4096;

/// More entries than this in one artifact are a mistake.
static constexpr size_t maxEntries = 64;

namespace {
/// What the --shape options say, before symbols have values.
struct ShapeOptions {
  llvm::StringMap<SmallVector<std::string>> shapes; ///< by input
  /// Extents that a symbol takes: one entry is compiled for each.
  std::map<std::string, std::vector<int64_t>> symbols;
};
} // namespace

/// "4" or "1..8" -> extents.
static llvm::Expected<std::vector<int64_t>> parseExtents(StringRef text) {
  auto [first, last] = text.split("..");
  int64_t from, to;
  if (first.getAsInteger(10, from) || from < 0 ||
      (text.contains("..") ? last.getAsInteger(10, to) || to < from
                           : (to = from, false)))
    return llvm::createStringError(
        "expected a number or a range such as 1..8, got '" + text + "'");
  if (uint64_t(to - from) >= maxEntries)
    return llvm::createStringError("'" + text + "' has more than " +
                                   Twine(maxEntries) +
                                   " extents, each of which is compiled");
  std::vector<int64_t> extents;
  for (int64_t extent = from; extent <= to; ++extent)
    extents.push_back(extent);
  return extents;
}

/// "x:Nx3x224x224,N=1..8"
static llvm::Error parseShape(StringRef text, ShapeOptions &result) {
  auto bad = [&](const Twine &why) {
    return llvm::createStringError("--shape=" + text + ": " + why);
  };
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  // Names may contain ':' (TensorFlow's do): the last one splits.
  auto [name, dims] = parts.front().rsplit(':');
  if (dims.empty())
    return bad("expected NAME:1x3x224x224 or NAME:Nx3x224x224,N=1..8");
  for (StringRef part : llvm::drop_begin(parts)) {
    auto [symbol, value] = part.split('=');
    auto extents = parseExtents(value);
    if (!extents)
      return bad(llvm::toString(extents.takeError()));
    result.symbols[symbol.str()] = std::move(*extents);
  }
  if (dims == "scalar")
    dims = "";
  SmallVector<StringRef> extents;
  dims.split(extents, 'x', -1, /*KeepEmpty=*/false);
  for (StringRef extent : extents)
    result.shapes[name].push_back(extent.str());
  return llvm::Error::success();
}

/// Shapes of the inputs for given extents of the symbols.
static llvm::Error resolveSymbols(const ShapeOptions &options,
                                  import::ImportOptions &result) {
  for (const auto &entry : options.shapes) {
    std::vector<int64_t> shape;
    for (const std::string &text : entry.second) {
      int64_t extent;
      if (StringRef(text).getAsInteger(10, extent)) {
        auto it = result.dims.find(text);
        if (it == result.dims.end())
          return llvm::createStringError(
              "--shape: dimension '" + text + "' of '" + entry.first() +
              "' has no extent: add ," + text + "=...");
        extent = it->second;
      }
      if (extent < 0)
        return llvm::createStringError("--shape: negative extent of '" +
                                       entry.first() + "'");
      shape.push_back(extent);
    }
    result.shapes[entry.first()] = shape;
  }
  return llvm::Error::success();
}

/// Extents that the shapes given so far imply for symbolic dimensions.
static void propagateDims(graph::FuncOp entry, import::ImportOptions &result) {
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    auto name = entry.getArgAttrOfType<StringAttr>(i, "graph.name");
    auto dims = entry.getArgAttrOfType<ArrayAttr>(i, "graph.dims");
    auto shape =
        name ? result.shapes.find(name.getValue()) : result.shapes.end();
    if (!dims || shape == result.shapes.end() ||
        dims.size() != shape->second.size())
      continue;
    for (auto [dim, extent] : llvm::zip_equal(dims, shape->second))
      if (StringRef symbol = cast<StringAttr>(dim).getValue(); !symbol.empty())
        result.dims.try_emplace(symbol, extent);
  }
}

/// Names of the flattened inputs of the entry, by position; elements of a tuple
/// are called "NAME.0", "NAME.1.0" ...
static std::vector<std::string> inputNames(graph::FuncOp entry) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    auto kind = entry.getArgAttrOfType<StringAttr>(i, "graph.kind");
    if (kind && (kind.getValue() == "none" || kind.getValue() == "monad"))
      continue;
    auto name = entry.getArgAttrOfType<StringAttr>(i, "graph.name");
    std::function<void(Attribute, std::string)> add = [&](Attribute type,
                                                          std::string leaf) {
      auto array = dyn_cast_if_present<ArrayAttr>(type);
      if (!array)
        return names.push_back(std::move(leaf));
      for (auto [k, element] : llvm::enumerate(array))
        add(element, leaf + "." + std::to_string(k));
    };
    add(entry.getArgAttrOfType<ArrayAttr>(i, "graph.tuple"),
        name ? name.str() : "");
  }
  return names;
}

static llvm::Error addInputs(graph::FuncOp entry, const CompileOptions &options,
                             import::ImportOptions &result) {
  std::vector<std::string> names = inputNames(entry);
  size_t position = 0;
  for (const InputSpec &input : options.inputs) {
    std::string name = input.name;
    if (name.empty() && position >= names.size())
      return llvm::createStringError(
          "input %zu was given, but the model has %zu inputs", position + 1,
          names.size());
    if (name.empty())
      name = names[position];
    ++position;
    if (!input.hasShape)
      continue;
    result.shapes[name] = input.shape;
    Type element = elementType(entry.getContext(), mscrt_dtype(input.dtype));
    llvm::Expected<uint64_t> bytes =
        tensorBytes(mscrt_dtype(input.dtype), input.shape);
    if (!bytes) { // a dtype that has no buffers: the importer says so
      llvm::consumeError(bytes.takeError());
      continue;
    }
    if (!element || input.data.size() != *bytes)
      continue;
    auto type = RankedTensorType::get(input.shape, element);
    bool vector = type.getRank() <= 1 && type.getNumElements() <= 16;
    if (type.getNumElements() <= maxValueElements &&
        (isa<IntegerType>(element) || vector) &&
        input.data.size() ==
            type.getNumElements() * reference::elementBytes(element))
      result.values[name] =
          reference::toAttr(reference::Tensor(type, input.data));
  }
  return llvm::Error::success();
}

/// Shapes and values for one choice of the symbols, which \p result holds.
static llvm::Error resolveEntry(graph::FuncOp entry, const ShapeOptions &shapes,
                                const CompileOptions &options,
                                import::ImportOptions &result) {
  if (llvm::Error error = resolveSymbols(shapes, result))
    return error;
  if (llvm::Error error = addInputs(entry, options, result))
    return error;
  llvm::StringSet<> known;
  for (const std::string &name : inputNames(entry))
    known.insert(name);
  for (const auto &shape : result.shapes)
    if (!known.contains(shape.first()))
      return llvm::createStringError("the model has no input '" +
                                     shape.first() + "'");
  propagateDims(entry, result);
  return llvm::Error::success();
}

llvm::Expected<std::vector<import::ImportOptions>>
resolveShapes(ModuleOp module, const CompileOptions &options) {
  graph::FuncOp entry;
  for (auto function : module.getOps<graph::FuncOp>())
    if (function->hasAttr("entry"))
      entry = function;
  std::vector<import::ImportOptions> result(1);
  if (!entry)
    return result; // the importer reports it
  ShapeOptions shapes;
  for (const std::string &text : options.shapes)
    if (llvm::Error error = parseShape(text, shapes))
      return std::move(error);
  for (const auto &[symbol, extents] : shapes.symbols) {
    if (result.size() * extents.size() > maxEntries)
      return llvm::createStringError(
          "--shape: the ranges of extents make more than " + Twine(maxEntries) +
          " entries, each of which is compiled");
    std::vector<import::ImportOptions> chosen;
    for (const import::ImportOptions &before : result)
      for (int64_t extent : extents) {
        chosen.push_back(before);
        chosen.back().dims[symbol] = extent;
      }
    result = std::move(chosen);
  }
  for (import::ImportOptions &choice : result)
    if (llvm::Error error = resolveEntry(entry, shapes, options, choice))
      return std::move(error);
  return result;
}

} // namespace msc

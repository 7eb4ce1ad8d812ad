// SPDX-License-Identifier: Apache-2.0
//
/// \file Finished artifacts in the cache. The key is everything a compilation
/// depends on: the imported model with its parameters, shapes, options, machine
/// and compiler. Values of inputs count only where the model read them: then
/// the entry of the plain key names those inputs, and the artifact's key has
/// their values as well.
#include "lib/Driver/Compilation.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

using namespace mlir;

namespace msc {

bool usesArtifactCache(const Compilation &c) {
  const CompileOptions &o = c.options;
  return c.cache && o.emit == "so" && !o.check && !o.verify && !o.explain &&
         o.stopAfter.empty() && o.dumpDir.empty();
}

template <typename MapT> static std::vector<StringRef> sortedKeys(MapT &map) {
  std::vector<StringRef> keys;
  for (const auto &entry : map)
    keys.push_back(entry.first());
  llvm::sort(keys);
  return keys;
}

static void addShapes(KeyHasher &key, import::ImportOptions &options) {
  for (StringRef name : sortedKeys(options.shapes))
    key.add(name).add(ArrayRef<int64_t>(options.shapes[name]));
  for (StringRef name : sortedKeys(options.dims))
    key.add(name).add(uint64_t(options.dims[name]));
}

/// Digests the values of \p parameters, which lie in one file. They are read
/// only where the file has changed since: reading 100 MB takes longer than all
/// else.
static std::string digestValues(Cache &cache,
                                ArrayRef<Parameter *> parameters) {
  const MappedFile &file = *parameters.front()->file;
  KeyHasher places;
  places.add("values of").add(file.stamp);
  for (Parameter *parameter : parameters)
    places.add(uint64_t(parameter->data.data() - file.data.data()))
        .add(uint64_t(parameter->data.size()));
  std::string known = places.str();
  if (!file.stamp.empty())
    if (Cache::Entry entry = cache.find(known))
      return entry.content.str();
  KeyHasher values;
  for (Parameter *parameter : parameters)
    values.add(StringRef(parameter->data.data(), parameter->data.size()));
  std::string digest = values.str();
  if (!file.stamp.empty())
    cache.store(known, {digest});
  return digest;
}

static void addParameters(KeyHasher &key, Compilation &c) {
  llvm::MapVector<const char *, std::vector<Parameter *>> byFile;
  for (Parameter *parameter : c.store.all()) {
    key.add(parameter->name).add(uint64_t(parameter->dtype));
    key.add(ArrayRef<int64_t>(parameter->shape));
    if (parameter->file)
      byFile[parameter->file->data.data()].push_back(parameter);
    else
      key.add(StringRef(parameter->data.data(), parameter->data.size()));
  }
  for (auto &[file, parameters] : byFile)
    key.add(digestValues(*c.cache, parameters));
}

/// The key without values of inputs. The module is the whole of what was read
/// besides parameters, so no file can be forgotten.
static std::string plainKey(Compilation &c) {
  HashingStream text;
  OpPrintingFlags flags;
  flags.enableDebugInfo();
  c.module->print(text, flags);
  KeyHasher key;
  key.add("artifact").add(buildIdentity()).add(text.digest());
  addParameters(key, c);
  for (import::ImportOptions &choice : c.choices)
    addShapes(key, choice);
  const CompileOptions &o = c.options;
  key.add(o.target).add(c.target->machine().key()).add(o.precision);
  key.add(uint64_t(o.optLevel)).add(uint64_t(o.embedWeights));
  // An artifact for which something may be left to measure is another one.
  if (c.tuning)
    key.add(o.tuneSeconds == 0u ? "stored choices" : "measured choices")
        .add(c.tuning->digest());
  return key.str();
}

/// \p plain together with the values of \p inputs; "" when one is not known.
static std::string keyWithValues(Compilation &c, StringRef plain,
                                 ArrayRef<std::string> inputs) {
  KeyHasher key;
  key.add("values").add(plain);
  // Values are those of the caller's inputs: every choice has the same.
  if (c.choices.empty())
    return "";
  const auto &values = c.choices.front().values;
  for (const std::string &name : inputs) {
    auto value = values.find(name);
    if (value == values.end())
      return "";
    std::string text;
    llvm::raw_string_ostream(text) << value->second;
    key.add(name).add(text);
  }
  return key.str();
}

/// The first line of an entry and what follows it.
static std::pair<llvm::json::Object, StringRef> splitHeader(StringRef content) {
  auto [line, rest] = content.split('\n');
  llvm::Expected<llvm::json::Value> header = llvm::json::parse(line);
  if (!header) {
    llvm::consumeError(header.takeError());
    return {};
  }
  llvm::json::Object *object = header->getAsObject();
  return {object ? std::move(*object) : llvm::json::Object(), rest};
}

static std::vector<std::string> strings(const llvm::json::Object &object,
                                        StringRef name) {
  std::vector<std::string> list;
  if (const llvm::json::Array *array = object.getArray(name))
    for (const llvm::json::Value &value : *array)
      list.push_back(value.getAsString().value_or("").str());
  return list;
}

static uint64_t number(const llvm::json::Object &object, StringRef name) {
  return object.getInteger(name).value_or(0);
}

llvm::Expected<bool> restoreArtifact(Compilation &c) {
  // Later the module is another; keepArtifact needs the key of this one.
  const std::string &plain = c.artifactKey = plainKey(c);
  Cache::Entry entry = c.cache->find(plain);
  if (!entry)
    return false;
  std::string entryKey = plain;
  auto [header, content] = splitHeader(entry.content);
  std::vector<std::string> inputs = strings(header, "values");
  if (!inputs.empty()) {
    entryKey = keyWithValues(c, plain, inputs);
    entry = c.cache->find(entryKey);
    if (!entry)
      return false;
    std::tie(header, content) = splitHeader(entry.content);
  }
  uint64_t object = number(header, "object");
  if (object == 0 || content.size() < object)
    return false;
  c.report.output = c.outputPath();
  StringRef seal = header.getString("weights").value_or("");
  if (!seal.empty() && !c.cache->restoreFile(entryKey + "-weights", seal,
                                             weightsPath(c.report.output)))
    return false;
  if (llvm::Error error =
          writeArtifactFiles(c.report.output, {content.take_front(object), "",
                                               content.drop_front(object)})) {
    if (!seal.empty())
      llvm::sys::fs::remove(weightsPath(c.report.output));
    return std::move(error);
  }
  c.report.arenaSize = number(header, "arena");
  c.report.weightsSize = number(header, "weightsSize");
  c.report.stateSize = number(header, "state");
  c.report.kernels = number(header, "kernels");
  c.report.uniqueKernels = number(header, "uniqueKernels");
  c.report.specialised = inputs;
  return true;
}

void keepArtifact(Compilation &c, ArtifactFiles files) {
  std::string key = c.artifactKey;
  std::string text;
  if (!c.report.specialised.empty()) {
    key = keyWithValues(c, key, c.report.specialised);
    if (key.empty())
      return;
    llvm::json::Object redirect{
        {"values", llvm::json::Array(c.report.specialised)}};
    llvm::raw_string_ostream(text)
        << llvm::json::Value(std::move(redirect)) << "\n";
    c.cache->store(c.artifactKey, {text});
    text.clear();
  }
  auto size = [](uint64_t value) { return int64_t(value); };
  std::string seal;
  if (!files.weights.empty()) {
    seal = c.cache->keepFile(key + "-weights", weightsPath(c.report.output),
                             files.weights);
    if (seal.empty())
      return;
  }
  llvm::json::Object header{{"object", size(files.object.size())},
                            {"weights", seal},
                            {"arena", size(c.report.arenaSize)},
                            {"weightsSize", size(c.report.weightsSize)},
                            {"state", size(c.report.stateSize)},
                            {"kernels", size(c.report.kernels)},
                            {"uniqueKernels", size(c.report.uniqueKernels)}};
  llvm::raw_string_ostream(text)
      << llvm::json::Value(std::move(header)) << "\n";
  c.cache->store(key, {text, files.object, files.header});
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Compiled kernels as bytes, for the cache.
#include "msc/Target/Target.h"

#include "llvm/Support/JSON.h"

using namespace llvm;

namespace msc::target {

std::string kernelHeader(const CompiledKernel &kernel) {
  json::Array stages, workspace, candidates;
  for (const Stage &stage : kernel.stages)
    stages.push_back(json::Array{
        stage.symbol, int64_t(stage.grid[0]), int64_t(stage.grid[1]),
        int64_t(stage.grid[2]), stage.facts.schedule, stage.facts.note,
        stage.facts.flops, int64_t(stage.facts.bytes), int64_t(stage.scratch)});
  for (uint64_t bytes : kernel.workspace)
    workspace.push_back(int64_t(bytes));
  for (unsigned count : kernel.candidates)
    candidates.push_back(count);
  json::Object header{{"stages", std::move(stages)},
                      {"workspace", std::move(workspace)},
                      {"candidates", std::move(candidates)},
                      {"object", int64_t(kernel.object.size())}};
  std::string text;
  raw_string_ostream(text) << json::Value(std::move(header)) << "\n";
  return text;
}

static bool readStage(const json::Value &value, Stage &stage) {
  const json::Array *fields = value.getAsArray();
  if (!fields || fields->size() != 9)
    return false;
  stage.symbol = (*fields)[0].getAsString().value_or("").str();
  for (unsigned i = 0; i < 3; ++i)
    stage.grid[i] = (*fields)[i + 1].getAsInteger().value_or(0);
  auto text = [&](size_t i) {
    return (*fields)[i].getAsString().value_or("").str();
  };
  stage.facts = {text(4), text(5), (*fields)[6].getAsNumber().value_or(0),
                 uint64_t((*fields)[7].getAsInteger().value_or(0))};
  stage.scratch = uint64_t((*fields)[8].getAsInteger().value_or(0));
  return !stage.symbol.empty();
}

bool readKernel(StringRef bytes, CompiledKernel &kernel) {
  auto [line, object] = bytes.split('\n');
  Expected<json::Value> parsed = json::parse(line);
  if (!parsed) {
    consumeError(parsed.takeError());
    return false;
  }
  const json::Object *header = parsed->getAsObject();
  const json::Array *stages = header ? header->getArray("stages") : nullptr;
  const json::Array *workspace =
      header ? header->getArray("workspace") : nullptr;
  const json::Array *candidates =
      header ? header->getArray("candidates") : nullptr;
  if (!stages || !workspace || !candidates ||
      uint64_t(header->getInteger("object").value_or(0)) != object.size())
    return false;
  CompiledKernel read;
  for (const json::Value &value : *stages)
    if (!readStage(value, read.stages.emplace_back()))
      return false;
  for (const json::Value &value : *workspace)
    read.workspace.push_back(value.getAsInteger().value_or(0));
  for (const json::Value &value : *candidates)
    read.candidates.push_back(value.getAsInteger().value_or(0));
  read.object.assign(object.begin(), object.end());
  kernel = std::move(read);
  return true;
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file The file of measured choices. Its name has all that the choices depend
/// on besides the kernels; what it says of that is for people.
#include "lib/Driver/TuningRecord.h"

#include "lib/Driver/Compilation.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace msc {

TuningRecord::TuningRecord(const target::Target &target, StringRef precision,
                           Cache *cache)
    : cache(cache), machine(target.machine().key()), precision(precision) {
  key = KeyHasher()
            .add("tuning")
            .add(buildIdentity())
            .add(target.name())
            .add(machine)
            .add(precision)
            .str() +
        "-tuning.json";
  read();
}

/// What stands after the symbol of a kernel; what is missing there is 0.
static TunedKernel readTuned(const json::Object &object) {
  TunedKernel tuned;
  if (const json::Array *choices = object.getArray("choices"))
    for (const json::Value &choice : *choices)
      tuned.choices.push_back(choice.getAsInteger().value_or(0));
  tuned.estimated = object.getInteger("estimated ns").value_or(0);
  tuned.chosen = object.getInteger("chosen ns").value_or(0);
  tuned.note = object.getString("note").value_or("").str();
  return tuned;
}

void TuningRecord::read() {
  Expected<json::Value> parsed =
      json::parse(cache ? cache->readText(key) : "{}");
  if (!parsed)
    return consumeError(parsed.takeError()); // none, or not of use any more
  const json::Object *file = parsed->getAsObject();
  const json::Object *stored = file ? file->getObject("kernels") : nullptr;
  if (!stored)
    return;
  for (const auto &[symbol, value] : *stored)
    if (const json::Object *object = value.getAsObject())
      kernels.try_emplace(symbol.str(), readTuned(*object));
}

void TuningRecord::write() const {
  json::Object stored;
  for (const auto &[symbol, tuned] : kernels)
    stored[symbol] = json::Object{{"choices", json::Array(tuned.choices)},
                                  {"estimated ns", tuned.estimated},
                                  {"chosen ns", tuned.chosen},
                                  {"note", tuned.note}};
  json::Value file = json::Object{{"compiler", buildIdentity()},
                                  {"machine", machine},
                                  {"precision", precision},
                                  {"kernels", std::move(stored)}};
  cache->writeText(key, formatv("{0:2}\n", file).str());
}

const TunedKernel *TuningRecord::find(StringRef symbol) const {
  auto found = kernels.find(symbol.str());
  return found == kernels.end() ? nullptr : &found->second;
}

void TuningRecord::add(StringRef symbol, TunedKernel kernel) {
  kernels[symbol.str()] = std::move(kernel);
  grown = true;
  if (!cache)
    return;
  read();
  write();
}

void TuningRecord::apply(ProgramCode &program) const {
  for (const auto &kernel : program.kernels)
    if (const TunedKernel *tuned = find(kernel->symbol))
      kernel->choices = tuned->choices;
}

std::string TuningRecord::digest() const {
  KeyHasher hasher;
  for (const auto &[symbol, tuned] : kernels) {
    SmallVector<int64_t> choices(tuned.choices.begin(), tuned.choices.end());
    hasher.add(symbol).add(ArrayRef<int64_t>(choices));
  }
  return hasher.str();
}

} // namespace msc

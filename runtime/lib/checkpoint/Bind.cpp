// SPDX-License-Identifier: Apache-2.0
//
/// \file Which tensor of a checkpoint each parameter of a model gets.
#include "Bind.h"
#include "DType.h"
#include "Reader.h"

#include <cstring>
#include <new>
#include <unordered_set>

namespace mscrt {

namespace {

/// What the checkpoints hold under one name, after renaming.
struct Source {
  const NamedTensor *tensor = nullptr;   // or
  const SkippedValue *skipped = nullptr; // a value that cannot be used
  size_t checkpoint = 0;
  std::string clash; // another name of the same checkpoint that became this

  const std::string &name() const {
    return tensor ? tensor->name : skipped->name;
  }
};

std::string describe(const ParameterInfo &parameter) {
  return describeTensor(parameter.dtype, parameter.shape);
}
std::string describe(const NamedTensor &tensor) {
  return describeTensor(tensor.dtype, tensor.shape);
}

class Matcher {
public:
  Matcher(const BindOptions &options, Binding &binding, std::string &error)
      : options(options), binding(binding), report(binding.report),
        error(error) {}

  bool run(const std::vector<ParameterInfo> &parameters,
           const std::vector<const Checkpoint *> &checkpoints) {
    report.numParameters = parameters.size();
    binding.parameters.resize(parameters.size());
    if (!renamer.parse(options.renames, error))
      return false;
    for (size_t i = 0; i < checkpoints.size(); ++i)
      if (!collect(*checkpoints[i], i))
        return false;
    for (size_t i = 0; i < parameters.size(); ++i)
      match(parameters[i], binding.parameters[i]);
    listUnused(checkpoints);
    suggest();
    return judge();
  }

private:
  bool collect(const Checkpoint &checkpoint, size_t index) {
    for (const NamedTensor &tensor : checkpoint.tensors())
      if (!collect({&tensor, nullptr, index, ""}))
        return false;
    for (const SkippedValue &value : checkpoint.skipped())
      if (!collect({nullptr, &value, index, ""}))
        return false;
    return true;
  }

  bool collect(Source source) {
    std::string name;
    if (!renamer.apply(source.name(), name, error))
      return false;
    auto [entry, isNew] = sources.try_emplace(std::move(name), source);
    if (isNew)
      return true;
    if (entry->second.checkpoint == source.checkpoint)
      source.clash = entry->second.name();
    entry->second = std::move(source);
    return true;
  }

  void match(const ParameterInfo &parameter, BoundParameter &bound) {
    auto found = sources.find(parameter.name);
    if (found == sources.end()) {
      if (parameter.flags & MSCRT_PARAMETER_FROZEN)
        report.kept.push_back({parameter.name, describe(parameter)});
      else
        missing.push_back({parameter.name, parameter.dtype, parameter.shape});
      return;
    }
    const Source &source = found->second;
    used.insert(source.name());
    std::string problem = whyNot(parameter, source);
    if (!problem.empty()) {
      report.mismatched.push_back({parameter.name, problem});
      return;
    }
    bound.tensor = source.tensor;
    bound.converted = source.tensor->dtype != parameter.dtype;
    if (changesFrozen(parameter, bound)) {
      bound = BoundParameter();
      mustFail = true;
      report.mismatched.push_back(
          {parameter.name, "its value was used while compiling, the checkpoint "
                           "has another one: compile again"});
      return;
    }
    ++report.numBound;
    if (source.tensor->name != parameter.name)
      report.renamed.push_back(
          {parameter.name, "from " + quoted(source.tensor->name)});
    if (bound.converted)
      report.converted.push_back(
          {parameter.name, std::string(dtypeName(source.tensor->dtype)) +
                               " to " + dtypeName(parameter.dtype)});
  }

  /// Why \p source cannot be the value of \p parameter; empty if it can.
  std::string whyNot(const ParameterInfo &parameter, const Source &source) {
    if (!source.clash.empty()) {
      mustFail = true;
      return "the rename rules make both " + quoted(source.clash) + " and " +
             quoted(source.name()) + " this name";
    }
    if (source.skipped) {
      mustFail = true;
      return "model " + describe(parameter) +
             ", checkpoint: " + source.skipped->reason;
    }
    bool sameType = source.tensor->dtype == parameter.dtype ||
                    (isFloat(source.tensor->dtype) && isFloat(parameter.dtype));
    if (sameType && sameShape(source.tensor->shape, parameter.shape))
      return "";
    return "model " + describe(parameter) + ", checkpoint " +
           describe(*source.tensor);
  }

  bool changesFrozen(const ParameterInfo &parameter,
                     const BoundParameter &bound) {
    if (!(parameter.flags & MSCRT_PARAMETER_FROZEN))
      return false;
    if (!bound.converted)
      return hashBytes(bound.tensor->data, bound.tensor->size) !=
             parameter.hash;
    uint64_t size = 0;
    if (!tensorByteSize(parameter.dtype, parameter.shape, size))
      return true;
    std::vector<char> value(size);
    return !writeParameter(bound, parameter.dtype, value.data(), size) ||
           hashBytes(value.data(), size) != parameter.hash;
  }

  void listUnused(const std::vector<const Checkpoint *> &checkpoints) {
    for (const Checkpoint *checkpoint : checkpoints) {
      for (const NamedTensor &tensor : checkpoint->tensors()) {
        if (used.count(tensor.name))
          continue;
        if (isOptimizerState(tensor.name)) {
          report.optimizerState.push_back({tensor.name, describe(tensor)});
          continue;
        }
        report.unexpected.push_back({tensor.name, describe(tensor)});
        unexpected.push_back({tensor.name, tensor.dtype, tensor.shape});
      }
      for (const SkippedValue &value : checkpoint->skipped())
        if (!used.count(value.name))
          report.skipped.push_back({value.name, value.reason});
    }
  }

  void suggest() {
    auto near = findNearNames(missing, unexpected);
    for (size_t i = 0; i < missing.size(); ++i)
      report.missing.push_back(
          {missing[i].name, describeTensor(missing[i].dtype, missing[i].shape),
           near[i]});
    report.suggestedRule =
        suggestRule(missing, unexpected, report.numBound == 0);
  }

  bool judge() {
    bool nothing = report.numParameters != 0 && report.numBound == 0 &&
                   report.kept.size() != report.numParameters;
    bool incomplete = !report.missing.empty() || !report.mismatched.empty();
    if (!mustFail && !nothing && !(options.strict && incomplete))
      return true;
    error = report.summary();
    auto example = [&](const std::vector<BindReport::Item> &items) {
      if (!items.empty())
        error += "; " + quoted(items[0].name) + ": " + items[0].detail;
    };
    example(report.mismatched);
    if (!report.missing.empty())
      error += "; " + quoted(report.missing[0].name) + " is missing";
    if (!report.suggestedRule.empty())
      error += "; try --rename='" + report.suggestedRule + "'";
    return false;
  }

  const BindOptions &options;
  Binding &binding;
  BindReport &report;
  std::string &error;
  Renamer renamer;
  std::unordered_map<std::string, Source> sources;
  std::unordered_set<std::string> used; // names as the checkpoints have them
  std::vector<Unmatched> missing, unexpected;
  /// Not to be tolerated in lenient mode either.
  bool mustFail = false;
};

} // namespace

bool bindCheckpoints(const std::vector<ParameterInfo> &parameters,
                     const std::vector<const Checkpoint *> &checkpoints,
                     const BindOptions &options, Binding &binding,
                     std::string &error) {
  try {
    binding = Binding();
    error.clear();
    return Matcher(options, binding, error).run(parameters, checkpoints);
  } catch (const std::bad_alloc &) {
    error = "out of memory";
    return false;
  }
}

bool writeParameter(const BoundParameter &bound, mscrt_dtype dtype, char *out,
                    size_t size) {
  const NamedTensor *tensor = bound.tensor;
  size_t elementSize = dtypeSize(dtype);
  if (!tensor || elementSize == 0)
    return false;
  size_t count = tensor->size / dtypeSize(tensor->dtype);
  if (size / elementSize != count || size % elementSize != 0)
    return false;
  if (tensor->dtype == dtype) {
    if (size != 0)
      std::memcpy(out, tensor->data, size);
    return true;
  }
  if (!isFloat(tensor->dtype) || !isFloat(dtype))
    return false;
  convertFloats(tensor->dtype, tensor->data, dtype, out, count);
  return true;
}

} // namespace mscrt

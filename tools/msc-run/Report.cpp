// SPDX-License-Identifier: Apache-2.0
//
/// \file What msc-run prints: results for people, and the same as JSON.
#include "Roofline.h"
#include "Session.h"

#include <algorithm>
#include <cinttypes>

using namespace msc::run;
using mscrt::Tensor;

namespace {

std::string numberText(double value) {
  char text[40];
  snprintf(text, sizeof(text), "%.7g", value);
  return text;
}

std::string indexText(const std::vector<int64_t> &index) {
  std::string text = "[";
  for (size_t i = 0; i < index.size(); ++i)
    text += (i ? ", " : "") + std::to_string(index[i]);
  return text + "]";
}

/// The first few elements and the range of a tensor.
std::string summaryOf(const Tensor &tensor) {
  constexpr size_t shown = 8;
  std::vector<double> values = toDoubles(tensor);
  if (values.empty())
    return "empty";
  std::string text;
  for (size_t i = 0; i < std::min(shown, values.size()); ++i)
    text += (i ? ", " : "") + numberText(values[i]);
  if (values.size() <= shown)
    return text;
  // minmax_element would be thrown off by a NaN.
  double low = values[0], high = values[0];
  for (double value : values) {
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  return text + ", ...  (from " + numberText(low) + " to " + numberText(high) +
         ")";
}

void writeShape(Json &json, int32_t rank, const int64_t *shape) {
  json.key("shape").open('[');
  for (int32_t i = 0; i < rank; ++i)
    json.value(shape[i]);
  json.close(']');
}

void writeTensor(Json &json, const mscrt_value_desc &value,
                 const Tensor &tensor) {
  json.open('{').key("name").value(value.name ? value.name : "");
  json.key("dtype").value(mscrt_dtype_name(tensor.dtype()));
  writeShape(json, static_cast<int32_t>(tensor.shape().size()),
             tensor.shape().data());
  json.close('}');
}

void writeValue(Json &json, const char *name, uint32_t dtype, int32_t rank,
                const int64_t *shape) {
  json.open('{').key("name").value(name ? name : "");
  json.key("dtype").value(mscrt_dtype_name(dtype));
  writeShape(json, rank, shape);
}

uint64_t arenaOf(const mscrt_model &desc) {
  uint64_t size = 0;
  for (uint32_t i = 0; i < desc.num_entries; ++i)
    size = std::max(size, desc.entries[i].arena_size);
  return size;
}

const char *orEmpty(const char *text) { return text ? text : ""; }

} // namespace

std::string msc::run::durationText(double ns) {
  static const struct {
    double limit, unit;
    const char *name;
  } rows[] = {{1e3, 1, "ns"}, {1e6, 1e3, "us"}, {1e9, 1e6, "ms"}};
  char text[40];
  for (const auto &row : rows) {
    if (ns >= row.limit)
      continue;
    snprintf(text, sizeof(text), "%.4g %s", ns / row.unit, row.name);
    return text;
  }
  snprintf(text, sizeof(text), "%.4g s", ns / 1e9);
  return text;
}

void Session::printOutputs() {
  const mscrt_model &desc = model->inspect();
  json.key("inputs").open('[');
  for (uint32_t i = 0; i < desc.num_inputs; ++i)
    writeTensor(json, desc.inputs[i], inputs[i]);
  json.close(']').key("outputs").open('[');
  for (uint32_t i = 0; i < desc.num_outputs; ++i)
    writeTensor(json, desc.outputs[i], outputs[i]);
  json.close(']');
  json.key("arena_bytes").value(mscrt_context_arena_size(context->get()));
  json.key("weight_bytes").value(desc.weights_size);
  // Who only compares or measures does not want to see the elements.
  if (options.json || options.isBench || options.isRoofline ||
      !options.expected.empty())
    return;
  for (uint32_t i = 0; i < desc.num_outputs; ++i)
    printf("%s: %s\n  %s\n", nameOf("output", desc.outputs[i], i).c_str(),
           describe(outputs[i]).c_str(), summaryOf(outputs[i]).c_str());
}

void Session::printComparison(uint32_t index, const Comparison &comparison) {
  const mscrt_value_desc &value = model->inspect().outputs[index];
  json.open('{').key("name").value(orEmpty(value.name));
  json.key("equal").value(comparison.isEqual);
  json.key("max_abs_error").value(comparison.maxAbsolute);
  json.key("max_rel_error").value(comparison.maxRelative);
  json.key("mismatches").value(comparison.mismatches);
  if (!comparison.problem.empty())
    json.key("problem").value(comparison.problem);
  json.close('}');
  std::string name = nameOf("output", value, index);
  if (!comparison.problem.empty())
    return (void)fprintf(stderr, "error: %s %s\n", name.c_str(),
                         comparison.problem.c_str());
  if (!comparison.isEqual)
    return (void)fprintf(
        stderr,
        "error: %s differs in %" PRIu64 " of %" PRIu64
        " elements; most at %s: %s, expected %s (largest error %s)\n",
        name.c_str(), comparison.mismatches, comparison.elements,
        indexText(comparison.worstIndex).c_str(),
        numberText(comparison.worstActual).c_str(),
        numberText(comparison.worstExpected).c_str(),
        numberText(comparison.maxAbsolute).c_str());
  if (!options.json)
    printf("%s: equal, largest error %s\n", name.c_str(),
           numberText(comparison.maxAbsolute).c_str());
}

void Session::printBench(const BenchResult &result) {
  const mscrt_model &desc = model->inspect();
  uint32_t threads =
      options.threads ? options.threads : mscrt_available_threads();
  uint64_t arena = mscrt_context_arena_size(context->get());
  json.key("bench").open('{').key("runs").value(result.runs);
  json.key("median_ns").value(result.median);
  json.key("p10_ns").value(result.p10);
  json.key("p90_ns").value(result.p90);
  json.key("threads").value(threads).close('}');
  if (options.json)
    return;
  printf("median %s  p10 %s  p90 %s  (%" PRIu64 " runs, %u threads)\n",
         durationText(result.median).c_str(), durationText(result.p10).c_str(),
         durationText(result.p90).c_str(), result.runs, threads);
  printf("arena %" PRIu64 " bytes  weights %" PRIu64 " bytes\n", arena,
         desc.weights_size);
}

void Session::inspect() {
  const mscrt_model &desc = model->inspect();
  auto value = [](const char *role, const mscrt_value_desc &value,
                  uint32_t index) {
    printf("  %s: %s\n", nameOf(role, value, index).c_str(),
           describe(value.dtype, value.rank, value.shape, value.dim_names)
               .c_str());
  };
  printf("model '%s' for %s, %s\n", orEmpty(desc.name), orEmpty(desc.target),
         orEmpty(desc.triple));
  printf("  features: %s\n  precision: %s\n  built by: %s\n",
         orEmpty(desc.cpu_features), orEmpty(desc.precision),
         orEmpty(desc.build));
  for (uint32_t i = 0; i < desc.num_inputs; ++i)
    value("input", desc.inputs[i], i);
  for (uint32_t i = 0; i < desc.num_outputs; ++i)
    value("output", desc.outputs[i], i);
  for (uint32_t i = 0; i < desc.num_parameters; ++i) {
    const mscrt_parameter_desc &parameter = desc.parameters[i];
    printf("  parameter '%s': %s%s%s\n", parameter.name,
           describe(parameter.dtype, parameter.rank, parameter.shape).c_str(),
           parameter.flags & MSCRT_PARAMETER_FROZEN ? ", frozen" : "",
           parameter.flags & MSCRT_PARAMETER_STATE ? ", state" : "");
  }
  for (uint32_t e = 0; e < desc.num_entries; ++e) {
    printf("  entry %u:", e);
    for (uint32_t i = 0; i < desc.num_inputs; ++i)
      printf(" %s", describe(desc.inputs[i].dtype, desc.inputs[i].rank,
                             desc.entries[e].input_shapes[i])
                        .c_str());
    printf("\n");
  }
  printf("arena %" PRIu64 " bytes  weights %" PRIu64 " bytes  state %" PRIu64
         " bytes  %u kernel stages\n",
         arenaOf(desc), desc.weights_size, desc.state_size, desc.num_stages);
}

void Session::inspectJson() {
  const mscrt_model &desc = model->inspect();
  json.key("name").value(orEmpty(desc.name));
  json.key("target").value(orEmpty(desc.target));
  json.key("triple").value(orEmpty(desc.triple));
  json.key("cpu_features").value(orEmpty(desc.cpu_features));
  json.key("precision").value(orEmpty(desc.precision));
  json.key("build").value(orEmpty(desc.build));
  auto values = [&](const char *name, const mscrt_value_desc *list,
                    uint32_t count) {
    json.key(name).open('[');
    for (uint32_t i = 0; i < count; ++i) {
      writeValue(json, list[i].name, list[i].dtype, list[i].rank,
                 list[i].shape);
      json.key("path").value(orEmpty(list[i].path)).close('}');
    }
    json.close(']');
  };
  values("inputs", desc.inputs, desc.num_inputs);
  values("outputs", desc.outputs, desc.num_outputs);
  json.key("parameters").open('[');
  for (uint32_t i = 0; i < desc.num_parameters; ++i) {
    const mscrt_parameter_desc &parameter = desc.parameters[i];
    writeValue(json, parameter.name, parameter.dtype, parameter.rank,
               parameter.shape);
    json.key("frozen").value((parameter.flags & MSCRT_PARAMETER_FROZEN) != 0);
    json.key("state").value((parameter.flags & MSCRT_PARAMETER_STATE) != 0);
    json.close('}');
  }
  json.close(']').key("entries").value(desc.num_entries);
  json.key("stages").value(desc.num_stages);
  json.key("arena_bytes").value(arenaOf(desc));
  json.key("weight_bytes").value(desc.weights_size);
  json.key("state_bytes").value(desc.state_size);
}

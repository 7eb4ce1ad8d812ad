// SPDX-License-Identifier: Apache-2.0
//
/// \file The order of events in one invocation.
#include "Session.h"

#include "Roofline.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <unistd.h>

using namespace msc::run;
using mscrt::Tensor;

static double nowNs() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

bool Session::fail(const std::string &message, int exitStatus) {
  fprintf(stderr, "error: %s\n", message.c_str());
  status = exitStatus;
  return false;
}

void Session::note(const std::string &text) {
  if (!options.quiet)
    fprintf(stderr, "%s\n", text.c_str());
}

bool Session::prepare() {
  isJit = !isArtifact(options.model);
  if (!isJit) {
    for (const std::string &flag : options.compileFlags)
      if (flag.rfind("--checkpoint=", 0) != 0 &&
          flag.rfind("--rename=", 0) != 0)
        return fail("'" + flag + "' does not apply to '" + options.model +
                        "', which is compiled already",
                    2);
    return true;
  }
  if (FILE *file = fopen(options.model.c_str(), "re"))
    fclose(file);
  else
    return fail("cannot open '" + options.model + "': " + strerror(errno));
  double begin = nowNs();
  std::string messages;
  bool isTerminal = !options.quiet && isatty(STDERR_FILENO);
  if (isTerminal)
    fprintf(stderr, "compiling %s ...", options.model.c_str());
  status = jit.compile(options, messages);
  if (isTerminal)
    fputs("\r\033[K", stderr);
  compileNs = nowNs() - begin;
  if (status || !options.quiet)
    fputs(messages.c_str(), stderr);
  return status == 0;
}

bool Session::load() {
  double begin = nowNs();
  mscrt::LoadOptions load;
  load.threads = options.threads;
  model = mscrt::Model::load(isJit ? jit.path() : options.model, load);
  if (!model)
    return fail(model.error().message());
  loadNs = nowNs() - begin;
  // A model file was compiled with its checkpoints.
  return isJit || options.checkpoints.empty() || bindCheckpoints();
}

bool Session::bindCheckpoints() {
  mscrt_set_log(
      [](void *self, mscrt_log_level, const char *text) {
        static_cast<Session *>(self)->note(text);
      },
      this);
  std::vector<const char *> paths, renames;
  for (const std::string &path : options.checkpoints)
    paths.push_back(path.c_str());
  for (const std::string &rename : options.renames)
    renames.push_back(rename.c_str());
  mscrt_error error = {};
  mscrt_status bound = mscrt_model_bind_files(
      model->get(), paths.data(), static_cast<uint32_t>(paths.size()),
      renames.data(), static_cast<uint32_t>(renames.size()), &error);
  mscrt_set_log(nullptr, nullptr);
  return bound ? fail(error.message) : true;
}

bool Session::execute() {
  std::string error;
  if (!makeInputs(model->inspect(), options, inputs, error))
    return fail(error);
  if (options.inputs.size() < inputs.size())
    note("note: inputs that were not given are random");
  context = model->createContext();
  if (!context)
    return fail(context.error().message());
  mscrt::Result<std::vector<Tensor>> results = context->predict(inputs);
  if (!results)
    return fail(results.error().message());
  outputs = *results;
  return true;
}

bool Session::writeOutputs() {
  const mscrt_model &desc = model->inspect();
  std::vector<const TensorSpec *> specs;
  std::string error;
  if (!assignSpecs("output", desc.outputs, desc.num_outputs, options.outputs,
                   specs, error))
    return fail(error, 2);
  for (uint32_t i = 0; i < desc.num_outputs; ++i) {
    if (!specs[i])
      continue;
    mscrt::Result<mscrt::Done> written = outputs[i].write(specs[i]->source);
    if (!written)
      return fail(written.error().message());
  }
  return true;
}

bool Session::compareOutputs() {
  const mscrt_model &desc = model->inspect();
  std::vector<const TensorSpec *> specs;
  std::string error;
  if (!assignSpecs("output", desc.outputs, desc.num_outputs, options.expected,
                   specs, error))
    return fail(error, 2);
  json.key("expect").open('[');
  for (uint32_t i = 0; i < desc.num_outputs; ++i) {
    if (!specs[i])
      continue;
    mscrt::Result<Tensor> expected =
        Tensor::read(specs[i]->source, desc.outputs[i].dtype);
    if (!expected)
      return fail(expected.error().message());
    uint32_t dtype = desc.outputs[i].dtype;
    bool isExact = !options.hasTolerance && dtype != MSCRT_F32 &&
                   dtype != MSCRT_F64 && dtype != MSCRT_F16 &&
                   dtype != MSCRT_BF16;
    Comparison comparison =
        compare(outputs[i], *expected, isExact ? 0 : options.rtol,
                isExact ? 0 : options.atol);
    printComparison(i, comparison);
    if (!comparison.isEqual)
      status = 1;
  }
  json.close(']');
  return true;
}

double msc::run::percentile(const std::vector<double> &sorted,
                            double fraction) {
  double position = fraction * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(position);
  size_t above = std::min(below + 1, sorted.size() - 1);
  double weight = position - static_cast<double>(below);
  return sorted[below] * (1 - weight) + sorted[above] * weight;
}

bool Session::runAgain() {
  // Into buffers of the context: what is measured is the run alone.
  std::vector<mscrt_tensor> given, places(outputs.size());
  for (const Tensor &input : inputs)
    given.push_back(input.get());
  mscrt_error error = {};
  if (mscrt_context_run(context->get(), given.data(),
                        static_cast<uint32_t>(given.size()), places.data(),
                        static_cast<uint32_t>(places.size()), &error))
    return fail(error.message);
  return true;
}

bool Session::bench() {
  constexpr uint64_t warmups = 3, leastRuns = 10, mostRuns = 10000;
  constexpr double second = 1e9;
  std::vector<double> samples;
  double begin = nowNs();
  for (uint64_t run = 0;; ++run) {
    double start = nowNs();
    if (!runAgain())
      return false;
    double end = nowNs();
    if (run + 1 == warmups)
      begin = end;
    if (run < warmups)
      continue;
    samples.push_back(end - start);
    if (options.benchRuns
            ? samples.size() == options.benchRuns
            : samples.size() == mostRuns ||
                  (samples.size() >= leastRuns && end - begin >= second))
      break;
  }
  std::sort(samples.begin(), samples.end());
  printBench({samples.size(), percentile(samples, 0.5),
              percentile(samples, 0.1), percentile(samples, 0.9)});
  return true;
}

bool Session::writeProfile() {
  mscrt_error error = {};
  mscrt_context_set_profiling(context->get(), 1, nullptr);
  mscrt::Result<std::vector<Tensor>> profiled = context->predict(inputs);
  if (!profiled)
    return fail(profiled.error().message());
  if (mscrt_context_write_profile(context->get(), options.profile.c_str(),
                                  &error))
    return fail(error.message);
  return true;
}

bool Session::runRoofline() {
  constexpr int warmups = 3, leastRuns = 5, mostRuns = 200;
  constexpr double second = 1e9;
  const mscrt_model &desc = model->inspect();
  RooflineBuilder builder(desc);
  double begin = nowNs();
  for (int run = 0; run < mostRuns + warmups; ++run) {
    mscrt_context_set_profiling(context->get(), run >= warmups, nullptr);
    if (!runAgain())
      return false;
    uint64_t count = 0;
    mscrt_context_get_profile(context->get(), nullptr, 0, &count, nullptr);
    std::vector<mscrt_slice> slices(count);
    mscrt_context_get_profile(context->get(), slices.data(), count, &count,
                              nullptr);
    if (run >= warmups)
      builder.addRun(slices);
    if (run >= warmups + leastRuns && nowNs() - begin > second)
      break;
  }
  uint32_t threads =
      options.threads ? options.threads : mscrt_available_threads();
  Roofline roofline = builder.finish(
      measureMachine(desc.cpu_features ? desc.cpu_features : "", threads));
  roofline.model = options.model.substr(options.model.rfind('/') + 1);
  writeRoofline(json, roofline);
  if (!options.json)
    fputs(rooflineText(roofline).c_str(), stdout);
  if (options.rooflinePage.empty())
    return true;
  FILE *file = fopen(options.rooflinePage.c_str(), "we");
  std::string page = rooflinePage(roofline);
  bool isWritten =
      file && fwrite(page.data(), 1, page.size(), file) == page.size();
  isWritten = file && fclose(file) == 0 && isWritten;
  return isWritten || fail("cannot write '" + options.rooflinePage +
                           "': " + strerror(errno));
}

/// Most resident memory of this program. Linux says it of the program alone;
/// getrusage counts what the program that started it used before as well.
static int64_t peakResidentBytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  int64_t kilobytes = usage.ru_maxrss;
  FILE *file = fopen("/proc/self/status", "re");
  char line[256];
  while (file && fgets(line, sizeof(line), file))
    if (sscanf(line, "VmHWM: %" SCNd64, &kilobytes) == 1)
      break;
  if (file)
    fclose(file);
  return kilobytes * 1024;
}

int Session::finish() {
  json.key("compile_ms").value(compileNs / 1e6);
  json.key("load_ms").value(loadNs / 1e6);
  json.key("peak_rss_bytes").value(peakResidentBytes());
  json.key("status").value(int64_t(status)).close('}');
  if (options.json)
    printf("%s\n", json.text.c_str());
  return status;
}

int Session::run() {
  if (!prepare() || !load())
    return status;
  json.open('{').key("model").value(options.model);
  if (options.inspect) {
    options.json ? inspectJson() : inspect();
    return finish();
  }
  if (!execute())
    return status;
  printOutputs();
  if (!writeOutputs() || !compareOutputs())
    return status;
  if (options.isBench && !bench())
    return status;
  if (!options.profile.empty() && !writeProfile())
    return status;
  if (options.isRoofline && !runRoofline())
    return status;
  return finish();
}

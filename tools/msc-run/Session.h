// SPDX-License-Identifier: Apache-2.0
//
/// \file One invocation of msc-run: load, run, compare, measure, report.
#ifndef MSC_TOOLS_MSC_RUN_SESSION_H
#define MSC_TOOLS_MSC_RUN_SESSION_H

#include "Jit.h"
#include "Json.h"
#include "Options.h"
#include "Tensors.h"

namespace msc::run {

/// Results of --bench, in nanoseconds.
struct BenchResult {
  uint64_t runs = 0;
  double median = 0, p10 = 0, p90 = 0;
};

/// Percentile `fraction` of sorted samples, interpolated.
double percentile(const std::vector<double> &sorted, double fraction);

class Session {
public:
  explicit Session(const Options &options) : options(options) {}

  /// Does everything; returns the exit status.
  int run();

private:
  bool prepare();
  bool load();
  bool bindCheckpoints();
  bool execute();
  bool writeOutputs();
  bool compareOutputs();
  bool bench();
  bool writeProfile();
  bool runRoofline();
  int finish();

  void inspect();
  void inspectJson();
  void printOutputs();
  void printComparison(uint32_t index, const Comparison &comparison);
  void printBench(const BenchResult &result);

  /// Runs the model once more on the same inputs, leaving results where they
  /// are.
  bool runAgain();

  /// Reports an error; returns false.
  bool fail(const std::string &message, int exitStatus = 1);
  void note(const std::string &text);

  const Options &options;
  Json json;
  int status = 0;
  bool isJit = false;
  JitArtifact jit;
  double compileNs = 0, loadNs = 0;
  mscrt::Result<mscrt::Model> model = mscrt::Error();
  mscrt::Result<mscrt::Context> context = mscrt::Error();
  std::vector<mscrt::Tensor> inputs, outputs;
};

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_SESSION_H

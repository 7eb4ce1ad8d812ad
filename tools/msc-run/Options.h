// SPDX-License-Identifier: Apache-2.0
//
/// \file What the command line of msc-run says.
#ifndef MSC_TOOLS_MSC_RUN_OPTIONS_H
#define MSC_TOOLS_MSC_RUN_OPTIONS_H

#include <cstdint>
#include <string>
#include <vector>

namespace msc::run {

/// "[NAME=]SOURCE": a file, or for inputs also "random" and "ones".
struct TensorSpec {
  std::string name; // "": by position
  std::string source;

  bool isFile() const { return source != "random" && source != "ones"; }
};

struct Options {
  std::string model;
  std::vector<std::string> compileFlags;
  std::vector<TensorSpec> inputs, outputs, expected;
  std::vector<std::string> checkpoints, renames;
  uint64_t seed = 0;
  double rtol = 1e-3, atol = 1e-4;
  bool hasTolerance = false; // then integers have it too
  bool isBench = false;
  uint64_t benchRuns = 0; // 0: as many as fill a second
  uint32_t threads = 0;
  std::string profile;
  bool isRoofline = false;
  std::string rooflinePage; // "": none
  bool inspect = false, json = false, quiet = false;
  bool help = false, version = false, listFlags = false;
};

/// Reads the command line; false and `error` when it is wrong. What is no flag
/// of msc-run becomes a compile flag.
bool parseOptions(int count, char **arguments, Options &options,
                  std::string &error);

/// What --list-flags prints for cmake/Completion.cmake: each flag with a word
/// for its value, a tab.
std::string flagList();

/// Text of --help; at most 80 columns and a screen high.
extern const char helpText[];

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_OPTIONS_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads the command line: `--name=value`, `--name value` for flags that
/// need a value, and one dash as good as two, as LLVM's tools have it.
#include "Options.h"

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <unistd.h>

using namespace msc::run;

const char msc::run::helpText[] =
    R"(usage: msc-run ARTIFACT|MODEL [flags] [compile flags]

Runs a compiled model (.so), or compiles a model file (.mindir, .onnx) in
process and runs it. Inputs and outputs without NAME go in the model's order.

Data
  --input=[NAME=]SOURCE   FILE.npy, FILE.pb (ONNX tensor), random or ones;
                          inputs that are not given are random
  --seed=N                of random inputs: floats in [-1, 1), integers 0 to 9
  --output=[NAME=]FILE    write an output as .npy
  --checkpoint=FILE       take the parameters from a .ckpt, .safetensors, .npz
  --rename=REGEX=TEXT     rename the checkpoint's parameters first

Checks
  --expect=[NAME=]FILE    compare an output with FILE.npy or FILE.pb
  --rtol=X --atol=X       |a - b| <= atol + rtol * |b| is equal; 1e-3 and 1e-4
                          (integers and bools: exact unless given)
  --verify                compare every kernel with the reference (MODEL only)

Measuring
  --bench[=RUNS]          print median, 10th and 90th percentile of RUNS runs
  --threads=N             use at most N threads; default: all
  --profile=FILE.json     write a Chrome trace with a slice per kernel
  --roofline[=FILE.html]  each kernel's speed beside what this machine gives,
                          and why it is low; also as a page with plots

Output
  --inspect               print what the model is and takes; do not run it
  --json                  print results as one JSON object
  --quiet                 no notes
  --help, --version

Compile flags (MODEL only) are those of msc-compile: -target, -mcpu, -O0..-O3,
--shape, --precision, --key, ... Write their values with '='.

Exit status: 0 equal or nothing to compare; 1 results differ, or the model
cannot be compiled, loaded or run; 2 wrong usage.
)";

namespace {

/// Meaning of one flag: stores the value, false when it is malformed. `hint`
/// is what shells complete values with.
struct Flag {
  const char *name;
  enum { None, Optional, Required } value;
  const char *hint;
  std::function<bool(Options &, const std::string &)> store;
};

bool parseUnsigned(const std::string &text, uint64_t limit, uint64_t &value) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos)
    return false;
  errno = 0;
  value = strtoull(text.c_str(), nullptr, 10);
  return !errno && value <= limit;
}

bool parseTolerance(const std::string &text, double &value, Options &options) {
  char *end = nullptr;
  value = strtod(text.c_str(), &end);
  options.hasTolerance = true;
  return !text.empty() && !*end && value >= 0;
}

/// True for what can stand behind "NAME=" of an input.
bool isSource(const std::string &text) {
  return text == "random" || text == "ones" || access(text.c_str(), F_OK) == 0;
}

/// Names and files may contain '=' themselves: prefers the split that leaves
/// something that exists.
TensorSpec splitExisting(const std::string &text) {
  if (isSource(text))
    return {"", text};
  size_t first = text.find('=');
  for (size_t at = first; at != text.npos; at = text.find('=', at + 1))
    if (isSource(text.substr(at + 1)))
      return {text.substr(0, at), text.substr(at + 1)};
  if (first == text.npos)
    return {"", text};
  return {text.substr(0, first), text.substr(first + 1)};
}

TensorSpec splitNew(const std::string &text) {
  size_t first = text.find('=');
  if (first == text.npos)
    return {"", text};
  return {text.substr(0, first), text.substr(first + 1)};
}

/// A flag that adds `text` to a list.
auto addTo(std::vector<TensorSpec> Options::*list,
           TensorSpec (*split)(const std::string &)) {
  return [=](Options &options, const std::string &text) {
    (options.*list).push_back(split(text));
    return !(options.*list).back().source.empty();
  };
}

auto addText(std::vector<std::string> Options::*list, const char *flag) {
  return [=](Options &options, const std::string &text) {
    (options.*list).push_back(text);
    // The compiler wants to know them as well.
    options.compileFlags.push_back(flag + text);
    return !text.empty();
  };
}

auto set(bool Options::*field) {
  return [=](Options &options, const std::string &) {
    return options.*field = true;
  };
}

bool storeBench(Options &options, const std::string &text) {
  options.isBench = true;
  return text.empty() ||
         (parseUnsigned(text, 1000000, options.benchRuns) && options.benchRuns);
}

bool storeThreads(Options &options, const std::string &text) {
  uint64_t threads = 0;
  bool isValid = parseUnsigned(text, 1024, threads) && threads;
  options.threads = static_cast<uint32_t>(threads);
  return isValid;
}

bool storeRoofline(Options &options, const std::string &text) {
  options.isRoofline = true;
  options.rooflinePage = text;
  return true;
}

const std::vector<Flag> &flags() {
  static const std::vector<Flag> table = {
      {"input", Flag::Required, "FILE", addTo(&Options::inputs, splitExisting)},
      {"expect", Flag::Required, "FILE",
       addTo(&Options::expected, splitExisting)},
      {"output", Flag::Required, "FILE", addTo(&Options::outputs, splitNew)},
      {"checkpoint", Flag::Required, "FILE",
       addText(&Options::checkpoints, "--checkpoint=")},
      {"rename", Flag::Required, "REGEX=TEXT",
       addText(&Options::renames, "--rename=")},
      {"seed", Flag::Required, "N",
       [](Options &options, const std::string &text) {
         return parseUnsigned(text, UINT64_MAX, options.seed);
       }},
      {"rtol", Flag::Required, "X",
       [](Options &options, const std::string &text) {
         return parseTolerance(text, options.rtol, options);
       }},
      {"atol", Flag::Required, "X",
       [](Options &options, const std::string &text) {
         return parseTolerance(text, options.atol, options);
       }},
      {"bench", Flag::Optional, "RUNS", storeBench},
      {"threads", Flag::Required, "N", storeThreads},
      {"profile", Flag::Required, "FILE",
       [](Options &options, const std::string &text) {
         options.profile = text;
         return !text.empty();
       }},
      {"roofline", Flag::Optional, "FILE", storeRoofline},
      {"inspect", Flag::None, "", set(&Options::inspect)},
      {"json", Flag::None, "", set(&Options::json)},
      {"quiet", Flag::None, "", set(&Options::quiet)},
      {"help", Flag::None, "", set(&Options::help)},
      {"h", Flag::None, "", set(&Options::help)},
      {"list-flags", Flag::None, "", set(&Options::listFlags)},
      {"version", Flag::None, "", set(&Options::version)}};
  return table;
}

const Flag *findFlag(const std::string &name) {
  for (const Flag &flag : flags())
    if (name == flag.name)
      return &flag;
  return nullptr;
}

class Parser {
public:
  Parser(int count, char **arguments, Options &options, std::string &error)
      : rest(arguments + 1, arguments + count), options(options), error(error) {
  }

  bool parse() {
    while (at < rest.size())
      if (!parseOne(rest[at++]))
        return false;
    if (options.model.empty() && !options.help && !options.version &&
        !options.listFlags) {
      error = "no model given";
      return false;
    }
    return true;
  }

private:
  bool parseOne(const std::string &argument) {
    if (argument.size() < 2 || argument[0] != '-') {
      if (!options.model.empty()) {
        error = "'" + argument + "' is one model too many, after '" +
                options.model + "'";
        return false;
      }
      options.model = argument;
      return true;
    }
    size_t dashes = argument[1] == '-' ? 2 : 1;
    size_t equals = argument.find('=');
    const Flag *flag = findFlag(argument.substr(
        dashes, equals == argument.npos ? equals : equals - dashes));
    if (!flag) {
      options.compileFlags.push_back(argument);
      return true;
    }
    return store(*flag, equals != argument.npos,
                 equals == argument.npos ? "" : argument.substr(equals + 1));
  }

  bool store(const Flag &flag, bool hasValue, std::string value) {
    std::string name = std::string("--") + flag.name;
    if (flag.value == Flag::None && hasValue) {
      error = name + " takes no value";
      return false;
    }
    if (flag.value == Flag::Required && !hasValue) {
      if (at == rest.size()) {
        error = name + " needs a value";
        return false;
      }
      value = rest[at++];
    }
    if (flag.store(options, value))
      return true;
    error = "'" + value + "' is no value for " + name;
    return false;
  }

  std::vector<std::string> rest;
  size_t at = 0;
  Options &options;
  std::string &error;
};

} // namespace

bool msc::run::parseOptions(int count, char **arguments, Options &options,
                            std::string &error) {
  return Parser(count, arguments, options, error).parse();
}

std::string msc::run::flagList() {
  std::string text;
  for (const Flag &flag : flags())
    if (flag.name[1]) // not -h
      text += std::string("--") + flag.name + (*flag.hint ? "=" : "") +
              flag.hint + "\t\n";
  return text;
}

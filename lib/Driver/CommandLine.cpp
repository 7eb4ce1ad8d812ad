// SPDX-License-Identifier: Apache-2.0
//
/// \file The flags of msc-compile in one table.
#include "msc/Driver/CommandLine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace msc {

namespace {
struct Flag {
  const char *name;  ///< without dashes
  const char *value; ///< "" for switches
  const char *help;  ///< null: not listed
  /// An error text, or "".
  std::string (*set)(CompileOptions &, StringRef);
};
} // namespace

static std::string choose(std::string &field, StringRef value,
                          ArrayRef<StringRef> choices) {
  field = value.str();
  return is_contained(choices, value)
             ? ""
             : "expected one of " + join(choices, ", ");
}

#define SET(field)                                                             \
  [](CompileOptions &o, StringRef v) {                                         \
    o.field = v.str();                                                         \
    return std::string();                                                      \
  }
#define ADD(field)                                                             \
  [](CompileOptions &o, StringRef v) {                                         \
    o.field.push_back(v.str());                                                \
    return std::string();                                                      \
  }
#define ON(field)                                                              \
  [](CompileOptions &o, StringRef) {                                           \
    o.field = true;                                                            \
    return std::string();                                                      \
  }

static std::string setPhase(CompileOptions &o, StringRef v) {
  std::vector<StringRef> names;
  for (const PhaseInfo &phase : phases())
    names.push_back(phase.name);
  return choose(o.stopAfter, v, names);
}

static std::string setCacheSize(CompileOptions &o, StringRef v) {
  constexpr uint64_t mostMiB = uint64_t(1) << 30;
  bool bad = v.getAsInteger(10, o.cacheMiB) || o.cacheMiB > mostMiB;
  return bad ? "expected a number of MiB" : "";
}

static std::string setTune(CompileOptions &o, StringRef v) {
  unsigned seconds = 0;
  if (v.getAsInteger(10, seconds))
    return "expected a number of seconds";
  o.tuneSeconds = seconds;
  return "";
}

/// Values with '|' are all there are; FILE and DIR are completed as such.
static const Flag flags[] = {
    {"o", "FILE", "output; default: the model's name, suffix .so", SET(output)},
    {"target", "cpu", "what to compile for; default: cpu", SET(target)},
    {"mcpu", "CPU", "native (default), x86-64-v2 to -v4, neoverse-n1 ...",
     SET(cpu)},
    {"mtriple", "TRIPLE", "another machine, e.g. aarch64-linux-gnu",
     SET(triple)},
    {"checkpoint", "FILE", "bind .ckpt, .safetensors or .npz (repeat)",
     ADD(checkpoints)},
    {"rename", "REGEX=TEXT",
     "rename parameters of the checkpoint first (repeat)", ADD(renames)},
    {"lenient", "", "parameters that the checkpoint lacks keep their value",
     ON(lenient)},
    {"key", "HEX|@FILE", "key of an encrypted model or checkpoint", SET(key)},
    {"shape", "NAME:DIMS", "1x3x8 or Nx3x8,N=1..4 for a dynamic input (repeat)",
     ADD(shapes)},
    {"precision", "default|strict|bf16x6|fast|bf16|f16",
     "how exactly to compute, see docs/Compiling.md",
     [](CompileOptions &o, StringRef v) {
       return choose(o.precision, v,
                     {"default", "strict", "bf16x6", "fast", "bf16", "f16"});
     }},
    {"emit", "so|obj|llvm|asm|linalg|ms|graph", "what to write; default: so",
     [](CompileOptions &o, StringRef v) {
       return choose(o.emit, v,
                     {"so", "obj", "llvm", "asm", "linalg", "ms", "graph"});
     }},
    {"embed-weights", "", "put the weights into the artifact, not beside it",
     ON(embedWeights)},
    {"tune", "SECONDS", "choose tiles by measuring; 0: as measured before",
     setTune},
    {"cache-dir", "DIR", "default: MSC_CACHE_DIR, or msc in XDG_CACHE_HOME",
     SET(cacheDir)},
    {"cache-size", "MIB", "limit of the compile cache; default: 2048",
     setCacheSize},
    {"no-cache", "", "neither use nor fill the compile cache",
     [](CompileOptions &o, StringRef) {
       o.cache = false;
       return std::string();
     }},
    {"check", "", "import and verify only", ON(check)},
    {"verify", "", "compare every kernel with the reference evaluator",
     ON(verify)},
    {"plant-fault", "KERNEL:FAULT", nullptr, SET(plantFault)}, // for tests
    {"stop-after", "import|legalize|optimize|kernels|code|artifact",
     "end after a phase", setPhase},
    {"dump-after-each", "DIR", "write the IR after each phase", SET(dumpDir)},
    {"explain", "", "say which kernels are generic and why, what was tuned",
     ON(explain)},
    {"timing", "", "print the time of each phase", ON(timing)},
    {"quiet", "", "print errors only", ON(quiet)},
};

Error parseFlag(StringRef flag, CompileOptions &options) {
  StringRef text = flag.ltrim('-');
  if (text.size() == 2 && text[0] == 'O' && text[1] >= '0' && text[1] <= '3') {
    options.optLevel = text[1] - '0';
    return Error::success();
  }
  auto [name, value] = text.split('=');
  for (const Flag &known : flags) {
    if (name != known.name)
      continue;
    bool wantsValue = *known.value != 0;
    if (wantsValue != text.contains('='))
      return createStringError(wantsValue ? "'" + flag + "' needs a value: -" +
                                                name + "=" + known.value
                                          : "'" + flag + "' takes no value");
    std::string problem = known.set(options, value);
    return problem.empty() ? Error::success()
                           : createStringError("'" + flag + "': " + problem);
  }
  return createStringError("unknown flag '" + flag + "'; --help lists them");
}

/// "--emit=so|obj".
static std::string spelling(const Flag &flag) {
  std::string text = StringRef(flag.name).size() == 1 ? "-" : "--";
  text += flag.name;
  if (*flag.value)
    text += std::string("=") + flag.value;
  return text;
}

static void printHelp(raw_ostream &os) {
  os << "usage: msc-compile MODEL [flags]\n\n"
        "Compiles a trained model (.mindir, .onnx) to a shared object and its "
        "weights.\n\n";
  constexpr unsigned column = 25;
  auto line = [&](StringRef head, StringRef help) {
    os << "  " << left_justify(head, column - 1);
    if (head.size() >= column)
      os << "\n" << std::string(column + 1, ' ');
    os << " " << help << "\n";
  };
  for (const Flag &flag : flags)
    if (flag.help)
      line(spelling(flag), flag.help);
  line("-O0 .. -O3", "optimisation level; default: 3");
  line("--help, --version", "");
  os << "\nExit status: 0 compiled, 1 the model cannot be compiled or a kernel "
        "differs,\n2 wrong usage.\n";
}

/// One flag a line, for shell completion: spelling, tab, help.
static void listFlags(raw_ostream &os) {
  for (const Flag &flag : flags)
    if (flag.help)
      os << spelling(flag) << "\t" << flag.help << "\n";
  for (char level : {'0', '1', '2', '3'})
    os << "-O" << level << "\toptimisation level\n";
  os << "--help\tprint this\n--version\tprint the version\n";
}

static int usageError(const Twine &message) {
  errs() << "msc-compile: " << message << "\n";
  return 2;
}

/// Adds one argument after the first flags that need no model; `next` is the
/// one behind it, and is taken when the result says so.
static Expected<bool> addArgument(StringRef arg, const std::string *next,
                                  CompileOptions &options) {
  if (arg == "-o") {
    if (!next)
      return createStringError("-o needs a file name");
    options.output = *next;
    return true;
  }
  if (arg.starts_with("-")) {
    if (Error error = parseFlag(arg, options))
      return std::move(error);
    return false;
  }
  if (!options.input.empty())
    return createStringError("two models given: '" + options.input + "' and '" +
                             arg + "'");
  options.input = arg.str();
  return false;
}

static void printReport(const CompileOptions &options,
                        const CompileReport &report) {
  outs() << report.output;
  if (options.emit == "so" || options.emit == "obj")
    outs() << ": " << report.uniqueKernels << " kernels, arena "
           << report.arenaSize << " bytes, weights " << report.weightsSize
           << " bytes, state " << report.stateSize << " bytes, precision "
           << options.precision << (report.cached ? ", from the cache" : "");
  outs() << "\n";
}

int runCompileTool(ArrayRef<std::string> args) {
  CompileOptions options;
  for (size_t i = 0; i < args.size(); ++i) {
    StringRef arg = args[i];
    if (arg == "--help" || arg == "-h")
      return printHelp(outs()), 0;
    if (arg == "--list-flags")
      return listFlags(outs()), 0;
    if (arg == "--version") {
      outs() << "msc 0.1.0 (LLVM " LLVM_VERSION_STRING ")\n";
      return 0;
    }
    auto tookNext =
        addArgument(arg, i + 1 < args.size() ? &args[i + 1] : nullptr, options);
    if (!tookNext)
      return usageError(toString(tookNext.takeError()));
    i += *tookNext;
  }
  if (options.input.empty())
    return usageError("no model given; --help lists the flags");
  CompileReport report;
  if (failed(compile(options, report, errs())))
    return 1;
  if (!options.quiet && !report.output.empty() && options.output != "-")
    printReport(options, report);
  return 0;
}

} // namespace msc

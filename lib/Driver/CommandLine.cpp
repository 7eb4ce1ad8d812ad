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

static const Flag flags[] = {
    {"o", "FILE",
     "the artifact (default: the model's name with the suffix .so)",
     SET(output)},
    {"target", "NAME", "cpu (default)", SET(target)},
    {"mcpu", "CPU",
     "native (default), x86-64-v2, x86-64-v3, x86-64-v4, neoverse-n1 ...",
     SET(cpu)},
    {"mtriple", "TRIPLE", "compile for another machine, e.g. aarch64-linux-gnu",
     SET(triple)},
    {"checkpoint", "FILE",
     "bind .ckpt, .safetensors, .npz (repeat for several files)",
     ADD(checkpoints)},
    {"rename", "RE=TEXT",
     "rewrite names of the checkpoint before matching (repeat)", ADD(renames)},
    {"lenient", "",
     "keep the model's value of parameters that the checkpoint lacks",
     ON(lenient)},
    {"key", "HEX|@FILE", "key of an encrypted model or checkpoint", SET(key)},
    {"shape", "NAME:1x3x8|Nx3x8,N=1",
     "static shape of a dynamic input (repeat)", ADD(shapes)},
    {"precision", "P", "strict or default",
     [](CompileOptions &o, StringRef v) {
       return choose(o.precision, v, {"default", "strict"});
     }},
    {"emit", "KIND", "so (default), obj, llvm, asm, linalg, ms, graph",
     [](CompileOptions &o, StringRef v) {
       return choose(o.emit, v,
                     {"so", "obj", "llvm", "asm", "linalg", "ms", "graph"});
     }},
    {"embed-weights", "", "put the weights into the artifact, not beside it",
     ON(embedWeights)},
    {"check", "", "import and verify only", ON(check)},
    {"verify", "", "compare each compiled kernel with the reference evaluator",
     ON(verify)},
    {"plant-fault", "KERNEL:FAULT", nullptr, SET(plantFault)}, // for tests
    {"stop-after", "PHASE",
     "import, legalize, optimize, kernels, code, artifact", setPhase},
    {"dump-after-each", "DIR", "write the IR after each phase", SET(dumpDir)},
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

static void printHelp(raw_ostream &os) {
  os << "usage: msc-compile MODEL [flags]\n\n"
        "Compiles a trained model (.mindir, .onnx) to a shared object and its "
        "weights.\n\n";
  for (const Flag &flag : flags) {
    if (!flag.help)
      continue;
    std::string head = std::string(flag.name).size() == 1 ? "-" : "--";
    head += flag.name;
    if (*flag.value)
      head += std::string("=") + flag.value;
    os << "  " << left_justify(head, 32) << " " << flag.help << "\n";
  }
  os << "  " << left_justify("-O0 .. -O3", 32)
     << " optimisation level (default 3)\n"
     << "  " << left_justify("--help, --version", 32) << "\n\n"
     << "Exit codes: 0 compiled, 1 the model cannot be compiled or a kernel "
        "differs, 2 usage.\n";
}

static int usageError(const Twine &message) {
  errs() << "msc-compile: " << message << "\n";
  return 2;
}

int runCompileTool(ArrayRef<std::string> args) {
  CompileOptions options;
  for (size_t i = 0; i < args.size(); ++i) {
    StringRef arg = args[i];
    if (arg == "--help" || arg == "-h")
      return printHelp(outs()), 0;
    if (arg == "--version") {
      outs() << "msc 0.1.0 (LLVM " LLVM_VERSION_STRING ")\n";
      return 0;
    }
    if (arg == "-o") {
      if (++i == args.size())
        return usageError("-o needs a file name");
      options.output = args[i];
    } else if (arg.starts_with("-")) {
      if (Error error = parseFlag(arg, options))
        return usageError(toString(std::move(error)));
    } else if (options.input.empty()) {
      options.input = arg.str();
    } else {
      return usageError("two models given: '" + options.input + "' and '" +
                        arg + "'");
    }
  }
  if (options.input.empty())
    return usageError("no model given; --help lists the flags");
  CompileReport report;
  if (failed(compile(options, report, errs())))
    return 1;
  if (options.quiet || report.output.empty())
    return 0;
  outs() << report.output << ": " << report.uniqueKernels << " kernels, arena "
         << report.arenaSize << " bytes, weights " << report.weightsSize
         << " bytes, state " << report.stateSize << " bytes, precision "
         << options.precision << "\n";
  return 0;
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file The C entry points of libmsc.so.
#include "msc-c/jit.h"

#include "msc/Driver/CommandLine.h"
#include <cstdlib>
#include <cstring>

using namespace msc;

/// The part of the request that is not flags.
static void addInputs(const msc_jit_request &request, CompileOptions &options) {
  for (uint32_t i = 0; i < request.num_inputs; ++i) {
    const msc_jit_input &from = request.inputs[i];
    InputSpec input;
    input.name = from.name ? from.name : "";
    input.dtype = from.dtype;
    input.hasShape = from.rank >= 0;
    if (input.hasShape)
      input.shape.assign(from.shape, from.shape + from.rank);
    if (from.data)
      input.data.assign(static_cast<const char *>(from.data),
                        static_cast<const char *>(from.data) + from.size);
    options.inputs.push_back(std::move(input));
  }
}

static int run(const msc_jit_request &request, llvm::raw_ostream &os) {
  CompileOptions options;
  options.input = request.model;
  for (uint32_t i = 0; i < request.num_flags; ++i)
    if (llvm::Error error = parseFlag(request.flags[i], options)) {
      os << llvm::toString(std::move(error)) << "\n";
      return 2;
    }
  options.output = request.output;
  addInputs(request, options);
  CompileReport report;
  if (failed(compile(options, report, os)))
    return 1;
  for (const std::string &name : report.specialised)
    os << "note: specialised on the value of input '" << name << "'\n";
  if (report.cached && !options.quiet)
    os << "note: compiled before, taken from the cache\n";
  return 0;
}

extern "C" __attribute__((visibility("default"))) int
msc_jit_compile(const msc_jit_request *request, char **messages) {
  std::string text;
  llvm::raw_string_ostream os(text);
  int code = run(*request, os);
  *messages = strdup(text.c_str());
  return code;
}

extern "C" __attribute__((visibility("default"))) void
msc_jit_free(char *messages) {
  std::free(messages);
}

extern "C" __attribute__((visibility("default"))) int
msc_compile_main(int argc, const char *const *argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  int status = runCompileTool(args);
  llvm::outs().flush();
  return status;
}

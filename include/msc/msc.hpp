// SPDX-License-Identifier: Apache-2.0
//
/// \file The C++ API of the compiler: compiles a model in process and gives it
/// to the runtime. A thin header over msc-c/jit.h; link msc::msc.
///
/// \code
///   msc::CompileOptions options;
///   options.shapes = {"x:8x3x224x224"};
///   auto model = msc::compile("net.mindir", options);
///   if (!model)
///     return report(model.error().message());
///   model->bind("net.ckpt");
///   auto outputs = model->predict({x});
/// \endcode
#ifndef MSC_MSC_HPP
#define MSC_MSC_HPP

#include "msc-c/jit.h"
#include "mscrt/mscrt.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

namespace msc {

/// The flags of msc-compile; what is left empty has their defaults.
struct CompileOptions {
  std::string target = "cpu";
  std::string cpu;    ///< "native"
  std::string triple; ///< the host's
  unsigned optLevel = 3;
  std::string precision = "default"; ///< docs/Compiling.md has all
  std::vector<std::string> checkpoints;
  std::vector<std::string> renames; ///< "regex=replacement"
  bool lenient = false; ///< parameters that checkpoints lack keep their value
  std::string key;      ///< of an encrypted model: hexadecimal, or "@FILE"
  std::vector<std::string> shapes; ///< "x:8x3x224x224", "x:Nx3x8x8,N=1..4"
  /// Inputs in the model's order whose shapes, and values where the model needs
  /// them while it is compiled, are to be used; instead of `shapes`.
  std::vector<mscrt::Tensor> inputs;
  bool embedWeights = false;
  /// Seconds to measure tiles for; 0: use what was measured before; -1: do not.
  int tuneSeconds = -1;
  bool cache = true;
  std::string cacheDir;           ///< MSC_CACHE_DIR, or msc in XDG_CACHE_HOME
  std::vector<std::string> flags; ///< further ones, as on the command line
  /// Gets what the compiler says, all lines of it, also on success.
  std::string *messages = nullptr;
};

namespace detail {

inline std::vector<std::string> flagsOf(const CompileOptions &options) {
  std::vector<std::string> flags = {"--target=" + options.target,
                                    "-O" + std::to_string(options.optLevel),
                                    "--precision=" + options.precision};
  auto add = [&](const char *name, const std::string &value) {
    if (!value.empty())
      flags.push_back(name + value);
  };
  auto addAll = [&](const char *name, const std::vector<std::string> &values) {
    for (const std::string &value : values)
      flags.push_back(name + value);
  };
  add("--mcpu=", options.cpu);
  add("--mtriple=", options.triple);
  add("--key=", options.key);
  add("--cache-dir=", options.cacheDir);
  addAll("--checkpoint=", options.checkpoints);
  addAll("--rename=", options.renames);
  addAll("--shape=", options.shapes);
  if (options.tuneSeconds >= 0)
    flags.push_back("--tune=" + std::to_string(options.tuneSeconds));
  if (options.lenient)
    flags.push_back("--lenient");
  if (options.embedWeights)
    flags.push_back("--embed-weights");
  if (!options.cache)
    flags.push_back("--no-cache");
  flags.insert(flags.end(), options.flags.begin(), options.flags.end());
  return flags;
}

inline std::vector<msc_jit_input>
inputsOf(const std::vector<mscrt::Tensor> &tensors) {
  std::vector<msc_jit_input> inputs;
  for (const mscrt::Tensor &tensor : tensors) {
    msc_jit_input input = {};
    input.dtype = tensor.dtype();
    input.rank = static_cast<int32_t>(tensor.shape().size());
    input.shape = tensor.shape().data();
    input.data = tensor.bytes();
    input.size = tensor.size();
    inputs.push_back(input);
  }
  return inputs;
}

inline mscrt::Error failure(mscrt_status code, const std::string &message) {
  mscrt::Error error;
  error.get()->code = code;
  std::snprintf(error.get()->message, sizeof(error.get()->message), "%s",
                message.c_str());
  return error;
}

/// A folder for an artifact on its way from the compiler to the runtime.
class TemporaryFolder {
public:
  TemporaryFolder() {
    const char *parent = std::getenv("TMPDIR");
    path = std::string(parent && *parent ? parent : "/tmp") + "/msc-XXXXXX";
    if (!mkdtemp(&path[0]))
      path.clear();
  }
  ~TemporaryFolder() {
    if (path.empty())
      return;
    unlink(artifact().c_str());
    for (const char *file : {"/model.weights", "/model.h"})
      unlink((path + file).c_str());
    rmdir(path.c_str());
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  bool exists() const { return !path.empty(); }
  std::string artifact() const { return path + "/model.so"; }

private:
  std::string path;
};

} // namespace detail

/// Compiles the file `model` to the artifact `output` and the files `.weights`
/// and `.h` beside it.
inline mscrt::Result<mscrt::Done>
compileTo(const std::string &output, const std::string &model,
          const CompileOptions &options = {}) {
  std::vector<std::string> flags = detail::flagsOf(options);
  std::vector<const char *> texts;
  for (const std::string &flag : flags)
    texts.push_back(flag.c_str());
  std::vector<msc_jit_input> inputs = detail::inputsOf(options.inputs);
  msc_jit_request request = {};
  request.size = sizeof(request);
  request.model = model.c_str();
  request.flags = texts.data();
  request.num_flags = static_cast<uint32_t>(texts.size());
  request.inputs = inputs.data();
  request.num_inputs = static_cast<uint32_t>(inputs.size());
  request.output = output.c_str();
  char *raw = nullptr;
  int status = msc_jit_compile(&request, &raw);
  std::string messages = raw;
  msc_jit_free(raw);
  if (options.messages)
    *options.messages = messages;
  if (status == 0)
    return mscrt::Done();
  return detail::failure(status == 2 ? MSCRT_ERROR_ARGUMENT
                                     : MSCRT_ERROR_UNSUPPORTED,
                         messages.substr(0, messages.find('\n')));
}

/// Compiles the file `model` for this machine and loads the result; nothing is
/// left on disk but what the compile cache keeps.
inline mscrt::Result<mscrt::Model>
compile(const std::string &model, const CompileOptions &options = {},
        const mscrt::LoadOptions &load = {}) {
  detail::TemporaryFolder folder;
  if (!folder.exists())
    return detail::failure(MSCRT_ERROR_IO, "cannot make a temporary folder");
  mscrt::Result<mscrt::Done> compiled =
      compileTo(folder.artifact(), model, options);
  if (!compiled)
    return compiled.error();
  return mscrt::Model::load(folder.artifact(), load);
}

} // namespace msc

#endif // MSC_MSC_HPP

// SPDX-License-Identifier: Apache-2.0
//
/// \file Finds libmsc.so and calls it.
#include "Jit.h"

#include "msc-c/jit.h"
#include "mscrt/mscrt.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>

using namespace msc::run;
namespace fs = std::filesystem;

bool msc::run::isArtifact(const std::string &path) {
  char magic[4] = {};
  FILE *file = fopen(path.c_str(), "re");
  if (!file)
    return false;
  bool isElf = fread(magic, 1, 4, file) == 4 && !memcmp(magic, "\177ELF", 4);
  fclose(file);
  return isElf;
}

JitArtifact::~JitArtifact() {
  std::error_code ignored;
  if (!folder.empty())
    fs::remove_all(folder, ignored);
}

/// Where the compiler may be: what MSC_LIBRARY names, beside this program,
/// where the dynamic linker looks.
static std::vector<std::string> candidates() {
  if (const char *path = getenv("MSC_LIBRARY"))
    return {path};
  std::error_code error;
  fs::path program = fs::read_symlink("/proc/self/exe", error);
  fs::path prefix = program.parent_path().parent_path();
  return {prefix / "lib/libmsc.so", prefix / MSC_LIBDIR / "libmsc.so",
          "libmsc.so"};
}

namespace {

struct Compiler {
  decltype(&msc_jit_compile) compile = nullptr;
  decltype(&msc_jit_free) release = nullptr;

  bool load(std::string &error) {
    void *library = nullptr;
    for (const std::string &path : candidates()) {
      library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
      if (library)
        break;
      const char *reason = dlerror();
      // A library that is there but cannot be loaded is the better message.
      if (error.empty() || access(path))
        error = reason ? reason : "unknown";
    }
    if (!library) {
      error =
          "cannot load the compiler, libmsc.so (MSC_LIBRARY can name it): " +
          error;
      return false;
    }
    compile =
        reinterpret_cast<decltype(compile)>(dlsym(library, "msc_jit_compile"));
    release =
        reinterpret_cast<decltype(release)>(dlsym(library, "msc_jit_free"));
    if (compile && release)
      return true;
    error = "the compiler library has no msc_jit_compile";
    return false;
  }

private:
  static bool access(const std::string &path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
  }
};

/// What the compiler is told about inputs: shapes and values of those from
/// files. Others keep their position with an unknown shape.
struct JitInputs {
  std::vector<mscrt::Tensor> tensors;
  std::vector<msc_jit_input> inputs;

  bool read(const std::vector<TensorSpec> &specs, std::string &error) {
    tensors.resize(specs.size());
    for (size_t i = 0; i < specs.size(); ++i) {
      msc_jit_input input = {};
      input.name = specs[i].name.c_str();
      input.rank = -1;
      if (specs[i].isFile()) {
        mscrt::Result<mscrt::Tensor> read =
            mscrt::Tensor::read(specs[i].source);
        if (!read) {
          error = read.error().message();
          return false;
        }
        tensors[i] = *read;
        mscrt_tensor raw = tensors[i].get();
        input.dtype = raw.dtype;
        input.rank = raw.rank;
        input.shape = raw.shape;
        input.data = raw.data;
        input.size = raw.size;
      }
      inputs.push_back(input);
    }
    return true;
  }
};

} // namespace

int JitArtifact::compile(const Options &options, std::string &messages) {
  Compiler compiler;
  JitInputs inputs;
  std::error_code failure;
  std::string pattern =
      (fs::temp_directory_path(failure) / "msc-run-XXXXXX").string();
  if (failure || !mkdtemp(pattern.data())) {
    messages = "error: cannot make a folder in " + pattern + "\n";
    return 1;
  }
  folder = pattern;
  std::string error;
  if (!compiler.load(error) || !inputs.read(options.inputs, error)) {
    messages = "error: " + error + "\n";
    return 1;
  }
  std::vector<const char *> flags;
  for (const std::string &flag : options.compileFlags)
    flags.push_back(flag.c_str());
  std::string output = path();
  msc_jit_request request = {};
  request.size = sizeof(request);
  request.model = options.model.c_str();
  request.flags = flags.data();
  request.num_flags = static_cast<uint32_t>(flags.size());
  request.inputs = inputs.inputs.data();
  request.num_inputs = static_cast<uint32_t>(inputs.inputs.size());
  request.output = output.c_str();
  char *text = nullptr;
  int status = compiler.compile(&request, &text);
  messages = text ? text : "";
  compiler.release(text);
  return status;
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Measures ONNX Runtime through its C API. Its package holds the library
/// without headers, so the few functions needed are called by their position in
/// the table of functions, whose order never changes between versions.
#include "Peer.h"

#include <dlfcn.h>

namespace {

constexpr uint32_t apiVersion = 16;

/// Positions in OrtApi.
enum Function {
  GetErrorMessage = 2,
  CreateEnv = 3,
  CreateSession = 7,
  Run = 9,
  CreateSessionOptions = 10,
  SetSessionGraphOptimizationLevel = 23,
  SetIntraOpNumThreads = 24,
  SessionGetOutputCount = 31,
  SessionGetOutputName = 37,
  CreateTensorWithDataAsOrtValue = 49,
  GetTensorMutableData = 51,
  GetTensorElementType = 60,
  GetDimensionsCount = 61,
  GetDimensions = 62,
  GetTensorTypeAndShape = 65,
  CreateCpuMemoryInfo = 69,
  GetAllocatorWithDefaultOptions = 78,
  AddFreeDimensionOverrideByName = 124,
};

struct ApiBase {
  const void *const *(*getApi)(uint32_t version);
  const char *(*getVersionString)();
};

class Session {
public:
  void load(const peer::Options &options);
  void setInputs(peer::Options &options);
  void run();
  std::vector<peer::Tensor> describeOutputs();
  void write(const peer::Options &options,
             const std::vector<peer::Tensor> &tensors);

private:
  template <typename... Arguments>
  void call(Function function, Arguments... arguments) {
    using Pointer = void *(*)(Arguments...);
    if (void *status = reinterpret_cast<Pointer>(api[function])(arguments...)) {
      auto message =
          reinterpret_cast<const char *(*)(void *)>(api[GetErrorMessage]);
      peer::die(message(status));
    }
  }
  void *makeOptions(const peer::Options &options);

  const void *const *api = nullptr;
  void *session = nullptr;
  std::vector<const char *> inputNames, outputNames;
  std::vector<void *> inputs, outputs;
};

void *Session::makeOptions(const peer::Options &options) {
  constexpr int allOptimizations = 99;
  void *result = nullptr;
  call(CreateSessionOptions, &result);
  call(SetIntraOpNumThreads, result, options.threads);
  call(SetSessionGraphOptimizationLevel, result, allOptimizations);
  for (const auto &[name, extent] : options.dims)
    call(AddFreeDimensionOverrideByName, result, name.c_str(), extent);
  return result;
}

void Session::load(const peer::Options &options) {
  constexpr int errors = 3;
  const char *path = getenv("MSC_BENCH_ONNXRUNTIME");
  void *library = dlopen(path ? path : "libonnxruntime.so", RTLD_NOW);
  void *symbol = library ? dlsym(library, "OrtGetApiBase") : nullptr;
  if (!symbol)
    peer::die(dlerror());
  api = reinterpret_cast<const ApiBase *(*)()>(symbol)()->getApi(apiVersion);
  if (!api)
    peer::die("the library does not know this version of the API");
  void *environment = nullptr;
  call(CreateEnv, errors, "bench", &environment);
  call(CreateSession, environment, options.model.c_str(), makeOptions(options),
       &session);
  void *allocator = nullptr;
  size_t count = 0;
  call(GetAllocatorWithDefaultOptions, &allocator);
  call(SessionGetOutputCount, session, &count);
  for (size_t i = 0; i < count; ++i) {
    char *name = nullptr;
    call(SessionGetOutputName, session, i, allocator, &name);
    outputNames.push_back(name);
  }
  outputs.resize(count);
}

void Session::setInputs(peer::Options &options) {
  constexpr int arenaAllocator = 1, defaultMemory = 0;
  void *memory = nullptr;
  call(CreateCpuMemoryInfo, arenaAllocator, defaultMemory, &memory);
  for (peer::Tensor &tensor : options.inputs) {
    void *value = nullptr;
    call(CreateTensorWithDataAsOrtValue, memory,
         static_cast<void *>(tensor.bytes.data()), tensor.bytes.size(),
         tensor.shape.data(), tensor.shape.size(), tensor.type->onnx, &value);
    inputNames.push_back(tensor.name.c_str());
    inputs.push_back(value);
  }
}

/// The first run makes the outputs, the others write into them.
void Session::run() {
  call(Run, session, static_cast<void *>(nullptr), inputNames.data(),
       inputs.data(), inputs.size(), outputNames.data(), outputNames.size(),
       outputs.data());
}

std::vector<peer::Tensor> Session::describeOutputs() {
  std::vector<peer::Tensor> tensors(outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    void *info = nullptr;
    int type = 0;
    size_t rank = 0;
    call(GetTensorTypeAndShape, outputs[i], &info);
    call(GetTensorElementType, info, &type);
    call(GetDimensionsCount, info, &rank);
    tensors[i].shape.resize(rank);
    call(GetDimensions, info, tensors[i].shape.data(), rank);
    for (const peer::ElementType &known : peer::elementTypes())
      if (known.onnx == type)
        tensors[i].type = &known;
    if (!tensors[i].type)
      peer::die("an output has elements of an unknown type");
  }
  return tensors;
}

void Session::write(const peer::Options &options,
                    const std::vector<peer::Tensor> &tensors) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    void *data = nullptr;
    call(GetTensorMutableData, outputs[i], &data);
    peer::writeOutput(options, i, tensors[i], data);
  }
}

} // namespace

int main(int count, char **arguments) { peer::main<Session>(count, arguments); }

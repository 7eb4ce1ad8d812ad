// SPDX-License-Identifier: Apache-2.0
//
/// \file Fuzz target of the checkpoint readers and of name matching: any bytes
/// are a checkpoint, or an error of one line.
#include "Reader.h"

#include <cstdlib>

using namespace mscrt;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Binds the checkpoint to a model that was made from it: some parameters fit,
/// some have another type or shape, some another name.
static void bind(const Checkpoint &checkpoint) {
  std::vector<ParameterInfo> model;
  for (const NamedTensor &tensor : checkpoint.tensors()) {
    size_t kind = model.size() % 5;
    ParameterInfo parameter{tensor.name, tensor.dtype, tensor.shape};
    if (kind == 1)
      parameter.dtype = MSCRT_F32;
    else if (kind == 2)
      parameter.name = tensor.name.substr(tensor.name.find('.') + 1);
    else if (kind == 3)
      parameter.shape.push_back(2);
    else if (kind == 4)
      parameter.flags = MSCRT_PARAMETER_FROZEN;
    model.push_back(parameter);
  }
  BindOptions options;
  options.strict = false;
  options.renames = {"^(net|train)\\.=", "(\\d+)\\.=x$1."};
  for (bool renamed : {false, true}) {
    if (!renamed)
      options.renames.clear();
    Binding binding;
    std::string error;
    bool ok = bindCheckpoints(model, {&checkpoint}, options, binding, error);
    require(ok == error.empty());
    require(binding.report.text().back() == '\n');
    for (size_t i = 0; ok && i < model.size(); ++i) {
      const BoundParameter &bound = binding.parameters[i];
      uint64_t size = 0;
      if (!bound.tensor ||
          !tensorByteSize(model[i].dtype, model[i].shape, size))
        continue;
      std::vector<char> value(size);
      require(writeParameter(bound, model[i].dtype, value.data(), size));
    }
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *bytes = reinterpret_cast<const char *>(data);
  std::string error;
  CheckpointLimits limits;
  limits.inflatedBytes = uint64_t(16) << 20;
  limits.values = 1000;
  auto checkpoint =
      Checkpoint::fromMemory(bytes, size, nullptr, "fuzz", error, limits);
  if (checkpoint) {
    uint64_t hash = 0;
    for (const NamedTensor &tensor : checkpoint->tensors()) {
      uint64_t expected = 0;
      require(tensorByteSize(tensor.dtype, tensor.shape, expected));
      require(expected == tensor.size);
      hash ^= hashBytes(tensor.data, tensor.size);
    }
    static volatile uint64_t sink = 0;
    sink = sink ^ hash; // so that no read is optimised away
    bind(*checkpoint);
  } else {
    require(!error.empty() && error.find('\n') == std::string::npos);
  }
  SafeTensorsIndex index;
  readSafeTensorsIndex(Bytes(bytes, size), index, error);
  return 0;
}

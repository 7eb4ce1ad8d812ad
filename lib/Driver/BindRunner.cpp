// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling, on one thread.
#include "lib/Driver/BindRunner.h"

#include <cstring>

using namespace llvm;

namespace msc {

Expected<PackedWeights> runBind(const std::string &path,
                                ParameterStore &store) {
  auto loaded = LoadedModel::load(path);
  if (!loaded)
    return loaded.takeError();
  const mscrt_model &model = (*loaded)->desc();
  std::vector<AlignedBuffer> staged;
  std::vector<const void *> inputs;
  for (uint32_t i = 0; i < model.num_parameters; ++i) {
    Parameter *parameter = store.find(model.parameters[i].name);
    if (!parameter)
      return createStringError("parameter '%s' has no value",
                               model.parameters[i].name);
    const char *data = parameter->data.data();
    if (reinterpret_cast<uintptr_t>(data) % MSCRT_ALIGNMENT) {
      staged.push_back(allocateAligned(parameter->data.size()));
      std::memcpy(staged.back().get(), data, parameter->data.size());
      data = staged.back().get();
    }
    inputs.push_back(data);
  }
  PackedWeights packed = {allocateAligned(model.weights_size),
                          model.weights_size};
  AlignedBuffer arena = allocateAligned(model.bind_arena_size);
  if (!packed.memory || !arena)
    return createStringError("out of memory for %llu bytes of weights",
                             (unsigned long long)model.weights_size);
  std::memset(packed.memory.get(), 0, packed.size);
  mscrt_call call = {};
  call.inputs = inputs.data();
  call.weights = packed.memory.get();
  call.arena = arena.get();
  if (int32_t error = (*loaded)->run(model.bind, call))
    return createStringError("packing the weights failed: " +
                             (*loaded)->message(error));
  return std::move(packed);
}

} // namespace msc

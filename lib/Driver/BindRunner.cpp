// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling, on one thread.
#include "lib/Driver/BindRunner.h"

#include "llvm/ADT/ScopeExit.h"
#include <cstring>
#include <dlfcn.h>

using namespace llvm;

namespace msc {

static void launch(mscrt_call *call, uint32_t stage,
                   const mscrt_kernel_args *args) {
  const auto *model = static_cast<const mscrt_model *>(call->runtime);
  const mscrt_stage_desc &desc = model->stages[stage];
  for (uint32_t z = 0; z < desc.grid[2]; ++z)
    for (uint32_t y = 0; y < desc.grid[1]; ++y)
      for (uint32_t x = 0; x < desc.grid[0]; ++x)
        desc.fn(args, x, y, z);
}

/// Memory aligned as the ABI asks for.
static std::unique_ptr<char, void (*)(void *)> allocate(uint64_t bytes) {
  uint64_t size = (bytes + MSCRT_ALIGNMENT) / MSCRT_ALIGNMENT * MSCRT_ALIGNMENT;
  return {static_cast<char *>(std::aligned_alloc(MSCRT_ALIGNMENT, size)),
          std::free};
}

Error runBind(const std::string &path, ParameterStore &store,
              std::vector<char> &weights) {
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return createStringError("cannot load the linked model: " +
                             StringRef(dlerror()));
  auto close = make_scope_exit([&] { dlclose(library); });
  auto *model =
      static_cast<const mscrt_model *>(dlsym(library, MSCRT_MODEL_SYMBOL));
  if (!model)
    return createStringError(
        "the linked model does not export " MSCRT_MODEL_SYMBOL);
  std::vector<std::unique_ptr<char, void (*)(void *)>> staged;
  std::vector<const void *> inputs;
  for (uint32_t i = 0; i < model->num_parameters; ++i) {
    Parameter *parameter = store.find(model->parameters[i].name);
    if (!parameter)
      return createStringError("parameter '%s' has no value",
                               model->parameters[i].name);
    const char *data = parameter->data.data();
    if (reinterpret_cast<uintptr_t>(data) % MSCRT_ALIGNMENT) {
      staged.push_back(allocate(parameter->data.size()));
      std::memcpy(staged.back().get(), data, parameter->data.size());
      data = staged.back().get();
    }
    inputs.push_back(data);
  }
  auto packed = allocate(model->weights_size),
       arena = allocate(model->bind_arena_size);
  if (!packed || !arena)
    return createStringError("out of memory for %llu bytes of weights",
                             (unsigned long long)model->weights_size);
  std::memset(packed.get(), 0, model->weights_size);
  mscrt_services services = {sizeof(mscrt_services), launch};
  mscrt_call call = {};
  call.services = &services;
  call.runtime = const_cast<mscrt_model *>(model);
  call.inputs = inputs.data();
  call.weights = packed.get();
  call.arena = arena.get();
  if (int32_t error = model->bind(&call))
    return createStringError("packing the weights failed with code %d", error);
  weights.assign(packed.get(), packed.get() + model->weights_size);
  return Error::success();
}

} // namespace msc

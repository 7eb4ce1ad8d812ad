// SPDX-License-Identifier: Apache-2.0
//
/// \file Loads a linked model and runs its code on one thread.
#include "lib/Driver/LoadedModel.h"

#include <cstdlib>
#include <dlfcn.h>

using namespace llvm;

namespace msc {

AlignedBuffer allocateAligned(uint64_t bytes) {
  uint64_t size = (bytes + MSCRT_ALIGNMENT) / MSCRT_ALIGNMENT * MSCRT_ALIGNMENT;
  return {static_cast<char *>(std::aligned_alloc(MSCRT_ALIGNMENT, size)),
          std::free};
}

Expected<std::unique_ptr<LoadedModel>>
LoadedModel::load(const std::string &path) {
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return createStringError("cannot load the linked model: " +
                             std::string(dlerror()));
  auto *model =
      static_cast<const mscrt_model *>(dlsym(library, MSCRT_MODEL_SYMBOL));
  std::unique_ptr<LoadedModel> loaded(new LoadedModel(library, model));
  if (!model)
    return createStringError(
        "the linked model does not export " MSCRT_MODEL_SYMBOL);
  loaded->scratch = allocateAligned(model->scratch_size);
  if (!loaded->scratch)
    return createStringError("out of memory for %llu bytes of scratch",
                             (unsigned long long)model->scratch_size);
  return loaded;
}

LoadedModel::~LoadedModel() { dlclose(library); }

void LoadedModel::runStage(uint32_t stage,
                           const mscrt_kernel_args &args) const {
  const mscrt_stage_desc &desc = model->stages[stage];
  const mscrt_kernel_args own = {args.buffers, args.error, scratch.get()};
  for (uint32_t z = 0; z < desc.grid[2]; ++z)
    for (uint32_t y = 0; y < desc.grid[1]; ++y)
      for (uint32_t x = 0; x < desc.grid[0]; ++x)
        desc.fn(&own, x, y, z);
}

static void launch(mscrt_call *call, uint32_t stage,
                   const mscrt_kernel_args *args) {
  (*static_cast<LoadedModel::Launch *>(call->runtime))(stage, *args);
}

int32_t LoadedModel::run(mscrt_entry_fn function, mscrt_call &call,
                         Launch launcher) const {
  mscrt_services services = {sizeof(mscrt_services), launch};
  call.services = &services;
  call.runtime = &launcher;
  call.error = 0;
  return function(&call);
}

int32_t LoadedModel::run(mscrt_entry_fn function, mscrt_call &call) const {
  return run(function, call,
             [this](uint32_t stage, const mscrt_kernel_args &args) {
               runStage(stage, args);
             });
}

std::string LoadedModel::message(int32_t code) const {
  if (code > 0 && uint32_t(code) <= model->num_messages)
    return model->messages[code - 1];
  return "code " + std::to_string(code);
}

} // namespace msc

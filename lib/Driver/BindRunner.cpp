// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs an artifact's bind function while compiling, on one thread.
#include "lib/Driver/BindRunner.h"

#include "llvm/Support/ErrorHandling.h"
#include <cstring>

using namespace llvm;

namespace msc {

namespace {
/// Launches stages on parameters that lie in files at any address: kernels want
/// them aligned, and get copies for as long as they run.
class StagingLauncher {
public:
  StagingLauncher(const LoadedModel &model, const ProgramCode &program)
      : model(model) {
    for (const auto &kernel : program.kernels)
      numBuffers.append(kernel->code.stages.size(),
                        kernel->kernel->getNumOperands() +
                            kernel->kernel->getNumResults() +
                            kernel->code.workspace.size());
  }

  void addParameter(ArrayRef<char> data) {
    if (reinterpret_cast<uintptr_t>(data.data()) % MSCRT_ALIGNMENT)
      unaligned.push_back(data);
  }
  void launch(uint32_t stage, const mscrt_kernel_args &args) const;

private:
  const LoadedModel &model;
  SmallVector<unsigned> numBuffers; ///< per stage
  SmallVector<ArrayRef<char>> unaligned;
};
} // namespace

void StagingLauncher::launch(uint32_t stage,
                             const mscrt_kernel_args &args) const {
  SmallVector<void *> buffers(args.buffers, args.buffers + numBuffers[stage]);
  std::vector<AlignedBuffer> copies;
  for (void *&buffer : buffers) {
    auto *address = static_cast<const char *>(buffer);
    auto of = find_if(unaligned, [&](ArrayRef<char> data) {
      return address >= data.begin() && address < data.end();
    });
    if (of == unaligned.end())
      continue;
    copies.push_back(allocateAligned(of->size()));
    if (!copies.back())
      report_bad_alloc_error("no memory for a copy of a parameter");
    std::memcpy(copies.back().get(), of->data(), of->size());
    buffer = copies.back().get() + (address - of->data());
  }
  mscrt_kernel_args staged = args;
  staged.buffers = buffers.data();
  model.runStage(stage, staged);
}

Expected<PackedWeights> runBind(const std::string &path,
                                const ProgramCode &program,
                                ParameterStore &store) {
  auto loaded = LoadedModel::load(path);
  if (!loaded)
    return loaded.takeError();
  const mscrt_model &model = (*loaded)->desc();
  StagingLauncher launcher(**loaded, program);
  std::vector<const void *> inputs;
  for (uint32_t i = 0; i < model.num_parameters; ++i) {
    Parameter *parameter = store.find(model.parameters[i].name);
    if (!parameter)
      return createStringError("parameter '%s' has no value",
                               model.parameters[i].name);
    launcher.addParameter(parameter->data);
    inputs.push_back(parameter->data.data());
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
  auto launch = [&](uint32_t stage, const mscrt_kernel_args &args) {
    launcher.launch(stage, args);
  };
  if (int32_t error = (*loaded)->run(model.bind, call, launch))
    return createStringError("packing the weights failed: " +
                             (*loaded)->message(error));
  return std::move(packed);
}

} // namespace msc

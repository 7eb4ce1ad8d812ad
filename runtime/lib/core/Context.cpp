// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs a model: arena, state, buffers of the caller or of the context.
#include "Launch.h"
#include "Model.h"
#include "Profile.h"
#include "Support.h"

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstring>
#include <new>
#include <vector>

using namespace mscrt::core;

struct mscrt_context {
  std::shared_ptr<const Model> model;
  Block arena, state, scratch;
  std::vector<Block> inputCopies, outputBuffers;
  std::vector<std::vector<int64_t>> outputShapes;
  Profile profile;
  bool isProfiling = false;
  std::atomic<bool> isBusy{false};
};

namespace {

/// Takes a context for one call; converts to false when another one has it.
class Use {
public:
  explicit Use(mscrt_context &context)
      : context(context), isTaken(!context.isBusy.exchange(true)) {}
  ~Use() {
    if (isTaken)
      context.isBusy.store(false);
  }
  explicit operator bool() const { return isTaken; }
  Use(const Use &) = delete;
  Use &operator=(const Use &) = delete;

private:
  mscrt_context &context;
  bool isTaken;
};

mscrt_status busy(mscrt_error *error) {
  return fail(error, MSCRT_ERROR_BUSY,
              "the context is in use by another call; use one per thread");
}

void seedState(mscrt_context &context, const mscrt_state_desc &state,
               const Weights &weights) {
  if (state.size)
    memcpy(context.state.data() + state.offset,
           weights.data + state.init_offset, state.size);
}

const mscrt_state_desc *findState(const mscrt_model &model, const char *name) {
  for (uint32_t i = 0; i < model.num_states; ++i)
    if (strcmp(model.states[i].name, name) == 0)
      return &model.states[i];
  return nullptr;
}

/// What the three state functions have in common.
mscrt_status accessState(const mscrt_model &model, const char *name,
                         uint64_t size, const mscrt_state_desc *&state,
                         mscrt_error *error) {
  state = findState(model, name ? name : "");
  if (!state)
    return fail(error, MSCRT_ERROR_ARGUMENT, "the model has no state '%s'",
                orEmpty(name));
  if (state->size != size)
    return fail(error, MSCRT_ERROR_SHAPE,
                "state '%s' has %" PRIu64 " bytes, the buffer has %" PRIu64,
                name, state->size, size);
  return MSCRT_OK;
}

/// One run: where its inputs and outputs lie.
class Run {
public:
  Run(mscrt_context &context, const mscrt_entry &entry)
      : context(context), model(context.model->desc()), entry(entry),
        inputs(model.num_inputs), outputs(model.num_outputs),
        shapes(model.num_outputs) {}

  mscrt_status placeInputs(const mscrt_tensor *given, mscrt_error *error);
  mscrt_status placeOutputs(const mscrt_tensor *given, mscrt_error *error);
  mscrt_status execute(mscrt_error *error);
  mscrt_status returnOutputs(mscrt_tensor *given, mscrt_error *error);

private:
  mscrt_status checkOutput(uint32_t index, const mscrt_tensor &given,
                           uint64_t bytes, mscrt_error *error);
  mscrt_status place(Block &block, uint64_t bytes, mscrt_error *error) {
    if (block.data() && block.size() >= bytes)
      return MSCRT_OK;
    if (block.allocate(bytes))
      return MSCRT_OK;
    return fail(error, MSCRT_ERROR_MEMORY, "no memory for %" PRIu64 " bytes",
                bytes);
  }

  mscrt_context &context;
  const mscrt_model &model;
  const mscrt_entry &entry;
  std::vector<const void *> inputs;
  std::vector<void *> outputs;
  std::vector<int64_t *> shapes;
};

mscrt_status Run::placeInputs(const mscrt_tensor *given, mscrt_error *error) {
  for (uint32_t i = 0; i < model.num_inputs; ++i) {
    uint64_t bytes = 0;
    tensorBytes(given[i].dtype, given[i].rank, given[i].shape, bytes);
    inputs[i] = bytes ? given[i].data : emptyBuffer();
    if (isAligned(inputs[i]))
      continue;
    Block &copy = context.inputCopies[i];
    if (mscrt_status status = place(copy, bytes, error))
      return status;
    memcpy(copy.data(), given[i].data, bytes);
    inputs[i] = copy.data();
  }
  return MSCRT_OK;
}

mscrt_status Run::checkOutput(uint32_t index, const mscrt_tensor &given,
                              uint64_t bytes, mscrt_error *error) {
  const mscrt_value_desc &value = model.outputs[index];
  const int64_t *shape = entry.output_shapes[index];
  std::string name = valueText("output", value, index);
  if (given.dtype != value.dtype)
    return fail(error, MSCRT_ERROR_DTYPE, "%s has dtype %s, expected %s",
                name.c_str(), mscrt_dtype_name(given.dtype),
                mscrt_dtype_name(value.dtype));
  if (given.shape && given.rank != value.rank)
    return fail(error, MSCRT_ERROR_SHAPE, "%s has rank %d, expected %d",
                name.c_str(), given.rank, value.rank);
  for (int32_t i = 0; given.shape && i < value.rank; ++i)
    if (given.shape[i] != shape[i])
      return fail(error, MSCRT_ERROR_SHAPE,
                  "%s dimension %d is %" PRId64 ", expected %" PRId64,
                  name.c_str(), i, given.shape[i], shape[i]);
  if (given.size < bytes)
    return fail(error, MSCRT_ERROR_SHAPE,
                "%s needs %" PRIu64 " bytes, its buffer has %" PRIu64,
                name.c_str(), bytes, given.size);
  return MSCRT_OK;
}

mscrt_status Run::placeOutputs(const mscrt_tensor *given, mscrt_error *error) {
  for (uint32_t i = 0; i < model.num_outputs; ++i) {
    const mscrt_value_desc &value = model.outputs[i];
    const int64_t *shape = entry.output_shapes[i];
    uint64_t bytes = 0;
    tensorBytes(value.dtype, value.rank, shape, bytes);
    if (given[i].data)
      if (mscrt_status status = checkOutput(i, given[i], bytes, error))
        return status;
    // One spare element, so that a scalar too has a shape to point to.
    context.outputShapes[i].assign(shape, shape + value.rank);
    context.outputShapes[i].push_back(0);
    shapes[i] = context.outputShapes[i].data();
    outputs[i] = given[i].data;
    if (given[i].data && isAligned(given[i].data))
      continue;
    Block &buffer = context.outputBuffers[i];
    if (mscrt_status status = place(buffer, bytes, error))
      return status;
    outputs[i] = buffer.data();
  }
  return MSCRT_OK;
}

mscrt_status Run::execute(mscrt_error *error) {
  std::shared_ptr<const Weights> weights = context.model->weights();
  mscrt_call call = {};
  call.inputs = inputs.data();
  call.outputs = outputs.data();
  // Entries only read them; the field is shared with the bind function.
  call.weights = const_cast<char *>(weights->data);
  call.state = context.state.data();
  call.arena = context.arena.data();
  call.output_shapes = shapes.data();
  Launcher launcher(model, context.model->threads(), context.scratch,
                    context.isProfiling ? &context.profile : nullptr);
  return launcher.call(entry.fn, call, error);
}

mscrt_status Run::returnOutputs(mscrt_tensor *given, mscrt_error *error) {
  for (uint32_t i = 0; i < model.num_outputs; ++i) {
    const mscrt_value_desc &value = model.outputs[i];
    for (int32_t d = 0; d < value.rank; ++d)
      if (shapes[i][d] < 0 || shapes[i][d] > entry.output_shapes[i][d])
        return fail(error, MSCRT_ERROR_MODEL,
                    "%s came back with dimension %d of %" PRId64
                    ", more than %" PRId64,
                    valueText("output", value, i).c_str(), d, shapes[i][d],
                    entry.output_shapes[i][d]);
  }
  for (uint32_t i = 0; i < model.num_outputs; ++i) {
    const mscrt_value_desc &value = model.outputs[i];
    uint64_t bytes = 0;
    tensorBytes(value.dtype, value.rank, shapes[i], bytes);
    if (!given[i].data)
      given[i].data = outputs[i];
    else if (given[i].data != outputs[i] && bytes)
      memcpy(given[i].data, outputs[i], bytes);
    given[i].dtype = value.dtype;
    given[i].rank = value.rank;
    given[i].shape = shapes[i];
    given[i].size = bytes;
  }
  return MSCRT_OK;
}

} // namespace

extern "C" {

mscrt_status mscrt_context_create(const mscrt_loaded_model *model,
                                  mscrt_context **result, mscrt_error *error) {
  if (!model || !result)
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no model or no place for the context");
  auto context = std::make_unique<mscrt_context>();
  context->model = model->model;
  const mscrt_model &desc = context->model->desc();
  uint64_t arenaSize = 0;
  for (uint32_t i = 0; i < desc.num_entries; ++i)
    arenaSize = std::max(arenaSize, desc.entries[i].arena_size);
  if (!context->arena.allocate(arenaSize) ||
      !context->state.allocate(desc.state_size))
    return fail(error, MSCRT_ERROR_MEMORY,
                "no memory for a context (%" PRIu64 " bytes)",
                arenaSize + desc.state_size);
  context->inputCopies.resize(desc.num_inputs);
  context->outputBuffers.resize(desc.num_outputs);
  context->outputShapes.resize(desc.num_outputs);
  std::shared_ptr<const Weights> weights = context->model->weights();
  for (uint32_t i = 0; i < desc.num_states; ++i)
    seedState(*context, desc.states[i], *weights);
  *result = context.release();
  return MSCRT_OK;
}

void mscrt_context_destroy(mscrt_context *context) { delete context; }

mscrt_status mscrt_context_run(mscrt_context *context,
                               const mscrt_tensor *inputs, uint32_t numInputs,
                               mscrt_tensor *outputs, uint32_t numOutputs,
                               mscrt_error *error) {
  if (!context)
    return fail(error, MSCRT_ERROR_ARGUMENT, "no context");
  Use use(*context);
  if (!use)
    return busy(error);
  const mscrt_model &model = context->model->desc();
  uint32_t entry;
  if (mscrt_status status = selectEntry(model, inputs, numInputs, entry, error))
    return status;
  if (numOutputs != model.num_outputs || (numOutputs && !outputs))
    return fail(error, MSCRT_ERROR_ARGUMENT, "the model has %u outputs, got %u",
                model.num_outputs, outputs ? numOutputs : 0);
  Run run(*context, model.entries[entry]);
  if (mscrt_status status = run.placeInputs(inputs, error))
    return status;
  if (mscrt_status status = run.placeOutputs(outputs, error))
    return status;
  if (mscrt_status status = run.execute(error))
    return status;
  return run.returnOutputs(outputs, error);
}

uint64_t mscrt_context_arena_size(const mscrt_context *context) {
  return context->arena.size();
}

mscrt_status mscrt_context_get_state(mscrt_context *context, const char *name,
                                     void *data, uint64_t size,
                                     mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  const mscrt_state_desc *state;
  if (mscrt_status status =
          accessState(context->model->desc(), name, size, state, error))
    return status;
  if (size)
    memcpy(data, context->state.data() + state->offset, size);
  return MSCRT_OK;
}

mscrt_status mscrt_context_set_state(mscrt_context *context, const char *name,
                                     const void *data, uint64_t size,
                                     mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  const mscrt_state_desc *state;
  if (mscrt_status status =
          accessState(context->model->desc(), name, size, state, error))
    return status;
  if (size)
    memcpy(context->state.data() + state->offset, data, size);
  return MSCRT_OK;
}

mscrt_status mscrt_context_reset_state(mscrt_context *context, const char *name,
                                       mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  const mscrt_model &model = context->model->desc();
  std::shared_ptr<const Weights> weights = context->model->weights();
  if (name && !findState(model, name))
    return fail(error, MSCRT_ERROR_ARGUMENT, "the model has no state '%s'",
                name);
  for (uint32_t i = 0; i < model.num_states; ++i)
    if (!name || strcmp(model.states[i].name, name) == 0)
      seedState(*context, model.states[i], *weights);
  return MSCRT_OK;
}

mscrt_status mscrt_context_set_profiling(mscrt_context *context, int enabled,
                                         mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  if (enabled)
    context->profile.clear();
  context->isProfiling = enabled != 0;
  return MSCRT_OK;
}

mscrt_status mscrt_context_get_profile(mscrt_context *context,
                                       mscrt_slice *slices, uint64_t capacity,
                                       uint64_t *count, mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  *count = context->profile.copy(slices, capacity);
  return MSCRT_OK;
}

mscrt_status mscrt_context_write_profile(mscrt_context *context,
                                         const char *path, mscrt_error *error) {
  Use use(*context);
  if (!use)
    return busy(error);
  return context->profile.write(context->model->desc(), path, error);
}

} // extern "C"

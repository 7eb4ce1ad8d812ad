// SPDX-License-Identifier: Apache-2.0
//
/// \file Checks the tables of a model once, so that nothing later has to.
#include "CpuFeatures.h"
#include "Model.h"
#include "Support.h"

using namespace mscrt::core;

namespace {

mscrt_status damaged(mscrt_error *error, const char *what, uint32_t index) {
  return fail(error, MSCRT_ERROR_FORMAT,
              "the model's tables are damaged: %s %u", what, index);
}

/// Shapes of a signature have -1 where the size is not fixed.
bool isSignature(const mscrt_value_desc &value) {
  if (value.rank < 0 || !mscrt_dtype_size(value.dtype) ||
      (value.rank && !value.shape))
    return false;
  for (int32_t i = 0; i < value.rank; ++i)
    if (value.shape[i] < -1)
      return false;
  return true;
}

bool checkShapes(const mscrt_value_desc *values, uint32_t count,
                 const int64_t *const *shapes) {
  if (count && !shapes)
    return false;
  uint64_t bytes;
  for (uint32_t i = 0; i < count; ++i)
    if (!tensorBytes(values[i].dtype, values[i].rank, shapes[i], bytes))
      return false;
  return true;
}

bool checkEntry(const mscrt_model &model, const mscrt_entry &entry) {
  if (!entry.fn || (entry.num_guards && !entry.guards) ||
      !checkShapes(model.inputs, model.num_inputs, entry.input_shapes) ||
      !checkShapes(model.outputs, model.num_outputs, entry.output_shapes))
    return false;
  for (uint32_t i = 0; i < entry.num_guards; ++i) {
    const mscrt_guard &guard = entry.guards[i];
    if (guard.input >= model.num_inputs || (guard.size && !guard.value))
      return false;
    const mscrt_value_desc &input = model.inputs[guard.input];
    uint64_t bytes;
    if (!tensorBytes(input.dtype, input.rank, entry.input_shapes[guard.input],
                     bytes) ||
        guard.size != bytes)
      return false;
  }
  return true;
}

bool checkStage(const mscrt_stage_desc &stage) {
  uint64_t points;
  return stage.fn &&
         !__builtin_mul_overflow(uint64_t(stage.grid[0]) * stage.grid[1],
                                 uint64_t(stage.grid[2]), &points) &&
         points < uint64_t(1) << 55;
}

/// True when [offset, offset + size) lies in a block of `limit` bytes.
bool isInside(uint64_t offset, uint64_t size, uint64_t limit) {
  return offset <= limit && size <= limit - offset;
}

bool checkState(const mscrt_model &model, const mscrt_state_desc &state) {
  uint64_t bytes;
  return state.name &&
         tensorBytes(state.dtype, state.rank, state.shape, bytes) &&
         bytes == state.size &&
         isInside(state.offset, state.size, model.state_size) &&
         isInside(state.init_offset, state.size, model.weights_size);
}

bool checkParameter(const mscrt_model &model,
                    const mscrt_parameter_desc &parameter) {
  uint64_t bytes;
  return parameter.name &&
         tensorBytes(parameter.dtype, parameter.rank, parameter.shape, bytes) &&
         bytes == parameter.size &&
         (parameter.value_offset == MSCRT_NOT_STORED ||
          isInside(parameter.value_offset, parameter.size, model.weights_size));
}

mscrt_status checkTables(const mscrt_model &model, mscrt_error *error) {
  if ((model.num_inputs && !model.inputs) ||
      (model.num_outputs && !model.outputs) ||
      (model.num_parameters && !model.parameters) ||
      (model.num_states && !model.states) || !model.num_entries ||
      !model.entries || (model.num_stages && !model.stages) ||
      (model.num_messages && !model.messages))
    return fail(error, MSCRT_ERROR_FORMAT,
                "the model's tables are damaged: one is missing");
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    if (!isSignature(model.inputs[i]))
      return damaged(error, "input", i);
  for (uint32_t i = 0; i < model.num_outputs; ++i)
    if (!isSignature(model.outputs[i]))
      return damaged(error, "output", i);
  for (uint32_t i = 0; i < model.num_parameters; ++i)
    if (!checkParameter(model, model.parameters[i]))
      return damaged(error, "parameter", i);
  for (uint32_t i = 0; i < model.num_states; ++i)
    if (!checkState(model, model.states[i]))
      return damaged(error, "state", i);
  for (uint32_t i = 0; i < model.num_stages; ++i)
    if (!checkStage(model.stages[i]))
      return damaged(error, "stage", i);
  for (uint32_t i = 0; i < model.num_entries; ++i)
    if (!checkEntry(model, model.entries[i]))
      return damaged(error, "entry", i);
  for (uint32_t i = 0; i < model.num_messages; ++i)
    if (!model.messages[i])
      return damaged(error, "message", i);
  return MSCRT_OK;
}

} // namespace

mscrt_status mscrt::core::checkModel(const mscrt_model *model,
                                     mscrt_error *error) {
  // The version comes first: it says how to read everything behind it.
  if (model->abi_version != MSCRT_ABI_VERSION)
    return fail(error, MSCRT_ERROR_VERSION,
                "the model is built for ABI version %u, this runtime has %u",
                model->abi_version, MSCRT_ABI_VERSION);
  if (model->size < sizeof(mscrt_model))
    return fail(error, MSCRT_ERROR_VERSION,
                "the model's description has %u bytes, this runtime needs %zu",
                model->size, sizeof(mscrt_model));
  if (mscrt_status status = checkCpu(model->triple, model->cpu_features, error))
    return status;
  if (model->target && std::string(model->target) != "cpu")
    return fail(error, MSCRT_ERROR_UNSUPPORTED,
                "the model is compiled for target '%s', this runtime has cpu",
                model->target);
  return checkTables(*model, error);
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Finds the entry for given inputs, and says precisely why there is
/// none.
#include "Model.h"
#include "Support.h"

#include <cinttypes>
#include <cstring>

using namespace mscrt::core;

std::string mscrt::core::valueText(const char *role,
                                   const mscrt_value_desc &value,
                                   uint32_t index) {
  std::string text = role;
  if (!value.name || !*value.name)
    return text + ' ' + std::to_string(index);
  return text + " '" + value.name + "'";
}

namespace {

/// "0", or "0 (batch)" where the signature names the dimension.
std::string dimensionText(const mscrt_value_desc &value, int32_t dimension) {
  std::string text = std::to_string(dimension);
  if (value.dim_names && value.dim_names[dimension])
    text += std::string(" (") + value.dim_names[dimension] + ")";
  return text;
}

mscrt_status checkCount(const mscrt_model &model, uint32_t numInputs,
                        mscrt_error *error) {
  if (numInputs == model.num_inputs)
    return MSCRT_OK;
  std::string names;
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    names += (i ? ", " : "") + std::string(orEmpty(model.inputs[i].name));
  return fail(error, MSCRT_ERROR_ARGUMENT,
              "the model has %u inputs (%s), got %u", model.num_inputs,
              names.c_str(), numInputs);
}

/// What holds for every entry: dtype, rank, the fixed extents, the buffer.
mscrt_status checkInput(const mscrt_value_desc &value, uint32_t index,
                        const mscrt_tensor &input, mscrt_error *error) {
  std::string name = valueText("input", value, index);
  if (input.dtype != value.dtype)
    return fail(error, MSCRT_ERROR_DTYPE, "%s has dtype %s, expected %s",
                name.c_str(), mscrt_dtype_name(input.dtype),
                mscrt_dtype_name(value.dtype));
  if (input.rank != value.rank)
    return fail(error, MSCRT_ERROR_SHAPE, "%s has rank %d, expected %d",
                name.c_str(), input.rank, value.rank);
  if (input.rank && !input.shape)
    return fail(error, MSCRT_ERROR_SHAPE, "%s has no shape", name.c_str());
  for (int32_t i = 0; i < value.rank; ++i)
    if (value.shape[i] >= 0 && input.shape[i] != value.shape[i])
      return fail(error, MSCRT_ERROR_SHAPE,
                  "%s dimension %s is %" PRId64 ", expected %" PRId64,
                  name.c_str(), dimensionText(value, i).c_str(), input.shape[i],
                  value.shape[i]);
  uint64_t bytes;
  if (!tensorBytes(input.dtype, input.rank, input.shape, bytes))
    return fail(error, MSCRT_ERROR_SHAPE,
                "%s has a negative dimension or its size overflows",
                name.c_str());
  if (input.size < bytes || (bytes && !input.data))
    return fail(error, MSCRT_ERROR_SHAPE,
                "%s needs %" PRIu64 " bytes, its buffer has %" PRIu64,
                name.c_str(), bytes, input.data ? input.size : 0);
  return MSCRT_OK;
}

/// Where an entry's shapes first differ from the inputs'.
struct Mismatch {
  uint32_t input;
  int32_t dimension;
  unsigned count; // of differing dimensions; 0 = the entry fits
};

Mismatch compareShapes(const mscrt_model &model, const mscrt_entry &entry,
                       const mscrt_tensor *inputs) {
  Mismatch result = {0, 0, 0};
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    for (int32_t d = 0; d < model.inputs[i].rank; ++d)
      if (inputs[i].shape[d] != entry.input_shapes[i][d] && !result.count++)
        result = {i, d, 1};
  return result;
}

mscrt_status shapeError(const mscrt_model &model, uint32_t entry,
                        const Mismatch &mismatch, const mscrt_tensor *inputs,
                        mscrt_error *error) {
  const mscrt_value_desc &value = model.inputs[mismatch.input];
  int64_t actual = inputs[mismatch.input].shape[mismatch.dimension];
  int64_t expected =
      model.entries[entry].input_shapes[mismatch.input][mismatch.dimension];
  std::string text = valueText("input", value, mismatch.input) + " dimension " +
                     dimensionText(value, mismatch.dimension) + " is " +
                     std::to_string(actual) + ", expected " +
                     std::to_string(expected);
  if (model.num_entries > 1)
    text += " as in the nearest of " + std::to_string(model.num_entries) +
            " compiled shapes";
  return fail(error, MSCRT_ERROR_SHAPE, "%s", text.c_str());
}

/// The first guard that does not hold, or NULL.
const mscrt_guard *brokenGuard(const mscrt_entry &entry,
                               const mscrt_tensor *inputs) {
  for (uint32_t i = 0; i < entry.num_guards; ++i) {
    const mscrt_guard &guard = entry.guards[i];
    if (guard.size &&
        memcmp(inputs[guard.input].data, guard.value, guard.size) != 0)
      return &guard;
  }
  return nullptr;
}

mscrt_status guardError(const mscrt_model &model, const mscrt_guard &guard,
                        const mscrt_tensor *inputs, mscrt_error *error) {
  const mscrt_value_desc &value = model.inputs[guard.input];
  const auto *actual = static_cast<const char *>(inputs[guard.input].data);
  const auto *expected = static_cast<const char *>(guard.value);
  size_t elementSize = mscrt_dtype_size(value.dtype);
  uint64_t element = 0;
  while (memcmp(actual + element * elementSize,
                expected + element * elementSize, elementSize) == 0)
    ++element;
  return fail(error, MSCRT_ERROR_GUARD,
              "%s element %" PRIu64
              " is %s, but the model was compiled for the value %s",
              valueText("input", value, guard.input).c_str(), element,
              elementText(value.dtype, actual, element).c_str(),
              elementText(value.dtype, expected, element).c_str());
}

} // namespace

mscrt_status mscrt::core::selectEntry(const mscrt_model &model,
                                      const mscrt_tensor *inputs,
                                      uint32_t numInputs, uint32_t &selected,
                                      mscrt_error *error) {
  if (mscrt_status status = checkCount(model, numInputs, error))
    return status;
  if (numInputs && !inputs)
    return fail(error, MSCRT_ERROR_ARGUMENT, "no inputs");
  for (uint32_t i = 0; i < numInputs; ++i)
    if (mscrt_status status = checkInput(model.inputs[i], i, inputs[i], error))
      return status;
  const mscrt_guard *broken = nullptr;
  uint32_t nearest = 0;
  Mismatch least = {0, 0, UINT32_MAX};
  for (uint32_t i = 0; i < model.num_entries; ++i) {
    Mismatch mismatch = compareShapes(model, model.entries[i], inputs);
    if (mismatch.count < least.count) {
      least = mismatch;
      nearest = i;
    }
    if (mismatch.count)
      continue;
    const mscrt_guard *guard = brokenGuard(model.entries[i], inputs);
    if (!guard) {
      selected = i;
      return MSCRT_OK;
    }
    broken = broken ? broken : guard;
  }
  if (broken)
    return guardError(model, *broken, inputs, error);
  return shapeError(model, nearest, least, inputs, error);
}

mscrt_status mscrt_model_select(const mscrt_loaded_model *model,
                                const mscrt_tensor *inputs, uint32_t numInputs,
                                uint32_t *entry, mscrt_error *error) {
  if (!model || !entry)
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no model or no place for the entry");
  uint32_t selected;
  if (mscrt_status status =
          selectEntry(model->model->desc(), inputs, numInputs, selected, error))
    return status;
  *entry = selected;
  return MSCRT_OK;
}

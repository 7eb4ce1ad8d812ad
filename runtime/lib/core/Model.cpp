// SPDX-License-Identifier: Apache-2.0
//
/// \file Loads models and finds their weights.
#include "Model.h"

#include "CpuCount.h"
#include "Support.h"

#include "mscrt/checkpoint.h"

#include <cinttypes>
#include <cstring>
#include <new>

using namespace mscrt::core;

/// "dir/net.so" -> "dir/net.weights".
static std::string weightsPathOf(const std::string &path) {
  size_t slash = path.rfind('/');
  size_t dot = path.rfind('.');
  bool hasSuffix = dot != std::string::npos && dot > 0 &&
                   (slash == std::string::npos || dot > slash + 1);
  return (hasSuffix ? path.substr(0, dot) : path) + ".weights";
}

void Model::setThreads(unsigned threads) {
  threadLimit.store(threads ? threads : availableCpus());
}

mscrt_status Model::load(const char *path, const mscrt_load_options &options,
                         mscrt_error *error) {
  if (mscrt_status status = library.open(path, description, error))
    return status;
  if (mscrt_status status = checkModel(description, error))
    return status;
  auto weights = std::make_shared<Weights>();
  weights->data = static_cast<const char *>(description->weights);
  if (options.weights_path || (!weights->data && description->weights_size)) {
    std::string file =
        options.weights_path ? options.weights_path : weightsPathOf(path);
    if (mscrt_status status = weights->file.open(file.c_str(), error))
      return status;
    if (weights->file.size() != description->weights_size)
      return fail(error, MSCRT_ERROR_FORMAT,
                  "'%s' has %" PRIu64 " bytes, '%s' expects %" PRIu64,
                  file.c_str(), weights->file.size(), path,
                  description->weights_size);
    weights->data = weights->file.data();
  }
  return finish(options, std::move(weights), error);
}

mscrt_status Model::wrap(const mscrt_model *desc, const void *data,
                         const mscrt_load_options &options,
                         mscrt_error *error) {
  description = desc;
  if (mscrt_status status = checkModel(description, error))
    return status;
  auto weights = std::make_shared<Weights>();
  weights->data = static_cast<const char *>(data ? data : description->weights);
  return finish(options, std::move(weights), error);
}

mscrt_status Model::finish(const mscrt_load_options &options,
                           std::shared_ptr<const Weights> weights,
                           mscrt_error *error) {
  const mscrt_model &model = *description;
  if (model.weights_size && (!weights->data || !isAligned(weights->data)))
    return fail(error, MSCRT_ERROR_FORMAT,
                "the weights are missing or not aligned to %d bytes",
                MSCRT_ALIGNMENT);
  if (options.flags & MSCRT_LOAD_CHECK_WEIGHTS &&
      mscrt::hashBytes(weights->data, model.weights_size) != model.weights_hash)
    return fail(error, MSCRT_ERROR_FORMAT,
                "the weights are not those that the model was compiled with");
  current = std::move(weights);
  setThreads(options.threads);
  return MSCRT_OK;
}

/// Options as this runtime knows them; a caller's older struct is shorter.
template <typename Options> static Options readOptions(const Options *given) {
  Options options = {};
  if (given)
    memcpy(&options, given,
           given->size < sizeof(options) ? given->size : sizeof(options));
  return options;
}

extern "C" {

mscrt_status mscrt_model_load(const char *path,
                              const mscrt_load_options *options,
                              mscrt_loaded_model **model, mscrt_error *error) {
  if (!path || !model)
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no path or no place for the model");
  auto loaded = std::make_shared<Model>();
  if (mscrt_status status = loaded->load(path, readOptions(options), error))
    return status;
  *model = new mscrt_loaded_model{std::move(loaded)};
  return MSCRT_OK;
}

mscrt_status mscrt_model_wrap(const mscrt_model *desc, const void *weights,
                              const mscrt_load_options *options,
                              mscrt_loaded_model **model, mscrt_error *error) {
  if (!desc || !model)
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no description or no place for the model");
  auto loaded = std::make_shared<Model>();
  if (mscrt_status status =
          loaded->wrap(desc, weights, readOptions(options), error))
    return status;
  *model = new mscrt_loaded_model{std::move(loaded)};
  return MSCRT_OK;
}

void mscrt_model_release(mscrt_loaded_model *model) { delete model; }

const mscrt_model *mscrt_model_desc(const mscrt_loaded_model *model) {
  return &model->model->desc();
}

uint32_t mscrt_model_num_inputs(const mscrt_loaded_model *model) {
  return model->model->desc().num_inputs;
}

uint32_t mscrt_model_num_outputs(const mscrt_loaded_model *model) {
  return model->model->desc().num_outputs;
}

uint32_t mscrt_model_num_parameters(const mscrt_loaded_model *model) {
  return model->model->desc().num_parameters;
}

uint32_t mscrt_model_num_states(const mscrt_loaded_model *model) {
  return model->model->desc().num_states;
}

const mscrt_value_desc *mscrt_model_input(const mscrt_loaded_model *model,
                                          uint32_t index) {
  const mscrt_model &desc = model->model->desc();
  return index < desc.num_inputs ? &desc.inputs[index] : nullptr;
}

const mscrt_value_desc *mscrt_model_output(const mscrt_loaded_model *model,
                                           uint32_t index) {
  const mscrt_model &desc = model->model->desc();
  return index < desc.num_outputs ? &desc.outputs[index] : nullptr;
}

const mscrt_parameter_desc *
mscrt_model_parameter(const mscrt_loaded_model *model, uint32_t index) {
  const mscrt_model &desc = model->model->desc();
  return index < desc.num_parameters ? &desc.parameters[index] : nullptr;
}

const mscrt_state_desc *mscrt_model_state(const mscrt_loaded_model *model,
                                          uint32_t index) {
  const mscrt_model &desc = model->model->desc();
  return index < desc.num_states ? &desc.states[index] : nullptr;
}

void mscrt_model_set_threads(mscrt_loaded_model *model, uint32_t threads) {
  model->model->setThreads(threads);
}

} // extern "C"

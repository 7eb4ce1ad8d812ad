// SPDX-License-Identifier: Apache-2.0
//
/// \file Binds checkpoint files to a loaded model: the readers match names and
/// convert, mscrt_model_bind checks and packs.
#include "Model.h"
#include "Support.h"
#include "mscrt/checkpoint.h"

#include <algorithm>

using namespace mscrt;
using namespace mscrt::core;

namespace {

std::vector<ParameterInfo> parametersOf(const mscrt_model &model) {
  std::vector<ParameterInfo> parameters;
  for (uint32_t i = 0; i < model.num_parameters; ++i) {
    const mscrt_parameter_desc &desc = model.parameters[i];
    parameters.push_back(
        {desc.name, static_cast<mscrt_dtype>(desc.dtype),
         std::vector<int64_t>(desc.shape, desc.shape + desc.rank), desc.flags,
         desc.hash});
  }
  return parameters;
}

void logLines(const std::string &text) {
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    log(MSCRT_LOG_INFO, "bind: %s", text.substr(begin, end - begin).c_str());
    begin = end + 1;
  }
}

/// The parameters' new values, in the model's own dtypes and shapes.
struct Values {
  std::vector<mscrt_named_tensor> tensors;
  std::vector<Block> converted;

  mscrt_status add(const mscrt_parameter_desc &parameter,
                   const BoundParameter &bound, mscrt_error *error) {
    if (!bound.tensor)
      return MSCRT_OK; // frozen: keeps the compiled value
    mscrt_named_tensor tensor = {parameter.name,     parameter.dtype,
                                 parameter.rank,     parameter.shape,
                                 bound.tensor->data, bound.tensor->size};
    if (bound.converted) {
      Block block;
      if (!block.allocate(parameter.size) ||
          !writeParameter(bound, static_cast<mscrt_dtype>(parameter.dtype),
                          block.data(), parameter.size))
        return fail(error, MSCRT_ERROR_MEMORY, "cannot convert parameter '%s'",
                    parameter.name);
      tensor.data = block.data();
      tensor.size = block.size();
      converted.push_back(std::move(block));
    }
    tensors.push_back(tensor);
    return MSCRT_OK;
  }
};

} // namespace

mscrt_status mscrt_model_bind_files(mscrt_loaded_model *handle,
                                    const char *const *paths, uint32_t numPaths,
                                    const char *const *renames,
                                    uint32_t numRenames, mscrt_error *error) {
  if (!handle || (numPaths && !paths) || (numRenames && !renames))
    return fail(error, MSCRT_ERROR_ARGUMENT, "no model, files or renames");
  const mscrt_model &model = handle->model->desc();
  std::vector<std::unique_ptr<Checkpoint>> opened;
  std::vector<const Checkpoint *> checkpoints;
  std::string problem;
  for (uint32_t i = 0; i < numPaths; ++i) {
    opened.push_back(Checkpoint::open(paths[i], problem));
    if (!opened.back())
      return fail(error, MSCRT_ERROR_BIND, "%s", problem.c_str());
    checkpoints.push_back(opened.back().get());
  }
  BindOptions options;
  options.renames.assign(renames, renames + numRenames);
  Binding binding;
  bool isBound = bindCheckpoints(parametersOf(model), checkpoints, options,
                                 binding, problem);
  logLines(binding.report.text());
  if (!isBound)
    return fail(error, MSCRT_ERROR_BIND, "%s", problem.c_str());
  Values values;
  for (uint32_t i = 0; i < model.num_parameters; ++i)
    if (mscrt_status status =
            values.add(model.parameters[i], binding.parameters[i], error))
      return status;
  return mscrt_model_bind(handle, values.tensors.data(), values.tensors.size(),
                          nullptr, error);
}

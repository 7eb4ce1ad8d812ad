// SPDX-License-Identifier: Apache-2.0
//
/// \file Makes a new weight set of other parameter values: matches names,
/// checks dtypes, shapes and frozen values, and lets the model pack them.
#include "Launch.h"
#include "Model.h"
#include "Support.h"

#include "mscrt/checkpoint.h"

#include <cstring>
#include <string_view>
#include <unordered_map>
#include <vector>

using namespace mscrt::core;

namespace {

/// One binding in progress; collects every problem before it gives up.
class Binder {
public:
  Binder(const mscrt_model &model, uint32_t flags)
      : model(model), flags(flags), found(model.num_parameters, nullptr),
        copies(model.num_parameters), inputs(model.num_parameters, nullptr) {}

  mscrt_status match(const mscrt_named_tensor *tensors, uint64_t count,
                     mscrt_error *error);
  mscrt_status stage(const Weights &now, mscrt_error *error);
  mscrt_status pack(unsigned threads, std::shared_ptr<const Weights> &result,
                    mscrt_error *error);

private:
  void problem(const std::string &text);
  void checkTensor(const mscrt_parameter_desc &parameter,
                   const mscrt_named_tensor &tensor);
  bool needsConversion(const mscrt_parameter_desc &parameter,
                       const mscrt_named_tensor &tensor) const {
    return tensor.dtype != parameter.dtype && flags & MSCRT_BIND_CONVERT &&
           isFloat(tensor.dtype) && isFloat(parameter.dtype);
  }

  const mscrt_model &model;
  uint32_t flags;
  std::vector<const mscrt_named_tensor *> found; // [parameter]
  std::vector<Block> copies;                     // [parameter]
  std::vector<const void *> inputs;              // [parameter]
  std::string problems;
  unsigned numProblems = 0;
};

void Binder::problem(const std::string &text) {
  log(MSCRT_LOG_WARNING, "bind: %s", text.c_str());
  if (numProblems++ < 3)
    problems += (problems.empty() ? "" : "; ") + text;
}

/// Rank 0 and [1] are the same value to every framework that writes them.
bool sameShape(const mscrt_parameter_desc &parameter,
               const mscrt_named_tensor &tensor) {
  auto isOne = [](int32_t rank, const int64_t *shape) {
    return rank == 0 || (rank == 1 && shape[0] == 1);
  };
  if (isOne(parameter.rank, parameter.shape) &&
      isOne(tensor.rank, tensor.shape))
    return true;
  return parameter.rank == tensor.rank &&
         memcmp(parameter.shape, tensor.shape,
                sizeof(int64_t) * static_cast<size_t>(tensor.rank)) == 0;
}

void Binder::checkTensor(const mscrt_parameter_desc &parameter,
                         const mscrt_named_tensor &tensor) {
  std::string name = std::string("'") + parameter.name + "'";
  uint64_t bytes;
  if (!tensorBytes(tensor.dtype, tensor.rank, tensor.shape, bytes) ||
      tensor.size < bytes || (bytes && !tensor.data))
    return problem(name + " has a bad shape or too little data");
  if (!sameShape(parameter, tensor))
    return problem(name + " has shape " + shapeText(tensor.rank, tensor.shape) +
                   ", expected " + shapeText(parameter.rank, parameter.shape));
  if (tensor.dtype != parameter.dtype && !needsConversion(parameter, tensor))
    return problem(name + " has dtype " + mscrt_dtype_name(tensor.dtype) +
                   ", expected " + mscrt_dtype_name(parameter.dtype));
  if (parameter.flags & MSCRT_PARAMETER_FROZEN &&
      (tensor.dtype != parameter.dtype ||
       mscrt::hashBytes(tensor.data, parameter.size) != parameter.hash))
    problem(name + " was used while compiling and cannot have another value");
}

mscrt_status Binder::match(const mscrt_named_tensor *tensors, uint64_t count,
                           mscrt_error *error) {
  std::unordered_map<std::string_view, uint32_t> indices;
  for (uint32_t i = 0; i < model.num_parameters; ++i)
    indices.emplace(model.parameters[i].name, i);
  for (uint64_t i = 0; i < count; ++i) {
    std::string name = orEmpty(tensors[i].name);
    auto parameter = indices.find(name);
    if (parameter == indices.end()) {
      if (!(flags & MSCRT_BIND_IGNORE_UNEXPECTED))
        problem("the model has no parameter '" + name + "'");
      continue;
    }
    const mscrt_named_tensor *&place = found[parameter->second];
    if (place) {
      problem("'" + name + "' is given twice");
      continue;
    }
    place = &tensors[i];
    checkTensor(model.parameters[parameter->second], tensors[i]);
  }
  for (uint32_t i = 0; i < model.num_parameters; ++i)
    if (!found[i] && !(model.parameters[i].flags & MSCRT_PARAMETER_FROZEN))
      problem(std::string("'") + model.parameters[i].name + "' is missing");
  if (!numProblems)
    return MSCRT_OK;
  if (numProblems > 3)
    problems += "; and " + std::to_string(numProblems - 3) + " more";
  return fail(error, MSCRT_ERROR_BIND, "cannot bind: %s", problems.c_str());
}

/// Points at the values, through a copy where they must be aligned or
/// converted; at those stored in the weights \p now where none are given.
mscrt_status Binder::stage(const Weights &now, mscrt_error *error) {
  for (uint32_t i = 0; i < model.num_parameters; ++i) {
    const mscrt_parameter_desc &parameter = model.parameters[i];
    if (!found[i]) {
      if (parameter.value_offset != MSCRT_NOT_STORED)
        inputs[i] = now.data + parameter.value_offset;
      continue;
    }
    bool isConverted = needsConversion(parameter, *found[i]);
    inputs[i] = found[i]->data;
    if (!isConverted && inputs[i] && isAligned(inputs[i]))
      continue;
    if (!copies[i].allocate(parameter.size))
      return fail(error, MSCRT_ERROR_MEMORY, "no memory for parameter '%s'",
                  parameter.name);
    inputs[i] = copies[i].data();
    if (parameter.size)
      mscrt_convert(parameter.dtype, copies[i].data(), found[i]->dtype,
                    found[i]->data,
                    elementCount(parameter.rank, parameter.shape), nullptr);
  }
  return MSCRT_OK;
}

mscrt_status Binder::pack(unsigned threads,
                          std::shared_ptr<const Weights> &result,
                          mscrt_error *error) {
  auto weights = std::make_shared<Weights>();
  Block arena, scratch;
  if (!weights->block.allocate(model.weights_size) ||
      !arena.allocate(model.bind_arena_size))
    return fail(error, MSCRT_ERROR_MEMORY,
                "no memory for packed weights (%llu bytes)",
                static_cast<unsigned long long>(model.weights_size));
  weights->data = weights->block.data();
  mscrt_call call = {};
  call.inputs = inputs.data();
  call.weights = weights->block.data();
  call.arena = arena.data();
  Launcher launcher(model, threads, scratch, nullptr);
  if (mscrt_status status = launcher.call(model.bind, call, error))
    return status;
  result = std::move(weights);
  return MSCRT_OK;
}

} // namespace

mscrt_status mscrt_model_bind(mscrt_loaded_model *handle,
                              const mscrt_named_tensor *tensors,
                              uint64_t numTensors,
                              const mscrt_bind_options *options,
                              mscrt_error *error) {
  if (!handle || (numTensors && !tensors))
    return fail(error, MSCRT_ERROR_ARGUMENT, "no model or no tensors");
  Model &model = *handle->model;
  if (!model.desc().bind)
    return fail(error, MSCRT_ERROR_UNSUPPORTED,
                "the artifact has no bind function");
  bool hasFlags = options && options->size >= sizeof(mscrt_bind_options);
  Binder binder(model.desc(), hasFlags ? options->flags : 0);
  std::shared_ptr<const Weights> weights;
  if (mscrt_status status = binder.match(tensors, numTensors, error))
    return status;
  std::shared_ptr<const Weights> now = model.weights();
  if (mscrt_status status = binder.stage(*now, error))
    return status;
  if (mscrt_status status = binder.pack(model.threads(), weights, error))
    return status;
  model.setWeights(std::move(weights));
  return MSCRT_OK;
}

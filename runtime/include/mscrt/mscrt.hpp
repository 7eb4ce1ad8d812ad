// SPDX-License-Identifier: Apache-2.0
//
/// \file The C++ API of the runtime: a thin header over mscrt.h. Objects are
/// released by their destructors, and what can fail returns a Result.
///
/// \code
///   auto model = mscrt::Model::load("net.so");
///   if (!model)
///     return report(model.error().message());
///   auto outputs = model->predict({mscrt::Tensor::read("x.npy").value()});
/// \endcode
#ifndef MSCRT_MSCRT_HPP
#define MSCRT_MSCRT_HPP

#include "mscrt/io.h"
#include "mscrt/mscrt.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mscrt {

/// What went wrong.
class Error {
public:
  Error() : raw() {}
  mscrt_status code() const { return raw.code; }
  const char *message() const { return raw.message; }
  /// For the calls of the C API.
  mscrt_error *get() { return &raw; }

private:
  mscrt_error raw;
};

/// Nothing, as the value of a Result.
struct Done {};

/// A value or an error. Asking for the value of an error throws
/// std::runtime_error, or ends the program where exceptions are off.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : content(std::move(value)) {}
  Result(Error error) : content(std::move(error)) {}

  explicit operator bool() const { return content.index() == 0; }
  /// Only when it is an error.
  const Error &error() const { return *std::get_if<Error>(&content); }

  T &value() & { return *check(); }
  T &&value() && { return std::move(*check()); }
  T *operator->() { return check(); }
  T &operator*() { return *check(); }

private:
  T *check() {
    if (T *value = std::get_if<T>(&content))
      return value;
#if defined(__cpp_exceptions)
    throw std::runtime_error(error().message());
#else
    std::abort();
#endif
  }

  std::variant<T, Error> content;
};

/// mscrt_dtype of a C++ type.
template <typename T> struct DtypeOf;
template <> struct DtypeOf<float> {
  static constexpr auto value = MSCRT_F32;
};
template <> struct DtypeOf<double> {
  static constexpr auto value = MSCRT_F64;
};
template <> struct DtypeOf<bool> {
  static constexpr auto value = MSCRT_BOOL;
};
template <> struct DtypeOf<int8_t> {
  static constexpr auto value = MSCRT_I8;
};
template <> struct DtypeOf<int16_t> {
  static constexpr auto value = MSCRT_I16;
};
template <> struct DtypeOf<int32_t> {
  static constexpr auto value = MSCRT_I32;
};
template <> struct DtypeOf<int64_t> {
  static constexpr auto value = MSCRT_I64;
};
template <> struct DtypeOf<uint8_t> {
  static constexpr auto value = MSCRT_U8;
};
template <> struct DtypeOf<uint16_t> {
  static constexpr auto value = MSCRT_U16;
};
template <> struct DtypeOf<uint32_t> {
  static constexpr auto value = MSCRT_U32;
};
template <> struct DtypeOf<uint64_t> {
  static constexpr auto value = MSCRT_U64;
};

/// A dense tensor. Copies share the buffer, which is either owned (and aligned,
/// so that models use it in place) or the caller's.
class Tensor {
public:
  Tensor() = default;

  /// Zeros.
  static Result<Tensor> create(uint32_t dtype,
                               const std::vector<int64_t> &shape) {
    Error error;
    mscrt_array *array;
    if (mscrt_array_create(dtype, static_cast<int32_t>(shape.size()),
                           shape.data(), &array, error.get()))
      return error;
    return adopt(array);
  }

  /// Elements copied from `values`, as many as the shape has.
  template <typename T>
  static Result<Tensor> of(const std::vector<int64_t> &shape,
                           const std::vector<T> &values) {
    Result<Tensor> tensor = create(DtypeOf<T>::value, shape);
    if (!tensor)
      return tensor;
    if (tensor->template count<T>() != values.size()) {
      Error error;
      error.get()->code = MSCRT_ERROR_SHAPE;
      std::snprintf(error.get()->message, sizeof(error.get()->message),
                    "the shape has %zu elements, got %zu",
                    tensor->template count<T>(), values.size());
      return error;
    }
    T *data = tensor->template data<T>();
    for (size_t i = 0; i < values.size(); ++i)
      data[i] = values[i];
    return tensor;
  }

  /// The caller's buffer, which must outlive the tensor and its copies.
  static Tensor view(uint32_t dtype, std::vector<int64_t> shape, void *data,
                     uint64_t size) {
    Tensor tensor;
    tensor.extents = std::move(shape);
    tensor.raw.dtype = dtype;
    tensor.raw.data = data;
    tensor.raw.size = size;
    return tensor;
  }

  /// A .npy file or an ONNX TensorProto; see mscrt_array_read.
  static Result<Tensor> read(const std::string &path, uint32_t dtype = 0) {
    Error error;
    mscrt_array *array;
    if (mscrt_array_read(path.c_str(), dtype, &array, error.get()))
      return error;
    return adopt(array);
  }

  /// Writes a .npy file.
  Result<Done> write(const std::string &path) const {
    Error error;
    mscrt_tensor tensor = get();
    if (mscrt_array_write_npy(path.c_str(), &tensor, error.get()))
      return error;
    return Done();
  }

  uint32_t dtype() const { return raw.dtype; }
  const std::vector<int64_t> &shape() const { return extents; }
  uint64_t size() const { return raw.size; } // bytes
  void *bytes() const { return raw.data; }

  /// The elements, or NULL when they are not of type T.
  template <typename T> T *data() const {
    return raw.dtype == DtypeOf<T>::value ? static_cast<T *>(raw.data)
                                          : nullptr;
  }
  template <typename T> size_t count() const { return raw.size / sizeof(T); }

  /// For the calls of the C API; valid as long as this tensor.
  mscrt_tensor get() const {
    mscrt_tensor tensor = raw;
    tensor.rank = static_cast<int32_t>(extents.size());
    tensor.shape = extents.data();
    return tensor;
  }

private:
  friend class Context;

  static Tensor adopt(mscrt_array *array) {
    Tensor tensor;
    tensor.owner.reset(array, mscrt_array_free);
    tensor.raw = *mscrt_array_tensor(array);
    tensor.extents.assign(tensor.raw.shape, tensor.raw.shape + tensor.raw.rank);
    return tensor;
  }

  std::shared_ptr<mscrt_array> owner;
  std::vector<int64_t> extents;
  mscrt_tensor raw = {};
};

/// One of a model's users: arena and state. Serves one call at a time.
class Context {
public:
  /// Runs the model; inputs and results are in its order.
  Result<std::vector<Tensor>> predict(const std::vector<Tensor> &inputs) {
    Error error;
    std::vector<mscrt_tensor> given = raw(inputs);
    uint32_t entry;
    if (mscrt_model_select(model.get(), given.data(),
                           static_cast<uint32_t>(given.size()), &entry,
                           error.get()))
      return error;
    const mscrt_model *desc = mscrt_model_desc(model.get());
    std::vector<Tensor> results;
    for (uint32_t i = 0; i < desc->num_outputs; ++i) {
      const int64_t *shape = desc->entries[entry].output_shapes[i];
      Result<Tensor> result = Tensor::create(
          desc->outputs[i].dtype,
          std::vector<int64_t>(shape, shape + desc->outputs[i].rank));
      if (!result)
        return result.error();
      results.push_back(*result);
    }
    Result<Done> done = run(inputs, results);
    if (!done)
      return done.error();
    return results;
  }

  /// As predict, but into the buffers of `outputs`, e.g. the caller's own
  /// (Tensor::view). Outputs whose size depends on data come back smaller.
  Result<Done> run(const std::vector<Tensor> &inputs,
                   std::vector<Tensor> &outputs) {
    Error error;
    std::vector<mscrt_tensor> given = raw(inputs), places = raw(outputs);
    if (mscrt_context_run(context.get(), given.data(),
                          static_cast<uint32_t>(given.size()), places.data(),
                          static_cast<uint32_t>(places.size()), error.get()))
      return error;
    for (size_t i = 0; i < outputs.size(); ++i) {
      outputs[i].extents.assign(places[i].shape,
                                places[i].shape + places[i].rank);
      outputs[i].raw.size = places[i].size;
    }
    return Done();
  }

  /// A copy of state variable `name`.
  Result<Tensor> state(const std::string &name) const {
    Error error;
    const mscrt_model *desc = mscrt_model_desc(model.get());
    for (uint32_t i = 0; i < desc->num_states; ++i) {
      const mscrt_state_desc &state = desc->states[i];
      if (name != state.name)
        continue;
      Result<Tensor> result = Tensor::create(
          state.dtype,
          std::vector<int64_t>(state.shape, state.shape + state.rank));
      if (result &&
          mscrt_context_get_state(context.get(), name.c_str(), result->bytes(),
                                  result->size(), error.get()))
        return error;
      return result;
    }
    mscrt_context_get_state(context.get(), name.c_str(), nullptr, 0,
                            error.get());
    return error;
  }

  /// The value must have the variable's size.
  Result<Done> setState(const std::string &name, const Tensor &value) {
    Error error;
    if (mscrt_context_set_state(context.get(), name.c_str(), value.bytes(),
                                value.size(), error.get()))
      return error;
    return Done();
  }

  /// Every state variable from the model's current weights.
  Result<Done> resetState() {
    Error error;
    if (mscrt_context_reset_state(context.get(), nullptr, error.get()))
      return error;
    return Done();
  }

  /// For the calls of the C API.
  mscrt_context *get() const { return context.get(); }

private:
  friend class Model;
  static std::vector<mscrt_tensor> raw(const std::vector<Tensor> &tensors) {
    std::vector<mscrt_tensor> list;
    for (const Tensor &tensor : tensors)
      list.push_back(tensor.get());
    return list;
  }

  std::shared_ptr<mscrt_loaded_model> model;
  std::shared_ptr<mscrt_context> context;
};

/// The inputs and outputs of a model, e.g. "(x: float32[30, 64]) ->
/// (float32[30, 10])"; "?" where extents differ from run to run.
inline std::string signature(const mscrt_model &model) {
  auto list = [](const mscrt_value_desc *values, uint32_t count) {
    std::string text = "(";
    for (uint32_t i = 0; i < count; ++i) {
      const mscrt_value_desc &value = values[i];
      text += i ? ", " : "";
      if (value.name && *value.name)
        text += value.name + std::string(": ");
      text += mscrt_dtype_name(value.dtype) + std::string("[");
      for (int32_t d = 0; d < value.rank; ++d) {
        text += d ? ", " : "";
        text += value.shape[d] < 0 ? "?" : std::to_string(value.shape[d]);
      }
      text += "]";
    }
    return text + ")";
  };
  return list(model.inputs, model.num_inputs) + " -> " +
         list(model.outputs, model.num_outputs);
}

struct LoadOptions {
  uint32_t threads = 0;      ///< most threads of one run; 0 = all
  bool checkWeights = false; ///< compare the hash of the weights
  std::string weightsPath;   ///< "" = embedded, or beside the artifact
};

/// A loaded model; copies share it. May be used from several threads.
class Model {
public:
  static Result<Model> load(const std::string &path,
                            const LoadOptions &options = {}) {
    Error error;
    mscrt_load_options raw = {};
    raw.size = sizeof(raw);
    raw.threads = options.threads;
    raw.flags = options.checkWeights ? MSCRT_LOAD_CHECK_WEIGHTS : 0;
    if (!options.weightsPath.empty())
      raw.weights_path = options.weightsPath.c_str();
    mscrt_loaded_model *loaded;
    if (mscrt_model_load(path.c_str(), &raw, &loaded, error.get()))
      return error;
    Model model;
    model.model.reset(loaded, mscrt_model_release);
    return model;
  }

  /// Names, dtypes and shapes of everything: the artifact's own tables.
  const mscrt_model &inspect() const { return *mscrt_model_desc(model.get()); }

  /// An error where the model's signature is another.
  Result<Done> expectSignature(const std::string &expected) const {
    std::string actual = signature(inspect());
    if (actual == expected)
      return Done();
    Error error;
    error.get()->code = MSCRT_ERROR_SHAPE;
    std::snprintf(error.get()->message, sizeof(error.get()->message),
                  "the model is %s, expected %s", actual.c_str(),
                  expected.c_str());
    return error;
  }

  /// See mscrt_model_bind.
  Result<Done> bind(const std::vector<mscrt_named_tensor> &tensors,
                    uint32_t flags = 0) {
    Error error;
    mscrt_bind_options options = {sizeof(options), flags};
    if (mscrt_model_bind(model.get(), tensors.data(), tensors.size(), &options,
                         error.get()))
      return error;
    return Done();
  }

  /// Binds a checkpoint file; see mscrt_model_bind_files.
  Result<Done> bind(const std::string &path,
                    const std::vector<std::string> &renames = {}) {
    Error error;
    const char *paths[] = {path.c_str()};
    std::vector<const char *> rules;
    for (const std::string &rename : renames)
      rules.push_back(rename.c_str());
    if (mscrt_model_bind_files(model.get(), paths, 1, rules.data(),
                               static_cast<uint32_t>(rules.size()),
                               error.get()))
      return error;
    return Done();
  }

  Result<Context> createContext() const {
    Error error;
    mscrt_context *created;
    if (mscrt_context_create(model.get(), &created, error.get()))
      return error;
    Context context;
    context.model = model;
    context.context.reset(created, mscrt_context_destroy);
    return context;
  }

  /// One run in a context of its own: state starts anew. Programs that run a
  /// model more than once keep a Context.
  Result<std::vector<Tensor>> predict(const std::vector<Tensor> &inputs) const {
    Result<Context> context = createContext();
    if (!context)
      return context.error();
    return context->predict(inputs);
  }

  void setThreads(uint32_t threads) {
    mscrt_model_set_threads(model.get(), threads);
  }

  /// For the calls of the C API.
  mscrt_loaded_model *get() const { return model.get(); }

private:
  std::shared_ptr<mscrt_loaded_model> model;
};

} // namespace mscrt

#endif // MSCRT_MSCRT_HPP

// SPDX-License-Identifier: Apache-2.0
//
/// \file A loaded model: its code, its current weights, and the checks that
/// come before either is used.
#ifndef MSCRT_LIB_CORE_MODEL_H
#define MSCRT_LIB_CORE_MODEL_H

#include "Memory.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace mscrt::core {

/// One set of packed weights. Never changes; a run keeps the set it began with.
struct Weights {
  MappedFile file; // one of the two, or neither when embedded or wrapped
  Block block;
  const char *data = nullptr;
};

/// The shared library of an artifact, open until the model is gone.
class Library {
public:
  Library() = default;
  ~Library();
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

  /// Checks that `path` is a complete shared object for this machine, loads it
  /// and finds the model.
  mscrt_status open(const char *path, const mscrt_model *&desc,
                    mscrt_error *error);

private:
  void *handle = nullptr;
  std::string registeredPath; // see Library.cpp
};

/// Shared by its users and its contexts.
class Model {
public:
  mscrt_status load(const char *path, const mscrt_load_options &options,
                    mscrt_error *error);
  mscrt_status wrap(const mscrt_model *desc, const void *weights,
                    const mscrt_load_options &options, mscrt_error *error);

  const mscrt_model &desc() const { return *description; }

  std::shared_ptr<const Weights> weights() const {
    std::lock_guard<std::mutex> lock(mutex);
    return current;
  }
  void setWeights(std::shared_ptr<const Weights> weights) {
    std::lock_guard<std::mutex> lock(mutex);
    current = std::move(weights);
  }

  /// Threads a run may use, at least 1.
  unsigned threads() const { return threadLimit.load(); }
  void setThreads(unsigned threads);

private:
  mscrt_status finish(const mscrt_load_options &options,
                      std::shared_ptr<const Weights> weights,
                      mscrt_error *error);

  Library library;
  const mscrt_model *description = nullptr;
  mutable std::mutex mutex;
  std::shared_ptr<const Weights> current;
  std::atomic<unsigned> threadLimit{1};
};

/// Checks that the tables of a model make sense: versions, processor, dtypes,
/// shapes whose sizes do not overflow, offsets inside their blocks.
mscrt_status checkModel(const mscrt_model *desc, mscrt_error *error);

/// See mscrt_model_select.
mscrt_status selectEntry(const mscrt_model &desc, const mscrt_tensor *inputs,
                         uint32_t numInputs, uint32_t &entry,
                         mscrt_error *error);

/// "input 'x'", or "input 1" when it has no name.
std::string valueText(const char *role, const mscrt_value_desc &value,
                      uint32_t index);

} // namespace mscrt::core

/// The handle of the C API: one share of the model.
struct mscrt_loaded_model {
  std::shared_ptr<mscrt::core::Model> model;
};

#endif // MSCRT_LIB_CORE_MODEL_H

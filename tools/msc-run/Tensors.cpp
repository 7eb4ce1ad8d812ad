// SPDX-License-Identifier: Apache-2.0
//
/// \file Makes inputs: from files, from the seed, all ones.
#include "Tensors.h"

#include <cstring>

using namespace msc::run;
using mscrt::Tensor;

std::string msc::run::nameOf(const char *role, const mscrt_value_desc &value,
                             uint32_t index) {
  if (!value.name || !*value.name)
    return std::string(role) + " " + std::to_string(index);
  return std::string(role) + " '" + value.name + "'";
}

std::string msc::run::describe(uint32_t dtype, int32_t rank,
                               const int64_t *shape,
                               const char *const *dimNames) {
  std::string text = std::string(mscrt_dtype_name(dtype)) + "[";
  for (int32_t i = 0; i < rank; ++i) {
    text += i ? ", " : "";
    if (shape[i] >= 0)
      text += std::to_string(shape[i]);
    else
      text += dimNames && dimNames[i] ? dimNames[i] : "?";
  }
  return text + "]";
}

std::string msc::run::describe(const Tensor &tensor) {
  return describe(tensor.dtype(), static_cast<int32_t>(tensor.shape().size()),
                  tensor.shape().data());
}

std::vector<double> msc::run::toDoubles(const Tensor &tensor) {
  size_t size = mscrt_dtype_size(tensor.dtype());
  std::vector<double> values(size ? tensor.size() / size : 0);
  mscrt_convert(MSCRT_F64, values.data(), tensor.dtype(), tensor.bytes(),
                values.size(), nullptr);
  return values;
}

bool msc::run::assignSpecs(const char *role, const mscrt_value_desc *values,
                           uint32_t count, const std::vector<TensorSpec> &specs,
                           std::vector<const TensorSpec *> &assigned,
                           std::string &error) {
  assigned.assign(count, nullptr);
  uint32_t position = 0;
  for (const TensorSpec &spec : specs) {
    uint32_t index = position;
    if (!spec.name.empty()) {
      index = 0;
      while (index < count &&
             (!values[index].name || spec.name != values[index].name))
        ++index;
    }
    if (index >= count && spec.name.empty()) {
      error = "'" + spec.source + "' is one too many: the model has " +
              std::to_string(count) + " " + role + "s";
      return false;
    }
    if (index >= count) {
      error = std::string("the model has no ") + role + " '" + spec.name + "'";
      return false;
    }
    if (assigned[index]) {
      error = nameOf(role, values[index], index) + " is given twice";
      return false;
    }
    assigned[index] = &spec;
    // As msc_jit_compile counts: every spec takes a position, named or not.
    ++position;
  }
  return true;
}

namespace {

/// splitmix64: 64 random bits a step, the same on every machine.
class Random {
public:
  Random(uint64_t seed, const std::string &name) : state(seed) {
    for (unsigned char c : name)
      state = (state ^ c) * 0x100000001b3ull + 0x9e3779b97f4a7c15ull;
  }
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
  }

private:
  uint64_t state;
};

bool isFloat(uint32_t dtype) {
  return dtype == MSCRT_F32 || dtype == MSCRT_F64 || dtype == MSCRT_F16 ||
         dtype == MSCRT_BF16;
}

void fillRandom(const Tensor &tensor, uint64_t seed, const std::string &name) {
  Random random(seed, name);
  size_t size = mscrt_dtype_size(tensor.dtype());
  char *data = static_cast<char *>(tensor.bytes());
  for (uint64_t at = 0; at < tensor.size(); at += size) {
    if (isFloat(tensor.dtype())) {
      // 24 bits, so that a float32 is exact and stays below 1.
      double value = static_cast<double>(random.next() >> 40) * 0x1p-23 - 1;
      mscrt_convert(tensor.dtype(), data + at, MSCRT_F64, &value, 1, nullptr);
    } else {
      uint64_t limit = tensor.dtype() == MSCRT_BOOL ? 2 : 10;
      uint64_t value = random.next() % limit;
      mscrt_convert(tensor.dtype(), data + at, MSCRT_U64, &value, 1, nullptr);
    }
  }
}

void fillOnes(const Tensor &tensor) {
  size_t size = mscrt_dtype_size(tensor.dtype());
  const uint64_t one = 1;
  for (uint64_t at = 0; at < tensor.size(); at += size)
    mscrt_convert(tensor.dtype(), static_cast<char *>(tensor.bytes()) + at,
                  MSCRT_U64, &one, 1, nullptr);
}

/// The first entry that agrees with the shapes of the inputs that files gave;
/// entry 0 when there is none, and the run will say what is wrong.
const mscrt_entry &entryFor(const mscrt_model &model,
                            const std::vector<const TensorSpec *> &specs,
                            const std::vector<Tensor> &inputs) {
  for (uint32_t e = 0; e < model.num_entries; ++e) {
    bool fits = true;
    for (uint32_t i = 0; i < model.num_inputs && fits; ++i) {
      if (!specs[i] || !specs[i]->isFile())
        continue;
      const std::vector<int64_t> &shape = inputs[i].shape();
      const int64_t *wanted = model.entries[e].input_shapes[i];
      fits =
          shape == std::vector<int64_t>(wanted, wanted + model.inputs[i].rank);
    }
    if (fits)
      return model.entries[e];
  }
  return model.entries[0];
}

const mscrt_guard *guardOf(const mscrt_entry &entry, uint32_t input) {
  for (uint32_t i = 0; i < entry.num_guards; ++i)
    if (entry.guards[i].input == input)
      return &entry.guards[i];
  return nullptr;
}

} // namespace

bool msc::run::makeInputs(const mscrt_model &model, const Options &options,
                          std::vector<Tensor> &inputs, std::string &error) {
  std::vector<const TensorSpec *> specs;
  if (!assignSpecs("input", model.inputs, model.num_inputs, options.inputs,
                   specs, error))
    return false;
  inputs.assign(model.num_inputs, Tensor());
  for (uint32_t i = 0; i < model.num_inputs; ++i) {
    if (!specs[i] || !specs[i]->isFile())
      continue;
    mscrt::Result<Tensor> read =
        Tensor::read(specs[i]->source, model.inputs[i].dtype);
    if (!read) {
      error = read.error().message();
      return false;
    }
    inputs[i] = *read;
  }
  const mscrt_entry &entry = entryFor(model, specs, inputs);
  for (uint32_t i = 0; i < model.num_inputs; ++i) {
    if (specs[i] && specs[i]->isFile())
      continue;
    const mscrt_value_desc &value = model.inputs[i];
    const int64_t *shape = entry.input_shapes[i];
    mscrt::Result<Tensor> made = Tensor::create(
        value.dtype, std::vector<int64_t>(shape, shape + value.rank));
    if (!made) {
      error = made.error().message();
      return false;
    }
    inputs[i] = *made;
    const mscrt_guard *guard = guardOf(entry, i);
    if (specs[i] && specs[i]->source == "ones")
      fillOnes(inputs[i]);
    else if (guard && guard->size)
      memcpy(inputs[i].bytes(), guard->value, guard->size);
    else
      fillRandom(inputs[i], options.seed, value.name ? value.name : "");
  }
  return true;
}

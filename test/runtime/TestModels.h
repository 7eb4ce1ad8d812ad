// SPDX-License-Identifier: Apache-2.0
//
/// \file Helpers of the runtime's tests: temporary folders, models, tensors.
#ifndef MSC_TEST_RUNTIME_TESTMODELS_H
#define MSC_TEST_RUNTIME_TESTMODELS_H

#include "mscrt/mscrt.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace test {

/// A folder that is removed at the end of the test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "mscrt-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string &name) const {
    return (path / name).string();
  }

private:
  std::filesystem::path path;
};

inline void writeFile(const std::string &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string readFile(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Packed weights of models/affine.c.
inline std::string affineWeights(float scale, float shift, float steps = 0) {
  std::vector<float> weights(48, 0.0f);
  for (int i = 0; i < 4; ++i) {
    weights[i] = 2 * scale;
    weights[16 + i] = shift;
  }
  weights[32] = steps;
  return std::string(reinterpret_cast<const char *>(weights.data()), 192);
}

/// The affine model in a folder of its own, with y = 3 x + 1.
struct Affine {
  explicit Affine(const std::string &name = "affine") {
    std::filesystem::copy(MODELS + name + ".so", folder / "affine.so");
    writeFile(folder / "affine.weights", affineWeights(3, 1));
  }
  mscrt::Model load(mscrt::LoadOptions options = {}) const {
    return mscrt::Model::load(folder / "affine.so", options).value();
  }
  TemporaryFolder folder;
};

inline mscrt::Tensor floats(const std::vector<int64_t> &shape,
                            const std::vector<float> &values) {
  return mscrt::Tensor::of<float>(shape, values).value();
}

inline std::vector<float> valuesOf(const mscrt::Tensor &tensor) {
  const float *data = tensor.data<float>();
  return data ? std::vector<float>(data, data + tensor.count<float>())
              : std::vector<float>();
}

inline mscrt::LoadOptions withThreads(uint32_t threads) {
  mscrt::LoadOptions options;
  options.threads = threads;
  return options;
}

/// The inputs of models/grid.c.
inline std::vector<mscrt::Tensor> gridInputs(int64_t failAt = -1) {
  std::vector<float> x(455);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = 0.37f * static_cast<float>(i) - 11;
  return {floats({455}, x), mscrt::Tensor::of<int64_t>({}, {failAt}).value(),
          mscrt::Tensor::of<int64_t>({2}, {3, 4}).value()};
}

inline mscrt::Model loadModel(const std::string &name,
                              mscrt::LoadOptions options = {}) {
  return mscrt::Model::load(MODELS + name + ".so", options).value();
}

} // namespace test

#define EXPECT_ERROR(RESULT, CODE, MESSAGE)                                    \
  do {                                                                         \
    auto &&result = (RESULT);                                                  \
    ASSERT_FALSE(result);                                                      \
    EXPECT_EQ(result.error().code(), CODE);                                    \
    EXPECT_STREQ(result.error().message(), MESSAGE);                           \
  } while (0)

#endif // MSC_TEST_RUNTIME_TESTMODELS_H

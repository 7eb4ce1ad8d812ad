// SPDX-License-Identifier: Apache-2.0
//
/// \file A complete C++ program around a compiled model: loads it, runs it on
/// .npy files, one per input, and writes its first output as another.
#include <mscrt/mscrt.hpp>

#include <cstdio>
#include <string>
#include <vector>

/// "float32[30, 10]".
static std::string describe(const mscrt::Tensor &tensor) {
  std::string text = mscrt_dtype_name(tensor.dtype());
  text += "[";
  for (size_t i = 0; i < tensor.shape().size(); ++i)
    text += (i ? ", " : "") + std::to_string(tensor.shape()[i]);
  return text + "]";
}

static int fail(const mscrt::Error &error) {
  std::fprintf(stderr, "error: %s\n", error.message());
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s MODEL.so INPUT.npy... OUTPUT.npy\n",
                 argv[0]);
    return 2;
  }
  auto model = mscrt::Model::load(argv[1]);
  if (!model)
    return fail(model.error());

  std::vector<mscrt::Tensor> inputs;
  for (int i = 2; i < argc - 1; ++i) {
    auto input = mscrt::Tensor::read(argv[i]);
    if (!input)
      return fail(input.error());
    inputs.push_back(*input);
  }

  auto outputs = model->predict(inputs);
  if (!outputs)
    return fail(outputs.error());
  for (const mscrt::Tensor &output : *outputs)
    std::printf("output: %s\n", describe(output).c_str());
  if (auto written = outputs->front().write(argv[argc - 1]); !written)
    return fail(written.error());
  return 0;
}

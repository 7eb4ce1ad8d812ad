// SPDX-License-Identifier: Apache-2.0
//
/// \file A complete C++ program around the compiler: compiles a model file for
/// the shape of one input, runs it, binds another checkpoint without compiling
/// again, and runs it once more.
#include <msc/msc.hpp>

#include <cstdio>

static int fail(const mscrt::Error &error) {
  std::fprintf(stderr, "error: %s\n", error.message());
  return 1;
}

/// Runs `model` on `input` and writes its first output to `path`.
static int runTo(const char *path, mscrt::Model &model,
                 const mscrt::Tensor &input) {
  auto outputs = model.predict({input});
  if (!outputs)
    return fail(outputs.error());
  auto written = outputs->front().write(path);
  if (!written)
    return fail(written.error());
  std::printf("wrote %s\n", path);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    std::fprintf(stderr,
                 "usage: %s MODEL CHECKPOINT INPUT.npy OUTPUT.npy "
                 "OTHER_CHECKPOINT OTHER_OUTPUT.npy\n",
                 argv[0]);
    return 2;
  }
  auto input = mscrt::Tensor::read(argv[3]);
  if (!input)
    return fail(input.error());

  msc::CompileOptions options;
  options.checkpoints = {argv[2]};
  options.inputs = {*input}; // fixes dynamic dimensions
  auto model = msc::compile(argv[1], options);
  if (!model)
    return fail(model.error());
  if (int status = runTo(argv[4], *model, *input))
    return status;

  auto bound = model->bind(argv[5]);
  if (!bound)
    return fail(bound.error());
  return runTo(argv[6], *model, *input);
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Classifies digits with the class that msc-compile wrote beside the
/// artifact: inputs and outputs are members, buffers are the program's own.
#include "digits.h"

#include <algorithm>
#include <cstdio>

static int fail(const mscrt::Error &error) {
  std::fprintf(stderr, "error: %s\n", error.message());
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s DIGITS.so IMAGES.npy\n", argv[0]);
    return 2;
  }
  auto digits = digits::Model::load(argv[1]);
  if (!digits)
    return fail(digits.error());
  auto images = mscrt::Tensor::read(argv[2]);
  if (!images)
    return fail(images.error());

  // Tensors by name ...
  auto outputs = digits->predict({*images});
  if (!outputs)
    return fail(outputs.error());
  // ... or plain buffers, into which the model writes.
  std::vector<float> logits(30 * 10);
  if (auto done = digits->run(images->data<float>(), logits.data()); !done)
    return fail(done.error());
  const float *same = outputs->output0.data<float>();
  if (!std::equal(logits.begin(), logits.end(), same))
    return 1;
  for (int i = 0; i < 30; ++i) {
    const float *row = &logits[10 * i];
    std::printf("%d", int(std::max_element(row, row + 10) - row));
  }
  std::printf("\n");
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * \file A model written by hand, as small as the ABI allows: one stage that
 * copies its input, float32[30, 1, 8, 8]. Lets the runtime's installation be
 * tested without a compiler.
 */
#include "mscrt/abi.h"

enum { COUNT = 30 * 8 * 8 };

static void copyStage(const mscrt_kernel_args *args, uint32_t x, uint32_t y,
                      uint32_t z) {
  const float *from = (const float *)args->buffers[0];
  float *to = (float *)args->buffers[1];
  for (uint32_t i = x * 64; i < (x + 1) * 64; ++i)
    to[i] = from[i];
  (void)y;
  (void)z;
}

static int32_t entry(mscrt_call *call) {
  void *buffers[2] = {(void *)(uintptr_t)call->inputs[0], call->outputs[0]};
  mscrt_kernel_args args = {buffers, &call->error};
  call->services->launch(call, 0, &args);
  return call->error;
}

static const int64_t shape[4] = {30, 1, 8, 8};
static const int64_t *const shapes[1] = {shape};
static const mscrt_value_desc input = {"x", "", 0, MSCRT_F32, 4, shape, 0};
static const mscrt_value_desc output = {"y", "", 0, MSCRT_F32, 4, shape, 0};
static const mscrt_stage_desc stage = {
    copyStage, "copy.0", "copy", "generic", {COUNT / 64, 1, 1}};
static const mscrt_entry only_entry = {entry, shapes, shapes, 64, 0, 0};

#if defined(__aarch64__)
#define TRIPLE "aarch64-unknown-linux-gnu"
#else
#define TRIPLE "x86_64-pc-linux-gnu"
#endif

__attribute__((visibility("default"))) const mscrt_model mscrt_model_v1 = {
    .abi_version = MSCRT_ABI_VERSION,
    .size = sizeof(mscrt_model),
    .name = "identity",
    .target = "cpu",
    .triple = TRIPLE,
    .cpu_features = "",
    .precision = "default",
    .build = "by hand",
    .num_inputs = 1,
    .num_outputs = 1,
    .inputs = &input,
    .outputs = &output,
    .num_entries = 1,
    .num_stages = 1,
    .entries = &only_entry,
    .stages = &stage,
};

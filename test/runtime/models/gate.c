/* SPDX-License-Identifier: Apache-2.0
 *
 * \file Waits until its input `gate` becomes 1, storing 1 to gate[1] when it
 * starts, then gives the parameter `value`: for tests that look at a model
 * while it runs. The weights are embedded.
 */
#include "model.h"

static void wait(const mscrt_kernel_args *args, uint32_t x, uint32_t y,
                 uint32_t z) {
  int32_t *gate = (int32_t *)args->buffers[0];
  (void)x, (void)y, (void)z;
  __atomic_store_n(&gate[1], 1, __ATOMIC_SEQ_CST);
  while (!__atomic_load_n(&gate[0], __ATOMIC_SEQ_CST))
    ;
}

static int32_t run(mscrt_call *call) {
  void *buffers[] = {input_of(call, 0)};
  launch(call, 0, buffers);
  *(int32_t *)call->outputs[0] = *(const int32_t *)call->weights;
  return call->error;
}

static int32_t bind(mscrt_call *call) {
  *(int32_t *)call->weights = *(const int32_t *)input_of(call, 0);
  return 0;
}

static const int64_t two[] = {2};
static const int64_t *const inputShapes[] = {two};
static const int64_t *const outputShapes[] = {NULL};
static const mscrt_value_desc inputs[] = {
    {"gate", "", MSCRT_KIND_TENSOR, MSCRT_I32, 1, two, NULL}};
static const mscrt_value_desc outputs[] = {
    {"value", "", MSCRT_KIND_SCALAR, MSCRT_I32, 0, NULL, NULL}};
static const mscrt_parameter_desc parameters[] = {
    {"value", MSCRT_I32, 0, NULL, 4, 0, 0, MSCRT_NOT_STORED}};
static const mscrt_stage_desc stages[] = {
    {wait, "wait.0", "wait", "generic", {1, 1, 1}}};
static const mscrt_entry entries[] = {
    {run, inputShapes, outputShapes, 0, 0, NULL}};
static const int32_t weights[16] __attribute__((aligned(64))) = {11};

EXPORT_MODEL = {
    MODEL_HEAD("gate"),       .num_inputs = 1,  .num_outputs = 1,
    .num_parameters = 1,      .inputs = inputs, .outputs = outputs,
    .parameters = parameters, .num_entries = 1, .num_stages = 1,
    .entries = entries,       .stages = stages, .weights_size = 64,
    .weights = weights,       .bind = bind,
};

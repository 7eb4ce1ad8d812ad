/* SPDX-License-Identifier: Apache-2.0
 *
 * \file y[n, i] = x[n, i] * scale[i] + shift[i] for n = 1, 2 or 8 rows; counts
 * its runs in the state `steps`. A NaN in x is an error. The packed scale is
 * twice the given one, so that a test sees whether packing ran. `axis` is
 * frozen (1).
 */
#include "model.h"

enum { SCALE = 0, SHIFT = 64, STEPS = 128, WEIGHTS = 192 };

static void row(const mscrt_kernel_args *args, uint32_t x, uint32_t y,
                uint32_t z) {
  const float *in = (const float *)args->buffers[0] + 4 * x;
  const float *scale = (const float *)args->buffers[1];
  const float *shift = (const float *)args->buffers[2];
  float *out = (float *)args->buffers[3] + 4 * x;
  (void)y, (void)z;
  for (int i = 0; i < 4; ++i) {
    if (in[i] != in[i]) {
      *args->error = 1;
      return;
    }
    out[i] = in[i] * (scale[i] / 2) + shift[i];
  }
}

static void pack(const mscrt_kernel_args *args, uint32_t x, uint32_t y,
                 uint32_t z) {
  float *weights = (float *)args->buffers[3];
  (void)y, (void)z;
  if (((const float *)args->buffers[0])[x] == 0) {
    *args->error = 2;
    return;
  }
  weights[SCALE / 4 + x] = 2 * ((const float *)args->buffers[0])[x];
  weights[SHIFT / 4 + x] = ((const float *)args->buffers[1])[x];
  if (x == 0)
    weights[STEPS / 4] = *(const float *)args->buffers[2];
}

static int32_t run(mscrt_call *call, uint32_t stage) {
  void *buffers[] = {input_of(call, 0), call->weights + SCALE,
                     call->weights + SHIFT, call->outputs[0]};
  float *steps = (float *)(call->state + 64);
  launch(call, stage, buffers);
  *steps += 1;
  *(float *)call->outputs[1] = *steps;
  return call->error;
}

static int32_t run1(mscrt_call *call) { return run(call, 0); }
static int32_t run2(mscrt_call *call) { return run(call, 1); }
static int32_t run8(mscrt_call *call) { return run(call, 2); }

static int32_t bind(mscrt_call *call) {
  void *buffers[] = {input_of(call, 0), input_of(call, 1), input_of(call, 3),
                     call->weights};
  launch(call, 3, buffers);
  return call->error;
}

static const int64_t anyBy4[] = {-1, 4}, four[] = {4}, one[] = {1};
static const char *const dims[] = {"batch", NULL};
static const int64_t rows1[] = {1, 4}, rows2[] = {2, 4}, rows8[] = {8, 4};
static const int64_t *const in1[] = {rows1}, *const in2[] = {rows2},
                            *const in8[] = {rows8};
static const int64_t *const out1[] = {rows1, NULL},
                            *const out2[] = {rows2, NULL},
                            *const out8[] = {rows8, NULL};
static const mscrt_value_desc inputs[] = {
    {"x", "", MSCRT_KIND_TENSOR, MSCRT_F32, 2, anyBy4, dims}};
static const mscrt_value_desc outputs[] = {
    {"y", "0", MSCRT_KIND_TENSOR, MSCRT_F32, 2, anyBy4, dims},
    {"steps", "1", MSCRT_KIND_SCALAR, MSCRT_F32, 0, NULL, NULL}};
static const mscrt_parameter_desc parameters[] = {
    {"scale", MSCRT_F32, 1, four, 16, 0, 0, MSCRT_NOT_STORED},
    {"shift", MSCRT_F32, 1, four, 16, 0, 0, MSCRT_NOT_STORED},
    /* The hash of the eight bytes of int64 1. */
    {"axis", MSCRT_I64, 0, NULL, 8, MSCRT_PARAMETER_FROZEN, 0x2fbc593564db792eu,
     MSCRT_NOT_STORED},
    {"steps", MSCRT_F32, 1, one, 4, MSCRT_PARAMETER_STATE, 0,
     MSCRT_NOT_STORED}};
static const mscrt_state_desc states[] = {
    {"steps", MSCRT_F32, 1, one, 4, 64, STEPS}};
static const mscrt_stage_desc stages[] = {
    {row, "affine.0", "mul, \"add\"", "generic", {1, 1, 1}},
    {row, "affine.1", "mul, add", "generic", {2, 1, 1}},
    {row, "affine.2", "mul, add", "generic", {8, 1, 1}},
    {pack, "pack.0", "", "generic", {4, 1, 1}}};
static const mscrt_entry entries[] = {{run1, in1, out1, 64, 0, NULL},
                                      {run2, in2, out2, 128, 0, NULL},
                                      {run8, in8, out8, 256, 0, NULL}};
static const char *const messages[] = {"the input has a NaN",
                                       "a scale must not be zero"};

EXPORT_MODEL = {
    MODEL_HEAD("affine"),
    .num_inputs = 1,
    .num_outputs = 2,
    .num_parameters = 4,
    .num_states = 1,
    .inputs = inputs,
    .outputs = outputs,
    .parameters = parameters,
    .states = states,
    .state_size = 128,
    .num_entries = 3,
    .num_stages = 4,
    .num_messages = 2,
    .entries = entries,
    .stages = stages,
    .messages = messages,
    .weights_size = WEIGHTS,
    .weights_hash = 0, /* of no file: loading with a check must fail */
    .bind = bind,
    .bind_arena_size = 64,
};

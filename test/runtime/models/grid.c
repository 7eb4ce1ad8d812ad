/* SPDX-License-Identifier: Apache-2.0
 *
 * \file A large grid (13 x 7 x 5 points, three stages a run) whose result
 * depends on every point, and which fails from point number `fail_at` on with
 * code 1 + the point number modulo 2. The input `shape` is guarded: {3, 4}.
 */
#include "model.h"

enum { X = 13, Y = 7, Z = 5, POINTS = X * Y * Z };

static void point(const mscrt_kernel_args *args, uint32_t x, uint32_t y,
                  uint32_t z) {
  uint32_t index = x + X * (y + Y * z);
  int64_t failAt = *(const int64_t *)args->buffers[0];
  const float *from = (const float *)args->buffers[1];
  float *to = (float *)args->buffers[2];
  float value = from[index];
  if (failAt >= 0 && index >= (uint64_t)failAt) {
    *args->error = 1 + (int32_t)(index % 2);
    return;
  }
  for (int i = 0; i < 50; ++i)
    value = value * 1.0001f + (float)index / 3;
  to[index] = value;
}

static int32_t run(mscrt_call *call) {
  float *first = (float *)call->arena;
  float *second = (float *)(call->arena + 2048);
  void *buffers[] = {input_of(call, 1), input_of(call, 0), first};
  launch(call, 0, buffers);
  buffers[1] = first;
  buffers[2] = second;
  launch(call, 1, buffers);
  buffers[1] = second;
  buffers[2] = call->outputs[0];
  launch(call, 2, buffers);
  return call->error;
}

static const int64_t points[] = {POINTS}, two[] = {2};
static const int64_t *const inputShapes[] = {points, NULL, two};
static const int64_t *const outputShapes[] = {points};
static const int64_t shapeValue[] = {3, 4};
static const mscrt_guard guards[] = {{2, 16, shapeValue}};
static const mscrt_value_desc inputs[] = {
    {"x", "", MSCRT_KIND_TENSOR, MSCRT_F32, 1, points, NULL},
    {"fail_at", "", MSCRT_KIND_SCALAR, MSCRT_I64, 0, NULL, NULL},
    {"shape", "", MSCRT_KIND_TENSOR, MSCRT_I64, 1, two, NULL}};
static const mscrt_value_desc outputs[] = {
    {"y", "", MSCRT_KIND_TENSOR, MSCRT_F32, 1, points, NULL}};
static const mscrt_stage_desc stages[] = {
    {point, "grid.0", "first", "generic", {X, Y, Z}},
    {point, "grid.1", "second", "generic", {X, Y, Z}},
    {point, "grid.2", "", "generic", {X, Y, Z}}};
static const mscrt_entry entries[] = {
    {run, inputShapes, outputShapes, 4096, 1, guards}};
static const char *const messages[] = {"an even point failed",
                                       "an odd point failed"};

EXPORT_MODEL = {
    MODEL_HEAD("grid"), .num_inputs = 3,      .num_outputs = 1,
    .inputs = inputs,   .outputs = outputs,   .num_entries = 1,
    .num_stages = 3,    .num_messages = 2,    .entries = entries,
    .stages = stages,   .messages = messages,
};

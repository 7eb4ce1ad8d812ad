/* SPDX-License-Identifier: Apache-2.0
 *
 * \file The positive elements of x[8], as many as there are: an output whose
 * size depends on data. With BROKEN defined it claims more than it may.
 */
#include "model.h"

static int32_t run(mscrt_call *call) {
  const float *x = (const float *)input_of(call, 0);
  float *y = (float *)call->outputs[0];
  int64_t count = 0;
  for (int i = 0; i < 8; ++i)
    if (x[i] > 0)
      y[count++] = x[i];
#ifdef BROKEN
  count = 9;
#endif
  call->output_shapes[0][0] = count;
  return 0;
}

static const int64_t eight[] = {8}, any[] = {-1};
static const int64_t *const shapes[] = {eight};
static const mscrt_value_desc input = {
    "x", "", MSCRT_KIND_TENSOR, MSCRT_F32, 1, eight, NULL};
static const mscrt_value_desc output = {
    "y", "", MSCRT_KIND_TENSOR, MSCRT_F32, 1, any, NULL};
static const mscrt_entry entry = {run, shapes, shapes, 0, 0, NULL};

EXPORT_MODEL = {
    MODEL_HEAD("positive"), .num_inputs = 1,    .num_outputs = 1,
    .inputs = &input,       .outputs = &output, .num_entries = 1,
    .entries = &entry,
};

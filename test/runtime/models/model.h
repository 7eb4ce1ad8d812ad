/* SPDX-License-Identifier: Apache-2.0
 *
 * \file What the models of the runtime's tests, written by hand, have in
 * common.
 */
#ifndef MSC_TEST_RUNTIME_MODELS_MODEL_H
#define MSC_TEST_RUNTIME_MODELS_MODEL_H

#include "mscrt/abi.h"

#include <stddef.h>

#if defined(__aarch64__)
#define HOST_TRIPLE "aarch64-unknown-linux-gnu"
#else
#define HOST_TRIPLE "x86_64-pc-linux-gnu"
#endif

#define EXPORT_MODEL                                                           \
  __attribute__((visibility("default"))) const mscrt_model mscrt_model_v1

#ifndef MODEL_PRECISION
#define MODEL_PRECISION "default"
#endif

#define MODEL_HEAD(NAME)                                                       \
  .abi_version = MSCRT_ABI_VERSION, .size = sizeof(mscrt_model), .name = NAME, \
  .target = "cpu", .triple = HOST_TRIPLE, .cpu_features = "",                  \
  .precision = MODEL_PRECISION, .build = "by hand"

static inline void launch(mscrt_call *call, uint32_t stage, void **buffers) {
  mscrt_kernel_args args = {buffers, &call->error};
  call->services->launch(call, stage, &args);
}

static inline void *input_of(mscrt_call *call, unsigned index) {
  return (void *)(uintptr_t)call->inputs[index];
}

#endif /* MSC_TEST_RUNTIME_MODELS_MODEL_H */

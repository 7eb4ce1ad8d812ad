/* SPDX-License-Identifier: Apache-2.0
 *
 * \file The compiler as a C function of the shared library libmsc.so: a model
 * file in, a loadable artifact out. msc-run loads it when given a model.
 */
#ifndef MSC_C_JIT_H
#define MSC_C_JIT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Shape of one input, and its value where the caller has it. */
typedef struct msc_jit_input {
  const char *name; /* NULL or "": by position */
  uint32_t dtype;   /* mscrt_dtype; 0: unknown */
  int32_t rank;     /* -1: shape unknown, only counts as a position */
  const int64_t *shape;
  const void *data; /* row-major, or NULL */
  uint64_t size;    /* bytes of data */
} msc_jit_input;

typedef struct msc_jit_request {
  uint32_t size;            /* of this struct */
  const char *model;        /* path */
  const char *const *flags; /* of msc-compile, e.g. "-O2", "--key=..." */
  uint32_t num_flags;
  const msc_jit_input *inputs;
  uint32_t num_inputs;
  const char *output; /* path of the artifact to write */
} msc_jit_request;

/** Compiles `request->model` to `request->output` and the files `.h` and, with
 * weights, `.weights` beside it. Returns 0, 1 (the model cannot be compiled) or
 * 2 (a flag is wrong). `*messages` gets the diagnostics and notes, never NULL;
 * free it with msc_jit_free. Inputs whose values were needed while compiling
 * are guards of the artifact. May be called from several threads. */
int msc_jit_compile(const msc_jit_request *request, char **messages);

/** Frees what msc_jit_compile gave. */
void msc_jit_free(char *messages);

/** The program msc-compile as a function: `argc` and `argv` are those of main,
 * and so are messages and the result. */
int msc_compile_main(int argc, const char *const *argv);

#ifdef __cplusplus
}
#endif

#endif /* MSC_C_JIT_H */

/* SPDX-License-Identifier: Apache-2.0
 *
 * \file A complete C program around a compiled model with one input and one
 * output: loads it, runs it on a .npy file, writes the result as another.
 */
#include <mscrt/io.h>
#include <mscrt/mscrt.h>

#include <stdio.h>

static int fail(const mscrt_error *error) {
  fprintf(stderr, "error: %s\n", error->message);
  return 1;
}

/* Runs the model once; its output buffer belongs to the context. */
static int predict(mscrt_context *context, const mscrt_tensor *input,
                   const char *output_path, mscrt_error *error) {
  mscrt_tensor output = {0};
  if (mscrt_context_run(context, input, 1, &output, 1, error) != MSCRT_OK)
    return fail(error);
  printf("output: %s[", mscrt_dtype_name(output.dtype));
  for (int32_t i = 0; i < output.rank; ++i)
    printf("%s%lld", i ? ", " : "", (long long)output.shape[i]);
  printf("], arena %llu bytes\n",
         (unsigned long long)mscrt_context_arena_size(context));
  if (mscrt_array_write_npy(output_path, &output, error) != MSCRT_OK)
    return fail(error);
  return 0;
}

int main(int argc, char **argv) {
  mscrt_error error = {0};
  mscrt_loaded_model *model = NULL;
  mscrt_context *context = NULL;
  mscrt_array *input = NULL;
  int result = 0;

  if (argc != 4) {
    fprintf(stderr, "usage: %s MODEL.so INPUT.npy OUTPUT.npy\n", argv[0]);
    return 2;
  }
  if (mscrt_model_load(argv[1], NULL, &model, &error) != MSCRT_OK ||
      mscrt_context_create(model, &context, &error) != MSCRT_OK ||
      mscrt_array_read(argv[2], MSCRT_INVALID, &input, &error) != MSCRT_OK)
    result = fail(&error);
  else
    result = predict(context, mscrt_array_tensor(input), argv[3], &error);

  mscrt_array_free(input);
  mscrt_context_destroy(context);
  mscrt_model_release(model);
  return result;
}

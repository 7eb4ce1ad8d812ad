/* SPDX-License-Identifier: Apache-2.0
 *
 * \file Stands in for libmsc.so: "compiles" by copying the artifact that
 * FAKE_ARTIFACT names, and says what it was asked.
 */
#include "msc-c/jit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int copy(const char *from, const char *to) {
  char buffer[4096];
  size_t count;
  FILE *source = fopen(from, "rb"), *target = fopen(to, "wb");
  if (!source || !target)
    return 1;
  while ((count = fread(buffer, 1, sizeof(buffer), source)) > 0)
    fwrite(buffer, 1, count, target);
  fclose(source);
  return fclose(target);
}

__attribute__((visibility("default"))) int
msc_jit_compile(const msc_jit_request *request, char **messages) {
  char *text = malloc(4096), *at = text;
  *messages = text;
  at += sprintf(at, "compiling %s", request->model);
  for (uint32_t i = 0; i < request->num_flags; ++i) {
    at += sprintf(at, " flag %s", request->flags[i]);
    if (!strcmp(request->flags[i], "--wrong"))
      return 2;
    if (!strcmp(request->flags[i], "--fail"))
      return 1;
  }
  for (uint32_t i = 0; i < request->num_inputs; ++i) {
    const msc_jit_input *input = &request->inputs[i];
    at += sprintf(at, " input '%s' rank %d dtype %u size %d", input->name,
                  input->rank, input->dtype, (int)input->size);
    for (int d = 0; d < input->rank; ++d)
      at += sprintf(at, " %d", (int)input->shape[d]);
  }
  strcpy(at, "\n");
  return copy(getenv("FAKE_ARTIFACT"), request->output);
}

__attribute__((visibility("default"))) void msc_jit_free(char *messages) {
  free(messages);
}

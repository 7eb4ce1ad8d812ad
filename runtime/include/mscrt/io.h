/* SPDX-License-Identifier: Apache-2.0
 *
 * \file Tensors in files: NumPy's .npy and ONNX's TensorProto (.pb). Files are
 * untrusted: sizes are checked before memory is taken, and a file either gives
 * a complete tensor or an error.
 */
#ifndef MSCRT_IO_H
#define MSCRT_IO_H

#include "mscrt/mscrt.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A tensor that owns its buffer, aligned to MSCRT_ALIGNMENT. */
typedef struct mscrt_array mscrt_array;

/** Makes an array of zeros. Free with mscrt_array_free. Errors: ARGUMENT,
 * MEMORY. */
MSCRT_API mscrt_status mscrt_array_create(uint32_t dtype, int32_t rank,
                                          const int64_t *shape,
                                          mscrt_array **array,
                                          mscrt_error *error);

/** NULL is allowed. */
MSCRT_API void mscrt_array_free(mscrt_array *array);

/** The tensor, valid as long as the array; its data may be written. */
MSCRT_API const mscrt_tensor *mscrt_array_tensor(const mscrt_array *array);

/** The name a TensorProto carries, else "". */
MSCRT_API const char *mscrt_array_name(const mscrt_array *array);

/** Reads a file that is a .npy (by its magic) or else a TensorProto.
 *
 * .npy: versions 1 to 3; bool, signed and unsigned integers, float16, float32,
 * float64; either byte order and either memory order. NumPy has no bfloat16:
 * a 2-byte unsigned or void type becomes bfloat16 when `dtype` is MSCRT_BF16.
 * TensorProto: raw and typed fields of the same types and bfloat16; strings,
 * segments and external data are refused.
 *
 * `dtype` otherwise is only a wish and may be 0: what the file holds is
 * returned. Free *array with mscrt_array_free. Errors: IO, FORMAT, UNSUPPORTED,
 * MEMORY. */
MSCRT_API mscrt_status mscrt_array_read(const char *path, uint32_t dtype,
                                        mscrt_array **array,
                                        mscrt_error *error);

/** The same from `size` bytes in memory. `origin` names them in errors. */
MSCRT_API mscrt_status mscrt_array_parse(const void *bytes, uint64_t size,
                                         uint32_t dtype, const char *origin,
                                         mscrt_array **array,
                                         mscrt_error *error);

/** Writes a .npy file (through a temporary file, so that `path` is never half
 * written); bfloat16 as uint16. Errors: IO, ARGUMENT. */
MSCRT_API mscrt_status mscrt_array_write_npy(const char *path,
                                             const mscrt_tensor *tensor,
                                             mscrt_error *error);

#ifdef __cplusplus
}
#endif

#endif /* MSCRT_IO_H */

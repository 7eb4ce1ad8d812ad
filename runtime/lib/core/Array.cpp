// SPDX-License-Identifier: Apache-2.0
//
/// \file Makes arrays, and tells the file formats apart.
#include "Array.h"

#include "Support.h"

#include <cinttypes>
#include <memory>
#include <new>

using namespace mscrt::core;

mscrt_status mscrt_array::allocate(uint32_t dtype, mscrt_error *error) {
  tensor.dtype = dtype;
  tensor.rank = static_cast<int32_t>(shape.size());
  tensor.shape = shape.data();
  if (!tensorBytes(dtype, tensor.rank, tensor.shape, tensor.size))
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "the shape is negative or its size overflows");
  if (!block.allocate(tensor.size))
    return fail(error, MSCRT_ERROR_MEMORY, "no memory for %" PRIu64 " bytes",
                tensor.size);
  tensor.data = block.data();
  return MSCRT_OK;
}

/// Kernels rely on it; files may have any byte for true.
static void makeZeroOrOne(const mscrt_tensor &tensor) {
  auto *bytes = static_cast<unsigned char *>(tensor.data);
  for (uint64_t i = 0; i < tensor.size; ++i)
    bytes[i] = bytes[i] != 0;
}

extern "C" {

mscrt_status mscrt_array_create(uint32_t dtype, int32_t rank,
                                const int64_t *shape, mscrt_array **result,
                                mscrt_error *error) {
  uint64_t bytes;
  if (!result)
    return fail(error, MSCRT_ERROR_ARGUMENT, "no place for the array");
  if (mscrt_status status =
          mscrt_tensor_bytes(dtype, rank, shape, &bytes, error))
    return status;
  auto array = std::make_unique<mscrt_array>();
  array->shape.assign(shape, shape + rank);
  if (mscrt_status status = array->allocate(dtype, error))
    return status;
  *result = array.release();
  return MSCRT_OK;
}

void mscrt_array_free(mscrt_array *array) { delete array; }

const mscrt_tensor *mscrt_array_tensor(const mscrt_array *array) {
  return &array->tensor;
}

const char *mscrt_array_name(const mscrt_array *array) {
  return array->name.c_str();
}

mscrt_status mscrt_array_parse(const void *bytes, uint64_t size, uint32_t dtype,
                               const char *origin, mscrt_array **result,
                               mscrt_error *error) {
  if (!result || (size && !bytes))
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no bytes or no place for the array");
  std::string_view view(static_cast<const char *>(bytes), size);
  auto array = std::make_unique<mscrt_array>();
  origin = origin ? origin : "tensor";
  mscrt_status status = isNpy(view)
                            ? parseNpy(view, dtype, origin, *array, error)
                            : parseTensorProto(view, origin, *array, error);
  if (status)
    return status;
  if (array->tensor.dtype == MSCRT_BOOL)
    makeZeroOrOne(array->tensor);
  *result = array.release();
  return MSCRT_OK;
}

mscrt_status mscrt_array_read(const char *path, uint32_t dtype,
                              mscrt_array **result, mscrt_error *error) {
  if (!path || !result)
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "no path or no place for the array");
  MappedFile file;
  if (mscrt_status status = file.open(path, error))
    return status;
  return mscrt_array_parse(file.data(), file.size(), dtype, path, result,
                           error);
}

} // extern "C"

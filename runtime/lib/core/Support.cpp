// SPDX-License-Identifier: Apache-2.0
//
/// \file How errors are worded into the caller's object, where log messages go,
/// and what is computed from shapes.
#include "Support.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>

using namespace mscrt::core;

namespace {
std::mutex logMutex;
mscrt_log_fn logFunction = nullptr;
void *logUser = nullptr;
} // namespace

mscrt_status mscrt::core::fail(mscrt_error *error, mscrt_status code,
                               const char *format, ...) {
  if (!error)
    return code;
  error->code = code;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof(error->message), format, arguments);
  va_end(arguments);
  return code;
}

void mscrt::core::log(mscrt_log_level level, const char *format, ...) {
  mscrt_log_fn function;
  void *user;
  {
    std::lock_guard<std::mutex> lock(logMutex);
    function = logFunction;
    user = logUser;
  }
  if (!function)
    return;
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  function(user, level, text);
}

std::string mscrt::core::shapeText(int32_t rank, const int64_t *shape) {
  if (rank == 0)
    return "scalar";
  std::string text;
  for (int32_t i = 0; i < rank; ++i) {
    if (i)
      text += 'x';
    text += shape[i] < 0 ? "?" : std::to_string(shape[i]);
  }
  return text;
}

std::string mscrt::core::elementText(uint32_t dtype, const void *data,
                                     uint64_t index) {
  const char *at =
      static_cast<const char *>(data) + index * mscrt_dtype_size(dtype);
  if (isFloat(dtype)) {
    double value = 0;
    mscrt_convert(MSCRT_F64, &value, dtype, at, 1, nullptr);
    char text[40];
    snprintf(text, sizeof(text), "%.9g", value);
    return text;
  }
  uint64_t value = 0;
  mscrt_convert(MSCRT_U64, &value, dtype, at, 1, nullptr);
  return dtype == MSCRT_U64 ? std::to_string(value)
                            : std::to_string(static_cast<int64_t>(value));
}

bool mscrt::core::tensorBytes(uint32_t dtype, int32_t rank,
                              const int64_t *shape, uint64_t &bytes) {
  uint64_t elementSize = mscrt_dtype_size(dtype);
  if (!elementSize || rank < 0 || (rank && !shape))
    return false;
  bool isEmpty = false;
  for (int32_t i = 0; i < rank; ++i) {
    if (shape[i] < 0)
      return false;
    isEmpty |= shape[i] == 0;
  }
  bytes = isEmpty ? 0 : elementSize;
  for (int32_t i = 0; i < rank && !isEmpty; ++i)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(shape[i]),
                               &bytes) ||
        bytes > static_cast<uint64_t>(INT64_MAX))
      return false;
  return true;
}

uint64_t mscrt::core::elementCount(int32_t rank, const int64_t *shape) {
  uint64_t count = 1;
  for (int32_t i = 0; i < rank; ++i)
    count *= static_cast<uint64_t>(shape[i]);
  return count;
}

extern "C" {

void mscrt_set_log(mscrt_log_fn function, void *user) {
  std::lock_guard<std::mutex> lock(logMutex);
  logFunction = function;
  logUser = user;
}

const char *mscrt_version(void) { return MSCRT_VERSION; }

const char *mscrt_status_name(mscrt_status status) {
  static const char *const names[] = {
      "ok",       "io",    "format", "version",    "cpu",
      "argument", "shape", "dtype",  "guard",      "bind",
      "busy",     "model", "memory", "unsupported"};
  size_t index = static_cast<size_t>(status);
  return index < sizeof(names) / sizeof(*names) ? names[index] : "unknown";
}

mscrt_status mscrt_tensor_bytes(uint32_t dtype, int32_t rank,
                                const int64_t *shape, uint64_t *bytes,
                                mscrt_error *error) {
  if (!bytes)
    return fail(error, MSCRT_ERROR_ARGUMENT, "no place for the result");
  if (!mscrt_dtype_size(dtype))
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "elements of dtype %s have no size", mscrt_dtype_name(dtype));
  uint64_t result;
  if (!tensorBytes(dtype, rank, shape, result))
    return fail(error, MSCRT_ERROR_ARGUMENT,
                "the shape is negative or its size overflows");
  *bytes = result;
  return MSCRT_OK;
}

} // extern "C"

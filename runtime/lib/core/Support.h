// SPDX-License-Identifier: Apache-2.0
//
/// \file What every part of the runtime uses: filling errors, the log, hashing
/// and element types.
#ifndef MSCRT_LIB_CORE_SUPPORT_H
#define MSCRT_LIB_CORE_SUPPORT_H

#include "mscrt/mscrt.h"

#include <string>

namespace mscrt::core {

/// Fills `error` (unless NULL) and returns `code`.
mscrt_status fail(mscrt_error *error, mscrt_status code, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

/// Sends one message to the receiver that the user set, if any.
void log(mscrt_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool isFloat(uint32_t dtype);

/// "2x3x?" for a shape, "scalar" for rank 0; -1 is printed as "?".
std::string shapeText(int32_t rank, const int64_t *shape);

/// Decimal text of element `index` of a buffer.
std::string elementText(uint32_t dtype, const void *data, uint64_t index);

/// Computes a dense tensor's bytes; false where mscrt_tensor_bytes fails.
bool tensorBytes(uint32_t dtype, int32_t rank, const int64_t *shape,
                 uint64_t &bytes);

/// Number of elements of a shape that tensorBytes accepted.
uint64_t elementCount(int32_t rank, const int64_t *shape);

/// `text`, or "" for NULL.
inline const char *orEmpty(const char *text) { return text ? text : ""; }

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_SUPPORT_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file A tensor that owns its buffer, and the parsers that make one from the
/// bytes of a file.
#ifndef MSCRT_LIB_CORE_ARRAY_H
#define MSCRT_LIB_CORE_ARRAY_H

#include "Memory.h"
#include "mscrt/io.h"

#include <string>
#include <string_view>
#include <vector>

struct mscrt_array {
  std::string name;
  std::vector<int64_t> shape;
  mscrt::core::Block block;
  mscrt_tensor tensor = {};

  /// Gives the array a zeroed buffer for `dtype` and the current shape.
  mscrt_status allocate(uint32_t dtype, mscrt_error *error);
};

namespace mscrt::core {

/// Both fill `array` from untrusted `bytes`; `origin` names them in errors.
mscrt_status parseNpy(std::string_view bytes, uint32_t wantedDtype,
                      const char *origin, mscrt_array &array,
                      mscrt_error *error);
mscrt_status parseTensorProto(std::string_view bytes, const char *origin,
                              mscrt_array &array, mscrt_error *error);

/// True when the bytes begin as a .npy file does.
bool isNpy(std::string_view bytes);

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_ARRAY_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion between the float kinds that checkpoints hold.
#ifndef MSCRT_LIB_CHECKPOINT_DTYPE_H
#define MSCRT_LIB_CHECKPOINT_DTYPE_H

#include "mscrt/checkpoint.h"

namespace mscrt {

/// f16, bf16, f32 or f64.
bool isFloat(mscrt_dtype dtype);

/// Converts \p count elements, round to nearest even. Both types are float
/// kinds; neither pointer needs any alignment; the ranges do not overlap.
void convertFloats(mscrt_dtype fromType, const char *from, mscrt_dtype toType,
                   char *to, size_t count);

} // namespace mscrt

#endif // MSCRT_LIB_CHECKPOINT_DTYPE_H

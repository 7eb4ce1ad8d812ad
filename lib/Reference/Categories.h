// SPDX-License-Identifier: Apache-2.0
//
/// \file The evaluator's parts, one per op category, in files of that name.
#ifndef LIB_REFERENCE_CATEGORIES_H
#define LIB_REFERENCE_CATEGORIES_H

#include "msc/Reference/Reference.h"

namespace msc::reference {

/// The row-major offset of \p index, which lies inside \p shape.
inline int64_t offsetOf(llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int64_t> index) {
  return broadcastOffset(shape, index);
}

void registerElementwise(Registry &registry);
void registerImage(Registry &registry);
void registerIndexing(Registry &registry);
void registerLinalg(Registry &registry);
void registerLinear(Registry &registry);
void registerNormalization(Registry &registry);
void registerPooling(Registry &registry);
void registerReduction(Registry &registry);
void registerSelection(Registry &registry);
void registerSequence(Registry &registry);
void registerShape(Registry &registry);

} // namespace msc::reference

#endif // LIB_REFERENCE_CATEGORIES_H

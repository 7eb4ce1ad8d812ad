// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the normalization ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

void registerNormalization(Registry &registry) {}

} // namespace msc::reference

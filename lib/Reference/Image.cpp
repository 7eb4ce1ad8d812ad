// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the image ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

void registerImage(Registry &registry) {}

} // namespace msc::reference

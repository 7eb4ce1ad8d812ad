// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the indexing ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

void registerIndexing(Registry &registry) {}

} // namespace msc::reference

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the indexing ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgIndexingPatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the normalization ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgNormalizationPatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the image ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgImagePatterns(TypeConverter &converter,
                                     RewritePatternSet &patterns) {}

} // namespace msc

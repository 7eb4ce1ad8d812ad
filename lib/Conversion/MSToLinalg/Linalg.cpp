// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the linalg ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgLinalgPatterns(TypeConverter &converter,
                                      RewritePatternSet &patterns) {}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the linear ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgLinearPatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

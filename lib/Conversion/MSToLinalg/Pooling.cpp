// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the pooling ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgPoolingPatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the shape ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgShapePatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

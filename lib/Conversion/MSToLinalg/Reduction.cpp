// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the reduction ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgReductionPatterns(TypeConverter &converter, RewritePatternSet &patterns) {}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the sequence ops.
#include "lib/Conversion/MSToLinalg/Patterns.h"

using namespace mlir;

namespace msc {

void populateMSToLinalgSequencePatterns(TypeConverter &converter,
                                        RewritePatternSet &patterns) {}

} // namespace msc

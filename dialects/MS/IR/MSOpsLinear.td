// SPDX-License-Identifier: Apache-2.0
//
// Linear ops.

#ifndef DIALECTS_MS_IR_MSOPSLINEAR_TD
#define DIALECTS_MS_IR_MSOPSLINEAR_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSLINEAR_TD

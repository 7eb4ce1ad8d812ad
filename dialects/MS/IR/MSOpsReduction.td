// SPDX-License-Identifier: Apache-2.0
//
// Reduction ops.

#ifndef DIALECTS_MS_IR_MSOPSREDUCTION_TD
#define DIALECTS_MS_IR_MSOPSREDUCTION_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSREDUCTION_TD

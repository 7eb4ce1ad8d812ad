// SPDX-License-Identifier: Apache-2.0
//
// Sequence ops.

#ifndef DIALECTS_MS_IR_MSOPSSEQUENCE_TD
#define DIALECTS_MS_IR_MSOPSSEQUENCE_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSSEQUENCE_TD

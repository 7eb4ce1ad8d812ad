// SPDX-License-Identifier: Apache-2.0
//
// Linalg ops.

#ifndef DIALECTS_MS_IR_MSOPSLINALG_TD
#define DIALECTS_MS_IR_MSOPSLINALG_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSLINALG_TD

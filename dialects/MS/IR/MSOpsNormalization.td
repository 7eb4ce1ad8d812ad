// SPDX-License-Identifier: Apache-2.0
//
// Normalization ops.

#ifndef DIALECTS_MS_IR_MSOPSNORMALIZATION_TD
#define DIALECTS_MS_IR_MSOPSNORMALIZATION_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSNORMALIZATION_TD

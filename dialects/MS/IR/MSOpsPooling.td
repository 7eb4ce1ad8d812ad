// SPDX-License-Identifier: Apache-2.0
//
// Pooling ops.

#ifndef DIALECTS_MS_IR_MSOPSPOOLING_TD
#define DIALECTS_MS_IR_MSOPSPOOLING_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSPOOLING_TD

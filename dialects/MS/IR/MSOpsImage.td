// SPDX-License-Identifier: Apache-2.0
//
// Image ops.

#ifndef DIALECTS_MS_IR_MSOPSIMAGE_TD
#define DIALECTS_MS_IR_MSOPSIMAGE_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSIMAGE_TD

// SPDX-License-Identifier: Apache-2.0
//
// Shape ops.

#ifndef DIALECTS_MS_IR_MSOPSSHAPE_TD
#define DIALECTS_MS_IR_MSOPSSHAPE_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSSHAPE_TD

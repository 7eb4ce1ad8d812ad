// SPDX-License-Identifier: Apache-2.0
//
// Indexing ops.

#ifndef DIALECTS_MS_IR_MSOPSINDEXING_TD
#define DIALECTS_MS_IR_MSOPSINDEXING_TD

include "dialects/MS/IR/MSBase.td"

#endif // DIALECTS_MS_IR_MSOPSINDEXING_TD

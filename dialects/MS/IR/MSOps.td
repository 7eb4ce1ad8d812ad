// SPDX-License-Identifier: Apache-2.0
//
// All ms ops, for documentation and for the importers' rule tables.

#ifndef DIALECTS_MS_IR_MSOPS_TD
#define DIALECTS_MS_IR_MSOPS_TD

include "dialects/MS/IR/MSOpsControl.td"
include "dialects/MS/IR/MSOpsElementwise.td"
include "dialects/MS/IR/MSOpsImage.td"
include "dialects/MS/IR/MSOpsIndexing.td"
include "dialects/MS/IR/MSOpsLinalg.td"
include "dialects/MS/IR/MSOpsLinear.td"
include "dialects/MS/IR/MSOpsNormalization.td"
include "dialects/MS/IR/MSOpsPooling.td"
include "dialects/MS/IR/MSOpsReduction.td"
include "dialects/MS/IR/MSOpsSelection.td"
include "dialects/MS/IR/MSOpsSequence.td"
include "dialects/MS/IR/MSOpsShape.td"

#endif // DIALECTS_MS_IR_MSOPS_TD

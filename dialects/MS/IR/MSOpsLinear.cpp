// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the linear ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsLinear.cpp.inc"

void MSDialect::registerLinearOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsLinear.cpp.inc"
      >();
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the pooling ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsPooling.cpp.inc"

void MSDialect::registerPoolingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsPooling.cpp.inc"
      >();
}

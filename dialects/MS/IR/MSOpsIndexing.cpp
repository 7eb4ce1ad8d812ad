// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the indexing ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsIndexing.cpp.inc"

void MSDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsIndexing.cpp.inc"
      >();
}

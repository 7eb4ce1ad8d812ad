// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the msrt dialect.
#include "dialects/MSRT/IR/MSRTOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc::msrt;

#include "dialects/MSRT/IR/MSRTDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/MSRT/IR/MSRTTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/MSRT/IR/MSRTOps.cpp.inc"

void MSRTDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/MSRT/IR/MSRTTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/MSRT/IR/MSRTOps.cpp.inc"
      >();
}

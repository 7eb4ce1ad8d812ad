// SPDX-License-Identifier: Apache-2.0
//
/// \file The msrt dialect: the host program.
#ifndef DIALECTS_MSRT_IR_MSRTOPS_H
#define DIALECTS_MSRT_IR_MSRTOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/MSRT/IR/MSRTDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/MSRT/IR/MSRTTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/MSRT/IR/MSRTOps.h.inc"

#endif // DIALECTS_MSRT_IR_MSRTOPS_H

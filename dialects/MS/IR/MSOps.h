// SPDX-License-Identifier: Apache-2.0
//
/// \file The ms dialect and its ops.
#ifndef DIALECTS_MS_IR_MSOPS_H
#define DIALECTS_MS_IR_MSOPS_H

#include "dialects/MS/IR/MSActivation.h"
#include "dialects/MS/IR/MSInference.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir {
class PatternRewriter;
} // namespace mlir

namespace msc::ms {

/// See MS_Elementwise in MSBase.td.
template <typename ConcreteType>
class Elementwise : public mlir::OpTrait::TraitBase<ConcreteType, Elementwise> {
};

} // namespace msc::ms

#include "dialects/MS/IR/MSDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsControl.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsElementwise.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsImage.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsIndexing.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsLinalg.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsLinear.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsNormalization.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsPooling.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsReduction.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsSelection.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsSequence.h.inc"
#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsShape.h.inc"

#endif // DIALECTS_MS_IR_MSOPS_H

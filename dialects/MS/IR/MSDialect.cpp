// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the ms dialect.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#include "dialects/MS/IR/MSDialect.cpp.inc"

void MSDialect::initialize() {
  registerControlOps();
  registerElementwiseOps();
  registerImageOps();
  registerIndexingOps();
  registerLinalgOps();
  registerLinearOps();
  registerNormalizationOps();
  registerPoolingOps();
  registerReductionOps();
  registerSelectionOps();
  registerSequenceOps();
  registerShapeOps();
}

Operation *MSDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                          Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return builder.create<ConstantOp>(loc, elements);
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference and verifiers of the image ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsImage.cpp.inc"

void MSDialect::registerImageOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsImage.cpp.inc"
      >();
}

LogicalResult RoiAlignOp::inferReturnTypes(MLIRContext *,
                                           std::optional<Location> loc,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   rois = tensorType(adaptor.getRois()),
                   batch = tensorType(adaptor.getBatch());
  bool fits = input.getRank() == 4 && rois.getRank() == 2 &&
              (rois.getDimSize(1) == 4 || rois.isDynamicDim(1)) &&
              batch.getRank() == 1 &&
              succeeded(verifyCompatibleShape(rois.getShape().take_front(),
                                              batch.getShape())) && // C1
              rois.getElementType() == input.getElementType();      // C3
  if (!fits)
    return emitOptionalError(loc, "regions ", rois, " with indices ", batch,
                             " do not fit ", input);
  int64_t height = adaptor.getHeight(), width = adaptor.getWidth(),
          samples = adaptor.getSamples();
  if (height < 1 || width < 1 || height > INT32_MAX || width > INT32_MAX ||
      samples < 0 || samples > 1024) // C2
    return emitOptionalError(loc, "bins of ", height, " x ", width, " with ",
                             samples, " samples are out of range");
  types.push_back(
      input.clone({rois.getDimSize(0), input.getDimSize(1), height, width}));
  return success();
}

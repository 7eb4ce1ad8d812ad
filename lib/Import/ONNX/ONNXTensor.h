// SPDX-License-Identifier: Apache-2.0
//
/// \file How the tensors stored in an ONNX file become parameters and elements
/// attributes.
#ifndef LIB_IMPORT_ONNX_ONNXTENSOR_H
#define LIB_IMPORT_ONNX_ONNXTENSOR_H

#include "lib/Import/ONNX/ONNXTypes.h"

namespace msc::onnx {

/// Reads \p tensor as a parameter called \p name. Its data is taken out of the
/// message or mapped from the external data file, and copied only where the
/// file's encoding is not the parameter's. Errors are reported at \p loc.
mlir::FailureOr<Parameter> readParameter(Reader &reader, TensorProto &tensor,
                                         llvm::StringRef name,
                                         mlir::Location loc);

/// Reads \p tensor as an elements attribute; null after an error. Tensors of
/// element types that msc has none of are the StringAttr of their type's name,
/// for later stages to refuse.
mlir::Attribute readElements(Reader &reader, TensorProto &tensor,
                             mlir::Location loc);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXTENSOR_H

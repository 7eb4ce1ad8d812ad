// SPDX-License-Identifier: Apache-2.0
//
/// \file The model-local functions of an ONNX file.
#ifndef LIB_IMPORT_ONNX_ONNXFUNCTIONS_H
#define LIB_IMPORT_ONNX_ONNXFUNCTIONS_H

#include "lib/Import/ONNX/ONNXReader.h"
#include "lib/Import/ONNX/onnx.pb.h"

namespace msc::onnx {

/// Adds the operator sets of \p imports to \p opsets; those of a domain stated
/// before are replaced. Versions of ai.onnx that are not supported and
/// contradictions are errors at \p loc.
void readOpsets(
    Reader &reader,
    const google::protobuf::RepeatedPtrField<OperatorSetIdProto> &imports,
    mlir::Location loc, Opsets &opsets);

/// Registers the functions of \p model with \p reader, so that nodes that call
/// them are recognised, and builds a graph.func of each at the end of
/// \p module. Functions that call themselves are an error.
void readFunctions(Reader &reader, mlir::ModuleOp module, ModelProto &model,
                   const Opsets &modelOpsets);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXFUNCTIONS_H

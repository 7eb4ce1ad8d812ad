// SPDX-License-Identifier: Apache-2.0
//
/// \file How the attributes of an ONNX node become a dictionary attribute.
#ifndef LIB_IMPORT_ONNX_ONNXATTRIBUTES_H
#define LIB_IMPORT_ONNX_ONNXATTRIBUTES_H

#include "lib/Import/ONNX/ONNXTypes.h"

namespace msc::onnx {

using AttributeList = google::protobuf::RepeatedPtrField<AttributeProto>;

/// The attributes of one node.
struct NodeAttributes {
  /// Values by name; sub-graphs appear as names in `graph.regions`.
  mlir::DictionaryAttr dictionary;
  /// The sub-graphs, in the order of `graph.regions`.
  llvm::SmallVector<GraphProto *> graphs;
};

/// Converts \p attributes: INT is i64, FLOAT f32, STRING a StringAttr, INTS and
/// FLOATS dense arrays, STRINGS an array, TENSOR elements,
/// TYPE_PROTO a TypeAttr. A reference to an
/// attribute of the enclosing function (allowed with \p inFunction) is
/// {graph.ref = "name"}. Takes tensor data out of the messages. Errors are
/// reported at \p loc and leave the attribute out.
NodeAttributes convertAttributes(Reader &reader, AttributeList &attributes,
                                 bool inFunction, mlir::Location loc);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXATTRIBUTES_H

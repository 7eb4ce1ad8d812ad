// SPDX-License-Identifier: Apache-2.0
//
/// \file How the types that an ONNX file states become MLIR types.
#ifndef LIB_IMPORT_ONNX_ONNXTYPES_H
#define LIB_IMPORT_ONNX_ONNXTYPES_H

#include "lib/Import/ONNX/ONNXReader.h"
#include "lib/Import/ONNX/onnx.pb.h"
#include "llvm/ADT/SmallVector.h"

namespace msc::onnx {

/// Tensors of more dimensions are refused.
constexpr int maxRank = 64;

/// The name of the TensorProto.DataType \p dataType in lower case, e.g.
/// "float8e5m2"; "#99" for an unknown one.
std::string getElementTypeName(int dataType);

/// Bits per element as a file stores them; 0 for strings and unknown types.
unsigned getStoredBits(int dataType);

/// The MLIR element type; null for those that msc has no tensors of (string,
/// complex, float4, float6, float8e8m0, int2).
mlir::Type getElementType(mlir::MLIRContext *context, int dataType);

/// The dtype of a parameter; MSCRT_INVALID for types that no parameter has.
mscrt_dtype getParameterType(int dataType);

/// The number of elements of a tensor of shape \p dims, or an error text in
/// \p problem on a negative extent, too many dimensions or overflow.
std::optional<uint64_t> countElements(llvm::ArrayRef<int64_t> dims,
                                      std::string &problem);

/// The stated type of one value.
struct ValueType {
  /// A ranked tensor, or !graph.any.
  mlir::Type type;
  /// "tensor", or what it is instead: "sequence", "optional", "map", "string",
  /// "complex64" ...
  std::string kind = "tensor";
  /// The element type where it is stated without a shape, else null.
  mlir::Type unrankedElement;
  /// For ranked tensors the symbolic name of each dimension, "" where it has
  /// none.
  llvm::SmallVector<std::string, 4> dims;
};

/// Converts \p proto; a problem (overflowing extents) is reported at \p loc and
/// gives !graph.any.
ValueType convertType(Reader &reader, const TypeProto &proto,
                      mlir::Location loc);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXTYPES_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Values and type descriptions of MindIR files as MLIR attributes, in
/// the encoding of 1.7 and later and in the older one with ref_attr_name.
#ifndef LIB_IMPORT_MINDIR_MINDIRATTRIBUTES_H
#define LIB_IMPORT_MINDIR_MINDIRATTRIBUTES_H

#include "lib/Import/MindIR/MindIRModel.h"
#include "lib/Import/MindIR/MindIRTensors.h"

namespace msc::import::mindir {

/// What the file says about the type of a value.
struct ValueType {
  /// A tensor type, or !graph.any.
  mlir::Type type;
  /// "tensor", "scalar", "tuple", "list", "sequence" (of unknown length),
  /// "dict", "string", "none", "monad", "function", or "any".
  llvm::StringRef kind = "any";
  /// "scalar": TypeAttr. "tuple", "list", "sequence", "dict": ArrayAttr of
  /// TypeAttr (tensors, scalars), ArrayAttr (nested), else StringAttr (kind).
  mlir::Attribute detail;
};

/// Whether a node's \p attribute states the type of its result.
bool isTypeDescription(const mind_ir::AttributeProto &attribute);

class AttributeDecoder {
public:
  AttributeDecoder(mlir::MLIRContext *context, TensorReader &tensors)
      : context(context), tensors(tensors) {}

  /// The value of \p attribute as graph.constant documents it.
  mlir::FailureOr<mlir::Attribute>
  decode(const mind_ir::AttributeProto &attribute, mlir::Location loc);

  /// The type of a function's input or output.
  mlir::FailureOr<ValueType> decodeType(const mind_ir::ValueInfoProto &info,
                                        mlir::Location loc);
  /// The result type a node states.
  mlir::FailureOr<ValueType> decodeType(const mind_ir::NodeProto &node,
                                        mlir::Location loc);

  /// The attributes of \p node: the primitive's and its own, without its type
  /// and without what only MindSpore's backends read.
  mlir::FailureOr<mlir::DictionaryAttr> decodeAll(const Node &node,
                                                  mlir::Location loc);

private:
  mlir::FailureOr<mlir::Attribute>
  decodeSequence(const mind_ir::AttributeProto &attribute, mlir::Location loc);
  mlir::FailureOr<mlir::Attribute>
  decodeDict(const mind_ir::AttributeProto &attribute, mlir::Location loc);
  mlir::FailureOr<mlir::Attribute>
  decodeFunctor(const mind_ir::AttributeProto &attribute, mlir::Location loc);
  mlir::FailureOr<mlir::Attribute> decodeTensor(const mind_ir::TensorProto &t,
                                                mlir::Location loc);
  mlir::FailureOr<mlir::Attribute>
  decodeTensors(const mind_ir::AttributeProto &attribute, mlir::Location loc);
  mlir::FailureOr<mlir::Attribute>
  decodeOldForm(const mind_ir::AttributeProto &attribute, mlir::Location loc);

  mlir::FailureOr<ValueType> describe(const mind_ir::AttributeProto &attribute,
                                      mlir::Location loc);
  mlir::FailureOr<ValueType>
  describeSequence(const mind_ir::AttributeProto &attribute,
                   llvm::StringRef kind, mlir::Location loc);
  mlir::FailureOr<ValueType>
  describeOldForm(const mind_ir::AttributeProto &attribute, mlir::Location loc);
  mlir::FailureOr<ValueType> describeTensor(const mind_ir::TensorProto &tensor,
                                            mlir::Location loc);
  ValueType scalarOf(int32_t dataType) const;
  ValueType ofKind(llvm::StringRef kind, mlir::Attribute detail = {}) const;

  mlir::MLIRContext *context;
  TensorReader &tensors;
};

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_MINDIRATTRIBUTES_H

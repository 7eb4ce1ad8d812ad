// SPDX-License-Identifier: Apache-2.0
//
/// \file Element types, shapes and bytes of the tensors of a MindIR model, in
/// the file itself and in the data files beside it.
#ifndef LIB_IMPORT_MINDIR_MINDIRTENSORS_H
#define LIB_IMPORT_MINDIR_MINDIRTENSORS_H

#include "lib/Import/MindIR/mind_ir.pb.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"
#include "msc/Parameters/ParameterStore.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace msc::import::mindir {

/// The element type of mind_ir.TensorProto.data_type: signed integers are
/// signless, unsigned ones `ui8`, bool is `i1`. Null for strings, 4-bit
/// integers and unknown numbers.
mlir::Type elementType(int32_t dataType, mlir::MLIRContext *context);

/// The ParameterStore's name of a data type; MSCRT_INVALID if it has none.
mscrt_dtype storeType(int32_t dataType);

/// The tensor type \p tensor states: -1 is a dynamic extent, a single -2 an
/// unknown rank. An error at \p loc for anything that is no tensor type.
mlir::FailureOr<mlir::TensorType> tensorType(const mind_ir::TensorProto &tensor,
                                             mlir::Location loc);

/// Whether \p tensor is a value rather than the description of a type.
bool hasValue(const mind_ir::TensorProto &tensor);

/// The bytes of one tensor and what keeps them alive.
struct TensorBytes {
  llvm::ArrayRef<char> data;
  std::shared_ptr<void> owner;
};

/// Finds the bytes of tensors. Data files are opened once, only below the
/// model's directory, and decrypted where necessary.
class TensorReader {
public:
  TensorReader(std::shared_ptr<mind_ir::ModelProto> model, llvm::StringRef path,
               llvm::ArrayRef<uint8_t> key)
      : model(std::move(model)), path(path), key(key) {}

  /// The bytes of \p tensor, of exactly the size its type asks for.
  llvm::Expected<TensorBytes> read(const mind_ir::TensorProto &tensor);

  /// \p tensor as an attribute.
  mlir::FailureOr<mlir::DenseElementsAttr>
  readElements(const mind_ir::TensorProto &tensor, mlir::Location loc);

private:
  llvm::Expected<TensorBytes> open(llvm::StringRef location);
  llvm::Expected<TensorBytes>
  readExternal(const mind_ir::TensorProto::ExternalDataProto &external);
  llvm::Expected<TensorBytes> readSplit(llvm::StringRef name);
  llvm::Error loadSplit();

  std::shared_ptr<mind_ir::ModelProto> model;
  llvm::StringRef path;
  llvm::ArrayRef<uint8_t> key;
  llvm::StringMap<TensorBytes> files;
  /// Tensors of `<name>_variables/` in the layout of 1.2 to 1.5, by name.
  llvm::StringMap<TensorBytes> split;
  bool splitLoaded = false;
  std::string splitError;
};

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_MINDIRTENSORS_H

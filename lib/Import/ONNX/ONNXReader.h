// SPDX-License-Identifier: Apache-2.0
//
/// \file What the parts of the ONNX reader share: the state of one read, and
/// how errors of the file are located and reported.
#ifndef LIB_IMPORT_ONNX_ONNXREADER_H
#define LIB_IMPORT_ONNX_ONNXREADER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "msc/Import/Readers.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

namespace msc::onnx {

/// The newest operator set of the domain ai.onnx that is known, and the oldest
/// one that is tested.
constexpr int64_t newestOpset = 28, oldestTestedOpset = 7;

/// Operator set versions by domain; the default domain is "ai.onnx".
using Opsets = llvm::StringMap<int64_t>;

/// "ai.onnx" for the default domain, which files also spell "".
inline llvm::StringRef normalizedDomain(llvm::StringRef domain) {
  return domain.empty() ? "ai.onnx" : domain;
}

/// The state of reading one file.
class Reader {
public:
  Reader(mlir::MLIRContext *context, llvm::StringRef path,
         ParameterStore &store)
      : builder(context), store(store), path(path) {}

  mlir::MLIRContext *getContext() { return builder.getContext(); }

  /// The file as a whole.
  mlir::Location getFileLoc() { return getLoc(0); }

  /// The item \p name of the file, the \p index-th of its list.
  mlir::Location getLoc(llvm::StringRef name, unsigned index);

  /// Starts an error. Past a limit errors are counted but no longer shown.
  mlir::InFlightDiagnostic error(mlir::Location loc);
  bool hasFailed() const { return errorCount != 0; }
  /// Says how many errors were not shown, if any.
  void finishErrors();

  /// Maps the external data file \p location beside the model, once.
  llvm::Expected<MappedFile> mapExternal(llvm::StringRef location);

  mlir::Builder builder;
  ParameterStore &store;
  /// Data of initializers that were left in the mapped file; see CutTensors.h.
  llvm::DenseMap<const void *, llvm::ArrayRef<char>> cutData;
  std::shared_ptr<const MappedFile> file; ///< the model's own
  /// Model-local functions by symbol name.
  llvm::StringMap<unsigned> functions;

private:
  mlir::Location getLoc(unsigned index);

  std::string path;
  llvm::StringMap<MappedFile> externalFiles;
  unsigned errorCount = 0;
};

/// Reads the model \p file; \p path locates diagnostics and external data. With
/// an owner large tensors stay in it, else everything is copied.
/// See msc::import::readONNX.
mlir::OwningOpRef<mlir::ModuleOp> readModel(const MappedFile &file,
                                            llvm::StringRef path,
                                            mlir::MLIRContext *context,
                                            ParameterStore &store);

} // namespace msc::onnx

#endif // LIB_IMPORT_ONNX_ONNXREADER_H

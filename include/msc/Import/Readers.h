// SPDX-License-Identifier: Apache-2.0
//
/// \file The model readers: bytes of a file -> one module of the graph dialect,
/// with its weights in a ParameterStore. A reader knows no operator.
#ifndef MSC_IMPORT_READERS_H
#define MSC_IMPORT_READERS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "msc/Parameters/ParameterStore.h"

namespace msc::import {

/// Reads the ONNX model \p path and the external data files beside it. Every
/// error is a diagnostic of \p context located at the node it concerns; after
/// one the result is null and \p store may hold part of the weights.
mlir::OwningOpRef<mlir::ModuleOp> readONNX(llvm::StringRef path,
                                           mlir::MLIRContext *context,
                                           ParameterStore &store);

/// Whether a file that starts with \p head (some hundred bytes are enough) can
/// be an ONNX model.
bool looksLikeONNX(llvm::ArrayRef<char> head);

/// Reads the MindIR model \p path of MindSpore 1.1 to 2.10, encrypted with
/// \p key or not, and the data files beside it. Errors as for readONNX.
///
/// Graphs that were saved before type inference, such as MindSpore's own
/// backward rules, are refused unless \p frontEndGraphs: then their generic
/// functions become nodes `mindir.MetaFuncGraph.*` and `mindir.ClassType.*`.
mlir::OwningOpRef<mlir::ModuleOp>
readMindIR(llvm::StringRef path, mlir::MLIRContext *context,
           ParameterStore &store, const std::vector<uint8_t> &key = {},
           bool frontEndGraphs = false);

/// Whether a file that starts with \p head can be a MindIR model, plain or
/// encrypted.
bool looksLikeMindIR(llvm::ArrayRef<char> head);

} // namespace msc::import

#endif // MSC_IMPORT_READERS_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The MLIR language server with msc's dialects, for editors.
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "msc/Driver/Compile.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  msc::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}

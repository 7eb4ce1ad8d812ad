// SPDX-License-Identifier: Apache-2.0
//
/// \file mlir-opt with msc's dialects and passes.
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "msc/Driver/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  msc::registerDialects(registry);
  mlir::registerTransformsPasses();
  msc::registerPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "msc optimizer driver\n", registry));
}

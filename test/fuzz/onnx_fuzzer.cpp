// SPDX-License-Identifier: Apache-2.0
//
/// \file Feeds bytes to the ONNX reader: whatever they are, the result is a
/// module that verifies or at least one error of one line.
#include "lib/Import/ONNX/ONNXReader.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/ErrorHandling.h"

/// A file name without a directory: external data is looked for in the working
/// directory only.
static constexpr llvm::StringLiteral fileName = "fuzz.onnx";

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  std::string text;
  llvm::raw_string_ostream os(text);
  msc::DiagnosticPrinter printer(&context, os);
  msc::ParameterStore store;
  // As of a mapped file: large tensors stay in it.
  auto keep = std::make_shared<int>();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      msc::onnx::readModel({{reinterpret_cast<const char *>(data), size}, keep},
                           fileName, &context, store);
  if (!module && printer.getErrorCount() == 0)
    llvm::report_fatal_error("refused without an error");
  if (!module) {
    for (llvm::StringRef rest = os.str(); !rest.empty();
         rest = rest.split('\n').second)
      if (!rest.starts_with(fileName))
        llvm::report_fatal_error("an error has more than one line");
    return 0;
  }
  mlir::OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16);
  module->print(os, flags.assumeVerified());
  return 0;
}

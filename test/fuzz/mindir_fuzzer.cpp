// SPDX-License-Identifier: Apache-2.0
//
/// \file Feeds bytes to the MindIR reader: whatever they are, the result is a
/// module that verifies or errors of one line each.
#include "lib/Import/MindIR/MindIRReader.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/Support/ErrorHandling.h"

/// A name without a directory: data files are looked for in the working
/// directory only.
static constexpr llvm::StringLiteral fileName = "fuzz.mindir";

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const llvm::StringRef key = "0123456789ABCDEF";
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  std::string text;
  llvm::raw_string_ostream os(text);
  msc::DiagnosticPrinter printer(&context, os);
  msc::ParameterStore store;
  mlir::OwningOpRef<mlir::ModuleOp> module = msc::import::readMindIRBytes(
      fileName, {reinterpret_cast<const char *>(data), size}, &context, store,
      std::vector<uint8_t>(key.begin(), key.end()), /*frontEndGraphs=*/true);
  if (module) {
    module->print(os, mlir::OpPrintingFlags().elideLargeElementsAttrs(16));
    return 0;
  }
  if (printer.getErrorCount() == 0)
    llvm::report_fatal_error("refused without an error");
  if (llvm::StringRef(os.str()).count('\n') != printer.getErrorCount())
    llvm::report_fatal_error("an error has more than one line");
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file msc-translate: shows what a reader makes of a model file, as text of
/// the graph dialect.
#include "mlir/IR/AsmState.h"
#include "msc/Import/Decrypt.h"
#include "msc/Import/Readers.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;

namespace {
enum class Format { ONNX, MindIR };

struct Options {
  cl::OptionCategory category{"msc-translate options"};
  cl::opt<std::string> input{cl::Positional, cl::Required,
                             cl::desc("<model file>"), cl::cat(category)};
  cl::opt<Format> format{
      cl::desc("What to do:"), cl::Required, cl::cat(category),
      cl::values(clEnumValN(Format::ONNX, "import-onnx",
                            "read an ONNX model and print its graph"),
                 clEnumValN(Format::MindIR, "import-mindir",
                            "read a MindIR model and print its graph"))};
  cl::opt<std::string> key{"key", cl::value_desc("hex|@file"),
                           cl::desc("Key of an encrypted MindIR model"),
                           cl::cat(category)};
  cl::opt<bool> frontEnd{
      "front-end-graphs", cl::cat(category),
      cl::desc("Accept MindIR graphs saved before type inference")};
  cl::opt<std::string> output{"o", cl::init("-"), cl::desc("Output file"),
                              cl::value_desc("file"), cl::cat(category)};
  cl::opt<bool> parameters{
      "parameters", cl::cat(category),
      cl::desc("List the parameters with their first bytes")};
  cl::opt<bool> debugInfo{"locations", cl::cat(category),
                          cl::desc("Print where each operation comes from")};
};
} // namespace

static mlir::OwningOpRef<mlir::ModuleOp> read(const Options &options,
                                              mlir::MLIRContext *context,
                                              msc::ParameterStore &store) {
  if (options.format == Format::ONNX)
    return msc::import::readONNX(options.input, context, store);
  std::vector<uint8_t> key;
  if (!options.key.empty()) {
    Expected<std::vector<uint8_t>> parsed = msc::import::parseKey(options.key);
    if (!parsed) {
      errs() << "msc-translate: error: " << toString(parsed.takeError())
             << '\n';
      return nullptr;
    }
    key = std::move(*parsed);
  }
  return msc::import::readMindIR(options.input, context, store, key,
                                 options.frontEnd);
}

/// One comment line per parameter: name, data type, shape, bytes;
/// "frozen" where it is a constant of the file.
static void listParameters(const msc::ParameterStore &store, raw_ostream &os) {
  constexpr size_t shown = 16;
  for (const msc::Parameter *parameter : store.all()) {
    os << "// " << msc::quoted(parameter->name) << " dtype "
       << unsigned(parameter->dtype) << " [";
    interleaveComma(parameter->shape, os);
    ArrayRef<char> head = parameter->data.take_front(shown);
    os << "] " << parameter->data.size() << " bytes "
       << toHex(StringRef(head.data(), head.size()), /*LowerCase=*/true)
       << (parameter->frozen ? " frozen\n" : "\n");
  }
}

/// Writes \p module to the output file; 1 and a message where it cannot be.
static int print(const Options &options, mlir::ModuleOp module,
                 const msc::ParameterStore &store) {
  std::error_code ec;
  ToolOutputFile out(options.output, ec, sys::fs::OF_Text);
  if (ec) {
    errs() << options.output << ": error: " << ec.message() << '\n';
    return 1;
  }
  mlir::OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(64);
  if (options.debugInfo)
    flags.enableDebugInfo(true, /*prettyForm=*/false);
  module.print(out.os(), flags);
  if (options.parameters)
    listParameters(store, out.os());
  out.keep();
  return 0;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  Options options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(argc, argv, "Model readers\n", &errs()))
    return 2;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  msc::DiagnosticPrinter printer(&context, errs());
  msc::ParameterStore store;
  mlir::OwningOpRef<mlir::ModuleOp> module = read(options, &context, store);
  return module ? print(options, *module, store) : 1;
}

// SPDX-License-Identifier: Apache-2.0
//
/// \file `--emit=` of what people read: the model as graph or ms text, kernels
/// as linalg, everything as LLVM IR or assembly.
#include "lib/Driver/Compilation.h"

#include "msc/Target/HostCode.h"

using namespace mlir;

namespace msc {

namespace {
struct TextKind {
  StringRef name;
  StringRef phase; ///< after which it is made
  target::Dump dump;
};
} // namespace

static const TextKind textKinds[] = {
    {"graph", "import", target::Dump::None},
    {"ms", "optimize", target::Dump::None},
    {"linalg", "kernels", target::Dump::Linalg},
    {"llvm", "code", target::Dump::LLVM},
    {"asm", "code", target::Dump::Assembly},
};

/// Every distinct kernel under a heading that names it and its nodes.
static LogicalResult emitKernels(Compilation &c, ProgramCode &program,
                                 const TextKind &kind, std::string &text) {
  StringRef comment = kind.dump == target::Dump::Linalg ? "//"
                      : kind.dump == target::Dump::LLVM ? ";"
                                                        : "#";
  for (const auto &kernel : program.kernels) {
    text += (comment + " kernel " + kernel->symbol + "\n").str();
    if (failed(program.target->compile(kernel->kernel, kernel->symbol,
                                       kernel->choices, kind.dump, &text)))
      return failure();
  }
  return success();
}

/// The host programs, which launch the kernels.
static llvm::Error emitHost(ProgramCode &program, const TextKind &kind,
                            std::string &text) {
  llvm::LLVMContext ctx;
  auto tm = program.target->machine().targetMachine(target::Effort::Quick);
  auto module = buildHostModule(program, ctx, *tm);
  if (!module)
    return module.takeError();
  if (kind.dump == target::Dump::LLVM) {
    llvm::raw_string_ostream os(text);
    os << "; host programs\n" << **module;
    return llvm::Error::success();
  }
  auto assembly = target::emit(**module, *tm, target::EmitKind::Assembly);
  if (!assembly)
    return assembly.takeError();
  text += "# host programs\n";
  text.append(assembly->begin(), assembly->end());
  return llvm::Error::success();
}

static llvm::Error emitText(Compilation &c, const TextKind &kind) {
  std::string text;
  if (kind.dump == target::Dump::None) {
    llvm::raw_string_ostream os(text);
    c.module->print(os);
  } else {
    if (kind.dump == target::Dump::Linalg)
      c.collectKernels();
    if (failed(emitKernels(c, c.code, kind, text)))
      return llvm::createStringError("not every kernel can be emitted");
    if (kind.dump != target::Dump::Linalg)
      if (llvm::Error error = emitHost(c.code, kind, text))
        return error;
  }
  c.report.output = c.outputPath();
  c.progress.clear();
  return writeFile(c.report.output, text);
}

llvm::Expected<bool> emitTextAfter(StringRef phase, Compilation &c) {
  for (const TextKind &kind : textKinds)
    if (kind.name == c.options.emit && kind.phase == phase) {
      if (llvm::Error error = emitText(c, kind))
        return std::move(error);
      return true;
    }
  return false;
}

} // namespace msc

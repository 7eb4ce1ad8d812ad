// SPDX-License-Identifier: Apache-2.0
//
/// \file Phase "code": unique kernels are compiled, in parallel, and the host
/// program is planned.
#include "lib/Driver/Compilation.h"

#include "mlir/IR/Threading.h"
#include "llvm/Support/MD5.h"

using namespace mlir;

namespace msc {

/// Text that is equal for kernels that compute the same thing.
static std::string kernelKey(ms::KernelOp kernel) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.printGenericOpForm().useLocalScope().elideLargeElementsAttrs(1 << 30);
  for (Type type : kernel.getInputs().getTypes())
    os << type << ",";
  unsigned number = 0;
  llvm::DenseMap<Value, unsigned> names;
  for (Value argument : kernel.getBody().getArguments())
    names[argument] = number++;
  for (Operation &op : kernel.getBody().front()) {
    os << op.getName() << "(";
    for (Value operand : op.getOperands())
      os << names[operand] << ",";
    os << ")" << op.getAttrDictionary() << ":";
    for (Value result : op.getResults()) {
      names[result] = number++;
      os << result.getType() << ",";
    }
    os << "\n";
  }
  return text;
}

namespace {
/// The kernels of a program: every distinct one once, and who uses it.
class KernelTable {
public:
  explicit KernelTable(ProgramCode &program) : program(program) {}

  void add(func::FuncOp function) {
    function.walk([&](ms::KernelOp kernel) {
      KernelCode *&code = byKey[kernelKey(kernel)];
      if (!code)
        code = create(kernel);
      uses.emplace_back(kernel, code);
    });
    program.kernelUses = uses.size();
  }
  /// Numbers the stages and notes them on each use.
  void assignStages() {
    size_t stage = 0;
    for (auto &code : program.kernels) {
      code->firstStage = stage;
      stage += code->code.stages.size();
    }
    for (auto [kernel, code] : uses) {
      Builder b(kernel.getContext());
      SmallVector<int64_t> stages,
          workspace(code->code.workspace.begin(), code->code.workspace.end());
      for (size_t i = 0; i < code->code.stages.size(); ++i)
        stages.push_back(code->firstStage + i);
      kernel->setAttr("msrt.stages", b.getDenseI64ArrayAttr(stages));
      kernel->setAttr("msrt.workspace", b.getDenseI64ArrayAttr(workspace));
    }
  }

private:
  KernelCode *create(ms::KernelOp kernel) {
    program.kernels.push_back(std::make_unique<KernelCode>());
    KernelCode *code = program.kernels.back().get();
    code->kernel = kernel;
    auto name = kernel->getAttrOfType<StringAttr>("name");
    code->symbol = "k" + std::to_string(program.kernels.size() - 1) + "_" +
                   (name ? name.str() : std::string("kernel"));
    return code;
  }

  ProgramCode &program;
  llvm::StringMap<KernelCode *> byKey;
  SmallVector<std::pair<ms::KernelOp, KernelCode *>> uses;
};
} // namespace

/// Marks the kernel that \p option, "KERNEL:FAULT", names.
static LogicalResult plantFault(ProgramCode &program, StringRef option) {
  auto [name, fault] = option.rsplit(':');
  for (const auto &code : program.kernels)
    if (StringRef(code->symbol).contains(name)) {
      code->kernel->setAttr(target::plantedFaultAttr,
                            StringAttr::get(code->kernel.getContext(), fault));
      return success();
    }
  return program.bind.emitError("--plant-fault: no kernel is called '")
         << name << "'";
}

LogicalResult Compilation::compileKernels(ProgramCode &program) {
  KernelTable table(program);
  for (const Entry &entry : program.entries)
    table.add(entry.source);
  table.add(program.bind);
  if (!options.plantFault.empty() &&
      failed(plantFault(program, options.plantFault)))
    return failure();
  if (failed(failableParallelForEach(
          &ctx, program.kernels, [&](std::unique_ptr<KernelCode> &code) {
            auto compiled = program.target->compile(
                code->kernel, code->symbol, target::Dump::None, nullptr);
            if (failed(compiled))
              return failure();
            code->code = std::move(*compiled);
            return success();
          })))
    return failure();
  table.assignStages();
  return success();
}

/// Offsets of packed weights and of state.
void Compilation::planLayout() {
  for (Type type : bind.getResultTypes()) {
    layout.packed.push_back(weightsSize);
    weightsSize += alignBuffer(bufferBytes(type));
  }
  func::FuncOp main = entries.front();
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto state = main.getArgAttrOfType<StringAttr>(i, "ms.state")) {
      layout.state[state.getValue()] = stateSize;
      stateSize += alignBuffer(bufferBytes(main.getArgument(i).getType()));
    }
}

std::string entrySymbol(size_t i) { return "mscrt_entry_" + std::to_string(i); }

LogicalResult Compilation::generate(ProgramCode &program) {
  if (failed(compileKernels(program)))
    return failure();
  program.host = ModuleOp::create(UnknownLoc::get(&ctx));
  for (auto [i, entry] : llvm::enumerate(program.entries)) {
    FailureOr<HostProgram> host = convertMSToMSRT(
        entry.source, layout, false, *program.host, entrySymbol(i));
    if (failed(host))
      return failure();
    entry.arenaSize = host->arenaSize;
  }
  FailureOr<HostProgram> binder =
      convertMSToMSRT(program.bind, layout, true, *program.host, "mscrt_bind");
  if (failed(binder))
    return failure();
  program.bindArena = binder->arenaSize;
  return success();
}

LogicalResult Compilation::generateCode() {
  planLayout();
  code.target = target.get();
  for (func::FuncOp entry : entries)
    code.entries.push_back({entry});
  code.bind = bind;
  if (failed(generate(code)))
    return failure();
  report.kernels = code.kernelUses;
  report.uniqueKernels = code.kernels.size();
  for (const Entry &entry : code.entries)
    report.arenaSize = std::max(report.arenaSize, entry.arenaSize);
  report.weightsSize = weightsSize;
  report.stateSize = stateSize;
  return success();
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file Phase "code": unique kernels are compiled, in parallel, and the host
/// program is planned.
#include "lib/Driver/Compilation.h"

#include "lib/Driver/Tuning.h"
#include "mlir/IR/Threading.h"
#include "msc/Conversion/MSToLinalg.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <atomic>
#include <cinttypes>

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
      std::string text = kernelKey(kernel);
      KernelCode *&code = byKey[text];
      if (!code)
        code = create(kernel, text);
      code->launches += function != program.bind;
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
  KernelCode *create(ms::KernelOp kernel, StringRef text) {
    program.kernels.push_back(std::make_unique<KernelCode>());
    KernelCode *code = program.kernels.back().get();
    code->kernel = kernel;
    auto name = kernel->getAttrOfType<StringAttr>("name");
    code->digest = KeyHasher().add(text).str();
    code->symbol = (name ? name.str() : std::string("kernel")) + "_" +
                   code->digest.substr(0, 12);
    return code;
  }

  ProgramCode &program;
  llvm::StringMap<KernelCode *> byKey;
  SmallVector<std::pair<ms::KernelOp, KernelCode *>> uses;
};
} // namespace

/// Gives each ms.assert the number of its message.
static void numberMessages(ProgramCode &program) {
  for (const auto &code : program.kernels)
    code->kernel.walk([&](ms::AssertOp op) {
      auto &list = program.messages;
      auto found = llvm::find(list, op.getMessage());
      auto number = int32_t(found - list.begin()) + 1;
      if (found == list.end())
        list.push_back(op.getMessage().str());
      op->setAttr(errorCodeAttr,
                  Builder(op.getContext()).getI32IntegerAttr(number));
    });
}

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

/// The numbers of the messages that \p kernel may report: part of its code.
static std::string errorCodes(ms::KernelOp kernel) {
  std::string text;
  kernel.walk([&](ms::AssertOp op) {
    auto code = op->getAttrOfType<IntegerAttr>(errorCodeAttr);
    text += std::to_string(code.getInt()) + ",";
  });
  return text;
}

LogicalResult Compilation::compileKernel(const target::Target &target,
                                         KernelCode &kernel) {
  std::string key;
  if (cache) {
    SmallVector<int64_t> choices(kernel.choices.begin(), kernel.choices.end());
    while (!choices.empty() && choices.back() == 0)
      choices.pop_back(); // the estimate's, as where nothing is chosen
    key = KeyHasher()
              .add("kernel")
              .add(buildIdentity())
              .add(target.name())
              .add(target.machine().key())
              .add(options.precision)
              .add(kernel.symbol)
              .add(kernel.digest)
              .add(ArrayRef<int64_t>(choices))
              .add(errorCodes(kernel.kernel))
              .str();
    if (Cache::Entry entry = cache->find(key))
      if (target::readKernel(entry.content, kernel.code))
        return success();
  }
  auto compiled = target.compile(kernel.kernel, kernel.symbol, kernel.choices,
                                 target::Dump::None, nullptr);
  if (failed(compiled))
    return failure();
  kernel.code = std::move(*compiled);
  if (cache)
    cache->store(
        key, {target::kernelHeader(kernel.code),
              StringRef(kernel.code.object.data(), kernel.code.object.size())});
  return success();
}

/// Lists the kernels of \p program without compiling them.
static KernelTable listKernels(ProgramCode &program) {
  KernelTable table(program);
  for (const Entry &entry : program.entries)
    table.add(entry.source);
  table.add(program.bind);
  numberMessages(program);
  return table;
}

LogicalResult Compilation::compileKernels(ProgramCode &program) {
  KernelTable table = listKernels(program);
  if (!options.plantFault.empty() &&
      failed(plantFault(program, options.plantFault)))
    return failure();
  bool usesTuning = tuning && program.target == target.get();
  if (usesTuning)
    tuning->apply(program);
  std::atomic<size_t> finished{0};
  if (failed(failableParallelForEach(
          &ctx, program.kernels, [&](std::unique_ptr<KernelCode> &kernel) {
            LogicalResult result = compileKernel(*program.target, *kernel);
            progress.show("code: " + Twine(++finished) + " of " +
                          Twine(program.kernels.size()) + " kernels");
            return result;
          })))
    return failure();
  if (usesTuning && options.tuneSeconds.value_or(0) > 0 &&
      failed(tuneKernels(*this, program)))
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
    entry.liveTensors = host->liveTensors;
  }
  FailureOr<HostProgram> binder =
      convertMSToMSRT(program.bind, layout, true, *program.host, "mscrt_bind");
  if (failed(binder))
    return failure();
  program.bindArena = binder->arenaSize;
  return success();
}

/// What `code` is to be made of.
void Compilation::planProgram() {
  code.target = target.get();
  code.entries.clear();
  for (func::FuncOp entry : entries)
    code.entries.push_back({entry});
  code.bind = bind;
}

void Compilation::collectKernels() {
  planProgram();
  listKernels(code);
}

/// One line for each kernel with a stage that no schedule took.
static void explainKernels(const ProgramCode &program, llvm::raw_ostream &os) {
  size_t generic = 0;
  for (const auto &kernel : program.kernels) {
    llvm::SetVector<StringRef> notes;
    for (const target::Stage &stage : kernel->code.stages)
      if (stage.facts.schedule == "generic" && !stage.facts.note.empty())
        notes.insert(stage.facts.note);
    if (notes.empty())
      continue;
    ++generic;
    std::string nodes = sourceNodes(kernel->kernel.getLoc());
    os << "generic schedule: " << kernel->symbol << " ("
       << (nodes.empty() ? "no source nodes" : nodes)
       << "): " << llvm::join(notes, "; ") << "\n";
  }
  os << "generic schedule: " << generic << " of " << program.kernels.size()
     << " kernels\n";
}

uint64_t ProgramCode::scratchSize() const {
  uint64_t most = 0;
  for (const auto &kernel : kernels)
    for (const target::Stage &stage : kernel->code.stages)
      most = std::max(most, stage.scratch);
  return most;
}

/// One line for each entry, one for the scratch memory if there is any.
static void explainArena(const ProgramCode &program, llvm::raw_ostream &os) {
  for (const Entry &entry : program.entries) {
    os << "arena: " << entry.arenaSize << " bytes";
    if (entry.liveTensors != 0)
      os << llvm::format(", %.2f times the %" PRIu64
                         " bytes of tensors that are live at a time",
                         double(entry.arenaSize) / double(entry.liveTensors),
                         entry.liveTensors);
    os << "\n";
  }
  if (uint64_t scratch = program.scratchSize())
    os << "scratch: " << scratch << " bytes per thread\n";
}

LogicalResult Compilation::generateCode() {
  planLayout();
  planProgram();
  if (failed(generate(code)))
    return failure();
  if (options.explain) {
    progress.clear();
    explainKernels(code, os);
    if (tuning)
      explainTuning(*this);
    explainArena(code, os);
  }
  report.kernels = code.kernelUses;
  report.uniqueKernels = code.kernels.size();
  for (const Entry &entry : code.entries)
    report.arenaSize = std::max(report.arenaSize, entry.arenaSize);
  report.weightsSize = weightsSize;
  report.stateSize = stateSize;
  return success();
}

} // namespace msc

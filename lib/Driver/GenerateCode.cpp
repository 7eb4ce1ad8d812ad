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

/// Compiles every distinct kernel once and notes its stages on each use.
LogicalResult Compilation::compileKernels() {
  llvm::StringMap<KernelCode *> byKey;
  SmallVector<std::pair<ms::KernelOp, KernelCode *>> uses;
  for (func::FuncOp function : {main, bind})
    function.walk([&](ms::KernelOp kernel) {
      KernelCode *&code = byKey[kernelKey(kernel)];
      if (!code) {
        kernels.push_back(std::make_unique<KernelCode>());
        code = kernels.back().get();
        code->kernel = kernel;
        auto name = kernel->getAttrOfType<StringAttr>("name");
        code->symbol = "k" + std::to_string(kernels.size() - 1) + "_" +
                       (name ? name.str() : std::string("kernel"));
      }
      uses.emplace_back(kernel, code);
    });
  report.kernels = uses.size();
  report.uniqueKernels = kernels.size();
  if (failed(failableParallelForEach(
          &ctx, kernels, [&](std::unique_ptr<KernelCode> &code) {
            auto compiled = target->compile(code->kernel, code->symbol,
                                            target::Dump::None, nullptr);
            if (failed(compiled))
              return failure();
            code->code = std::move(*compiled);
            return success();
          })))
    return failure();
  size_t stage = 0;
  for (auto &code : kernels) {
    code->firstStage = stage;
    stage += code->code.stages.size();
  }
  Builder b(&ctx);
  for (auto [kernel, code] : uses) {
    SmallVector<int64_t> stages,
        workspace(code->code.workspace.begin(), code->code.workspace.end());
    for (size_t i = 0; i < code->code.stages.size(); ++i)
      stages.push_back(code->firstStage + i);
    kernel->setAttr("msrt.stages", b.getDenseI64ArrayAttr(stages));
    kernel->setAttr("msrt.workspace", b.getDenseI64ArrayAttr(workspace));
  }
  return success();
}

/// Offsets of packed weights and of state.
void Compilation::planLayout() {
  for (Type type : bind.getResultTypes()) {
    layout.packed.push_back(weightsSize);
    weightsSize += alignBuffer(bufferBytes(type));
  }
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto state = main.getArgAttrOfType<StringAttr>(i, "ms.state")) {
      layout.state[state.getValue()] = stateSize;
      stateSize += alignBuffer(bufferBytes(main.getArgument(i).getType()));
    }
}

LogicalResult Compilation::generateCode() {
  if (failed(compileKernels()))
    return failure();
  planLayout();
  host = ModuleOp::create(UnknownLoc::get(&ctx));
  FailureOr<HostProgram> entry =
      convertMSToMSRT(main, layout, false, *host, "mscrt_entry_0");
  if (failed(entry))
    return failure();
  FailureOr<HostProgram> binder =
      convertMSToMSRT(bind, layout, true, *host, "mscrt_bind");
  if (failed(binder))
    return failure();
  entryArena = entry->arenaSize;
  bindArena = binder->arenaSize;
  report.arenaSize = entryArena;
  report.weightsSize = weightsSize;
  report.stateSize = stateSize;
  return success();
}

} // namespace msc

// SPDX-License-Identifier: Apache-2.0
//
/// \file The CPU target: kernels become grid stages in native code.
#include "lib/Target/CPU/KernelModule.h"
#include "lib/Target/CPU/Library/DeviceLibrary.h"
#include "lib/Target/CPU/PlantFault.h"
#include "lib/Target/CPU/Schedules/Contraction.h"
#include "lib/Target/CPU/Stages.h"
#include "lib/Target/CPU/VectorFunctions.h"
#include "lib/Target/CPU/WinogradChoice.h"
#include "msc/Target/Target.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"

using namespace mlir;

namespace msc::target {

/// Adds `void name(const mscrt_kernel_args *, i32 x, i32 y, i32 z)` around
/// the function of that name, which takes the buffers, the scratch memory if it
/// needs any, the grid point (x, y) and the place of the error.
static void addStageEntry(llvm::Module &module, const Stage &stage) {
  StringRef name = stage.symbol;
  llvm::LLVMContext &ctx = module.getContext();
  llvm::Function *impl = module.getFunction(name);
  impl->setName(name + ".impl");
  impl->setLinkage(llvm::GlobalValue::InternalLinkage);
  impl->addFnAttr(llvm::Attribute::AlwaysInline);
  auto *ptr = llvm::PointerType::getUnqual(ctx);
  auto *i32 = llvm::Type::getInt32Ty(ctx), *i64 = llvm::Type::getInt64Ty(ctx);
  auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(ctx),
                                       {ptr, i32, i32, i32}, false);
  auto *entry = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage,
                                       name, module);
  entry->setVisibility(llvm::GlobalValue::HiddenVisibility);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(ctx, "", entry));
  auto load = [&](llvm::Value *pointers, unsigned i) {
    return b.CreateLoad(ptr, b.CreateConstInBoundsGEP1_64(ptr, pointers, i));
  };
  llvm::Value *buffers = load(entry->getArg(0), 0);
  SmallVector<llvm::Value *> args;
  unsigned count = impl->arg_size() - 3;
  for (unsigned i = 0; i < count; ++i) {
    bool isScratch = stage.scratch != 0 && i + 1 == count;
    args.push_back(isScratch ? load(entry->getArg(0), 2) : load(buffers, i));
    impl->addParamAttr(i, llvm::Attribute::NoAlias);
  }
  args.push_back(b.CreateZExt(entry->getArg(1), i64));
  args.push_back(b.CreateZExt(entry->getArg(2), i64));
  args.push_back(load(entry->getArg(0), 1));
  b.CreateCall(impl, args);
  b.CreateRetVoid();
}

/// With fewer rows the weights' way from memory is what counts, with fewer
/// products it is the splitting of the other operand.
static constexpr int64_t fewestTileRows = 24, fewestTileProducts = 1 << 21;

/// Numbers of bf16 per operand of f32 on tiles, 0 where those are not used.
/// With three the error is below that of f32, with two 2^-16 of what is added
/// up.
static unsigned partsOf(StringRef precision) {
  return precision == "bf16x6" ? 3
         : precision == "fast" ? 2
         : precision == "bf16" ? 1
                               : 0;
}

namespace {
class CPUTarget final : public Target {
public:
  CPUTarget(Machine machine, StringRef precision)
      : host(std::move(machine)), cpu(CPUInfo::of(host)),
        strict(precision == "strict"), fast(precision == "fast"),
        parts(partsOf(precision)) {}

  StringRef name() const final { return "cpu"; }
  const Machine &machine() const final { return host; }
  int64_t weightPanel() const final { return contractionPanel(cpu); }
  int64_t convTile(ms::ConvOp op) const final {
    return strict ? 0 : chooseConvTile(op, cpu);
  }
  WeightParts weightParts() const final {
    return cpu.hasTiles ? WeightParts{parts, fewestTileRows, fewestTileProducts}
                        : WeightParts();
  }
  FailureOr<CompiledKernel> compile(ms::KernelOp kernel, StringRef symbol,
                                    const KernelChoices &choices, Dump dump,
                                    std::string *text) const final;

private:
  LogicalResult emitCode(ModuleOp module, ms::KernelOp kernel,
                         CompiledKernel &result, Dump dump,
                         std::string *text) const;

  Machine host;
  CPUInfo cpu;
  bool strict;    ///< sums in one order, no contraction
  bool fast;      ///< LLVM may reorder what schedules wrote
  unsigned parts; ///< bf16 numbers per number of f32, on tiles
};
} // namespace

/// Lets sums be added up in another order, which is what vectorises them.
static void allowReassociation(llvm::Module &module) {
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (isa<llvm::FPMathOperator>(instruction)) {
        instruction.setHasAllowReassoc(true);
        instruction.setHasNoSignedZeros(true);
      }
}

/// Loops that carry vectors are tiles in registers, written as long as they
/// should be: unrolled further, their loads would be held and spilled.
static void keepTileLoops(llvm::Module &module) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    llvm::DominatorTree tree(function);
    llvm::LoopInfo loops(tree);
    for (llvm::Loop *loop : loops.getLoopsInPreorder())
      if (llvm::any_of(loop->getHeader()->phis(), [](llvm::PHINode &phi) {
            return phi.getType()->isVectorTy();
          }))
        loop->setLoopAlreadyUnrolled();
  }
}

/// Whether schedules wrote all loops of \p kernel, and no function of the
/// library has to be inlined.
static bool isScheduled(const CompiledKernel &kernel,
                        const llvm::Module &module) {
  for (const llvm::Function &function : module)
    for (const llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = dyn_cast<llvm::CallBase>(&instruction)) {
        const llvm::Function *callee = call->getCalledFunction();
        if (!callee || (!callee->isIntrinsic() &&
                        !callee->hasFnAttribute(llvm::Attribute::AlwaysInline)))
          return false;
      }
  return llvm::none_of(kernel.stages, [](const Stage &stage) {
    return stage.facts.schedule == "generic";
  });
}

template <typename T> static void printTo(std::string *text, T &&print) {
  llvm::raw_string_ostream os(*text);
  print(os);
}

LogicalResult CPUTarget::emitCode(ModuleOp module, ms::KernelOp kernel,
                                  CompiledKernel &result, Dump dump,
                                  std::string *text) const {
  llvm::LLVMContext ctx;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, ctx);
  if (!code)
    return kernel.emitError("translation to LLVM IR failed");
  std::unique_ptr<llvm::TargetMachine> tm = host.targetMachine();
  code->setTargetTriple(host.triple());
  code->setDataLayout(tm->createDataLayout());
  for (const Stage &stage : result.stages)
    addStageEntry(*code, stage);
  keepTileLoops(*code);
  if (fast) // before the library, whose functions rely on their order
    allowReassociation(*code);
  if (llvm::Error error = linkDeviceLibrary(*code))
    return kernel.emitError(llvm::toString(std::move(error)));
  if (llvm::Error error = defineVectorFunctions(*code))
    return kernel.emitError(llvm::toString(std::move(error)));
  std::string broken;
  llvm::raw_string_ostream brokenStream(broken);
  if (llvm::verifyModule(*code, &brokenStream))
    return kernel.emitError("invalid LLVM IR: ") << broken;
  if (cpu.vectorBits == 512)
    for (llvm::Function &function : *code)
      function.addFnAttr("prefer-vector-width", "512");
  optimize(*code, host, *tm,
           isScheduled(result, *code) ? Effort::CleanUp : Effort::Full);
  if (dump == Dump::LLVM) {
    printTo(text, [&](llvm::raw_ostream &os) { code->print(os, nullptr); });
    return success();
  }
  auto object =
      emit(*code, *tm,
           dump == Dump::Assembly ? EmitKind::Assembly : EmitKind::Object);
  if (!object)
    return kernel.emitError(llvm::toString(object.takeError()));
  result.object = std::move(*object);
  if (dump == Dump::Assembly)
    text->append(result.object.begin(), result.object.end());
  return success();
}

FailureOr<CompiledKernel> CPUTarget::compile(ms::KernelOp kernel,
                                             StringRef symbol,
                                             const KernelChoices &choices,
                                             Dump dump,
                                             std::string *text) const {
  OwningOpRef<ModuleOp> module = buildKernelModule(kernel, symbol);
  if (failed(lowerToBuffers(*module)))
    return kernel.emitError("cannot be compiled for the CPU"), failure();
  CompiledKernel result;
  if (dump == Dump::Linalg) {
    printTo(text, [&](llvm::raw_ostream &os) { module->print(os); });
    return result;
  }
  auto function = module->lookupSymbol<func::FuncOp>(symbol);
  FailureOr<StagedKernel> staged =
      splitIntoStages(function, cpu, !strict, choices);
  if (auto fault = kernel->getAttrOfType<StringAttr>(plantedFaultAttr))
    if (failed(staged) || failed(plantFault(*module, *staged, fault)))
      return failure();
  if (failed(staged) || failed(lowerToLLVM(*module)))
    return kernel.emitError("cannot be compiled for the CPU"), failure();
  result.workspace = staged->workspace;
  result.candidates = staged->candidates;
  for (const StagePlan &plan : staged->stages) {
    result.stages.push_back({plan.function, {}, plan.scratch, plan.facts});
    std::copy(plan.grid, plan.grid + 3, result.stages.back().grid);
  }
  if (failed(emitCode(*module, kernel, result, dump, text)))
    return failure();
  return result;
}

llvm::Expected<std::unique_ptr<Target>>
createCPUTarget(const TargetOptions &options) {
  MachineOptions machineOptions = options.machine;
  machineOptions.fuseMultiplyAdd = options.precision != "strict";
  machineOptions.tiles = partsOf(options.precision) > 0;
  llvm::Expected<Machine> machine = Machine::create(machineOptions);
  if (!machine)
    return machine.takeError();
  return std::make_unique<CPUTarget>(std::move(*machine), options.precision);
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file Target machines, the optimisation pipeline, object emission.
#include "msc/Target/CodeGen.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace msc::target {

static void initializeTargets() {
  static const bool once = [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
    return true;
  }();
  (void)once;
}

/// LLVM 19 takes some AVX-512 machines for AVX10 ones; that feature set is
/// never what we want to generate code for.
static std::string hostFeatures() {
  std::vector<std::string> list;
  for (const auto &feature : sys::getHostCPUFeatures())
    if (feature.second && !feature.first().starts_with("avx10"))
      list.push_back(("+" + feature.first()).str());
  llvm::sort(list);
  return join(list, ",");
}

Expected<Machine> Machine::create(const MachineOptions &options) {
  initializeTargets();
  Machine machine;
  machine.options = options;
  std::string hostTriple = sys::getDefaultTargetTriple();
  machine.tripleName =
      options.triple.empty() ? hostTriple : Triple::normalize(options.triple);
  Triple triple(machine.tripleName);
  machine.host = triple.getArch() == Triple(hostTriple).getArch();
  std::string error;
  const Target *target =
      TargetRegistry::lookupTarget(machine.tripleName, error);
  if (!target || (!triple.isX86() && !triple.isAArch64()) ||
      !triple.isArch64Bit())
    return createStringError(
        "unsupported target triple '" + machine.tripleName +
        "': expected x86_64 or aarch64, little-endian, on Linux");
  bool native = options.cpu.empty() || options.cpu == "native";
  if (native && !machine.host) {
    machine.cpuName = triple.isX86() ? "x86-64-v3" : "generic";
  } else if (native) {
    machine.cpuName = sys::getHostCPUName().str();
    machine.features = hostFeatures();
  } else {
    machine.cpuName = options.cpu;
  }
  std::unique_ptr<MCSubtargetInfo> sti(
      target->createMCSubtargetInfo(machine.tripleName, "", ""));
  if (!sti || !sti->isCPUStringValid(machine.cpuName))
    return createStringError("unknown processor '" + machine.cpuName +
                             "' for " + machine.tripleName +
                             "; for example x86-64-v3, sapphirerapids, "
                             "neoverse-n1");
  return machine;
}

std::unique_ptr<TargetMachine> Machine::targetMachine() const {
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(tripleName, error);
  TargetOptions flags;
  flags.AllowFPOpFusion =
      options.fuseMultiplyAdd ? FPOpFusion::Fast : FPOpFusion::Standard;
  flags.FunctionSections = true;
  flags.DataSections = true;
  auto level = options.optLevel >= 3   ? CodeGenOptLevel::Aggressive
               : options.optLevel == 2 ? CodeGenOptLevel::Default
               : options.optLevel == 1 ? CodeGenOptLevel::Less
                                       : CodeGenOptLevel::None;
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(tripleName, cpuName, features, flags,
                                  Reloc::PIC_, CodeModel::Small, level));
}

std::string Machine::requiredFeatures() const {
  static const char *const known[] = {
      "sse4.1",     "sse4.2",   "avx",      "avx2",       "fma",
      "f16c",       "bmi",      "bmi2",     "avx512f",    "avx512cd",
      "avx512bw",   "avx512dq", "avx512vl", "avx512vnni", "avx512bf16",
      "avx512fp16", "neon",     "fp-armv8", "fullfp16",   "dotprod",
      "sve"};
  std::unique_ptr<TargetMachine> tm = targetMachine();
  const MCSubtargetInfo &sti = *tm->getMCSubtargetInfo();
  std::vector<std::string> required;
  Triple triple(tripleName);
  for (StringRef name : known) {
    bool arm =
        is_contained({"neon", "fp-armv8", "fullfp16", "dotprod", "sve"}, name);
    if (arm == triple.isAArch64() && sti.checkFeatures(("+" + name).str()))
      required.push_back(name.str());
  }
  return join(required, ",");
}

std::string Machine::key() const {
  return tripleName + "|" + cpuName + "|" + features + "|" +
         std::to_string(options.optLevel) +
         (options.fuseMultiplyAdd ? "|fma" : "");
}

void optimize(Module &module, const Machine &machine, TargetMachine &tm) {
  module.setTargetTriple(machine.triple());
  module.setDataLayout(tm.createDataLayout());
  LoopAnalysisManager lam;
  FunctionAnalysisManager fam;
  CGSCCAnalysisManager cgam;
  ModuleAnalysisManager mam;
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = machine.optLevel() >= 2;
  PassBuilder builder(&tm, tuning);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  OptimizationLevel level = machine.optLevel() >= 3   ? OptimizationLevel::O3
                            : machine.optLevel() == 2 ? OptimizationLevel::O2
                            : machine.optLevel() == 1 ? OptimizationLevel::O1
                                                      : OptimizationLevel::O0;
  ModulePassManager passes = level == OptimizationLevel::O0
                                 ? builder.buildO0DefaultPipeline(level)
                                 : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, mam);
}

Expected<SmallVector<char, 0>> emit(Module &module, TargetMachine &tm,
                                    EmitKind kind) {
  SmallVector<char, 0> bytes;
  raw_svector_ostream os(bytes);
  legacy::PassManager passes;
  auto type = kind == EmitKind::Object ? CodeGenFileType::ObjectFile
                                       : CodeGenFileType::AssemblyFile;
  if (tm.addPassesToEmitFile(passes, os, nullptr, type))
    return createStringError("the target cannot emit this kind of file");
  passes.run(module);
  return bytes;
}

} // namespace msc::target

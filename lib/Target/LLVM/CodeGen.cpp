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
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

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

/// What the host has and, as virtual machines hide some that their processor's
/// name implies, what it lacks. LLVM 19 takes some AVX-512 machines for AVX10
/// ones; that feature set is never what we want to generate code for.
static std::string hostFeatures() {
  std::vector<std::string> list;
  for (const auto &feature : sys::getHostCPUFeatures())
    if (!feature.first().starts_with("avx10"))
      list.push_back(((feature.second ? "+" : "-") + feature.first()).str());
  llvm::sort(list);
  return join(list, ",");
}

/// Linux keeps the tile registers off until a process asks for them.
static bool requestTileRegisters() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr int requestPermission = 0x1023; // ARCH_REQ_XCOMP_PERM
  constexpr int tileData = 18;              // XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return false;
#endif
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
  if (triple.isX86() && (!options.tiles || (native && !requestTileRegisters())))
    machine.features +=
        (machine.features.empty() ? "" : ",") + std::string("-amx-tile");
  std::unique_ptr<MCSubtargetInfo> sti(
      target->createMCSubtargetInfo(machine.tripleName, "", ""));
  if (!sti || !sti->isCPUStringValid(machine.cpuName))
    return createStringError("unknown processor '" + machine.cpuName +
                             "' for " + machine.tripleName +
                             "; for example x86-64-v3, sapphirerapids, "
                             "neoverse-n1");
  return machine;
}

static unsigned limit(unsigned level, Effort effort) {
  return effort == Effort::Least   ? 0
         : effort == Effort::Quick ? std::min(level, 1u)
                                   : level;
}

std::unique_ptr<TargetMachine> Machine::targetMachine(Effort effort) const {
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(tripleName, error);
  TargetOptions flags;
  flags.AllowFPOpFusion =
      options.fuseMultiplyAdd ? FPOpFusion::Fast : FPOpFusion::Standard;
  flags.FunctionSections = true;
  flags.DataSections = true;
  unsigned number = limit(options.optLevel, effort);
  auto level = number >= 3   ? CodeGenOptLevel::Aggressive
               : number == 2 ? CodeGenOptLevel::Default
               : number == 1 ? CodeGenOptLevel::Less
                             : CodeGenOptLevel::None;
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(tripleName, cpuName, features, flags,
                                  Reloc::PIC_, CodeModel::Small, level));
}

/// Extensions that LLVM or our kernels may choose instructions from.
static ArrayRef<StringRef> extensions(const Triple &triple) {
  static const StringRef x86[] = {
      "sse3",       "ssse3",      "sse4.1",       "sse4.2",
      "popcnt",     "lzcnt",      "movbe",        "avx",
      "avx2",       "fma",        "f16c",         "bmi",
      "bmi2",       "gfni",       "avxvnni",      "avxifma",
      "avx512f",    "avx512cd",   "avx512bw",     "avx512dq",
      "avx512vl",   "avx512vbmi", "avx512vbmi2",  "avx512ifma",
      "avx512vnni", "avx512bf16", "avx512bitalg", "avx512vpopcntdq",
      "avx512fp16", "xop",        "fma4",         "tbm",
      "amx-tile",   "amx-bf16"};
  static const StringRef arm[] = {"neon",     "fp-armv8", "lse",     "rdm",
                                  "fullfp16", "dotprod",  "fp16fml", "bf16",
                                  "i8mm",     "sve",      "sve2"};
  return triple.isAArch64() ? ArrayRef(arm) : ArrayRef(x86);
}

std::string Machine::requiredFeatures() const {
  std::unique_ptr<TargetMachine> tm = targetMachine();
  const MCSubtargetInfo &sti = *tm->getMCSubtargetInfo();
  std::vector<std::string> required;
  for (StringRef name : extensions(Triple(tripleName)))
    if (sti.checkFeatures(("+" + name).str()))
      required.push_back(name.str());
  return join(required, ",");
}

bool Machine::runsHere() const {
  if (!host)
    return false;
  StringMap<bool> present = sys::getHostCPUFeatures();
  SmallVector<StringRef> required;
  std::string list = requiredFeatures();
  StringRef(list).split(required, ',', -1, /*KeepEmpty=*/false);
  // LLVM does not say all it knows of AArch64 hosts; these all have.
  if (!all_of(required, [&](StringRef name) {
        return present.lookup(name) || name == "fp-armv8" || name == "neon";
      }))
    return false;
  return !is_contained(required, "amx-tile") || requestTileRegisters();
}

bool Machine::isThisOne() const {
  return cpuName == sys::getHostCPUName() && runsHere();
}

std::string Machine::key() const {
  return tripleName + "|" + cpuName + "|" + features + "|" +
         std::to_string(options.optLevel) +
         (options.fuseMultiplyAdd ? "|fma" : "");
}

/// What loops of vectors need.
static constexpr const char *cleanUpPasses =
    "always-inline,function(sroa,early-cse<memssa>,instcombine,simplifycfg,"
    "loop-mssa(loop-rotate,licm),loop(indvars),gvn,dse,adce,instcombine,"
    "simplifycfg)";

void optimize(Module &module, const Machine &machine, TargetMachine &tm,
              Effort effort) {
  module.setTargetTriple(machine.triple());
  module.setDataLayout(tm.createDataLayout());
  LoopAnalysisManager lam;
  FunctionAnalysisManager fam;
  CGSCCAnalysisManager cgam;
  ModuleAnalysisManager mam;
  PipelineTuningOptions tuning;
  unsigned number = limit(machine.optLevel(), effort);
  tuning.LoopVectorization = tuning.SLPVectorization = number >= 2;
  PassBuilder builder(&tm, tuning);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  OptimizationLevel level = number >= 3   ? OptimizationLevel::O3
                            : number == 2 ? OptimizationLevel::O2
                            : number == 1 ? OptimizationLevel::O1
                                          : OptimizationLevel::O0;
  ModulePassManager passes;
  if (level == OptimizationLevel::O0)
    passes = builder.buildO0DefaultPipeline(level);
  else if (effort == Effort::CleanUp)
    cantFail(builder.parsePassPipeline(passes, cleanUpPasses));
  else
    passes = builder.buildPerModuleDefaultPipeline(level);
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

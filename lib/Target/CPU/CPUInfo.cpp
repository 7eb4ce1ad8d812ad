// SPDX-License-Identifier: Apache-2.0
//
/// \file What schedules have to know of a processor.
#include "lib/Target/CPU/CPUInfo.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/TargetParser/Triple.h"

namespace msc::target {

CPUInfo CPUInfo::of(const Machine &machine) {
  CPUInfo info;
  std::unique_ptr<llvm::TargetMachine> tm = machine.targetMachine();
  const llvm::MCSubtargetInfo &features = *tm->getMCSubtargetInfo();
  llvm::Triple triple(machine.triple());
  if (triple.isAArch64()) {
    info.vectorRegisters = 32;
  } else if (triple.isX86() && features.checkFeatures("+avx512f")) {
    info.vectorBits = 512;
    info.vectorRegisters = 32;
    info.hasTiles =
        features.checkFeatures("+amx-tile,+amx-bf16,+avx512bf16,+avx512bw");
  } else if (triple.isX86() && features.checkFeatures("+avx")) {
    info.vectorBits = 256;
  }
  return info;
}

} // namespace msc::target

// SPDX-License-Identifier: Apache-2.0
//
/// \file From LLVM IR to machine code and shared objects, in process.
#ifndef MSC_TARGET_CODEGEN_H
#define MSC_TARGET_CODEGEN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace msc::target {

/// The processor that code is generated for.
struct MachineOptions {
  std::string triple;    ///< empty: the host's
  std::string cpu;       ///< empty or "native": the host's
  unsigned optLevel = 3; ///< 0 to 3
  bool fuseMultiplyAdd = true;
  bool tiles = false; ///< may use the tile registers of AMX
};

/// How much time code is worth. Loops that a schedule wrote in vectors are only
/// cleaned up. A host program runs once per inference and may launch thousands
/// of kernels in one block: optimising it gains nothing, and past some hundreds
/// takes more than linear time, which Least does not.
enum class Effort { Full, CleanUp, Quick, Least };

/// A resolved processor. Immutable; TargetMachines are made per use, as LLVM's
/// are not shared between threads.
class Machine {
public:
  static llvm::Expected<Machine> create(const MachineOptions &options);

  std::unique_ptr<llvm::TargetMachine>
  targetMachine(Effort effort = Effort::Full) const;
  const std::string &triple() const { return tripleName; }
  const std::string &cpu() const { return cpuName; }
  /// What the CPU must have to run the code, comma separated ("avx2,fma").
  std::string requiredFeatures() const;
  /// Identifies the generated code: triple, cpu, features, options.
  std::string key() const;
  /// Whether this process can run the code. Asks the system for the tile
  /// registers where the code needs them.
  bool runsHere() const;
  /// Whether it is the very processor that this process runs on.
  bool isThisOne() const;
  unsigned optLevel() const { return options.optLevel; }

private:
  MachineOptions options;
  std::string tripleName, cpuName, features;
  bool host = false;
};

/// Runs LLVM's optimisation pipeline on \p module, which gets the machine's
/// triple and data layout.
void optimize(llvm::Module &module, const Machine &machine,
              llvm::TargetMachine &tm, Effort effort = Effort::Full);

enum class EmitKind { Object, Assembly };
llvm::Expected<llvm::SmallVector<char, 0>>
emit(llvm::Module &module, llvm::TargetMachine &tm, EmitKind kind);

/// Links objects (files on disk) to the relocatable object \p output.
llvm::Error linkRelocatable(llvm::ArrayRef<std::string> objects,
                            llvm::StringRef output, const Machine &machine);

/// Links objects (files on disk) to the shared object \p output with LLD. There
/// must be no undefined symbols; unused sections are dropped.
llvm::Error linkShared(llvm::ArrayRef<std::string> objects,
                       llvm::StringRef output, const Machine &machine);

} // namespace msc::target

#endif // MSC_TARGET_CODEGEN_H

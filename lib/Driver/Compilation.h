// SPDX-License-Identifier: Apache-2.0
//
/// \file The state of one compilation, phase by phase.
#ifndef LIB_DRIVER_COMPILATION_H
#define LIB_DRIVER_COMPILATION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "msc/Conversion/MSToMSRT.h"
#include "msc/Driver/Compile.h"
#include "msc/Parameters/ParameterStore.h"

namespace msc {

/// A kernel compiled once and used by one or more ms.kernel ops.
struct KernelCode {
  ms::KernelOp kernel; ///< the first one
  std::string symbol;
  target::CompiledKernel code;
  size_t firstStage = 0; ///< index of its stages in the stage table
};

/// Code for one combination of input shapes.
struct Entry {
  mlir::func::FuncOp source; ///< in ms
  uint64_t arenaSize = 0;
};

/// Host programs with the kernels they launch, compiled for one machine.
struct ProgramCode {
  const target::Target *target = nullptr;
  std::vector<Entry> entries; ///< empty where only the bind function is wanted
  mlir::func::FuncOp bind;
  std::vector<std::unique_ptr<KernelCode>> kernels; ///< in order of first use
  size_t kernelUses = 0;
  mlir::OwningOpRef<mlir::ModuleOp> host; ///< msrt programs
  uint64_t bindArena = 0;
};

/// The symbol of the host program of entry \p i.
std::string entrySymbol(size_t i);

class Compilation {
public:
  Compilation(const CompileOptions &options, CompileReport &report,
              llvm::raw_ostream &os);

  mlir::LogicalResult run();

  const CompileOptions &options;
  CompileReport &report;
  llvm::raw_ostream &os;
  mlir::MLIRContext ctx;
  ParameterStore store;
  std::unique_ptr<target::Target> target;
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< graph, then ms
  /// The legalised program before any pass; kept for --verify only.
  mlir::OwningOpRef<mlir::ModuleOp> imported;
  std::vector<mlir::func::FuncOp> entries; ///< at least one, once legal
  mlir::func::FuncOp bind;
  ProgramCode code;
  HostLayout layout;
  uint64_t weightsSize = 0, stateSize = 0;

  // Phases, in order. Each leaves verified IR.
  mlir::LogicalResult importModel();
  mlir::LogicalResult legalize();
  mlir::LogicalResult optimize();
  mlir::LogicalResult formKernels();
  mlir::LogicalResult generateCode();
  mlir::LogicalResult writeArtifact();

  /// Compiles the kernels of \p program, whose target and functions are set,
  /// and plans its host programs.
  mlir::LogicalResult generate(ProgramCode &program);

private:
  mlir::LogicalResult bindParameters();
  mlir::LogicalResult importEntries();
  void findFunctions();
  mlir::LogicalResult compileKernels(ProgramCode &program);
  void planLayout();
  mlir::LogicalResult dump(llvm::StringRef phase);
};

/// Reports \p error on \p ctx at the model file.
mlir::LogicalResult reportError(Compilation &compilation, llvm::Error error);

/// Writes \p text to \p path through a temporary file, or to stdout for "-".
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text);

/// The LLVM module of the host programs of \p program. Null on failure.
std::unique_ptr<llvm::Module> buildHostModule(ProgramCode &program,
                                              llvm::LLVMContext &ctx);

/// A module of nothing but the `mscrt_model` that describes \p program. The
/// hash and the weights to embed are 0 and empty as long as the bind function
/// has not computed them.
std::unique_ptr<llvm::Module> buildDescriptor(Compilation &compilation,
                                              const ProgramCode &program,
                                              llvm::LLVMContext &ctx,
                                              uint64_t weightsHash,
                                              llvm::ArrayRef<char> embedded);

/// Source nodes behind \p loc, separated by ", ".
std::string sourceNodes(mlir::Location loc);

/// FNV-1a, 64 bits: the hash of the ABI.
uint64_t fnv1a(llvm::ArrayRef<char> bytes);

} // namespace msc

#endif // LIB_DRIVER_COMPILATION_H

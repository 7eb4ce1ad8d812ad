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

/// One host program and its kernels, compiled for one target.
struct Program {
  mlir::func::FuncOp source;
  uint64_t arenaSize = 0;
};

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
  mlir::func::FuncOp main, bind;
  std::vector<std::unique_ptr<KernelCode>> kernels; ///< in order of first use
  HostLayout layout;
  uint64_t weightsSize = 0, stateSize = 0;
  mlir::OwningOpRef<mlir::ModuleOp> host; ///< msrt programs `entry` and `bind`
  uint64_t entryArena = 0, bindArena = 0;

  // Phases, in order. Each leaves verified IR.
  mlir::LogicalResult importModel();
  mlir::LogicalResult legalize();
  mlir::LogicalResult optimize();
  mlir::LogicalResult formKernels();
  mlir::LogicalResult generateCode();
  mlir::LogicalResult writeArtifact();

private:
  mlir::LogicalResult bindParameters();
  mlir::LogicalResult compileKernels();
  void planLayout();
  mlir::LogicalResult dump(llvm::StringRef phase);
};

/// Reports \p error on \p ctx at the model file.
mlir::LogicalResult reportError(Compilation &compilation, llvm::Error error);

/// Writes \p text to \p path through a temporary file, or to stdout for "-".
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text);

/// The LLVM module of the host programs with the `mscrt_model` that describes
/// them. \p weightsHash and \p embedded are 0 and empty on the first of two
/// rounds: the weights are what its bind function computes.
std::unique_ptr<llvm::Module> buildHostModule(Compilation &compilation,
                                              llvm::LLVMContext &ctx,
                                              uint64_t weightsHash,
                                              llvm::ArrayRef<char> embedded);

} // namespace msc

#endif // LIB_DRIVER_COMPILATION_H

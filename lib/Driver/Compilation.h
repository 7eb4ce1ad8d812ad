// SPDX-License-Identifier: Apache-2.0
//
/// \file The state of one compilation, phase by phase.
#ifndef LIB_DRIVER_COMPILATION_H
#define LIB_DRIVER_COMPILATION_H

#include "lib/Driver/Cache.h"
#include "lib/Driver/Progress.h"
#include "lib/Driver/TuningRecord.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "msc/Conversion/MSToMSRT.h"
#include "msc/Driver/Compile.h"
#include "msc/Import/Importer.h"
#include "msc/Parameters/ParameterStore.h"

namespace msc {

/// A kernel compiled once and used by one or more ms.kernel ops.
struct KernelCode {
  ms::KernelOp kernel; ///< the first one
  std::string digest;  ///< of what it computes
  std::string symbol;  ///< from its name and digest: equal in every model
  size_t launches = 0; ///< in the entries, where it is written
  target::KernelChoices choices;
  target::CompiledKernel code;
  size_t firstStage = 0; ///< index of its stages in the stage table
};

/// Code for one combination of input shapes.
struct Entry {
  mlir::func::FuncOp source;               ///< in ms
  uint64_t arenaSize = 0, liveTensors = 0; ///< see HostProgram
};

/// Host programs with the kernels they launch, compiled for one machine.
struct ProgramCode {
  const target::Target *target = nullptr;
  std::vector<Entry> entries; ///< empty where only the bind function is wanted
  mlir::func::FuncOp bind;
  std::vector<std::unique_ptr<KernelCode>> kernels; ///< in order of first use
  size_t kernelUses = 0;
  /// What the kernels' error codes, from 1 on, mean.
  std::vector<std::string> messages;
  mlir::OwningOpRef<mlir::ModuleOp> host; ///< msrt programs; null: none
  uint64_t bindArena = 0;

  /// Bytes of scratch memory that stages need per thread, at most.
  uint64_t scratchSize() const;
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
  Progress progress;
  mlir::MLIRContext ctx;
  ParameterStore store;
  std::unique_ptr<Cache> cache;         ///< null: none is used
  std::unique_ptr<TuningRecord> tuning; ///< null: not asked for
  std::string artifactKey;              ///< set by restoreArtifact
  /// One per combination of shapes; resolved by importModel.
  std::vector<import::ImportOptions> choices;
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
  /// Compiles \p kernel with its choices, or takes it from the cache.
  mlir::LogicalResult compileKernel(const target::Target &target,
                                    KernelCode &kernel);
  /// Lists the kernels in `code` without compiling them, for --emit=linalg.
  void collectKernels();
  /// Where the output goes when no name was given: the model's name, in the
  /// working directory, with the suffix of what is emitted.
  std::string outputPath() const;

private:
  mlir::LogicalResult createTargetAndCache();
  mlir::LogicalResult runPhase(const PhaseInfo &phase,
                               mlir::LogicalResult (Compilation::*run)(),
                               bool &done);
  mlir::LogicalResult readModel();
  mlir::LogicalResult bindParameters();
  void storeFrozen();
  mlir::LogicalResult importEntries();
  mlir::LogicalResult reducePrecision();
  void findFunctions();
  mlir::LogicalResult compileKernels(ProgramCode &program);
  void planLayout();
  void planProgram();
  mlir::LogicalResult dump(llvm::StringRef phase);
};

/// True where callers see the argument or result with these attributes: it is
/// no state, packed weight or extent.
bool isCallersValue(mlir::DictionaryAttr attrs);

/// An input or output as callers see it.
struct CallersValue {
  mlir::RankedTensorType type; ///< in the first entry
  /// -1 where entries differ, or where they depend on data.
  llvm::SmallVector<int64_t> extents;
  mlir::DictionaryAttr attrs; ///< may be null
  /// A string among the attributes, "" when there is none.
  llvm::StringRef text(llvm::StringRef name) const;
};
/// The inputs or outputs of a model with these entries, in order.
llvm::SmallVector<CallersValue>
callersValues(llvm::ArrayRef<mlir::func::FuncOp> entries, bool inputs);

/// How every header of an artifact begins.
constexpr llvm::StringLiteral headerMark = "// Written by msc-compile";
/// The C++ header of an artifact but for its file's name.
std::string headerTemplate(const Compilation &compilation);
/// \p text, a headerTemplate, for the artifact \p output.
std::string instantiateHeader(llvm::StringRef text, llvm::StringRef output);

/// An error where the header of the artifact \p output would replace a file
/// that msc-compile did not write.
llvm::Error checkHeaderReplaceable(llvm::StringRef output);

/// Reports \p error on \p ctx at the model file.
mlir::LogicalResult reportError(Compilation &compilation, llvm::Error error);

/// Writes \p text to \p path through a temporary file, or to stdout for "-".
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text);

/// The files of an artifact.
struct ArtifactFiles {
  llvm::StringRef object, weights;
  llvm::StringRef header; ///< see headerTemplate
};

/// Where the weights of the artifact \p output lie.
std::string weightsPath(llvm::StringRef output);

/// Writes \p files to \p output and the files `.weights` and `.h` beside it;
/// none is left when one fails.
llvm::Error writeArtifactFiles(llvm::StringRef output, ArtifactFiles files);

/// Whether the artifact of \p c may come from the cache and go there.
bool usesArtifactCache(const Compilation &c);
/// Writes the artifact that was made before from the same input, if there is
/// one, and fills the report. Call it when the model is imported.
llvm::Expected<bool> restoreArtifact(Compilation &c);
/// Keeps the artifact for restoreArtifact.
void keepArtifact(Compilation &c, ArtifactFiles files);

/// The text of `--emit=graph|ms|linalg|llvm|asm`, when phase \p phase is the
/// one after which it can be made. True when it was written.
llvm::Expected<bool> emitTextAfter(llvm::StringRef phase, Compilation &c);

/// The LLVM module of the host programs of \p program, optimised for \p tm.
llvm::Expected<std::unique_ptr<llvm::Module>>
buildHostModule(ProgramCode &program, llvm::LLVMContext &ctx,
                llvm::TargetMachine &tm,
                target::Effort effort = target::Effort::Quick);

/// A module of nothing but the `mscrt_model` that describes \p program, or only
/// its stages where it has no host programs. The
/// hash and the weights to embed are 0 and empty as long as the bind function
/// has not computed them.
std::unique_ptr<llvm::Module> buildDescriptor(Compilation &compilation,
                                              const ProgramCode &program,
                                              llvm::LLVMContext &ctx,
                                              uint64_t weightsHash,
                                              llvm::ArrayRef<char> embedded);

/// Source nodes behind \p loc, separated by ", ".
std::string sourceNodes(mlir::Location loc);

} // namespace msc

#endif // LIB_DRIVER_COMPILATION_H

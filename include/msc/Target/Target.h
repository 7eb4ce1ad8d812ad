// SPDX-License-Identifier: Apache-2.0
//
/// \file What a compile target does: it turns kernels into code.
#ifndef MSC_TARGET_TARGET_H
#define MSC_TARGET_TARGET_H

#include "dialects/MS/IR/MSOps.h"
#include "msc/Target/CodeGen.h"

namespace msc::target {

/// How the note of a stage begins that KernelChoices changed.
inline constexpr llvm::StringLiteral tunedNote = "tuned: ";

/// What people are told of a stage; no code depends on it.
struct StageFacts {
  std::string schedule = "generic";
  /// Why the schedule is the generic one, or behind tunedNote what was chosen
  /// for it; "" where there is nothing to say.
  std::string note;
  /// Of one launch: floating-point operations, and bytes read and written.
  double flops = 0;
  uint64_t bytes = 0;
};

/// One launch: a function of the grid point, and the grid.
struct Stage {
  std::string symbol;
  uint32_t grid[3] = {1, 1, 1};
  uint64_t scratch = 0; ///< bytes of the thread's own memory that it uses
  StageFacts facts;
};

/// For stages of a kernel that can be computed in several ways, which only
/// measuring can tell apart: the number of the one to take. 0, also where there
/// is no entry or no such way, is the target's own estimate.
using KernelChoices = std::vector<unsigned>;

/// A kernel as the host program sees it.
struct CompiledKernel {
  std::vector<Stage> stages;
  std::vector<uint64_t> workspace; ///< bytes of each buffer after the results
  /// In how many ways each stage with several could be computed: the same
  /// whatever was chosen.
  std::vector<unsigned> candidates;
  llvm::SmallVector<char, 0> object;
};

/// \p kernel without its object as one line of text, and back from that line
/// followed by the object; false when \p bytes are no such thing.
std::string kernelHeader(const CompiledKernel &kernel);
bool readKernel(llvm::StringRef bytes, CompiledKernel &kernel);

/// What to emit besides objects, for people to read.
enum class Dump { None, Linalg, LLVM, Assembly };

/// On an ms.kernel: the fault to build into its code, to test `--verify`.
inline constexpr llvm::StringLiteral plantedFaultAttr = "msc.planted_fault";

/// Weights that are stored as sums of numbers of bf16, for processors that
/// multiply those much faster than f32.
struct WeightParts {
  unsigned count = 0; ///< per number of f32; 0: none are
  /// The smallest products for which that is faster.
  int64_t fewestRows = 0, fewestProducts = 0;
};

class Target {
public:
  virtual ~Target() = default;
  virtual llvm::StringRef name() const = 0;
  /// Compiles \p kernel. The symbols of its stages start with \p symbol. May
  /// run on several threads at once. With \p dump other than None the text goes
  /// there instead of an object.
  virtual mlir::FailureOr<CompiledKernel>
  compile(ms::KernelOp kernel, llvm::StringRef symbol,
          const KernelChoices &choices, Dump dump, std::string *text) const = 0;
  /// Columns of the panels that weights of products are best stored in; 0 where
  /// rows are as good.
  virtual int64_t weightPanel() const { return 0; }
  /// The tile of Winograd's transform with which \p op, whose filters are
  /// packed weights, is computed fastest: 2, 4, or 0 for none.
  virtual int64_t convTile(ms::ConvOp op) const { return 0; }
  virtual WeightParts weightParts() const { return {}; }
  /// The machine that the host program runs on.
  virtual const Machine &machine() const = 0;
};

struct TargetOptions {
  MachineOptions machine;
  /// "strict": no contraction, sums in one order; "fast": sums in any order.
  /// On matrix units, weights of f32 in parts of bf16: "bf16x6" three, "fast"
  /// two, "bf16" one.
  std::string precision = "default";
};

/// The target called \p name, or an error listing the names there are.
llvm::Expected<std::unique_ptr<Target>>
createTarget(llvm::StringRef name, const TargetOptions &options);
/// Registers the dialects and interfaces that kernels pass through.
void registerTargetDialects(mlir::DialectRegistry &registry);

// One per target folder.
llvm::Expected<std::unique_ptr<Target>>
createCPUTarget(const TargetOptions &options);

} // namespace msc::target

#endif // MSC_TARGET_TARGET_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The compiler as a function: model file in, artifact out.
#ifndef MSC_DRIVER_COMPILE_H
#define MSC_DRIVER_COMPILE_H

#include "mlir/IR/MLIRContext.h"
#include "msc/Target/Target.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msc {

/// The shape of one input, and its value where the caller knows it.
struct InputSpec {
  std::string name;   ///< empty: by position
  uint32_t dtype = 0; ///< mscrt_dtype; 0: unknown
  /// False: nothing is known, the spec only counts as a position.
  bool hasShape = true;
  std::vector<int64_t> shape;
  /// Row-major bytes, or empty. Read only where the model needs a value while
  /// compiling (a shape, an axis); each one read is checked at run time.
  std::vector<char> data;
};

struct CompileOptions {
  std::string input; ///< .mindir, .onnx, or .mlir (ms dialect)
  std::string
      output; ///< empty: beside the input, with the emitted kind's suffix
  std::string target = "cpu";
  std::string cpu;    ///< -mcpu; empty or "native": the host's
  std::string triple; ///< -mtriple; empty: the host's
  unsigned optLevel = 3;
  /// strict, default, fast, bf16 or f16.
  std::string precision = "default";
  std::vector<std::string> checkpoints;
  std::vector<std::string> renames; ///< "regex=replacement"
  bool lenient = false;
  std::string key; ///< hexadecimal or @FILE
  /// "name:1x3x224x224" or "name:Nx3x224x224,N=4"; several separated by space.
  std::vector<std::string> shapes;
  std::vector<InputSpec> inputs;
  std::string emit = "so"; ///< so, obj, llvm, asm, linalg, ms, graph
  bool embedWeights = false;
  bool check = false; ///< import and verify only
  /// Compare the compiled code with the reference before writing it.
  bool verify = false;
  /// "KERNEL:FAULT" builds a fault into the first kernel whose symbol contains
  /// KERNEL: tests of `verify` only.
  std::string plantFault;
  std::string stopAfter;
  std::string dumpDir;
  /// Say which kernels got the generic schedule, and why.
  bool explain = false;
  bool timing = false;
  bool quiet = false;
  /// Measure for that long how the hottest kernels are computed fastest, and
  /// use what was measured, now and before; none: use the estimates.
  std::optional<unsigned> tuneSeconds;
  bool cache = true; ///< look for what was compiled before, and keep it
  /// Empty: MSC_CACHE_DIR, else `msc` in XDG_CACHE_HOME or in ~/.cache.
  std::string cacheDir;
  uint64_t cacheMiB = 2048; ///< the least recently used entries go; 0: no cache
};

/// What a compilation made, for messages and for tests.
struct CompileReport {
  std::string output;
  uint64_t arenaSize = 0, weightsSize = 0, stateSize = 0;
  size_t kernels = 0, uniqueKernels = 0;
  /// Inputs whose values were used: the artifact serves only these.
  std::vector<std::string> specialised;
  /// The artifact comes from the cache.
  bool cached = false;
};

/// Compiles as \p options say. Diagnostics and messages go to \p os; on failure
/// nothing is left at the output's path.
mlir::LogicalResult compile(const CompileOptions &options,
                            CompileReport &report, llvm::raw_ostream &os);

/// Registers every dialect that models pass through.
void registerDialects(mlir::DialectRegistry &registry);

/// One phase of the compiler, for --stop-after and --help.
struct PhaseInfo {
  const char *name, *description;
};
llvm::ArrayRef<PhaseInfo> phases();

} // namespace msc

#endif // MSC_DRIVER_COMPILE_H

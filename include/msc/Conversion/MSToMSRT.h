// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of scheduled kernels and control flow to a host program.
#ifndef MSC_CONVERSION_MSTOMSRT_H
#define MSC_CONVERSION_MSTOMSRT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace msc {

/// Where things outside the arena lie. Offsets in bytes.
struct HostLayout {
  std::vector<uint64_t> packed;    ///< in the weights, by `ms.packed` index
  llvm::StringMap<uint64_t> state; ///< in the state block, by name
};

struct HostProgram {
  mlir::func::FuncOp function;
  uint64_t arenaSize = 0;
  /// Bytes of the tensors that are in use at one point, at most: what an arena
  /// holds at least.
  uint64_t liveTensors = 0;
};

/// Bytes of a tensor of static shape; bool is one byte per element.
uint64_t bufferBytes(mlir::Type type);
/// \p bytes rounded up to MSCRT_ALIGNMENT.
uint64_t alignBuffer(uint64_t bytes);

/// Emits `func.func @name()` of msrt ops into \p module for \p source, whose
/// ms.kernel ops carry `msrt.stages` (indices into the stage table) and
/// `msrt.workspace` (bytes of each workspace buffer). Arguments and results of
/// \p source lie at the caller's inputs and outputs, except those with
/// `ms.packed` and `ms.state`; for a bind function (\p isBind) results are
/// packed weights. A result with `ms.extent` = [output, dimension] is that
/// extent of another result, no output itself. Plans the arena: buffers whose
/// lifetimes do not meet share memory.
mlir::FailureOr<HostProgram> convertMSToMSRT(mlir::func::FuncOp source,
                                             const HostLayout &layout,
                                             bool isBind, mlir::ModuleOp module,
                                             llvm::StringRef name);

} // namespace msc

#endif // MSC_CONVERSION_MSTOMSRT_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs compiled kernels and host programs on reference tensors.
#ifndef LIB_DRIVER_KERNELRUNNER_H
#define LIB_DRIVER_KERNELRUNNER_H

#include "lib/Driver/Compilation.h"
#include "lib/Driver/LoadedModel.h"
#include "msc/Reference/Reference.h"
#include <random>

namespace msc {

/// Fills \p tensor: floats in [-1, 1), integers from 0 to \p maxInteger; narrow
/// ones, which are quantised data and no indices, over their whole range.
void fillRandom(reference::Tensor &tensor, std::mt19937_64 &random,
                int64_t maxInteger);

/// Results and workspaces start out as garbage, and what lies behind them must
/// not change.
class KernelRunner {
public:
  KernelRunner(const ProgramCode &program, const LoadedModel &model)
      : program(program), model(model) {}

  /// "kernel 'k2_conv2d_add' (of Conv2D-op3, BiasAdd-op4)".
  std::string name(ms::KernelOp kernel) const;
  /// Runs the stages of \p kernel. The error says what it did wrong or what it
  /// reported.
  llvm::Error run(ms::KernelOp kernel,
                  llvm::ArrayRef<reference::Tensor> operands,
                  std::vector<reference::Tensor> &results) const;
  /// Runs the host program of entry \p index once on a fresh context. The
  /// results are those of its source: outputs and states.
  llvm::Error runEntry(const HostLayout &layout, size_t index,
                       llvm::ArrayRef<reference::Tensor> inputs,
                       llvm::ArrayRef<char> weights,
                       std::vector<reference::Tensor> &results) const;

private:
  const ProgramCode &program;
  const LoadedModel &model;
};

} // namespace msc

#endif // LIB_DRIVER_KERNELRUNNER_H

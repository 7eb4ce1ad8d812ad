// SPDX-License-Identifier: Apache-2.0
//
/// \file The functions of one number that recurrent layers apply.
#ifndef DIALECTS_MS_IR_MSACTIVATION_H
#define DIALECTS_MS_IR_MSACTIVATION_H

#include "mlir/IR/Operation.h"

namespace msc::ms {

/// A function by the name that ms ops know it by, and its numbers.
struct Activation {
  llvm::StringRef name;
  double alpha = 0, beta = 0;
};

/// Whether ms.lstm, ms.gru and ms.rnn know a function \p name.
bool isActivation(llvm::StringRef name);

/// The attributes `activations`, `alphas` and `betas` of a verified op.
llvm::SmallVector<Activation> activationsOf(mlir::Operation *op);

} // namespace msc::ms

#endif // DIALECTS_MS_IR_MSACTIVATION_H

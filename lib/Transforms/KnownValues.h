// SPDX-License-Identifier: Apache-2.0
//
/// \file Values that rewrites may read while compiling.
#ifndef LIB_TRANSFORMS_KNOWNVALUES_H
#define LIB_TRANSFORMS_KNOWNVALUES_H

#include "dialects/MS/IR/MSOps.h"
#include "mlir/IR/PatternMatch.h"
#include "msc/Parameters/ParameterStore.h"
#include "msc/Reference/Reference.h"
#include "llvm/ADT/SetVector.h"

namespace msc {

/// Reads small constants and what is computed from them and from parameters. A
/// rewrite that goes ahead calls freeze(): another value of a parameter that it
/// read would make it wrong, so that none can be bound.
class KnownValues {
public:
  /// Without a store parameters are unknown.
  explicit KnownValues(ParameterStore *store) : store(store) {}

  /// The value of a tensor of one float.
  std::optional<double> number(mlir::Value value);
  /// Whether that is \p expected up to f32's rounding.
  bool isNumber(mlir::Value value, double expected);
  /// The value of a tensor of one integer.
  std::optional<int64_t> integer(mlir::Value value);
  /// Whether all elements of a tensor of bools are true.
  bool isTrue(mlir::Value value);
  void freeze();

private:
  std::optional<reference::Tensor> read(mlir::Value value, unsigned depth);

  ParameterStore *store;
  llvm::SetVector<Parameter *> used;
};

/// Whether \p actual is \p expected, both computed in f32.
bool isAbout(double actual, double expected);

/// A pattern that reads values.
template <typename OpT> struct RaisePattern : mlir::OpRewritePattern<OpT> {
  RaisePattern(mlir::MLIRContext *ctx, ParameterStore *store)
      : mlir::OpRewritePattern<OpT>(ctx), store(store) {}
  ParameterStore *store;
};

// Patterns of msc-raise-patterns, one function per file.
void populateRaiseAttentionPatterns(mlir::RewritePatternSet &patterns,
                                    ParameterStore *store);
void populateRaiseNormPatterns(mlir::RewritePatternSet &patterns,
                               ParameterStore *store);

} // namespace msc

#endif // LIB_TRANSFORMS_KNOWNVALUES_H

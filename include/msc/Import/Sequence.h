// SPDX-License-Identifier: Apache-2.0
//
/// \file Building of ms.lstm, ms.gru and ms.rnn for the mappings of all
/// formats.
#ifndef MSC_IMPORT_SEQUENCE_H
#define MSC_IMPORT_SEQUENCE_H

#include "msc/Import/Importer.h"

namespace msc::import {

/// A layer of one direction, as the ms ops take it. Null biases and states are
/// zeros; null lengths and peepholes absent.
struct RecurrentLayer {
  mlir::Value input;      ///< [T, B, I]
  mlir::Value weight;     ///< [I, gates * H]
  mlir::Value recurrence; ///< [H, gates * H]
  mlir::Value bias, recurrenceBias;
  mlir::Value hidden, cell; ///< [B, H]
  mlir::Value lengths, peephole;
  bool reverse = false, inputForget = false, resetAfter = false;
  std::optional<double> clip;
  /// Names and numbers of ms's activations; empty: the op's default.
  llvm::SmallVector<llvm::StringRef> activations;
  llvm::SmallVector<double> alphas, betas;
};

/// Results: output [T, B, H], hidden and cell [B, H]. An error unless the input
/// has rank 3 and the recurrence rank 2.
llvm::SmallVector<mlir::Value> lstm(Emitter &e, const RecurrentLayer &layer);
/// Results: output [T, B, H], hidden [B, H].
llvm::SmallVector<mlir::Value> gru(Emitter &e, const RecurrentLayer &layer);
/// Results: output [T, B, H], hidden [B, H].
llvm::SmallVector<mlir::Value> rnn(Emitter &e, const RecurrentLayer &layer);

/// The blocks of equal size along \p axis of \p v, of which there are as many
/// as in \p order, in that order.
mlir::Value permuteBlocks(Emitter &e, mlir::Value v, int64_t axis,
                          llvm::ArrayRef<int64_t> order);

/// Attention as ms.attention takes it; the mask may be null.
struct AttentionLayer {
  mlir::Value query, key, value; ///< [B, heads, length, size]
  mlir::Value mask;
  double scale = 1;
  std::optional<int64_t> bandLow, bandHigh;
  std::optional<double> softcap;

  /// Restricts the keys that are seen to those the bool tensor \p allowed
  /// allows too.
  void allow(Emitter &e, mlir::Value allowed);
  /// Adds numbers to the scores, in the query's element type.
  void addBias(Emitter &e, mlir::Value bias);
};
mlir::Value attention(Emitter &e, const AttentionLayer &layer);

/// [B, length, heads * size] ~> [B, heads, length, size]; an error if that does
/// not divide.
mlir::Value splitHeads(Emitter &e, mlir::Value v, int64_t heads);
/// The inverse of splitHeads.
mlir::Value joinHeads(Emitter &e, mlir::Value v);

} // namespace msc::import

#endif // MSC_IMPORT_SEQUENCE_H

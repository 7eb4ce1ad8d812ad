// SPDX-License-Identifier: Apache-2.0
//
/// \file The window attributes of MindIR's convolutions and pools, which every
/// release and operator spells differently.
#ifndef LIB_IMPORT_MINDIR_HOOKS_WINDOWS_H
#define LIB_IMPORT_MINDIR_HOOKS_WINDOWS_H

#include "msc/Import/Layers.h"

namespace msc::import::mindir {

using Names = llvm::ArrayRef<const char *>;

/// The first attribute of \p names that the node has, one entry per spatial
/// dimension: those for N and C (in front, or around the others when
/// \p channelsLast) are dropped, a single one is repeated. \p fallback for
/// none.
llvm::SmallVector<int64_t> spatialList(Node &node, Names names, size_t rank,
                                       llvm::ArrayRef<int64_t> fallback,
                                       bool channelsLast = false);

enum class PadMode { Pad, Same, Valid };
/// A word in any case, or MindSpore's number of it.
PadMode readPadMode(Node &node, Names names, PadMode fallback);

/// Pads of \p window from the first attribute of \p names that is present: one
/// number, one per dimension, or (before, after) per dimension.
void readPads(Node &node, WindowAttrs &window, Names names);
/// The same where lists have one entry per dimension, maybe of N and C, too.
void readEqualPads(Node &node, WindowAttrs &window, Names names);

/// Whether the node states the layout [N, ..., C].
bool isChannelsLast(Node &node);
/// [N, ..., C] ~> [N, C, ...], and back.
mlir::Value channelsFirst(Emitter &e, mlir::Value v);
mlir::Value channelsLast(Emitter &e, mlir::Value v);

} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_HOOKS_WINDOWS_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The window attributes of ONNX's convolutions and pools.
#ifndef LIB_IMPORT_ONNX_HOOKS_WINDOWS_H
#define LIB_IMPORT_ONNX_HOOKS_WINDOWS_H

#include "msc/Import/Layers.h"

namespace msc::import::onnx {

/// `strides`, `dilations`, `pads` and `auto_pad` of \p node for a \p kernel on
/// \p spatial extents. An error (see Node::failed) where they do not fit.
WindowAttrs readWindow(Node &node, llvm::ArrayRef<int64_t> spatial,
                       llvm::ArrayRef<int64_t> kernel);

} // namespace msc::import::onnx

#endif // LIB_IMPORT_ONNX_HOOKS_WINDOWS_H

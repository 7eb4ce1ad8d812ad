// SPDX-License-Identifier: Apache-2.0
//
/// \file Declarations of the ONNX rows' hooks (generated), for Hooks/*.cpp.
#ifndef LIB_IMPORT_ONNX_HOOKS_H
#define LIB_IMPORT_ONNX_HOOKS_H

#include "msc/Import/Importer.h"

namespace msc::import::onnx {
#include "lib/Import/ONNX/ONNXHooks.inc"
} // namespace msc::import::onnx

#endif // LIB_IMPORT_ONNX_HOOKS_H

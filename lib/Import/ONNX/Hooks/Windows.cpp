// SPDX-License-Identifier: Apache-2.0
//
/// \file The window attributes of ONNX's convolutions and pools. Semantics:
/// https://onnx.ai/onnx/operators/onnx__Conv.html and onnx__MaxPool.html.
#include "lib/Import/ONNX/Hooks/Windows.h"

using namespace mlir;

namespace msc::import::onnx {

WindowAttrs readWindow(Node &node, ArrayRef<int64_t> spatial,
                       ArrayRef<int64_t> kernel) {
  SmallVector<int64_t> ones(spatial.size(), 1);
  WindowAttrs window;
  window.kernel.assign(kernel.begin(), kernel.end());
  window.strides = node.i64s("strides", ones);
  window.dilations = node.i64s("dilations", ones);
  window.pads = node.i64s("pads", SmallVector<int64_t>());
  std::string autoPad = node.str("auto_pad", "NOTSET");
  if (!checkWindow(node.e, window, spatial.size()))
    return window;
  if (autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER")
    padSame(window, spatial, autoPad == "SAME_LOWER");
  else if (autoPad == "VALID")
    window.pads.assign(2 * spatial.size(), 0);
  else if (autoPad != "NOTSET" && !autoPad.empty())
    node.error() << "auto_pad '" << autoPad
                 << "' is not NOTSET, SAME_UPPER, SAME_LOWER or VALID";
  return window;
}

} // namespace msc::import::onnx

// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the ONNX rule table.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Codecs.h"
#include "msc/Import/Formats.h"

namespace msc::import {

void registerONNXRules() {
  using namespace onnx;
  static const std::vector<ImportRule> rules = {
#include "lib/Import/ONNX/ONNXRules.inc"
  };
  static const bool once = (addRules(rules), true);
  (void)once;
}

} // namespace msc::import

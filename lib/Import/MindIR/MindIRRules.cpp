// SPDX-License-Identifier: Apache-2.0
//
/// \file Registration of the MindIR rule table.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Codecs.h"
#include "msc/Import/Formats.h"

namespace msc::import {

void registerMindIRRules() {
  using namespace mindir;
  static const std::vector<ImportRule> rules = {
#include "lib/Import/MindIR/MindIRRules.inc"
  };
  static const bool once = (addRules(rules), true);
  (void)once;
}

} // namespace msc::import

// SPDX-License-Identifier: Apache-2.0
//
/// \file The rule tables of the formats.
#ifndef MSC_IMPORT_FORMATS_H
#define MSC_IMPORT_FORMATS_H

#include "msc/Import/Importer.h"

namespace msc::import {

// Each may be called any number of times, from any thread.
void registerONNXRules();
void registerMindIRRules();

} // namespace msc::import

#endif // MSC_IMPORT_FORMATS_H

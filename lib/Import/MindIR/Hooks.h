// SPDX-License-Identifier: Apache-2.0
//
/// \file Declarations of the MindIR rows' hooks (generated), for Hooks/*.cpp.
#ifndef LIB_IMPORT_MINDIR_HOOKS_H
#define LIB_IMPORT_MINDIR_HOOKS_H

#include "msc/Import/Importer.h"

namespace msc::import::mindir {
#include "lib/Import/MindIR/MindIRHooks.inc"
} // namespace msc::import::mindir

#endif // LIB_IMPORT_MINDIR_HOOKS_H

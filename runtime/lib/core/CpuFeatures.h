// SPDX-License-Identifier: Apache-2.0
//
/// \file Whether this processor can run a model: architecture and instruction
/// set extensions, spelled as LLVM spells them.
#ifndef MSCRT_LIB_CORE_CPUFEATURES_H
#define MSCRT_LIB_CORE_CPUFEATURES_H

#include "mscrt/mscrt.h"

#include <string>

namespace mscrt::core {

/// The architecture part of this machine's triple, e.g. "x86_64".
const char *hostArchitecture();

/// ELF machine number of this machine.
uint16_t hostElfMachine();

enum class FeatureState { Present, Missing, Unknown };

/// State of one feature of this processor (and of the operating system's
/// support for its registers). Names that only steer code generation, like
/// tuning flags, count as present.
FeatureState hostFeature(const std::string &name);

/// Fails with MSCRT_ERROR_CPU unless this machine has the architecture of
/// `triple` and every feature of the comma-separated `features`, in which "+"
/// is implied and "-x" ignored. Also asks the operating system for what must be
/// requested (the tile registers of AMX).
mscrt_status checkCpu(const char *triple, const char *features,
                      mscrt_error *error);

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_CPUFEATURES_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The flags of msc-compile, also taken by msc-run for model files.
#ifndef MSC_DRIVER_COMMANDLINE_H
#define MSC_DRIVER_COMMANDLINE_H

#include "msc/Driver/Compile.h"

namespace msc {

/// Adds one flag ("--key=value", "-O2") to \p options. An error says what is
/// wrong with it or that it is unknown.
llvm::Error parseFlag(llvm::StringRef flag, CompileOptions &options);

/// The whole tool: parses \p args (without the program's name), compiles, and
/// returns the exit code: 0, 1 (cannot be compiled), 2 (usage).
int runCompileTool(llvm::ArrayRef<std::string> args);

} // namespace msc

#endif // MSC_DRIVER_COMMANDLINE_H

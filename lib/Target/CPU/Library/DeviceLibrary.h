// SPDX-License-Identifier: Apache-2.0

/// \file
/// The CPU device library as the compiler sees it: bitcode embedded in this
/// process, and the way to link it into a kernel module.

#ifndef LIB_TARGET_CPU_LIBRARY_DEVICELIBRARY_H
#define LIB_TARGET_CPU_LIBRARY_DEVICELIBRARY_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

namespace llvm {
class Module;
} // namespace llvm

namespace msc::target {

/// The bitcode of every `msc_*` function (MSCDevice.h) for the architecture
/// of `triple`; empty when the library is not built for it. The bytes live as
/// long as the process. Functions carry no target attributes and have no
/// undefined symbols.
llvm::StringRef getDeviceLibraryBitcode(const llvm::Triple &triple);

/// The bitcode of the functions that LLVM's code generator may call on its
/// own (memcpy, memset, half and bfloat conversions, fmod; Builtins.c).
/// They are hidden and weak: compile the module once per artifact into an
/// object of its own and let the linker drop what is not used.
llvm::StringRef getDeviceBuiltinsBitcode(const llvm::Triple &triple);

/// Copies the `msc_*` functions that `module` declares, and what they use,
/// into it with internal linkage. The library takes the module's triple and
/// data layout. Fails when there is no library for the module's architecture.
/// Run the always-inline pass before the vectoriser.
llvm::Error linkDeviceLibrary(llvm::Module &module);

} // namespace msc::target

#endif // LIB_TARGET_CPU_LIBRARY_DEVICELIBRARY_H

// SPDX-License-Identifier: Apache-2.0
//
/// \file The object of the functions that LLVM calls on its own.
#ifndef LIB_DRIVER_BUILTINS_H
#define LIB_DRIVER_BUILTINS_H

#include "lib/Driver/Cache.h"
#include "msc/Target/CodeGen.h"

namespace msc {

/// The object file of memcpy, half conversions and their like for \p machine;
/// the linker drops those that a model does not use. Compiled once per process
/// and machine, and kept in \p cache, which may be null. May be called from
/// several threads.
llvm::Expected<std::shared_ptr<const llvm::SmallVector<char, 0>>>
builtinsObject(const target::Machine &machine, Cache *cache);

} // namespace msc

#endif // LIB_DRIVER_BUILTINS_H

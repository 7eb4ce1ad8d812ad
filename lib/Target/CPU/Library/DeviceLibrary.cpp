// SPDX-License-Identifier: Apache-2.0

/// \file
/// Embeds the device library's bitcode and links it into kernel modules.

#include "lib/Target/CPU/Library/DeviceLibrary.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace llvm;

// The assembler reads the files; the build makes this object depend on them.
#define MSC_EMBED(symbol, file)                                                \
  asm(".section .rodata\n"                                                     \
      ".balign 16\n"                                                           \
      "msc_" #symbol "_begin:\n"                                               \
      ".incbin \"" MSC_DEVICE_BITCODE_DIR "/" file "\"\n"                      \
      "msc_" #symbol "_end:\n"                                                 \
      ".previous\n");                                                          \
  extern "C" {                                                                 \
  extern const char symbol##Begin[] __asm__("msc_" #symbol "_begin");          \
  extern const char symbol##End[] __asm__("msc_" #symbol "_end");              \
  }

MSC_EMBED(deviceX86, "device-x86_64.bc")
MSC_EMBED(deviceAArch64, "device-aarch64.bc")
MSC_EMBED(builtinsX86, "builtins-x86_64.bc")
MSC_EMBED(builtinsAArch64, "builtins-aarch64.bc")

static StringRef bytes(const char *begin, const char *end) {
  return StringRef(begin, end - begin);
}

StringRef msc::target::getDeviceLibraryBitcode(const Triple &triple) {
  if (triple.getArch() == Triple::x86_64)
    return bytes(deviceX86Begin, deviceX86End);
  if (triple.getArch() == Triple::aarch64)
    return bytes(deviceAArch64Begin, deviceAArch64End);
  return {};
}

StringRef msc::target::getDeviceBuiltinsBitcode(const Triple &triple) {
  if (triple.getArch() == Triple::x86_64)
    return bytes(builtinsX86Begin, builtinsX86End);
  if (triple.getArch() == Triple::aarch64)
    return bytes(builtinsAArch64Begin, builtinsAArch64End);
  return {};
}

/// Makes the globals named in `linked` internal, so that unused ones go away
/// after inlining and artifacts export none of them.
static void internalizeLinked(Module &module, const StringSet<> &linked) {
  internalizeModule(module, [&](const GlobalValue &value) {
    return !value.hasName() || !linked.count(value.getName());
  });
}

Error msc::target::linkDeviceLibrary(Module &module) {
  Triple triple(module.getTargetTriple());
  StringRef bitcode = getDeviceLibraryBitcode(triple);
  if (bitcode.empty())
    return createStringError(inconvertibleErrorCode(),
                             "no CPU device library for target '" +
                                 triple.str() +
                                 "', expected x86_64 or aarch64");
  Expected<std::unique_ptr<Module>> library = getLazyBitcodeModule(
      MemoryBufferRef(bitcode, "device library"), module.getContext());
  if (!library)
    return library.takeError();
  (*library)->setTargetTriple(module.getTargetTriple());
  (*library)->setDataLayout(module.getDataLayout());
  if (Linker::linkModules(module, std::move(*library), Linker::LinkOnlyNeeded,
                          internalizeLinked))
    return createStringError(inconvertibleErrorCode(),
                             "linking the CPU device library failed");
  return Error::success();
}

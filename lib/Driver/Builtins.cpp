// SPDX-License-Identifier: Apache-2.0
//
/// \file Compiles the builtins of the device library and keeps the objects.
#include "lib/Driver/Builtins.h"

#include "lib/Target/CPU/Library/DeviceLibrary.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace llvm;

namespace msc {

static Expected<SmallVector<char, 0>>
compileBuiltins(const target::Machine &machine) {
  StringRef bitcode =
      target::getDeviceBuiltinsBitcode(Triple(machine.triple()));
  LLVMContext ctx;
  auto module = parseBitcodeFile(MemoryBufferRef(bitcode, "builtins"), ctx);
  if (!module)
    return module.takeError();
  auto tm = machine.targetMachine();
  target::optimize(**module, machine, *tm);
  return target::emit(**module, *tm, target::EmitKind::Object);
}

Expected<std::shared_ptr<const SmallVector<char, 0>>>
builtinsObject(const target::Machine &machine, Cache *cache) {
  static std::mutex mutex;
  static StringMap<std::shared_ptr<const SmallVector<char, 0>>> objects;
  std::lock_guard<std::mutex> lock(mutex);
  auto &object = objects[machine.key()];
  if (object)
    return object;
  std::string key =
      KeyHasher().add("builtins").add(buildIdentity()).add(machine.key()).str();
  if (Cache::Entry entry = cache ? cache->find(key) : Cache::Entry()) {
    object = std::make_shared<const SmallVector<char, 0>>(entry.content.begin(),
                                                          entry.content.end());
    return object;
  }
  auto compiled = compileBuiltins(machine);
  if (!compiled)
    return compiled.takeError();
  if (cache)
    cache->store(key, {StringRef(compiled->data(), compiled->size())});
  object = std::make_shared<const SmallVector<char, 0>>(std::move(*compiled));
  return object;
}

} // namespace msc

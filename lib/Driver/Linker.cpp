// SPDX-License-Identifier: Apache-2.0
//
/// \file Links the objects of a program in a folder of its own.
#include "lib/Driver/Linker.h"

#include "lib/Driver/Builtins.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace msc {

TempDir::~TempDir() {
  if (!path.empty())
    llvm::sys::fs::remove_directories(path);
}

llvm::Error TempDir::create() {
  if (std::error_code ec = llvm::sys::fs::createUniqueDirectory("msc", path))
    return llvm::createStringError(ec, "cannot create a temporary directory");
  return llvm::Error::success();
}

llvm::Error Linker::addHostProgram() {
  // Up to here the better code costs nothing to speak of.
  constexpr size_t manyKernels = 500;
  llvm::LLVMContext ctx;
  auto effort = program.kernelUses > manyKernels ? target::Effort::Least
                                                 : target::Effort::Quick;
  auto tm = machine().targetMachine(effort);
  auto module = buildHostModule(program, ctx, *tm, effort);
  if (!module)
    return module.takeError();
  auto object = target::emit(**module, *tm, target::EmitKind::Object);
  return object ? addObject(*object, "host.o") : object.takeError();
}

llvm::Error Linker::prepare() {
  if (llvm::Error error = temp.create())
    return error;
  for (const auto &kernel : program.kernels)
    if (llvm::Error error =
            addObject(kernel->code.object, kernel->symbol + ".o"))
      return error;
  return program.host ? addHostProgram() : llvm::Error::success();
}

llvm::Error Linker::addObject(ArrayRef<char> bytes, const Twine &name) {
  objects.push_back(temp.file(name));
  return writeFile(objects.back(), StringRef(bytes.data(), bytes.size()));
}

llvm::Expected<std::string> Linker::link(uint64_t hash, ArrayRef<char> embedded,
                                         bool relocatable) {
  llvm::LLVMContext ctx;
  std::unique_ptr<llvm::Module> module =
      buildDescriptor(c, program, ctx, hash, embedded);
  auto tm = machine().targetMachine();
  auto object = target::emit(*module, *tm, target::EmitKind::Object);
  if (!object)
    return object.takeError();
  std::vector<std::string> all = objects;
  auto add = [&](const Twine &name, ArrayRef<char> bytes) {
    all.push_back(temp.file(name));
    return writeFile(all.back(), StringRef(bytes.data(), bytes.size()));
  };
  if (llvm::Error error = add("descriptor.o", *object))
    return std::move(error);
  std::string linked = temp.file("model");
  if (relocatable) {
    if (llvm::Error error = target::linkRelocatable(all, linked, machine()))
      return std::move(error);
    return linked;
  }
  auto builtins = builtinsObject(machine(), c.cache.get());
  if (!builtins)
    return builtins.takeError();
  if (llvm::Error error = add("builtins.o", **builtins))
    return std::move(error);
  if (llvm::Error error = target::linkShared(all, linked, machine()))
    return std::move(error);
  return linked;
}

} // namespace msc

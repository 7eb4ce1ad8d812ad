// SPDX-License-Identifier: Apache-2.0
//
/// \file Phase "artifact": links the objects, runs the bind function to pack
/// the weights, and writes the files, all or none.
#include "lib/Driver/Compilation.h"

#include "lib/Driver/BindRunner.h"
#include "lib/Driver/Builtins.h"
#include "lib/Driver/Verify.h"
#include "msc/Target/HostCode.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace msc {

llvm::Error writeFile(StringRef path, StringRef text) {
  if (path == "-") {
    llvm::outs() << text;
    return llvm::Error::success();
  }
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << text;
    return llvm::Error::success();
  });
}

namespace {
/// A directory of temporary files that goes with it.
class TempDir {
public:
  ~TempDir() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  llvm::Error create() {
    if (std::error_code ec = llvm::sys::fs::createUniqueDirectory("msc", path))
      return llvm::createStringError(ec, "cannot create a temporary directory");
    return llvm::Error::success();
  }
  std::string file(const Twine &name) {
    return (Twine(path) + "/" + name).str();
  }

private:
  SmallString<128> path;
};

/// Links the shared object of one program. Everything but the descriptor is
/// compiled once, however often it is linked.
class Linker {
public:
  Linker(Compilation &c, ProgramCode &program) : c(c), program(program) {}
  llvm::Error prepare();
  /// Links with a descriptor of these weights; returns the file's path.
  llvm::Expected<std::string> link(uint64_t hash, ArrayRef<char> embedded);

private:
  const target::Machine &machine() { return program.target->machine(); }
  llvm::Error addObject(ArrayRef<char> bytes, const Twine &name) {
    objects.push_back(temp.file(name));
    return writeFile(objects.back(), StringRef(bytes.data(), bytes.size()));
  }
  llvm::Error addHostProgram();

  Compilation &c;
  ProgramCode &program;
  TempDir temp;
  std::vector<std::string> objects;
};
} // namespace

llvm::Error Linker::addHostProgram() {
  llvm::LLVMContext ctx;
  std::unique_ptr<llvm::Module> module = buildHostModule(program, ctx);
  if (!module)
    return llvm::createStringError("the host program could not be lowered");
  auto tm = machine().targetMachine();
  target::optimize(*module, machine(), *tm);
  auto object = target::emit(*module, *tm, target::EmitKind::Object);
  return object ? addObject(*object, "host.o") : object.takeError();
}

llvm::Error Linker::prepare() {
  if (llvm::Error error = temp.create())
    return error;
  for (const auto &kernel : program.kernels)
    if (llvm::Error error =
            addObject(kernel->code.object, kernel->symbol + ".o"))
      return error;
  auto builtins = builtinsObject(machine());
  if (!builtins)
    return builtins.takeError();
  if (llvm::Error error = addObject(**builtins, "builtins.o"))
    return error;
  return addHostProgram();
}

llvm::Expected<std::string> Linker::link(uint64_t hash,
                                         ArrayRef<char> embedded) {
  llvm::LLVMContext ctx;
  std::unique_ptr<llvm::Module> module =
      buildDescriptor(c, program, ctx, hash, embedded);
  auto tm = machine().targetMachine();
  auto object = target::emit(*module, *tm, target::EmitKind::Object);
  if (!object)
    return object.takeError();
  std::vector<std::string> all = objects;
  all.push_back(temp.file("descriptor.o"));
  std::string linked = temp.file("model.so");
  if (llvm::Error error =
          writeFile(all.back(), StringRef(object->data(), object->size())))
    return error;
  if (llvm::Error error = target::linkShared(all, linked, machine()))
    return error;
  return linked;
}

/// Links the artifact, which takes two rounds: the weights are what its own
/// bind function computes, and their hash is part of it.
static llvm::Error writeShared(Compilation &c, StringRef output) {
  Linker linker(c, c.code);
  if (llvm::Error error = linker.prepare())
    return error;
  llvm::Expected<std::string> linked = linker.link(0, {});
  if (!linked)
    return linked.takeError();
  std::vector<char> weights;
  if (llvm::Error error = runBind(*linked, c.store, weights))
    return error;
  bool embed = c.options.embedWeights;
  if (!weights.empty()) {
    linked = linker.link(fnv1a(weights),
                         embed ? ArrayRef<char>(weights) : ArrayRef<char>());
    if (!linked)
      return linked.takeError();
  }
  if (c.options.verify)
    if (llvm::Error error = verifyModel(c, *linked, weights))
      return error;
  auto image = llvm::MemoryBuffer::getFile(*linked);
  if (!image)
    return llvm::createStringError(image.getError(),
                                   "cannot read the linked model");
  SmallString<128> weightsPath(output);
  llvm::sys::path::replace_extension(weightsPath, "weights");
  if (!weights.empty() && !embed)
    if (llvm::Error error =
            writeFile(weightsPath, StringRef(weights.data(), weights.size())))
      return error;
  if (llvm::Error error = writeFile(output, (*image)->getBuffer())) {
    llvm::sys::fs::remove(weightsPath);
    return error;
  }
  return llvm::Error::success();
}

LogicalResult Compilation::writeArtifact() {
  SmallString<128> output(options.output);
  if (output.empty()) {
    output = llvm::sys::path::filename(options.input);
    llvm::sys::path::replace_extension(output, "so");
  }
  report.output = output.str().str();
  if (llvm::Error error = writeShared(*this, output))
    return reportError(*this, std::move(error));
  return success();
}

} // namespace msc

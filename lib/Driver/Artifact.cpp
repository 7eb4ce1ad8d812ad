// SPDX-License-Identifier: Apache-2.0
//
/// \file Phase "artifact": links the objects, runs the bind function to pack
/// the weights, and writes the files, all or none.
#include "lib/Driver/Compilation.h"

#include "lib/Driver/BindRunner.h"
#include "lib/Target/CPU/Library/DeviceLibrary.h"
#include "msc/Target/HostCode.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;

namespace msc {

uint64_t fnv1a(ArrayRef<char> bytes);

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

class ArtifactWriter {
public:
  explicit ArtifactWriter(Compilation &c) : c(c) {}
  llvm::Error write(StringRef output);

private:
  llvm::Error addObject(ArrayRef<char> bytes, const Twine &name) {
    objects.push_back(temp.file(name));
    return writeFile(objects.back(), StringRef(bytes.data(), bytes.size()));
  }
  llvm::Error addKernels();
  llvm::Error addBuiltins();
  llvm::Error link(StringRef path, uint64_t hash, ArrayRef<char> embedded);

  Compilation &c;
  TempDir temp;
  std::vector<std::string> objects;
};
} // namespace

llvm::Error ArtifactWriter::addKernels() {
  for (const auto &kernel : c.kernels)
    if (llvm::Error error =
            addObject(kernel->code.object, kernel->symbol + ".o"))
      return error;
  return llvm::Error::success();
}

/// Functions that LLVM calls on its own (memcpy, half conversions); the linker
/// drops what nothing uses.
llvm::Error ArtifactWriter::addBuiltins() {
  const target::Machine &machine = c.target->machine();
  StringRef bitcode =
      target::getDeviceBuiltinsBitcode(llvm::Triple(machine.triple()));
  llvm::LLVMContext ctx;
  auto module =
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(bitcode, "builtins"), ctx);
  if (!module)
    return module.takeError();
  auto tm = machine.targetMachine();
  target::optimize(**module, machine, *tm);
  auto object = target::emit(**module, *tm, target::EmitKind::Object);
  return object ? addObject(*object, "builtins.o") : object.takeError();
}

llvm::Error ArtifactWriter::link(StringRef path, uint64_t hash,
                                 ArrayRef<char> embedded) {
  const target::Machine &machine = c.target->machine();
  llvm::LLVMContext ctx;
  std::unique_ptr<llvm::Module> module =
      buildHostModule(c, ctx, hash, embedded);
  if (!module)
    return llvm::createStringError("the host program could not be lowered");
  auto tm = machine.targetMachine();
  target::optimize(*module, machine, *tm);
  auto object = target::emit(*module, *tm, target::EmitKind::Object);
  if (!object)
    return object.takeError();
  std::vector<std::string> all = objects;
  all.push_back(temp.file("host.o"));
  if (llvm::Error error =
          writeFile(all.back(), StringRef(object->data(), object->size())))
    return error;
  return target::linkShared(all, path, machine);
}

llvm::Error ArtifactWriter::write(StringRef output) {
  if (llvm::Error error = temp.create())
    return error;
  if (llvm::Error error = addKernels())
    return error;
  if (llvm::Error error = addBuiltins())
    return error;
  std::string linked = temp.file("model.so");
  if (llvm::Error error = link(linked, 0, {}))
    return error;
  std::vector<char> weights;
  if (llvm::Error error = runBind(linked, c.store, weights))
    return error;
  if (!weights.empty())
    if (llvm::Error error =
            link(linked, fnv1a(weights),
                 c.options.embedWeights ? ArrayRef<char>(weights)
                                        : ArrayRef<char>()))
      return error;
  auto image = llvm::MemoryBuffer::getFile(linked);
  if (!image)
    return llvm::createStringError(image.getError(),
                                   "cannot read the linked model");
  SmallString<128> weightsPath(output);
  llvm::sys::path::replace_extension(weightsPath, "weights");
  if (!weights.empty() && !c.options.embedWeights)
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
  if (llvm::Error error = ArtifactWriter(*this).write(output))
    return reportError(*this, std::move(error));
  return success();
}

} // namespace msc

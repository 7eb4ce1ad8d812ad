// SPDX-License-Identifier: Apache-2.0
//
/// \file Phase "artifact": links the objects, runs the bind function to pack
/// the weights, and writes the files, all or none.
#include "lib/Driver/Compilation.h"

#include "lib/Driver/BindRunner.h"
#include "lib/Driver/Linker.h"
#include "lib/Driver/Tuning.h"
#include "lib/Driver/Verify.h"
#include "mscrt/checkpoint.h"
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

/// Packs the weights with a bind function compiled for this machine, as that
/// of the artifact cannot run here.
static llvm::Expected<PackedWeights> packForeign(Compilation &c) {
  target::TargetOptions options;
  options.machine.optLevel = c.options.optLevel;
  options.precision = c.options.precision;
  auto target = target::createTarget(c.options.target, options);
  if (!target)
    return target.takeError();
  OwningOpRef<func::FuncOp> bind(c.bind.clone());
  ProgramCode program;
  program.target = target->get();
  program.bind = *bind;
  if (failed(c.generate(program)))
    return llvm::createStringError(
        "the bind function cannot be compiled for this machine");
  Linker linker(c, program);
  if (llvm::Error error = linker.prepare())
    return std::move(error);
  llvm::Expected<std::string> linked = linker.link(0, {});
  if (!linked)
    return linked.takeError();
  return runBind(*linked, program, c.store);
}

/// Packs the weights and verifies the code where that is asked for: what has to
/// run it before the final descriptor can be linked.
static llvm::Expected<PackedWeights> runDraft(Compilation &c, Linker &linker) {
  if (!c.target->machine().runsHere())
    return packForeign(c);
  llvm::Expected<std::string> draft = linker.link(0, {});
  if (!draft)
    return draft.takeError();
  llvm::Expected<PackedWeights> weights = runBind(*draft, c.code, c.store);
  if (weights && c.options.verify)
    if (llvm::Error error = verifyModel(c, *draft, weights->bytes()))
      return std::move(error);
  return weights;
}

/// \p output with another suffix.
static std::string besideOutput(StringRef output, StringRef suffix) {
  SmallString<128> path(output);
  llvm::sys::path::replace_extension(path, suffix);
  return path.str().str();
}

std::string weightsPath(StringRef output) {
  return besideOutput(output, "weights");
}

llvm::Error writeArtifactFiles(StringRef output, ArtifactFiles files) {
  std::string header =
      files.header.empty() ? "" : instantiateHeader(files.header, output);
  SmallVector<std::string> written;
  for (auto [path, text] :
       {std::pair<std::string, StringRef>{weightsPath(output), files.weights},
        {besideOutput(output, "h"), header},
        {output.str(), files.object}}) {
    if (text.empty())
      continue;
    llvm::Error error = writeFile(path, text);
    if (!error) {
      written.push_back(path);
      continue;
    }
    for (const std::string &other : written)
      llvm::sys::fs::remove(other);
    return error;
  }
  return llvm::Error::success();
}

/// Links the artifact in two rounds: the weights are what its own bind function
/// computes, and their hash is part of it.
static llvm::Error buildArtifact(Compilation &c) {
  Linker linker(c, c.code);
  if (llvm::Error error = linker.prepare())
    return error;
  PackedWeights packed;
  if (c.weightsSize != 0 || c.options.verify) {
    llvm::Expected<PackedWeights> made = runDraft(c, linker);
    if (!made)
      return made.takeError();
    packed = std::move(*made);
  }
  ArrayRef<char> weights = packed.bytes();
  bool embed = c.options.embedWeights;
  llvm::Expected<std::string> linked = linker.link(
      weights.empty() ? 0 : mscrt::hashBytes(weights.data(), weights.size()),
      embed ? weights : ArrayRef<char>(), c.options.emit == "obj");
  if (!linked)
    return linked.takeError();
  auto image = llvm::MemoryBuffer::getFile(*linked);
  if (!image)
    return llvm::createStringError(image.getError(),
                                   "cannot read the linked model");
  ArtifactFiles files;
  files.object = (*image)->getBuffer();
  if (!embed)
    files.weights = StringRef(weights.data(), weights.size());
  std::string header;
  if (c.options.emit == "so")
    files.header = header = headerTemplate(c);
  if (llvm::Error error = writeArtifactFiles(c.report.output, files))
    return error;
  if (usesArtifactCache(c) && (!c.tuning || isTuned(c)))
    keepArtifact(c, files);
  return llvm::Error::success();
}

std::string Compilation::outputPath() const {
  if (!options.output.empty())
    return options.output;
  static const std::pair<StringRef, StringRef> suffixes[] = {
      {"so", "so"},
      {"obj", "o"},
      {"llvm", "ll"},
      {"asm", "s"},
      {"linalg", "linalg.mlir"},
      {"ms", "ms.mlir"},
      {"graph", "graph.mlir"}};
  SmallString<128> path(llvm::sys::path::filename(options.input));
  for (auto [kind, suffix] : suffixes)
    if (options.emit == kind)
      llvm::sys::path::replace_extension(path, suffix);
  return path.str().str();
}

LogicalResult Compilation::writeArtifact() {
  report.output = outputPath();
  if (llvm::Error error = buildArtifact(*this))
    return reportError(*this, std::move(error));
  return success();
}

} // namespace msc

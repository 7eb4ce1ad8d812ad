// SPDX-License-Identifier: Apache-2.0
//
/// \file Opening a MindIR file: is it one, is it encrypted, is its version
/// known; then one module of the graph dialect.
#include "lib/Import/MindIR/MindIRReader.h"

#include "lib/Import/MindIR/MindIREmitter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "msc/Import/Decrypt.h"
#include "msc/Import/FileKind.h"
#include <climits>

using namespace mlir;

namespace msc::import {
namespace {

/// mind_ir.Version of MindSpore 2.5 to 2.10.
constexpr int64_t newestVersion = 3;
/// Enough of a file for describeFile.
constexpr size_t headBytes = 512;

class Reader {
public:
  Reader(StringRef path, MLIRContext *context)
      : path(path), loc(FileLineColLoc::get(context, path, 0, 0)) {}

  OwningOpRef<ModuleOp> read(ArrayRef<char> file, ParameterStore &store,
                             ArrayRef<uint8_t> key,
                             mindir::FrontEndGraphs frontEnd);

private:
  LogicalResult decodePlain(ArrayRef<char> plain, mind_ir::ModelProto &proto);
  LogicalResult checkVersion(const mind_ir::ModelProto &proto);

  StringRef path;
  Location loc;
};

/// The ir_version every MindIR file starts with: "0.1.0", "0.1.1", "1.1".
bool startsWithVersion(ArrayRef<char> head) {
  if (head.size() < 2 || head[0] != 0x0a || head[1] < 1 || head[1] > 16)
    return false;
  StringRef version(head.data() + 2,
                    std::min<size_t>(head[1], head.size() - 2));
  return version.find_first_not_of("0123456789.") == StringRef::npos;
}

LogicalResult Reader::decodePlain(ArrayRef<char> plain,
                                  mind_ir::ModelProto &proto) {
  if (!startsWithVersion(plain)) {
    InFlightDiagnostic error = emitError(loc) << "not a MindIR file";
    std::string kind = describeFile(plain.take_front(headBytes));
    if (!kind.empty())
      error << ": it looks like " << kind;
    // MindSpore 1.0 wrote ONNX under this extension.
    if (looksLikeONNX(plain.take_front(headBytes)))
      error << " (give it the extension .onnx)";
    return failure();
  }
  if (plain.size() > INT_MAX)
    return emitError(loc) << "the file has more than 2 GiB; export a model of "
                             "this size again, MindSpore then splits it";
  if (!proto.ParseFromArray(plain.data(), int(plain.size())))
    return emitError(loc) << "the file is truncated or damaged (is it marked "
                             "as binary in .gitattributes?)";
  if (proto.producer_name().empty() || proto.model_version().empty() ||
      !proto.has_graph())
    return emitError(loc) << "not a MindIR file: it names no "
                          << (!proto.has_graph()              ? "graph"
                              : proto.producer_name().empty() ? "producer"
                                                              : "version");
  return success();
}

LogicalResult Reader::checkVersion(const mind_ir::ModelProto &proto) {
  if (proto.mind_ir_version() > newestVersion)
    return emitError(loc) << "the file has MindIR version "
                          << proto.mind_ir_version() << " (MindSpore "
                          << proto.model_version() << "), newer than version "
                          << newestVersion << ", the newest known";
  if (proto.has_little_endian() && !proto.little_endian())
    return emitError(loc) << "the file has big-endian data, which is not "
                             "supported";
  return success();
}

OwningOpRef<ModuleOp> Reader::read(ArrayRef<char> file, ParameterStore &store,
                                   ArrayRef<uint8_t> key,
                                   mindir::FrontEndGraphs frontEnd) {
  auto proto = std::make_shared<mind_ir::ModelProto>();
  bool encrypted = isEncrypted(file);
  if (encrypted) {
    llvm::Expected<std::vector<char>> plain =
        decrypt(file, key, startsWithVersion);
    if (!plain) {
      emitError(loc) << llvm::toString(plain.takeError());
      return nullptr;
    }
    if (failed(decodePlain(*plain, *proto)))
      return nullptr;
  } else if (failed(decodePlain(file, *proto))) {
    return nullptr;
  }
  MLIRContext *context = loc.getContext();
  mindir::Model model(proto, path, context);
  if (failed(checkVersion(*proto)) || failed(model.build(frontEnd)))
    return nullptr;
  context->loadDialect<graph::GraphDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  Builder b(context);
  (*module)->setAttr("graph.format", b.getStringAttr("mindir"));
  (*module)->setAttr("graph.producer", b.getStringAttr(proto->model_version()));
  if (encrypted)
    (*module)->setAttr("graph.encrypted", b.getUnitAttr());
  mindir::TensorReader tensors(proto, path, key);
  mindir::Emitter emitter(model, tensors, store, *module);
  if (failed(emitter.emit()) || failed(verify(*module)))
    return nullptr;
  return module;
}

} // namespace

bool looksLikeMindIR(ArrayRef<char> head) {
  return isEncrypted(head) || startsWithVersion(head);
}

OwningOpRef<ModuleOp> readMindIRBytes(StringRef path, ArrayRef<char> file,
                                      MLIRContext *context,
                                      ParameterStore &store,
                                      const std::vector<uint8_t> &key,
                                      bool frontEndGraphs) {
  return Reader(path, context)
      .read(file, store, key,
            frontEndGraphs ? mindir::FrontEndGraphs::Accept
                           : mindir::FrontEndGraphs::Refuse);
}

OwningOpRef<ModuleOp> readMindIR(StringRef path, MLIRContext *context,
                                 ParameterStore &store,
                                 const std::vector<uint8_t> &key,
                                 bool frontEndGraphs) {
  llvm::Expected<MappedFile> file = mapFile(path);
  if (!file) {
    emitError(FileLineColLoc::get(context, path, 0, 0))
        << llvm::toString(file.takeError());
    return nullptr;
  }
  return readMindIRBytes(path, file->data, context, store, key, frontEndGraphs);
}

} // namespace msc::import
